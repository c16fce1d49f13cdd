import pytest
from hypothesis import given
from hypothesis import strategies as st

from confirmdesk.core.quotas import SLOWEST
from confirmdesk.core.sending.pace import BURST, CLIMB, QUIET, Pace, seconds_for


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


def starts(pace, clock, number, late=lambda i: 0.0):
    """The moments at which `number` calls of threads that come `late` start."""
    moments = []
    for i in range(number):
        clock.now += late(i)
        wait = pace.reserve()
        clock.now += max(wait, 0.0)
        moments.append(clock.now)
    return moments


@given(st.sampled_from([0.5, 5.0, 10.0, 50.0]), st.lists(st.floats(0, 3), min_size=2, max_size=60))
def test_no_window_ever_holds_more_than_the_bucket(rate, lateness):
    clock = Clock()
    moments = starts(Pace(rate, clock), clock, len(lateness), lambda i: lateness[i])
    for i, first in enumerate(moments):
        for k in range(i, len(moments)):
            assert k - i + 1 <= rate * (moments[k] - first) + BURST + 1e-6


@pytest.mark.parametrize("rate", [5, 10, 50])
def test_the_configured_pace_is_reached(rate):
    clock = Clock()
    moments = starts(Pace(rate, clock), clock, rate * 20)
    assert (len(moments) - 1) / (moments[-1] - moments[0]) >= rate * 0.99


def test_a_late_thread_is_caught_up_with():
    clock = Clock()
    moments = starts(Pace(10, clock), clock, 400, lambda i: 0.05 if i % 3 == 0 else 0.0)
    assert 399 / (moments[-1] - moments[0]) >= 9.7


def test_a_throttle_halves_for_everybody_once_and_the_pace_climbs_back():
    clock = Clock()
    pace = Pace(20, clock)
    for _ in range(8):
        pace.slow_down()
    assert pace.per_second == 10
    assert pace.reserve() >= QUIET
    clock.now += QUIET + 0.5 / CLIMB
    assert pace.per_second == pytest.approx(20)


def test_it_never_slows_below_the_slowest_nor_climbs_above_the_configured():
    clock = Clock()
    pace = Pace(5, clock)
    for _ in range(20):
        pace.slow_down()
        clock.now += QUIET * 1.01
    assert pace.per_second >= SLOWEST
    clock.now += 10_000
    assert pace.per_second == 5


def test_unlimited_means_now():
    pace = Pace(0)
    assert [pace.reserve() for _ in range(5)] == [0.0] * 5


def test_how_long_a_run_takes():
    assert seconds_for(5000, 10) == 500
