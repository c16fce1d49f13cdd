import json
import sqlite3
import stat
import threading
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.ledger.file import LedgerFile
from confirmdesk.core.ledger.ledger import RETENTION, YOUNG, Ledger, Operator
from confirmdesk.core.ledger.opening import open_ledger
from confirmdesk.core.people.users import make_user
from confirmdesk.core.quotas import HOUR, SENDS_AN_HOUR
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.metadata import Advanced
from confirmdesk.core.sending.outcomes import Outcome, Reply
from confirmdesk.core.sending.plan import Reason, make_plan
from confirmdesk.core.sending.results import COUNTED_AS_SENT, NOT_REACHED_YET, Result, tally

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_A", "client", pool_name="Shop", environment="Production")
JANE = Operator("jane", "desk-7", "arn:aws:iam::1:user/jane")
ACCEPTED = Reply(status=200, request_id="r-1", destination="u***@e***", medium="EMAIL")
NOW = 1_790_000_000.0


def people(*names):
    return [make_user(name, 5.0, True, "UNCONFIRMED", [("email", f"u-{name}@example.com")]) for name in names]


def plan_for(*names):
    rows = [("ticket", "HD-4711"), ("to", "{username}")]
    return make_plan(people(*names), rows, None, Advanced(ip_address="192.0.2.7"))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.sqlite3"


@pytest.fixture
def reopen(path):
    """The ledger as after a restart; whatever held it before is simply gone."""
    opened = []

    def again():
        for ledger in opened:
            ledger.close()
        opened[:] = [open_ledger(path)[0]]
        return opened[0]

    yield again
    for ledger in opened:
        ledger.close()


@pytest.fixture
def ledger(reopen):
    return reopen()


def outcomes(ledger, run):
    return {r.recipient.user.username: r.verdict.outcome for r in ledger.results(run)}


def send(journal, plan, position, at=NOW, reply=ACCEPTED):
    recipient = plan.recipients[position]
    journal.intend(position, at)
    journal.settle(position, Result(recipient, judge(reply, recipient.user), reply, at))


def test_what_was_written_is_there_after_a_restart_and_who_was_in_flight_is_unknown(ledger, reopen):
    plan = plan_for("a", "b", "c")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    send(journal, plan, 0)
    journal.intend(1, NOW)
    ledger = reopen()
    [run] = ledger.runs(open_only=True)
    assert outcomes(ledger, run.id) == {"a": Outcome.ACCEPTED, "b": Outcome.UNKNOWN, "c": Outcome.LEFT}
    assert (run.operator, run.connection, run.metadata_keys, run.started) == (JANE, SHOP, ("ticket", "to"), NOW)
    assert run.counts == tally(ledger.results(run.id))


def test_an_interrupted_run_comes_back_with_the_very_requests_that_were_reviewed(ledger, reopen):
    plan = plan_for("a", "b")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    results = reopen().results(journal.run)
    assert [r.recipient.request for r in results] == [r.request for r in plan.recipients]


def test_what_was_answered_is_kept_word_for_word(ledger):
    plan = plan_for("a")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    send(journal, plan, 0)
    [result] = ledger.results(journal.run)
    assert (result.verdict, result.reply, result.at) == (judge(ACCEPTED, plan.recipients[0].user), ACCEPTED, NOW)


def test_values_are_erased_from_the_file_when_a_run_ends(ledger, path):
    plan = plan_for("a")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    send(journal, plan, 0)
    ledger.end(journal.run, NOW)
    ledger.close()
    written = b"".join(p.read_bytes() for p in path.parent.iterdir())
    assert b"HD-4711" not in written
    assert b"192.0.2.7" not in written
    assert b"ticket" in written


def test_an_ended_run_is_not_interrupted(ledger):
    journal = ledger.begin(SHOP, JANE, plan_for("a"), 5.0, NOW)
    ledger.end(journal.run, NOW)
    assert ledger.runs(open_only=True) == []
    assert [run.ended for run in ledger.runs()] == [NOW]


def test_interrupted_runs_come_first_then_the_newest(ledger):
    for at in (1.0, 2.0, 3.0):
        journal = ledger.begin(SHOP, JANE, plan_for("a"), 5.0, NOW + at)
        if at != 1.0:
            ledger.end(journal.run, NOW + at)
    assert [run.started - NOW for run in ledger.runs()] == [1.0, 3.0, 2.0]


