"""Whatever became of locks: two programs at one ledger mail nobody twice. Here both are in one process, with their own
handles, as they are where a lock was taken away."""

import os
import shutil
import subprocess
import sys
from dataclasses import replace

import pytest

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.ledger.file import LedgerFile
from confirmdesk.core.ledger.ledger import Ledger, Operator
from confirmdesk.core.ledger.opening import open_ledger
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import Outcome, Reply
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.core.sending.results import Result, SentMeanwhileError

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_A", "client")
JANE = Operator("jane", "desk-7")
ACCEPTED = Reply(status=200, destination="***", medium="EMAIL")
NOW = 1_790_000_000.0


def person(name, email=""):
    return make_user(name, 5.0, True, "UNCONFIRMED", [("email", email or f"{name}@example.com")])


def plan_for(*names):
    return make_plan([person(name) for name in names], [], None)


def send(journal, plan, position):
    recipient = plan.recipients[position]
    journal.intend(position, NOW)
    journal.settle(position, Result(recipient, judge(ACCEPTED, recipient.user), ACCEPTED, NOW))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def unlocked(monkeypatch):
    """The lock on the ledger taken away, as on a file system that has none."""
    monkeypatch.setattr("fcntl.flock", lambda handle, how: None)


@pytest.fixture
def two(path, unlocked):
    """Two programs at one ledger."""
    made = [Ledger(LedgerFile(path)), Ledger(LedgerFile(path))]
    yield made
    for ledger in made:
        ledger.close()


def test_a_person_is_claimed_once(two):
    first, _ = two
    plan = plan_for("a")
    journal = first.begin(SHOP, JANE, plan, 5.0, NOW)
    journal.intend(0, NOW)
    for pen in (journal, first.journal(journal.run)):
        with pytest.raises(ConfirmdeskError, match="Another program goes on with this run"):
            pen.intend(0, NOW)


def test_of_two_programs_that_resume_one_run_one_gets_it(two):
    first, second = two
    first.begin(SHOP, JANE, plan_for("a"), 5.0, NOW)
    [seen], [seen_there] = first.runs(open_only=True), second.runs(open_only=True)
    second.resume(seen_there).intend(0, NOW)
    with pytest.raises(ConfirmdeskError, match="Another program goes on with this run"):
        first.resume(seen)


def test_who_was_resumed_elsewhere_sends_to_nobody_else_but_what_was_in_flight_is_still_written(two):
    first, second = two
    plan = plan_for("a", "b")
    journal = first.begin(SHOP, JANE, plan, 5.0, NOW)
    journal.intend(0, NOW)
    [seen] = second.runs(open_only=True)
    taken = second.resume(seen)
    with pytest.raises(ConfirmdeskError, match="Another program goes on with this run"):
        journal.intend(1, NOW)
    journal.settle(0, Result(plan.recipients[0], judge(ACCEPTED, plan.recipients[0].user), ACCEPTED, NOW))
    with pytest.raises(ConfirmdeskError, match="Another program"):
        taken.intend(0, NOW)
    taken.intend(1, NOW)
    assert [r.verdict.outcome for r in second.results(journal.run)] == [Outcome.ACCEPTED, Outcome.UNKNOWN]


def test_what_comes_late_does_not_touch_a_claim_that_somebody_else_has_since(two):
    first, second = two
    plan = plan_for("a")
    journal = first.begin(SHOP, JANE, plan, 5.0, NOW)
    journal.intend(0, NOW)
    [seen] = second.runs(open_only=True)
    taken = second.resume(seen)
    taken.reopen(0)
    taken.intend(0, NOW + 1)
    journal.withdraw(0)
    assert [r.verdict.outcome for r in second.results(journal.run)] == [Outcome.UNKNOWN]


def test_a_decision_does_not_undo_what_has_become_known(two):
    first, second = two
    plan = plan_for("a")
    journal = first.begin(SHOP, JANE, plan, 5.0, NOW)
    journal.intend(0, NOW)
    [unknown] = second.results(journal.run)
    journal.settle(0, Result(plan.recipients[0], judge(ACCEPTED, plan.recipients[0].user), ACCEPTED, NOW))
    second.journal(journal.run).reopen(0)
    second.journal(journal.run).count_as_sent(0, replace(unknown, at=1.0))
    [result] = first.results(journal.run)
    assert (result.verdict.cause, result.at) == ("Accepted", NOW)


def test_a_run_that_was_ended_elsewhere_sends_nothing_more(two):
    first, second = two
    journal = first.begin(SHOP, JANE, plan_for("a"), 5.0, NOW)
    second.end(journal.run, NOW)
    with pytest.raises(ConfirmdeskError, match=r"nothing is sent|nothing more of it is sent"):
        journal.intend(0, NOW)


def test_two_plans_made_before_either_was_sent_serve_nobody_twice(two):
    plans = [make_plan([person("a"), person("b")], [], None, past=ledger.past(SHOP, NOW)) for ledger in two]
    here, there = (ledger.begin(SHOP, JANE, plan, 5.0, NOW) for ledger, plan in zip(two, plans, strict=True))
    send(here, plans[0], 0)
    with pytest.raises(SentMeanwhileError):
        there.intend(0, NOW)
    send(there, plans[1], 1)
    with pytest.raises(SentMeanwhileError):
        here.intend(1, NOW)


def test_an_older_run_that_is_resumed_leaves_out_who_was_sent_to_since_also_by_another_account(two):
    ledger, _ = two
    older = ledger.begin(SHOP, JANE, make_plan([person("a"), person("b", "shared@example.com")], [], None), 5.0, NOW)
    plan = make_plan([person("a"), person("twin", "Shared@example.com")], [], None, past=ledger.past(SHOP, NOW))
    newer = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    send(newer, plan, 0)
    send(newer, plan, 1)
    for position in (0, 1):
        with pytest.raises(SentMeanwhileError):
            older.intend(position, NOW)


def test_a_ledger_that_another_program_has_open_is_not_opened(path):
    ledger, _ = open_ledger(path)
    code = (
        "import sys; from pathlib import Path; from confirmdesk.core.ledger.opening import open_ledger\n"
        "from confirmdesk.core.errors import ConfirmdeskError\n"
        "try: open_ledger(Path(sys.argv[1]))\n"
        "except ConfirmdeskError as error: print(error)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    def there():
        command = [sys.executable, "-c", code, str(path)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert "Another program has the record of sent codes open, so nothing is sent" in there()
    ledger.close()
    assert there() == ""


def test_writing_here_keeps_the_lock_and_no_child_inherits_it(path):
    ledger, _ = open_ledger(path)
    journal = ledger.begin(SHOP, JANE, plan_for("a"), 5.0, NOW)
    ledger.end(journal.run, NOW)
    child = subprocess.Popen(["sleep", "60"], close_fds=False)
    try:
        with pytest.raises(ConfirmdeskError, match="Another program"):
            open_ledger(path)
        ledger.close()
        open_ledger(path)[0].close()
    finally:
        child.kill()
        child.wait()


def test_a_copy_is_another_ledger(path, tmp_path):
    ledger, _ = open_ledger(path)
    copy = tmp_path / "copy.sqlite3"
    shutil.copy(path, copy)
    open_ledger(copy)[0].close()
    ledger.close()
