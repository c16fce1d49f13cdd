import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rehearsal import HurriedStopwatch, fullest

from confirmdesk.core.quotas import SLOWEST
from confirmdesk.core.sending.pace import BURST, CLIMB, QUIET, Pace, seconds_for


class Sleeper(HurriedStopwatch):
    """Naps are what comes on top of a wait: the computer was suspended."""

    def __init__(self):
        super().__init__()
        self.naps = []

    def wait(self, wake, seconds):
        return super().wait(wake, max(seconds, 0.0) + (self.naps.pop(0) if self.naps else 0.0))


def starts(pace, number, late=lambda i: 0.0):
    """The moments at which `number` calls start whose thread is `late` between its moment and its call."""
    moments, awake = [], threading.Event()
    while len(moments) < number:
        assert pace.wait(awake)
        pace.clock.time += late(len(moments))
        if pace.start(awake):
            moments.append(pace.clock.time)
    return moments


@given(st.sampled_from([0.5, 5.0, 10.0, 50.0]), st.lists(st.floats(0, 3), min_size=2, max_size=60))
def test_no_window_ever_holds_more_than_the_bucket(rate, lateness):
    moments = starts(Pace(rate, Sleeper()), len(lateness), lambda i: lateness[i])
    for i, first in enumerate(moments):
        for k in range(i, len(moments)):
            assert k - i + 1 <= rate * (moments[k] - first) + BURST + 1e-6


@pytest.mark.parametrize("rate", [5, 10, 50])
def test_the_configured_pace_is_reached(rate):
    moments = starts(Pace(rate, Sleeper()), rate * 20)
    assert (len(moments) - 1) / (moments[-1] - moments[0]) >= rate * 0.99


def test_a_late_thread_is_caught_up_with():
    moments = starts(Pace(10, Sleeper()), 400, lambda i: 0.05 if i % 3 == 0 else 0.0)
    assert 399 / (moments[-1] - moments[0]) >= 9.7


def test_a_throttle_halves_for_everybody_once_and_the_pace_climbs_back():
    clock = Sleeper()
    pace = Pace(20, clock)
    for _ in range(8):
        pace.slow_down()
    assert pace.per_second == 10
    [quiet] = starts(pace, 1)
    assert quiet >= 1000.0 + QUIET
    clock.time += 0.5 / CLIMB
    assert pace.per_second == pytest.approx(20)


def test_it_never_slows_below_the_slowest_nor_climbs_above_the_configured():
    clock = Sleeper()
    pace = Pace(5, clock)
    for _ in range(20):
        pace.slow_down()
        clock.time += QUIET * 1.01
    assert pace.per_second >= SLOWEST
    clock.time += 10_000
    assert pace.per_second == 5


def test_unlimited_means_now():
    assert starts(Pace(0, Sleeper()), 5) == [1000.0] * 5


def test_how_long_a_run_takes():
    assert seconds_for(5000, 10) == 500


@pytest.mark.parametrize("rate", [5, 50])
def test_who_slept_through_a_moment_takes_another_one(rate):
    clock = Sleeper()
    pace, awake = Pace(rate, clock), threading.Event()
    starts(pace, 3)
    clock.naps = [60.0]
    assert pace.wait(awake)
    assert clock.time > 1060.0
    clock.naps = []
    assert fullest(starts(pace, 3 * rate), 1.0) <= rate + BURST


def test_a_call_a_little_too_soon_waits_and_one_far_too_soon_needs_another_moment():
    clock = Sleeper()
    pace, awake = Pace(10, clock), threading.Event()
    assert [pace.start(awake) for _ in range(2)] == [True, True]
    clock.time += 0.05
    assert pace.start(awake)
    assert clock.time == pytest.approx(1000.1)
    pace.slow_down()
    assert not pace.start(awake)
    assert clock.time == pytest.approx(1000.1)


def test_nobody_starts_once_woken():
    pace, woken = Pace(5, Sleeper()), threading.Event()
    woken.set()
    assert not pace.wait(woken)
    assert not pace.start(woken)


def test_moments_of_those_who_were_woken_are_free_again():
    clock = Sleeper()
    pace, woken = Pace(1, clock), threading.Event()
    woken.set()
    for _ in range(16):
        clock.time = 1000.0
        assert not pace.wait(woken)
    clock.time = 1000.0
    [next_one] = starts(pace, 1)
    assert next_one <= 1001.0