def test_nobody_gets_more_than_five_an_hour_across_runs_and_restarts(ledger, reopen):
    plan = plan_for("a")
    for number in range(SENDS_AN_HOUR):
        journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
        assert journal.allowed_at(0, NOW + number) == 0
        send(journal, plan, 0, at=NOW + number)
        ledger = reopen()
    later = NOW + SENDS_AN_HOUR
    assert ledger.begin(SHOP, JANE, plan, 5.0, later).allowed_at(0, later) == NOW + HOUR
    assert ledger.past(SHOP, later).waiting == {"a": NOW + HOUR}
    assert ledger.begin(SHOP, JANE, plan, 5.0, later).allowed_at(0, NOW + HOUR + 0.1) == 0


def test_a_send_that_was_not_made_or_was_turned_away_is_none_of_the_five(ledger):
    plan = plan_for("a")
    for _ in range(SENDS_AN_HOUR):
        journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
        journal.intend(0, NOW)
        journal.withdraw(0)
        send(journal, plan, 0, reply=Reply("LimitExceededException", "Attempt limit exceeded", 400))
    assert journal.allowed_at(0, NOW) == 0


def test_another_pool_with_the_same_user_name_is_another_person(ledger):
    plan = plan_for("a")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    send(journal, plan, 0)
    other = replace(SHOP, pool_id="eu-west-1_B")
    assert ledger.past(SHOP, NOW).last_sent == {"a": NOW}
    assert ledger.past(other, NOW).last_sent == {}


def test_last_sent_counts_what_may_have_been_sent_and_nothing_else(ledger):
    plan = plan_for("accepted", "unknown", "flight", "failed", "left")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    send(journal, plan, 0)
    send(journal, plan, 1, reply=Reply("InternalErrorException", "", 500))
    journal.intend(2, NOW)
    send(journal, plan, 3, reply=Reply("UserNotFoundException", "", 400))
    assert set(ledger.past(SHOP, NOW).last_sent) == {"accepted", "unknown", "flight"}


def test_an_unknown_one_can_be_sent_again_or_counted_as_sent(ledger):
    plan = plan_for("a", "b")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    journal.intend(0, NOW)
    journal.intend(1, NOW)
    journal.reopen(0)
    journal.count_as_sent(1, ledger.results(journal.run)[1])
    assert outcomes(ledger, journal.run) == {"a": Outcome.LEFT, "b": Outcome.ACCEPTED}


def test_a_decision_about_an_unknown_one_survives_a_restart(ledger, reopen):
    plan = plan_for("answered", "flight", "counted")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    send(journal, plan, 0, reply=Reply("InternalErrorException", "", 500))
    journal.intend(1, NOW)
    send(journal, plan, 2, reply=Reply("InternalErrorException", "", 500, "r-5"))
    journal.reopen(0)
    journal.reopen(1)
    journal.count_as_sent(2, ledger.results(journal.run)[2])
    ledger = reopen()
    *again, counted = ledger.results(journal.run)
    assert [(r.recipient.request, r.verdict, r.at) for r in again] == [
        (recipient.request, NOT_REACHED_YET, 0.0) for recipient in plan.recipients[:2]
    ]
    assert (counted.verdict, counted.at, counted.reply.request_id) == (COUNTED_AS_SENT, NOW, "r-5")
    assert ledger.past(SHOP, NOW).last_sent == {"counted": NOW}
    assert [run.counts for run in ledger.runs()] == [tally([*again, counted])]


def test_the_call_before_the_decision_still_counts_for_the_hour(ledger):
    plan = plan_for("a")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    for number in range(SENDS_AN_HOUR):
        assert journal.allowed_at(0, NOW + number) == 0
        journal.intend(0, NOW + number)
        journal.reopen(0)
    assert journal.allowed_at(0, NOW + SENDS_AN_HOUR) == NOW + HOUR


def test_an_ended_run_still_says_who_was_unknown(ledger, reopen):
    plan = plan_for("a", "b")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    journal.intend(0, NOW)
    ledger.end(journal.run, NOW + 1)
    assert outcomes(reopen(), journal.run) == {"a": Outcome.UNKNOWN, "b": Outcome.LEFT}


def test_why_somebody_was_put_back_is_recorded(ledger, path):
    twins = [
        make_user("old", 1.0, True, "UNCONFIRMED", [("email", "t@example.com")]),
        make_user("new", 2.0, True, "UNCONFIRMED", [("email", "t@example.com")]),
    ]
    plan = make_plan(twins, [], None).put_back({"old"}, "customer asked on the phone")
    ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    rows = sqlite3.connect(path).execute("SELECT put_back FROM recipients WHERE username='old'").fetchall()
    assert rows == [(f"{Reason.DUPLICATE.words}. customer asked on the phone",)]


