import pytest

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.ledger.file import LedgerFile
from confirmdesk.core.ledger.ledger import Ledger, Operator
from confirmdesk.core.people.mailboxes import mailbox_of
from confirmdesk.core.people.users import make_user
from confirmdesk.core.quotas import HOUR, SENDS_AN_HOUR
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import Outcome, Reply
from confirmdesk.core.sending.plan import Reason, make_plan
from confirmdesk.core.sending.results import Result, SentMeanwhileError

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "client", pool_name="Shop")
OTHER = Connection("Other", "eu-west-1", "eu-west-1_Zz99Yy88X", "client")
STAFF = Operator("ines", "desk-7")
NOW = 1_790_000_000.0
ACCEPTED = Reply(status=200, request_id="r-4711", destination="j***@e***", medium="EMAIL")
FAILED = Reply("Broken", "User jane-0815 cannot get mail at jane.doe@example.com", 400, "r-4712")
TRACES = ("jane-0815", "jane.doe@example.com", "Jane Doe", "r-4711", "r-4712", "j***", "+447700900112")


def user(username, email="jane.doe@example.com", name="Jane Doe", phone="+447700900112"):
    attributes = [("email", email), ("name", name), ("phone_number", phone)]
    return make_user(username, 5.0, True, "UNCONFIRMED", attributes)


JANE = user("jane-0815")
MARY = user("mary", "mary@example.com", "Mary", "+447700900144")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def ledger(path):
    made = Ledger(LedgerFile(path))
    yield made
    made.close()


def send(ledger, users, *replies, now=NOW, ended=True, connection=SHOP):
    """A run of `users`; who has no reply is left."""
    plan = make_plan(users, [("ticket", "HD-{username}")], frozenset({"email"}))
    journal = ledger.begin(connection, STAFF, plan, 5.0, now)
    for position, reply in enumerate(replies):
        journal.intend(position, now)
        recipient = plan.recipients[position]
        journal.settle(position, Result(recipient, judge(reply, recipient.user), reply, now))
    if ended:
        ledger.end(journal.run, now + 1)
    return journal


def plan_after(ledger, users, now=NOW + HOUR, connection=SHOP):
    return make_plan(users, [], frozenset({"email"}), past=ledger.past(connection, now))


@pytest.mark.parametrize("reply", [ACCEPTED, FAILED, None])
def test_nothing_of_somebody_forgotten_is_in_any_file(ledger, path, reply):
    send(ledger, [MARY, JANE], Reply(status=200), *([reply] if reply else []))
    assert traces(path) >= {"jane-0815", "jane.doe@example.com", "Jane Doe", "+447700900112"}
    ledger.forget(STAFF, SHOP.pool_id, JANE.username, NOW + HOUR)
    assert traces(path) == set()
    assert b"mary@example.com" in path.read_bytes()


def traces(path):
    """What of Jane is in the ledger's file or in one that SQLite keeps beside it."""
    files = sorted(path.parent.iterdir())
    assert [file.name for file in files] == [f"ledger.sqlite3{suffix}" for suffix in ("", "-shm", "-wal")]
    content = b"".join(file.read_bytes() for file in files)
    return {trace for trace in TRACES if trace.encode() in content}


def test_what_became_of_somebody_forgotten_still_counts_and_cannot_be_sent_again(ledger):
    run = send(ledger, [JANE, MARY], FAILED).run
    before = ledger.runs()[0].counts
    ledger.forget(STAFF, SHOP.pool_id, JANE.username, NOW + HOUR)
    ledger.forget(STAFF, SHOP.pool_id, MARY.username, NOW + HOUR)
    assert ledger.runs()[0].counts == before
    first, second = ledger.results(run)
    assert first.verdict.cause == second.verdict.cause == "Forgotten"
    assert not first.may_go_again(NOW + 99 * HOUR)
    assert not second.may_go_again(NOW + 99 * HOUR)
    shown = f"{first}{second}"
    assert not any(trace in shown for trace in TRACES)
    assert first.recipient.user.label.startswith("forgotten ")


def test_somebody_forgotten_is_not_sent_to_twice(ledger):
    send(ledger, [JANE], ACCEPTED)
    ledger.forget(STAFF, SHOP.pool_id, JANE.username, NOW + 60)
    past = ledger.past(SHOP, NOW + HOUR)
    assert past.last_sent[JANE.username] == NOW
    twin = user("twin", "JANE.DOE@example.com")
    plan = plan_after(ledger, [JANE, MARY])
    assert [(out.recipient.user, out.reason) for out in plan.left_out] == [(JANE, Reason.COOL_DOWN)]
    plan = plan_after(ledger, [twin, MARY])
    assert [(out.recipient.user, out.reason) for out in plan.left_out] == [(twin, Reason.COOL_DOWN)]
    assert len(plan_after(ledger, [JANE, MARY], connection=OTHER).recipients) == 2


