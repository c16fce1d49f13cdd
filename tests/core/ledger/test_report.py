import csv
import io
import shutil
from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spreadsheets import HOSTILE, SPLIT, opened_by_libreoffice, result_for

from confirmdesk.core.ledger.export import write_results
from confirmdesk.core.ledger.report import cell, results_csv
from confirmdesk.core.sending.outcomes import Reply

STARTS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
NASTY = ",;\t\r\n\"'=+-@＝ \u00a0\u200b\u3164x"


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("name", HOSTILE)
def test_what_strangers_typed_survives_and_nothing_runs(name):
    text = results_csv([result_for(name)], UTC)
    [row] = rows(text)
    assert row["Name"].removeprefix("'") == name
    assert not row["Name"].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert next(csv.reader(io.StringIO(text, newline="")))[0] == "Username"


def test_a_line_says_what_happened_and_names_keys_but_no_values():
    [row] = rows(results_csv([result_for("Jane")], UTC))
    assert (row["Outcome"], row["Sent to"], row["Time"]) == ("accepted", "j***@e***", "2023-11-14 22:13:20+00:00")
    assert (row["AWS request ID"], row["Metadata keys"]) == ("r-1", "ticket")
    assert "4711" not in row.values()


def test_everything_is_quoted():
    text = results_csv([result_for("Zoë")], UTC)
    assert text.startswith('"Username",')
    assert text.endswith('"\r\n')


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Doe, Jane; MD", "Doe, Jane; MD"),
        ("two\nlines", "two\nlines"),
        ("x;=1+1;y", "x⟨U+003B⟩=1+1;y"),
        ("x,=1+1", "x⟨U+002C⟩=1+1"),
        ("x\t=1+1", "x⟨U+0009⟩=1+1"),
        ("x\n=1+1", "x⏎=1+1"),
        ("x\r\n=1+1", "x⏎⏎=1+1"),
        ('"a;=1+1;"@example.com', '"a⟨U+003B⟩=1+1⟨U+003B⟩"@example.com'),
        ("x; \u200b\"'＝1+1", "x⟨U+003B⟩ \u200b\"'＝1+1"),
        ("x;\n", "x⟨U+003B⟩\n"),
        ("＝1+1", "'＝1+1"),
        ("−1", "'−1"),
        (" =1+1", "' =1+1"),
        ("\u200b=1+1", "'\u200b=1+1"),
        ("\u2800\x00“=1+1", "'\u2800\x00“=1+1"),
        ("\U000e0041=1+1", "'\U000e0041=1+1"),
        ("\n=1", "⏎=1"),
        ("a=b-c@d+e", "a=b-c@d+e"),
    ],
)
def test_a_formula_becomes_visible_and_everything_else_stays(name, written):
    assert cell(name) == written


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@given(name=st.text(NASTY), server=st.text(NASTY), key=st.text(NASTY))
def test_no_cell_begins_with_a_formula_whatever_it_is_split_at(separator, name, server, key):
    result = result_for(name, key)
    reply = Reply("Broken", server, 400, server, server, "EMAIL")
    text = results_csv([replace(result, reply=reply), result], UTC)
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        for content in row:
            assert not content.lstrip(' "\u00a0\u200b\u3164').startswith(STARTS), (row, text)


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_libreoffice_finds_no_formula_whatever_it_splits_at(separator, tmp_path):
    write_results(tmp_path / "out.csv", [result_for(name, name) for name in (*HOSTILE, *SPLIT)], UTC)
    sheet = opened_by_libreoffice(tmp_path / "out.csv", f"--infilter=CSV:{ord(separator)},34,76")
    assert "Username" in sheet
    assert "table:formula" not in sheet
