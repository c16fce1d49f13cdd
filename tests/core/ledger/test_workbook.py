import io
import shutil
from datetime import UTC
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from spreadsheets import HOSTILE, SPLIT, opened_by_libreoffice, result_for

from confirmdesk.core.ledger.export import write_results
from confirmdesk.core.ledger.report import HEADINGS
from confirmdesk.core.ledger.workbook import results_xlsx

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MARKUP = "<r><t>fine</t></r></si><si><t>forged</t></si><si><r><t>x</t></r>"


def parts(content):
    with ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


def cells(content):
    """Every row as texts; fails for a cell that is anything else."""
    found = parts(content)
    shared = ["".join(item.itertext()) for item in ElementTree.fromstring(found["xl/sharedStrings.xml"])]
    rows = []
    for row in ElementTree.fromstring(found["xl/worksheets/sheet1.xml"]).iter(f"{MAIN}row"):
        assert {cell.get("t") for cell in row} == {"s"}
        assert {child.tag for cell in row for child in cell} == {f"{MAIN}v"}
        rows.append([shared[int("".join(cell.itertext()))] for cell in row])
    return rows


@pytest.mark.parametrize("name", [*HOSTILE, *SPLIT, "https://example.com", "{=1}", "12", "TRUE"])
def test_every_cell_is_text_word_for_word(name):
    content = results_xlsx([result_for(name)], UTC)
    headings, row = cells(content)
    assert tuple(headings) == HEADINGS
    assert row[HEADINGS.index("Name")].replace("_x000D_", "\r") == name
    assert not any("<f>" in part or "hyperlink" in part for part in parts(content).values())


def test_a_phone_number_needs_no_apostrophe():
    assert cells(results_xlsx([result_for("+447700900112")], UTC))[1][3] == "+447700900112"


def test_markup_in_a_name_is_text():
    [_, row] = cells(results_xlsx([result_for(MARKUP)], UTC))
    assert row[3].strip() == MARKUP


def test_a_text_that_excel_cannot_hold_is_cut_and_says_so():
    [_, row] = cells(results_xlsx([result_for("😀" * 20_000)], UTC))
    assert row[3].endswith("😀 ⟨cut⟩")
    assert len(row[3].encode("utf-16-le")) == 2 * 32_766
    assert cells(results_xlsx([result_for("x" * 32_767)], UTC))[1][3] == "x" * 32_767


def test_what_a_workbook_cannot_carry_does_not_break_it():
    [_, row] = cells(results_xlsx([result_for("x\ud83d\x00\ufffe_x0041_")], UTC))
    assert row[3] == "x\\ud83d_x0000__xFFFE__x005F_x0041_"


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_finds_no_formula(tmp_path):
    names = [*HOSTILE, *SPLIT, MARKUP, "{=1+1}", "https://example.com"]
    write_results(tmp_path / "out.xlsx", [result_for(name, name) for name in names], UTC)
    sheet = opened_by_libreoffice(tmp_path / "out.xlsx")
    assert "=HYPERLINK(" in sheet
    assert "table:formula" not in sheet
    assert "text:a " not in sheet