def test_history_is_deleted_only_where_finished_and_a_day_old_and_that_is_recorded(ledger, path):
    for started, ended in ((0.0, 0.0), (YOUNG, YOUNG), (2 * YOUNG, 2 * YOUNG)):
        journal = ledger.begin(SHOP, JANE, plan_for("a"), 5.0, NOW + started)
        ledger.end(journal.run, NOW + ended)
    ledger.begin(SHOP, JANE, plan_for("a"), 5.0, NOW)
    at = NOW + 2 * YOUNG + 1
    assert ledger.deletable(at) == 2
    ledger.delete_history(JANE, at)
    assert [run.started - NOW for run in ledger.runs()] == [0.0, 2 * YOUNG]
    assert sqlite3.connect(path).execute("SELECT * FROM deletions").fetchall() == [(at, "jane", 2)]
    assert sqlite3.connect(path).execute("SELECT count(*) FROM recipients").fetchall() == [(2,)]


def test_an_emptied_ledger_knows_of_nothing_and_goes_on(ledger, reopen):
    plan = plan_for("a", "b")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    send(journal, plan, 0)
    before = ledger.mark
    ledger.empty()
    assert ledger.runs() == []
    assert ledger.past(SHOP, NOW + 1).last_sent == {}
    assert ledger.past(SHOP, NOW + 1).mailboxes == {}
    # It is the record that the settings know, not an older one.
    assert (ledger.mark.id, ledger.mark.steps >= before.steps) == (before.id, True)
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    send(journal, plan, 0)
    assert outcomes(reopen(), journal.run) == {"a": Outcome.ACCEPTED, "b": Outcome.LEFT}


def test_finished_runs_are_forgotten_after_the_retention_time(ledger):
    journal = ledger.begin(SHOP, JANE, plan_for("a"), 5.0, NOW)
    ledger.end(journal.run, NOW)
    ledger.begin(SHOP, JANE, plan_for("a"), 5.0, NOW)
    ledger.expire(NOW + RETENTION - 1)
    assert len(ledger.runs()) == 2
    ledger.expire(NOW + RETENTION + 1)
    assert [run.ended for run in ledger.runs()] == [0]


def test_the_file_is_for_its_owner_only(ledger, path):
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_many_threads_lose_nothing(ledger):
    plan = plan_for(*(f"user-{i}" for i in range(200)))
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    lanes = [
        threading.Thread(target=lambda lane=lane: [send(journal, plan, position) for position in range(lane, 200, 8)])
        for lane in range(8)
    ]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()
    assert set(outcomes(ledger, journal.run).values()) == {Outcome.ACCEPTED}
    assert len(ledger.past(SHOP, NOW).last_sent) == 200


def test_a_damaged_ledger_is_kept_aside_and_told(path):
    file = LedgerFile(path)
    file.close()
    path.write_bytes(b"SQLite format 3\0" + b"garbage" * 500)
    damaged = path.read_bytes()
    fresh, problem = open_ledger(path)
    fresh.close()
    assert "damaged" in problem.sentence
    [kept] = path.parent.glob("ledger.sqlite3.broken-*")
    assert kept.read_bytes() == damaged


def test_a_ledger_of_a_later_version_is_not_touched(path):
    LedgerFile(path).close()
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version=99")
    database.close()
    with pytest.raises(ConfirmdeskError, match="later version"):
        open_ledger(path)
    assert list(path.parent.glob("*.broken-*")) == []


def test_a_full_disk_is_a_sentence_and_changes_nothing(path):
    file = LedgerFile(path)
    ledger = Ledger(file)
    plan = plan_for(*(f"user-{i}" for i in range(2000)))
    pages = file.read("PRAGMA page_count")[0][0]
    file.read(f"PRAGMA max_page_count={pages + 4}")
    with pytest.raises(ConfirmdeskError, match="disk is full"):
        ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    file.read("PRAGMA max_page_count=1000000")
    assert ledger.runs() == []
    ledger.close()


def test_a_directory_that_cannot_be_used_is_a_sentence(tmp_path):
    with pytest.raises(ConfirmdeskError, match="nothing is sent"):
        open_ledger(tmp_path / "missing" / "ledger.sqlite3")


