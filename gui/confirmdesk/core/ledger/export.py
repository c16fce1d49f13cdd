"""Results as a file, in the form that its name asks for."""

from collections.abc import Iterable
from datetime import tzinfo
from pathlib import Path

from confirmdesk.core.computer.files import write_atomically
from confirmdesk.core.errors import failure
from confirmdesk.core.ledger.report import results_csv
from confirmdesk.core.sending.results import Result


def write_results(path: Path, results: Iterable[Result], zone: tzinfo) -> None:
    """Write `results` to `path` whole or not at all, for the owner only: as a workbook where its name ends in .xlsx,
    else as CSV in UTF-8 with a mark that spreadsheets recognise.

    Raises ConfirmdeskError where that is not possible; a file that was there before is then still there.
    """
    try:
        write_atomically(path, _content(path, results, zone))
    except OSError as error:
        raise failure(
            f"The results could not be written to {path.name}.",
            "Choose another folder; the results are still here.",
            str(error),
        ) from None


def _content(path: Path, results: Iterable[Result], zone: tzinfo) -> str | bytes:
    if path.suffix.casefold() != ".xlsx":
        return f"\ufeff{results_csv(results, zone)}"
    # XlsxWriter takes a while to import, and most people never export.
    from confirmdesk.core.ledger.workbook import results_xlsx

    return results_xlsx(results, zone)
