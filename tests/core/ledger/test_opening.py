"""The record that was known: where it is gone, empty, older or another one, a person decides."""

import shutil
import sqlite3
from contextlib import contextmanager

import pytest

from confirmdesk.core.computer.settings import RecordMark
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError, Kind
from confirmdesk.core.ledger.ledger import Ledger, Operator
from confirmdesk.core.ledger.opening import begin_new_record, open_ledger, take_up_record
from confirmdesk.core.ledger.schema import MIGRATIONS
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.core.sending.results import SentMeanwhileError

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_A", "client")
NOW = 1_790_000_000.0


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite3"


def send(ledger: Ledger, name="a"):
    user = make_user(name, 5.0, True, "UNCONFIRMED", [("email", f"{name}@example.com")])
    journal = ledger.begin(SHOP, Operator("jane", "desk-7"), make_plan([user], [], None), 5.0, NOW)
    journal.intend(0, NOW)


@contextmanager
def lost(words):
    with pytest.raises(ConfirmdeskError, match=words) as told:
        yield
    assert told.value.problem.kind is Kind.RECORD_LOST


@pytest.fixture
def known(path):
    """What the settings remember of a ledger in which somebody was sent to; the program is closed."""
    ledger, _ = open_ledger(path)
    send(ledger)
    mark = ledger.mark
    ledger.close()
    return mark


def test_a_first_start_asks_nothing(path):
    ledger, problem = open_ledger(path, RecordMark())
    assert problem is None
    ledger.close()


def test_the_known_record_is_opened_and_only_grows(path, known):
    ledger, problem = open_ledger(path, known)
    assert problem is None
    send(ledger, "b")
    assert ledger.mark.id == known.id
    assert ledger.mark.steps > known.steps
    ledger.close()


def test_a_missing_record_is_told_and_none_is_made(path, known):
    path.unlink()
    with lost("is gone"):
        open_ledger(path, known)
    assert not path.exists()


def test_an_empty_record_is_told_and_what_lies_beside_it_stays(path, known):
    path.write_bytes(b"")
    beside = path.with_name("ledger.sqlite3-wal")
    beside.write_bytes(b"what is left")
    with lost("is empty"):
        open_ledger(path, known)
    assert beside.read_bytes() == b"what is left"


def test_an_older_copy_is_told(path, known, tmp_path):
    copy = tmp_path / "backup.sqlite3"
    shutil.copy(path, copy)
    ledger, _ = open_ledger(path, known)
    send(ledger, "b")
    newest = ledger.mark
    ledger.close()
    shutil.copy(copy, path)
    with lost("is older than it was"):
        open_ledger(path, newest)


def test_deleting_the_history_does_not_make_a_record_older(path, known):
    ledger, _ = open_ledger(path, known)
    [run] = ledger.runs()
    ledger.end(run.id, NOW)
    ledger.delete_history(Operator("jane", "desk-7"), NOW + 1e6)
    assert ledger.runs() == []
    ledger.close()
    open_ledger(path, known)[0].close()


def test_another_record_is_told(path, known):
    path.unlink()
    open_ledger(path)[0].close()
    with lost("another one"):
        open_ledger(path, known)


def test_a_new_record_keeps_the_old_one_aside(path, known):
    ledger = begin_new_record(path)
    assert ledger.past(SHOP, NOW).last_sent == {}
    assert ledger.mark.id != known.id
    ledger.close()
    [kept] = path.parent.glob("ledger.sqlite3.broken-*")
    old, _ = open_ledger(kept, known)
    assert old.past(SHOP, NOW).last_sent == {"a": NOW}
    old.close()


def test_the_old_one_is_taken_up_where_it_is_found_with_what_was_not_in_its_file_yet(path, known, tmp_path):
    there = tmp_path / "elsewhere"
    there.mkdir()
    ledger, _ = open_ledger(path, known)
    send(ledger, "b")
    newest = ledger.mark
    for file in path.parent.glob("ledger.sqlite3*"):
        # As after a crash: the newest lies in the write-ahead log.
        shutil.copy(file, there / file.name)
    ledger.close()
    path.unlink()
    found = there / "ledger.sqlite3"
    before = found.read_bytes()
    ledger = take_up_record(path, found, newest)
    assert set(ledger.past(SHOP, NOW).last_sent) == {"a", "b"}
    ledger.close()
    assert found.read_bytes() == before
    assert [file.name for file in path.parent.glob("*.found*")] == []


