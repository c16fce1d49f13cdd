from email.utils import formatdate

import pytest

from confirmdesk.core.clock import Clock

NOW = 1_790_000_000.0
MINUTE, DAY = 60.0, 86_400.0


class Wall:
    """The clock on this computer's wall, which can be set, and a stopwatch, which cannot."""

    def __init__(self):
        self.time = NOW
        self.gone_by = 0.0

    def wait(self, seconds):
        self.time += seconds
        self.gone_by += seconds


@pytest.fixture
def wall():
    return Wall()


@pytest.fixture
def clock(wall):
    return Clock(lambda: wall.time, lambda: wall.gone_by)


def date(at):
    return formatdate(at, usegmt=True)


def test_until_an_answer_tells_the_time_it_never_goes_back(wall, clock):
    assert clock.now() == NOW
    wall.time -= DAY
    assert clock.now() == NOW
    wall.time += DAY
    wall.wait(5)
    assert clock.now() == NOW + 5


def test_nothing_is_written_before_what_was_written_last(clock):
    clock.never_before(NOW + MINUTE)
    assert clock.now() == NOW + MINUTE


@pytest.mark.parametrize("wrong", [-DAY, -4.0, 4.0, 90 * DAY])
def test_the_newest_date_of_an_answer_puts_it_right(wall, clock, wrong):
    clock.never_before(NOW + 365 * DAY)
    wall.time += wrong
    clock.hear(date(NOW))
    assert clock.now() == pytest.approx(NOW, abs=1)
    wall.wait(MINUTE)
    assert clock.now() == pytest.approx(NOW + MINUTE, abs=1)
    wall.time -= wrong
    clock.hear(date(NOW + MINUTE))
    assert clock.now() == NOW + MINUTE


@pytest.mark.parametrize("wrong", [-365 * DAY, 0.0, 365 * DAY])
@pytest.mark.parametrize("set_to", [-DAY, 0.0, DAY])
def test_a_clock_that_is_set_after_an_answer_changes_nothing(wall, clock, wrong, set_to):
    wall.time += wrong
    clock.hear(date(NOW))
    wall.wait(MINUTE)
    wall.time = NOW + MINUTE + set_to
    assert clock.now() == NOW + MINUTE


def test_by_itself_it_goes_on_after_an_answer():
    clock = Clock()
    clock.hear(date(NOW))
    before = clock.now()
    while clock.now() == before:
        pass
    assert NOW <= before < clock.now() < NOW + MINUTE


@pytest.mark.parametrize("said", ["", "yesterday", "Thu, 99 Nov 2026 12:00:00 GMT", "Mon, 01 Jan 99999 00:00:00 GMT"])
def test_what_is_no_date_is_not_heeded(clock, said):
    clock.hear(said)
    assert clock.now() == NOW
    assert not clock.is_sure


@pytest.mark.parametrize(("wrong", "told"), [(0, 0), (90, 0), (-90, 0), (10 * MINUTE, 600), (-10 * MINUTE, -600)])
def test_how_far_off_it_is_is_told_in_minutes_only(wall, clock, wrong, told):
    wall.time += wrong
    clock.hear(date(NOW))
    assert clock.ahead == told
