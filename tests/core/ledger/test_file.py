"""What happens to the file under the program's hands."""

import os
import sqlite3
from pathlib import Path

import pytest

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.ledger.file import LedgerFile
from confirmdesk.core.ledger.ledger import Ledger, Operator
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import Outcome, Reply
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.core.sending.results import Result

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_A", "client")
JANE = Operator("jane", "desk-7")
ACCEPTED = Reply(status=200, destination="***", medium="EMAIL")
NOW = 1_790_000_000.0


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def file(path):
    made = LedgerFile(path)
    yield made
    made.close()


@pytest.fixture
def ledger(file):
    return Ledger(file)


def plan_for(*names, metadata=()):
    users = [make_user(name, 5.0, True, "UNCONFIRMED", [("email", f"{name}@example.com")]) for name in names]
    return make_plan(users, metadata, None)


def result(plan, position, reply=ACCEPTED):
    recipient = plan.recipients[position]
    return Result(recipient, judge(reply, recipient.user), reply, NOW)


def remove(path: Path):
    path.unlink()


def replace(path: Path):
    copy = path.with_name("copy")
    copy.write_bytes(path.read_bytes())
    os.replace(copy, path)


def empty(path: Path):
    os.truncate(path, 0)


@pytest.mark.parametrize("suffix", ["", "-wal"])
@pytest.mark.parametrize("harm", [remove, replace, empty])
def test_nobody_is_claimed_in_a_file_that_was_removed_replaced_or_emptied(ledger, path, harm, suffix):
    plan = plan_for("a", "b")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    journal.intend(0, NOW)
    harm(path.with_name(path.name + suffix))
    with pytest.raises(ConfirmdeskError, match="removed or replaced"):
        journal.intend(1, NOW)


def test_an_outcome_is_written_later_where_a_file_stood_in_place_of_the_directory(tmp_path):
    directory, away = tmp_path / "data", tmp_path / "away"
    directory.mkdir()
    ledger = Ledger(LedgerFile(directory / "ledger.sqlite3"))
    plan = plan_for("a")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    journal.intend(0, NOW)
    directory.rename(away)
    directory.write_text("no directory")
    with pytest.raises(ConfirmdeskError, match="removed or replaced"):
        journal.settle(0, result(plan, 0))
    assert ledger.unwritten == 1
    directory.unlink()
    away.rename(directory)
    assert ledger.write_rest() == 0
    assert [r.verdict.outcome for r in ledger.results(journal.run)] == [Outcome.ACCEPTED]
    ledger.close()


def test_a_file_that_grows_and_is_cleaned_up_is_the_same_file(ledger):
    for number in range(3):
        plan = plan_for(*(f"user-{number}-{i}" for i in range(300)), metadata=[("text", "x" * 2000)])
        journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
        for position in range(20):
            journal.intend(position, NOW)
            journal.settle(position, result(plan, position))
        ledger.end(journal.run, NOW)


@pytest.fixture
def leave(file):
    """A switch for the space that is left on the disk, in pages; the write-ahead log counts for nothing."""

    def leave(pages):
        [used] = file.read("PRAGMA page_count")
        file.read(f"PRAGMA max_page_count={used[0] + pages}")

    return leave


def test_an_outcome_that_found_no_room_is_written_as_soon_as_there_is_some(ledger, leave):
    plan = plan_for("a", "b", "c")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    for position in range(3):
        journal.intend(position, NOW)
    leave(0)
    long = Reply("UserNotFoundException", "x" * 1900, 400)
    for position in range(3):
        with pytest.raises(ConfirmdeskError, match="disk is full"):
            journal.settle(position, result(plan, position, long))
    assert ledger.unwritten == 3
    assert ledger.write_rest() == 3
    assert [r.verdict.outcome for r in ledger.results(journal.run)] == [Outcome.UNKNOWN] * 3
    leave(1000)
    assert ledger.write_rest() == 0
    assert [r.verdict.outcome for r in ledger.results(journal.run)] == [Outcome.FAILED] * 3


def test_what_is_owed_goes_before_whatever_is_written_next(ledger, leave):
    plan = plan_for("a", "b")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    journal.intend(0, NOW)
    leave(0)
    with pytest.raises(ConfirmdeskError, match="disk is full"):
        journal.settle(0, result(plan, 0, Reply("UserNotFoundException", "x" * 1900, 400)))
    leave(1000)
    journal.intend(1, NOW)
    assert ledger.unwritten == 0
    assert [r.verdict.outcome for r in ledger.results(journal.run)] == [Outcome.FAILED, Outcome.UNKNOWN]


def test_closing_tries_once_more(ledger, leave, path):
    plan = plan_for("a")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    journal.intend(0, NOW)
    leave(0)
    with pytest.raises(ConfirmdeskError, match="disk is full"):
        journal.settle(0, result(plan, 0, Reply("UserNotFoundException", "x" * 1900, 400)))
    leave(1000)
    ledger.close()
    assert sqlite3.connect(path).execute("SELECT outcome FROM recipients").fetchall() == [("failed",)]


def test_what_an_endpoint_writes_is_kept_to_what_anybody_reads(ledger, path):
    plan = plan_for("a")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    journal.intend(0, NOW)
    journal.settle(0, result(plan, 0, Reply("X" * 9000, "y" * 5_000_000, 400, "r" * 9000)))
    [stored] = ledger.results(journal.run)
    assert (len(stored.reply.code), len(stored.reply.text), len(stored.reply.request_id)) == (2000, 2000, 2000)
    assert sum(f.stat().st_size for f in path.parent.iterdir()) < 500_000


def test_no_value_is_left_anywhere_when_a_run_has_ended_though_the_program_goes_on(ledger, path):
    names = [f"user-{i}" for i in range(30)]
    plan = plan_for(*names, metadata=[("ticket", "HD-4711-SECRETIVE"), ("long", "LONGISH" * 3000)])
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    for position in range(30):
        journal.intend(position, NOW)
        journal.settle(position, result(plan, position))
    ledger.end(journal.run, NOW)
    for suffix in ("", "-wal", "-shm"):
        written = path.with_name(path.name + suffix).read_bytes()
        assert written.count(b"SECRETIVE") == 0, suffix
        assert written.count(b"LONGISH") == 0, suffix