def test_who_was_looked_up_before_is_known_without_another_hash(ledger, monkeypatch):
    """The window looks up a hundred thousand at once, and must not stand still for it."""
    send(ledger, [JANE], ACCEPTED)
    ledger.forget(STAFF, SHOP.pool_id, JANE.username, NOW)
    names = [JANE.username, *(f"user-{number}" for number in range(5))]
    past = ledger.past(SHOP, NOW, names)
    monkeypatch.setattr("hmac.new", None)
    assert [past.last_sent.get(name, 0.0) for name in names] == [NOW, 0.0, 0.0, 0.0, 0.0, 0.0]


def test_five_an_hour_count_for_somebody_forgotten(ledger):
    for minute in range(SENDS_AN_HOUR):
        send(ledger, [JANE], ACCEPTED, now=NOW + 60 * minute)
    ledger.forget(STAFF, SHOP.pool_id, JANE.username, NOW + 600)
    assert ledger.past(SHOP, NOW + 600).waits(JANE.username)
    journal = send(ledger, [JANE], now=NOW + 700, ended=False)
    assert journal.allowed_at(0, NOW + 700) == NOW + HOUR


def test_a_run_planned_before_does_not_send_to_somebody_forgotten_since(ledger):
    waiting = send(ledger, [user("twin")], now=NOW, ended=False)
    send(ledger, [JANE], ACCEPTED, now=NOW + 1)
    ledger.forget(STAFF, SHOP.pool_id, JANE.username, NOW + 2)
    with pytest.raises(SentMeanwhileError):
        waiting.intend(0, NOW + 3)


def test_who_is_in_an_open_run_cannot_be_forgotten(ledger):
    run = send(ledger, [JANE, MARY], ACCEPTED, ended=False).run
    with pytest.raises(ConfirmdeskError) as caught:
        ledger.forget(STAFF, SHOP.pool_id, MARY.username, NOW)
    assert "has not ended" in caught.value.problem.sentence
    assert [result.recipient.user.username for result in ledger.results(run)] == ["jane-0815", "mary"]


def test_only_this_person_of_this_pool_is_forgotten(ledger):
    here, there = send(ledger, [JANE, MARY], ACCEPTED, ACCEPTED).run, send(ledger, [JANE], connection=OTHER).run
    ledger.forget(STAFF, SHOP.pool_id, JANE.username, NOW)
    assert ledger.results(here)[1].recipient.user.email == "mary@example.com"
    assert ledger.results(there)[0].recipient.user.username == "jane-0815"


def test_half_a_character_in_a_name_is_forgotten_too(ledger):
    odd = user("x\ud83dy", "x\ud83d@example.com")
    send(ledger, [odd], ACCEPTED)
    ledger.forget(STAFF, SHOP.pool_id, odd.username, NOW)
    assert ledger.past(SHOP, NOW + HOUR).cools_down(odd.username, mailbox_of(odd.email))


def test_two_records_hash_differently_and_one_by_its_key_only(tmp_path):
    names = set()
    for name in ("one", "two"):
        ledger = Ledger(LedgerFile(tmp_path / name))
        run = send(ledger, [JANE], ACCEPTED).run
        ledger.forget(STAFF, SHOP.pool_id, JANE.username, NOW)
        names.add(ledger.results(run)[0].recipient.user.username)
        ledger.close()
    assert len(names) == 2


def test_that_somebody_was_forgotten_is_recorded_itself(ledger, path):
    send(ledger, [JANE], ACCEPTED)
    ledger.forget(STAFF, SHOP.pool_id, JANE.username, NOW + 5)
    ledger.close()
    file = LedgerFile(path)
    [row] = file.read("SELECT * FROM forgotten")
    file.close()
    assert (row["at"], row["account"], row["computer"], row["pool_id"]) == (NOW + 5, "ines", "desk-7", SHOP.pool_id)
    assert row["username"].startswith("forgotten ")


def test_outcomes_stay(ledger):
    run = send(ledger, [JANE, MARY], ACCEPTED).run
    ledger.forget(STAFF, SHOP.pool_id, JANE.username, NOW)
    assert [result.verdict.outcome for result in ledger.results(run)] == [Outcome.ACCEPTED, Outcome.LEFT]
