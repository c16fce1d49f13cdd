"""Results as a CSV that opens right in every spreadsheet and runs in none."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime, tzinfo
from pathlib import Path

from confirmdesk.core.computer.files import write_atomically
from confirmdesk.core.errors import failure
from confirmdesk.core.sending.results import Result

HEADINGS = (
    "Username",
    "E-mail",
    "Phone",
    "Name",
    "Outcome",
    "Cause",
    "Advice",
    "Channel",
    "Sent to",
    "Time",
    "AWS answer",
    "AWS request ID",
    "Metadata keys",
)

_RUNS_IN_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


def cell(text: str) -> str:
    """`text` with an apostrophe before it where a spreadsheet would take it for a formula; phone numbers get one too.

    Half a character, which JSON can carry and UTF-8 cannot, is spelled as \\ud83d.
    https://owasp.org/www-community/attacks/CSV_Injection
    """
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return f"'{text}" if text.startswith(_RUNS_IN_SPREADSHEETS) else text


def results_csv(results: Iterable[Result], zone: tzinfo) -> str:
    """One line for each result, everything quoted; times in `zone` with their offset."""
    lines = io.StringIO()
    writer = csv.writer(lines, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for result in results:
        writer.writerow(cell(text) for text in _line(result, zone))
    return lines.getvalue()


def _line(result: Result, zone: tzinfo) -> tuple[str, ...]:
    user, verdict, reply = result.recipient.user, result.verdict, result.reply
    return (
        user.username,
        user.email,
        user.phone,
        user.name,
        str(verdict.outcome),
        verdict.cause,
        verdict.advice,
        str(result.recipient.channel),
        reply.destination,
        datetime.fromtimestamp(result.at, zone).isoformat(" ", "seconds") if result.at else "",
        f"{reply.code}: {reply.text}" if reply.code else "",
        reply.request_id,
        " ".join(key for key, _ in result.recipient.request.metadata),
    )


def write_csv(path: Path, text: str) -> None:
    """Write `text` to `path` whole or not at all, as UTF-8 with a mark that spreadsheets recognise, for the owner only.

    Raises ConfirmdeskError where that is not possible; a file that was there before is then still there.
    """
    try:
        write_atomically(path, f"\ufeff{text}")
    except OSError as error:
        raise failure(
            f"The results could not be written to {path.name}.",
            "Choose another folder; the results are still here.",
            str(error),
        ) from None
