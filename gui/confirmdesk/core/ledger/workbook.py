"""Results as an Excel workbook: every cell is text, so nothing in it is a formula or a link."""

import io
from collections.abc import Iterable
from datetime import tzinfo

from xlsxwriter import Workbook

from confirmdesk.core.ledger.report import HEADINGS, result_cells, storable
from confirmdesk.core.sending.results import Result

# Excel counts UTF-16 units, and XlsxWriter leaves out the whole cell of a longer text without a word.
# https://support.microsoft.com/en-us/office/excel-specifications-and-limits-1672b34d-7043-467e-8e27-269d656771c3
CELL_UNITS = 32_767
_CUT = " ⟨cut⟩"


def results_xlsx(results: Iterable[Result], zone: tzinfo) -> bytes:
    """One row for each result; times in `zone` with their offset."""
    content = io.BytesIO()
    # In memory: else the people lie in temporary files meanwhile.
    with Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Results")
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for column, heading in enumerate(HEADINGS):
            sheet.write_string(0, column, heading, bold)
        for row, result in enumerate(results, 1):
            for column, text in enumerate(result_cells(result, zone)):
                # Never `write`: it guesses, and makes formulas, links and numbers.
                sheet.write_string(row, column, _text(text))
    return content.getvalue()


def _text(text: str) -> str:
    """`text` as a cell can hold it, word for word."""
    text = _fitting(storable(text))
    # XlsxWriter takes such a text for markup of its own and puts it into the file as it is.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _fitting(text: str) -> str:
    if _units(text) <= CELL_UNITS:
        return text
    kept = text.encode("utf-16-le")[: 2 * (CELL_UNITS - _units(_CUT))]
    return kept.decode("utf-16-le", "ignore") + _CUT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
