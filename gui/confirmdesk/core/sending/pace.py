"""How fast codes are asked for: one token bucket for all threads of a run."""

import threading
import time
from collections.abc import Callable

from confirmdesk.core.quotas import SENDS_PER_SECOND, SLOWEST

# What a late thread may catch up with. One token more is in hand at the start.
BURST = 2
# Seconds for which nobody starts after AWS asked to slow down, and in which further such answers belong to the same
# crowd of calls; and how much of the full pace comes back each second after that.
QUIET = 1.0
CLIMB = 0.02


class Pace:
    """Hands out the moments at which calls may start, `per_second` of them at most; 0 means unlimited."""

    def __init__(self, per_second: float = SENDS_PER_SECOND, now: Callable[[], float] = time.monotonic) -> None:
        self._full = per_second
        self._now = now
        self._rate = per_second
        self._climbed = now()
        self._next = float("-inf")
        self._slowed = float("-inf")
        self._lock = threading.Lock()

    @property
    def per_second(self) -> float:
        """The pace at this moment, below the configured one after AWS asked to slow down."""
        with self._lock:
            self._climb()
            return self._rate

    def reserve(self) -> float:
        """Take the next moment and return the seconds until it comes; 0 or less means now."""
        with self._lock:
            if not self._full:
                return 0.0
            self._climb()
            now, gap = self._now(), 1 / self._rate
            moment = max(self._next, now - (BURST - 1) * gap)
            self._next = moment + gap
            return moment - now

    def wait(self, wake: threading.Event) -> bool:
        """Wait for the next moment; False at once where `wake` is set before it comes."""
        seconds = self.reserve()
        return not wake.wait(seconds) if seconds > 0 else not wake.is_set()

    def slow_down(self) -> None:
        """AWS asked to: half the pace for everybody, after a moment of quiet. It climbs back by itself."""
        with self._lock:
            now = self._now()
            if not self._full or now - self._slowed < QUIET:
                return
            self._climb()
            self._slowed = now
            self._rate = max(self._rate / 2, min(SLOWEST, self._full))
            self._next = max(self._next, now + QUIET)

    def _climb(self) -> None:
        now = self._now()
        if self._rate < self._full and now - self._slowed > QUIET:
            self._rate = min(self._full, self._rate + self._full * CLIMB * (now - self._climbed))
        self._climbed = now


def seconds_for(people: int, per_second: float) -> float:
    """Seconds that a run of `people` takes at `per_second`."""
    return people / per_second