@pytest.mark.parametrize("content", [b"", b"nothing of the kind" * 100])
def test_a_file_that_is_no_record_is_not_taken_up(path, known, tmp_path, content):
    found = tmp_path / "found"
    found.write_bytes(content)
    before = path.read_bytes()
    with pytest.raises(ConfirmdeskError):
        take_up_record(path, found, known)
    assert path.read_bytes() == before
    open_ledger(path, known)[0].close()


def test_a_ledger_of_the_first_version_is_brought_up_to_date(path):
    database = sqlite3.connect(path)
    for statement in (*MIGRATIONS[0], "PRAGMA user_version=1"):
        database.execute(statement)
    database.execute(
        "INSERT INTO runs VALUES (1, 5, NULL, 'jane', 'desk', '', 'Shop', 'Practice', 'eu-west-1', 'eu-west-1_A',"
        " 'Shop', 'client', '', '', 5, '[]')"
    )
    database.execute(
        "INSERT INTO recipients (run, position, username, email, phone, name, created, channel, put_back, request,"
        " intent) VALUES (1, 0, 'a', ' Jane@Example.com', '+44', '', 1, 'EMAIL', '', NULL, 7)"
    )
    database.commit()
    database.close()
    ledger, problem = open_ledger(path)
    assert problem is None
    past = ledger.past(SHOP, NOW)
    assert (past.last_sent, past.mailboxes) == ({"a": 7.0}, {"jane@example.com": 7.0})
    [run] = ledger.runs(open_only=True)
    ledger.resume(run).reopen(0)
    ledger.journal(run.id).intend(0, NOW)
    assert ledger.mark.id
    ledger.close()


OLD_RUN = (
    "INSERT INTO runs VALUES (?, ?, ?, 'jane', 'desk', '', 'Shop', '', 'eu-west-1', 'eu-west-1_A', 'Shop', 'client',"
    " '', '', 5, '[]')"
)
OLD_PERSON = (
    "INSERT INTO recipients (run, position, username, email, phone, name, created, channel, put_back, request, intent,"
    " at, outcome, cause, advice, again, wait, code, text, status, request_id, destination, medium)"
    " VALUES (?, ?, ?, ?, '', '', 1, 'EMAIL', '', NULL, ?, ?, ?, '', '', 'NEVER', 0, '', '', 200, '', '', '')"
)


def test_who_was_sent_to_by_a_later_run_of_the_first_version_is_not_sent_to_when_the_earlier_one_is_resumed(path):
    database = sqlite3.connect(path)
    for statement in (*MIGRATIONS[0], "PRAGMA user_version=1"):
        database.execute(statement)
    database.executemany(OLD_RUN, [(1, 5, 9), (2, 100, None), (3, 200, 300)])
    for run, position, name, intent in [
        (1, 0, "before", 7),
        (2, 0, "before", None),
        (2, 1, "since", None),
        (2, 2, "same-mailbox", None),
        (2, 3, "nobody-else", None),
        (3, 0, "since", 250),
        (3, 1, "other-account", 251),
    ]:
        address = "shared@example.com" if name in ("same-mailbox", "other-account") else f"{name}@example.com"
        outcome = None if intent is None else "accepted"
        database.execute(OLD_PERSON, (run, position, name, address, intent, intent, outcome))
    database.commit()
    database.close()
    ledger, _ = open_ledger(path)
    [run] = ledger.runs(open_only=True)
    journal = ledger.resume(run)
    for position in (1, 2):
        with pytest.raises(SentMeanwhileError):
            journal.intend(position, NOW)
    for position in (0, 3):
        journal.intend(position, NOW)
    ledger.close()
