import csv
import io
from datetime import UTC
from pathlib import Path

import pytest

from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.ledger.report import results_csv, write_csv
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import Reply
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.core.sending.results import Result

HOSTILE = [
    '=HYPERLINK("https://example.com")',
    "+447700900112",
    "-1+1",
    "@SUM(A1)",
    "\tcell",
    "\rcell",
    'he said "hi", then\nleft',
    "<img src=x onerror=alert(1)>",
    "\u202egnp.exe",
    "😀" * 1024,
    "x" * 2048,
]


def result_for(name):
    user = make_user("u-1", 0, True, "UNCONFIRMED", [("email", "jane@example.com"), ("name", name)])
    [recipient] = make_plan([user], [("ticket", "4711")], None).recipients
    reply = Reply(status=200, destination="j***@e***", medium="EMAIL", request_id="r-1")
    return Result(recipient, judge(reply, user), reply, at=1_700_000_000.0)


def rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("name", HOSTILE)
def test_what_strangers_typed_survives_and_nothing_runs(name):
    text = results_csv([result_for(name)], UTC)
    [row] = rows(text)
    assert row["Name"].removeprefix("'") == name
    assert not row["Name"].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert next(csv.reader(io.StringIO(text, newline="")))[0] == "Username"


def test_half_a_character_does_not_break_the_export(tmp_path):
    path = tmp_path / "results.csv"
    write_csv(path, results_csv([result_for("x\ud83dy"), result_for("Jane")], UTC))
    assert [row["Name"] for row in rows(path.read_text("utf-8-sig"))] == ["x\\ud83dy", "Jane"]


def test_a_line_says_what_happened_and_names_keys_but_no_values():
    [row] = rows(results_csv([result_for("Jane")], UTC))
    assert (row["Outcome"], row["Sent to"], row["Time"]) == ("accepted", "j***@e***", "2023-11-14 22:13:20+00:00")
    assert (row["AWS request ID"], row["Metadata keys"]) == ("r-1", "ticket")
    assert "4711" not in row.values()


def test_everything_is_quoted_and_spreadsheets_see_utf_8(tmp_path):
    path = tmp_path / "results.csv"
    write_csv(path, results_csv([result_for("Zoë")], UTC))
    data = path.read_bytes()
    assert data.startswith(b'\xef\xbb\xbf"Username",')
    assert data.endswith(b'"\r\n')
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_replaced_is_a_sentence_and_stays(tmp_path):
    target = tmp_path / "results.csv"
    target.mkdir()
    with pytest.raises(ConfirmdeskError) as caught:
        write_csv(target, "x")
    assert "results.csv" in caught.value.problem.sentence
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_folder_is_a_sentence():
    with pytest.raises(ConfirmdeskError):
        write_csv(Path("/nonexistent/results.csv"), "x")
