import csv
from datetime import UTC
from pathlib import Path

import pytest
from spreadsheets import result_for

from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.ledger.export import write_results


@pytest.mark.parametrize(
    ("name", "begins"), [("a.csv", b'\xef\xbb\xbf"Username",'), ("a.xlsx", b"PK"), ("a.XLSX", b"PK")]
)
def test_the_name_says_the_form_and_only_the_owner_reads_it(tmp_path, name, begins):
    write_results(tmp_path / name, [result_for("Zoë")], UTC)
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert (tmp_path / name).stat().st_mode & 0o077 == 0


def test_half_a_character_does_not_break_the_export(tmp_path):
    path = tmp_path / "results.csv"
    write_results(path, [result_for("x\ud83dy"), result_for("Jane")], UTC)
    rows = csv.DictReader(path.read_text("utf-8-sig").splitlines())
    assert [row["Name"] for row in rows] == ["x\\ud83dy", "Jane"]


@pytest.mark.parametrize("name", ["results.csv", "results.xlsx"])
def test_a_file_that_cannot_be_replaced_is_a_sentence_and_stays(tmp_path, name):
    target = tmp_path / name
    target.mkdir()
    with pytest.raises(ConfirmdeskError) as caught:
        write_results(target, [], UTC)
    assert name in caught.value.problem.sentence
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_folder_is_a_sentence():
    with pytest.raises(ConfirmdeskError):
        write_results(Path("/nonexistent/results.csv"), [], UTC)