def test_requests_hold_no_secret_and_no_hash(ledger, path):
    ledger.begin(SHOP, JANE, plan_for("a"), 5.0, NOW)
    [(kept,)] = sqlite3.connect(path).execute("SELECT request FROM recipients").fetchall()
    assert set(json.loads(kept)) == {"metadata", "ip_address", "encoded_data", "analytics_endpoint_id"}


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["intend", "accept", "refuse", "limit", "withdraw", "reopen", "restart"]), st.integers(0, 3)
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(MOVES)
def test_whatever_happens_nobody_is_in_two_states_and_the_counters_add_up(moves):
    with TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.sqlite3"
        ledger = open_ledger(path)[0]
        plan = plan_for("a", "b", "c", "d")
        journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
        expected = dict.fromkeys("abcd", "left")
        in_flight = set()
        for move, position in moves:
            name, recipient = "abcd"[position], plan.recipients[position]
            replies = {
                "accept": ACCEPTED,
                "refuse": Reply("UserNotFoundException", "", 400),
                "limit": Reply("LimitExceededException", "Attempt limit exceeded", 400),
            }
            if move == "restart":
                ledger.close()
                ledger = open_ledger(path)[0]
                journal = ledger.resume(*ledger.runs(open_only=True))
                in_flight.clear()
            elif move == "intend" and expected[name] == "left":
                journal.intend(position, NOW)
                in_flight.add(name)
                expected[name] = "unknown"
            elif move == "intend":
                with pytest.raises(ConfirmdeskError, match="Another program"):
                    journal.intend(position, NOW)
            elif move == "withdraw" and name in in_flight:
                journal.withdraw(position)
                in_flight.remove(name)
                expected[name] = "left"
            elif move == "reopen" and expected[name] == "unknown" and name not in in_flight:
                journal.reopen(position)
                expected[name] = "left"
            elif move in replies and name in in_flight:
                verdict = judge(replies[move], recipient.user)
                journal.settle(position, Result(recipient, verdict, replies[move], NOW))
                in_flight.remove(name)
                expected[name] = str(verdict.outcome)
            assert {n: str(o) for n, o in outcomes(ledger, journal.run).items()} == expected
            [run] = ledger.runs()
            assert sum(run.counts.values()) == run.people == 4
        ledger.close()


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("http://127.0.0.1:40001", "http://127.0.0.1:40002"),
        ("http://localhost:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:8080", "http://localhost:8080"),
        ("https://cognito-idp.eu-west-1.amazonaws.com", ""),
    ],
)
def test_a_pools_people_are_the_same_whatever_the_spelling_of_its_endpoint(ledger, then, now):
    plan = plan_for("a")
    for _ in range(SENDS_AN_HOUR):
        send(ledger.begin(replace(SHOP, endpoint=then), JANE, plan, 5.0, NOW), plan, 0)
    past = ledger.past(replace(SHOP, endpoint=now), NOW)
    assert past.last_sent == {"a": NOW}
    assert past.waiting == {"a": NOW + HOUR}
    assert ledger.begin(replace(SHOP, endpoint=now), JANE, plan, 5.0, NOW).allowed_at(0, NOW) == NOW + HOUR


def test_mails_since_counts_what_may_have_gone_out_by_mail(ledger):
    plan = plan_for("sent", "flight", "failed", "left", "before")
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    send(journal, plan, 0)
    journal.intend(1, NOW)
    send(journal, plan, 2, reply=Reply("UserNotFoundException", "", 400))
    send(journal, plan, 4, at=NOW - 10)
    assert ledger.mails_since(NOW - 1) == 2


def test_half_a_character_that_a_stranger_typed_comes_back_as_it_was_in_a_run_that_is_resumed(ledger, reopen):
    half = make_user("u\ud83d", 5.0, True, "UNCONFIRMED", [("email", "x@example.com"), ("name", "x\ud83dy")])
    spelled = make_user("u\\ud83d", 5.0, True, "UNCONFIRMED", [("email", "y@example.com")])
    plan = make_plan([half, spelled], [("to", "{name}")], None)
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    send(journal, plan, 0)
    ledger = reopen()
    assert [r.recipient.request for r in ledger.results(journal.run)] == [r.request for r in plan.recipients]
    assert ledger.results(journal.run)[0].recipient.user.name == "x\ud83dy"
    assert ledger.past(SHOP, NOW).last_sent == {"u\ud83d": NOW}


def test_half_a_character_counts_for_the_hour_too(ledger):
    half = make_user("u\ud83d", 5.0, True, "UNCONFIRMED", [("email", "x@example.com")])
    plan = make_plan([half], [], None)
    journal = ledger.begin(SHOP, JANE, plan, 5.0, NOW)
    for number in range(SENDS_AN_HOUR):
        journal.intend(0, NOW + number)
        journal.reopen(0)
    assert journal.allowed_at(0, NOW + 9) == NOW + HOUR
