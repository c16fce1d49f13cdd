"""A run in a time of its own, so that the moment of each call is exact."""

import threading

import pytest
from rehearsal import ACCEPTED, THROTTLED, Desk, HeldStopwatch, HurriedStopwatch, Notes, fullest

from confirmdesk.core.quotas import CALLS_IN_FLIGHT
from confirmdesk.core.sending.campaign import State
from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.core.sending.pace import BURST, Pace

PEOPLE = 400


class OpenIntents(Notes):
    """Knows how many are written down and not yet answered; the disk is locked until `locked_until`."""

    def __init__(self, clock):
        super().__init__()
        self.clock = clock
        self.locked_until = 0.0
        self.open = set()
        self.most = 0

    def intend(self, position, at):
        self.open.add(position)
        self.most = max(self.most, len(self.open))
        self.clock.sleep(self.locked_until - self.clock.now())
        return True

    def withdraw(self, position):
        self.open.remove(position)

    def settle(self, position, result):
        self.open.remove(position)


class TimedDesk(Desk):
    """Keeps the moment of each call. Making a client takes `opening` seconds, the first answer `first_answer`."""

    def __init__(self, rate, opening=0.0, first_answer=0.0):
        self.clock = HeldStopwatch()
        self.opening = opening
        self.first_answer = first_answer
        self.moments = []
        super().__init__(PEOPLE, pace=Pace(rate, self.clock), notes=OpenIntents(self.clock))

    def open(self):
        self.clock.sleep(self.opening)
        return super().open()

    def send(self, request):
        self.moments.append(self.clock.now())
        if len(self.moments) == 1:
            self.clock.sleep(self.first_answer)
        return super().send(request)

    def go_on_until(self, calls):
        while len(self.moments) < calls:
            self.clock.go_on(CALLS_IN_FLIGHT)

    def end(self):
        self.campaign.stop()
        self.clock.time = 1e9  # nobody sleeps any more
        super().end()


@pytest.fixture(params=[5, 50])
def rate(request):
    return request.param


@pytest.fixture
def make(rate):
    made = []

    def make(**options):
        desk = TimedDesk(rate, **options)
        made.append(desk)
        return desk.start()

    yield make
    for desk in made:
        desk.end()


def test_the_pace_holds_and_is_reached(make, rate):
    desk = make()
    desk.go_on_until(5 * rate)
    assert fullest(desk.moments, 1.0) <= rate + BURST
    assert desk.moments[-1] - desk.moments[0] <= 5.0


def test_what_is_lost_to_making_a_client_is_not_made_up_for(make, rate):
    desk = make(opening=3.0)
    desk.clock.go_on(threads=1)
    desk.go_on_until(2 * rate)
    assert desk.moments[0] >= 1003.0
    assert fullest(desk.moments, 1.0) <= rate + BURST
    assert fullest(desk.moments, 0.05) <= BURST + 0.05 * rate


def test_what_a_suspended_computer_lost_is_not_made_up_for(make, rate):
    desk = make()
    desk.go_on_until(2 * rate)
    desk.clock.go_on(CALLS_IN_FLIGHT, seconds=60.0)
    desk.go_on_until(4 * rate)
    assert fullest(desk.moments, 1.0) <= rate + BURST
    assert desk.notes.most <= 1 + BURST, "who slept through a moment has no business on the disk"


def test_what_a_locked_record_lost_is_not_made_up_for(make, rate):
    desk = make()
    desk.go_on_until(rate)
    desk.notes.locked_until = desk.clock.now() + 5.0
    desk.go_on_until(3 * rate)
    assert fullest(desk.moments, 1.0) <= rate + BURST


def test_a_slow_disk_slows_nobody_down(make, rate):
    """Longer than the time of one call: whoever took another moment each time would never send."""
    desk = make()
    notes, clock = desk.notes, desk.clock

    def intend(position, at):
        clock.sleep(2.5 / rate)
        return OpenIntents.intend(notes, position, at)

    desk.go_on_until(2)
    notes.intend = intend
    desk.go_on_until(5 * rate)
    assert fullest(desk.moments, 1.0) <= rate + BURST
    assert desk.moments[-1] - desk.moments[0] <= 5.5


def test_the_first_call_goes_alone_and_the_others_begin_with_its_answer(make, rate):
    desk = make(first_answer=10.0)
    desk.clock.go_on(threads=1)
    desk.go_on_until(5)
    assert desk.moments[:2] == [1000.0, pytest.approx(1010.0)]


# Throttled for ever


class Crowd:
    """AWS serves somebody only `every` so many seconds, and asks everybody else to slow down."""

    def __init__(self, clock, people, every):
        self.clock = clock
        self.lock = threading.Lock()
        self.every = every
        self.last = clock.now()
        self.desk = Desk(people, self.reply, Pace(5, clock)).start()
        self.campaign = self.desk.campaign

    def reply(self, request):
        with self.lock:
            if self.clock.now() - self.last < self.every:
                return THROTTLED
            self.last = self.clock.now()
            return ACCEPTED

    def until_paused(self):
        self.desk.until(lambda: self.campaign.state is State.PAUSED and not self.campaign.in_flight)
        return self.clock.now()


def test_two_minutes_without_anybody_served_pause_the_run_and_say_why():
    crowd = Crowd(HurriedStopwatch(), people=1, every=1e9)
    paused_at = crowd.until_paused()
    assert paused_at >= 1120.0
    assert "For two minutes AWS has asked to slow down and served nobody" in crowd.campaign.reason.sentence
    assert crowd.desk.counts[Outcome.LEFT] == 1
    crowd.campaign.resume()
    assert crowd.until_paused() >= paused_at + 120.0
    crowd.desk.end()


def test_as_long_as_somebody_is_served_now_and_then_the_run_goes_on():
    crowd = Crowd(HeldStopwatch(), people=40, every=30.0)
    while crowd.desk.counts[Outcome.ACCEPTED] < 10:
        crowd.clock.go_on(CALLS_IN_FLIGHT)
        assert crowd.campaign.state is State.RUNNING
    assert crowd.clock.now() >= 1300.0
    crowd.desk.end()
