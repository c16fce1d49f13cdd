"""A clock that is wrong for a while makes the record neither forget people nor keep them for ever."""

from email.utils import formatdate

import pytest

from confirmdesk.core.clock import Clock
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.ledger.ledger import RETENTION, Operator
from confirmdesk.core.ledger.opening import open_ledger
from confirmdesk.core.people.users import make_user
from confirmdesk.core.quotas import HOUR, SENDS_AN_HOUR
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import Outcome, Reply
from confirmdesk.core.sending.plan import Reason, make_plan
from confirmdesk.core.sending.results import Result

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_A", "client")
ACCEPTED = Reply(status=200, destination="***", medium="EMAIL")
NOW = 1_790_000_000.0
DAY = 24 * HOUR


class Desk:
    """A program at a computer whose clock can be set."""

    def __init__(self, path):
        self.path = path
        self.wall = NOW
        self.gone_by = 0.0
        self.start()

    def start(self):
        self.clock = Clock(lambda: self.wall, lambda: self.gone_by)
        self.ledger, _ = open_ledger(self.path, clock=self.clock)

    def wait(self, seconds):
        self.wall += seconds
        self.gone_by += seconds

    def restart(self):
        self.ledger.close()
        self.start()

    def hear(self, at):
        self.clock.hear(formatdate(at, usegmt=True))

    def review(self, *names):
        users = [make_user(name, 5.0, True, "UNCONFIRMED", [("email", f"{name}@example.com")]) for name in names]
        return make_plan(users, [], None, past=self.ledger.past(SHOP, self.ledger.now()))

    def send(self, *names):
        plan = self.review(*names)
        journal = self.ledger.begin(SHOP, Operator("jane", "desk-7"), plan, 5.0, self.ledger.now())
        for position, recipient in enumerate(plan.recipients):
            journal.intend(position, self.ledger.now())
            journal.settle(position, Result(recipient, judge(ACCEPTED, recipient.user), ACCEPTED, self.ledger.now()))
        return journal.run

    def left_out(self, *names):
        return {out.recipient.user.username: out.reason for out in self.review(*names).left_out}


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path / "ledger.sqlite3")
    yield made
    made.ledger.close()


@pytest.mark.parametrize("with_dates", [False, True])
def test_who_was_sent_to_while_the_clock_was_back_for_some_seconds_is_not_offered_again(desk, with_dates):
    desk.send("a")
    desk.wall -= 30 * HOUR
    if with_dates:
        desk.hear(NOW + 1)
    desk.send("b")
    desk.wall += 30 * HOUR + 60
    if with_dates:
        desk.hear(NOW + 61)
    assert desk.left_out("a", "b") == {"a": Reason.COOL_DOWN, "b": Reason.COOL_DOWN}


def test_nor_is_it_after_a_restart_while_the_clock_is_back(desk):
    desk.send("a")
    desk.wall -= 30 * HOUR
    desk.restart()
    desk.send("b")
    desk.wall += 30 * HOUR
    desk.restart()
    assert desk.left_out("a", "b") == {"a": Reason.COOL_DOWN, "b": Reason.COOL_DOWN}


def test_a_clock_that_was_ahead_and_came_back_keeps_nobody_for_longer_than_a_cool_down(desk):
    desk.wall += 400 * DAY
    for _ in range(SENDS_AN_HOUR):
        desk.send("a")
    desk.wall = NOW
    desk.restart()
    desk.hear(NOW)
    assert desk.left_out("a", "b") == {"a": Reason.HOURLY}
    desk.wait(23 * HOUR)
    assert desk.left_out("a", "b") == {"a": Reason.COOL_DOWN}
    desk.wall += HOUR + 1
    desk.restart()
    desk.hear(desk.wall)
    assert desk.left_out("a", "b") == {}


def test_who_is_in_flight_is_still_settled_when_times_are_mended(desk):
    plan = desk.review("a")
    desk.wall += 400 * DAY
    journal = desk.ledger.begin(SHOP, Operator("jane", "desk-7"), plan, 5.0, desk.ledger.now())
    journal.intend(0, desk.ledger.now())
    desk.hear(NOW)
    desk.ledger.past(SHOP, desk.ledger.now())
    recipient = plan.recipients[0]
    journal.settle(0, Result(recipient, judge(ACCEPTED, recipient.user), ACCEPTED, desk.ledger.now()))
    assert [r.verdict.outcome for r in desk.ledger.results(journal.run)] == [Outcome.ACCEPTED]


def test_a_clock_that_is_months_ahead_for_a_moment_makes_the_record_forget_nobody(desk):
    run = desk.send("a")
    desk.ledger.end(run, desk.ledger.now())
    desk.wall += 2 * RETENTION
    desk.restart()
    desk.ledger.past(SHOP, desk.ledger.now())
    desk.wall = NOW + 60
    desk.restart()
    assert desk.left_out("a", "b") == {"a": Reason.COOL_DOWN}


@pytest.mark.parametrize("with_dates", [False, True])
def test_a_clock_that_is_put_right_after_an_answer_makes_the_record_forget_nobody(desk, with_dates):
    # As after a start with an empty battery: the clock is set as soon as there is a network.
    desk.wall -= 6 * 365 * DAY
    desk.hear(NOW)
    run = desk.send("a")
    desk.ledger.end(run, desk.ledger.now())
    desk.wall = NOW
    desk.wait(60)
    if with_dates:
        desk.hear(NOW + 60)
    assert desk.left_out("a", "b") == {"a": Reason.COOL_DOWN}
    assert [kept.id for kept in desk.ledger.runs()] == [run]


def test_what_is_old_is_forgotten_as_soon_as_the_time_is_sure(desk):
    run = desk.send("a")
    desk.ledger.end(run, desk.ledger.now())
    desk.wall += 2 * RETENTION
    desk.restart()
    desk.hear(desk.wall)
    desk.left_out("a")
    assert desk.ledger.runs() == []
