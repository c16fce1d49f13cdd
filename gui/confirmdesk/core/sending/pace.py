"""How fast codes are asked for, for all threads of a run: moments are handed out ahead, and the pace holds once more
where a call really starts. What a slow disk or a suspended computer takes is lost, not made up for."""

import threading
import time

from confirmdesk.core.quotas import SENDS_PER_SECOND, SLOWEST

# What may start at once: whoever is late by the time of one call catches up with it. One more is in hand at the start.
BURST = 2
# Seconds after which a thread has not been late, but the computer asleep; and for which, or for the time of one call, a
# call waits that comes too soon because others were late.
ASLEEP, LITTLE = 1.0, 0.1
# Seconds for which nobody starts after AWS asked to slow down, and in which further such answers belong to the same
# crowd of calls; and how much of the full pace comes back each second after that.
QUIET = 1.0
CLIMB = 0.02


class Stopwatch:
    """The time that a run goes by, in seconds since some moment."""

    def now(self) -> float:
        return time.monotonic()

    def wait(self, wake: threading.Event, seconds: float) -> bool:
        """Wait until `wake` is set, True, or `seconds` have passed, False."""
        return wake.wait(max(seconds, 0.0))


class Pace:
    """Lets calls start, `per_second` of them at most; 0 means unlimited."""

    def __init__(self, per_second: float = SENDS_PER_SECOND, clock: Stopwatch | None = None) -> None:
        self.clock = clock or Stopwatch()
        self._full = per_second
        self._rate = per_second
        self._climbed = self.clock.now()
        # The next moment that nobody has taken, and when the next call is due by those that have started.
        self._free = float("-inf")
        self._due = float("-inf")
        self._slowed = float("-inf")
        self._lock = threading.Lock()

    @property
    def per_second(self) -> float:
        """The pace at this moment, below the configured one after AWS asked to slow down."""
        with self._lock:
            self._climb()
            return self._rate

    def wait(self, wake: threading.Event) -> bool:
        """Wait for a moment of one's own; False at once where `wake` is set before it comes."""
        while True:
            moment, late = self._reserve()
            if self.clock.wait(wake, moment - self.clock.now()):
                self._give_back()
                return False
            if self.clock.now() <= late:
                return True
            # The computer slept through this moment, and through those of others: all would come together.

    def start(self, wake: threading.Event) -> bool:
        """Whether a call may start at this very moment, or within a little while, which is waited for. Where it may
        not, or `wake` is set, it needs another moment."""
        patience = max(self._gap(), LITTLE)
        while (seconds := self._start_in()) > 0:
            if seconds > patience or self.clock.wait(wake, seconds):
                return False
            patience -= seconds
        return not wake.is_set()

    def slow_down(self) -> None:
        """AWS asked to: half the pace for everybody, after a moment of quiet. It climbs back by itself."""
        with self._lock:
            now = self.clock.now()
            if not self._full or now - self._slowed < QUIET:
                return
            self._climb()
            self._slowed = now
            self._rate = max(self._rate / 2, min(SLOWEST, self._full))
            self._due = max(self._due, now + QUIET + (BURST - 1) / self._rate)

    def _gap(self) -> float:
        """The time of one call, in seconds."""
        with self._lock:
            return 1 / self._rate if self._full else 0.0

    def _reserve(self) -> tuple[float, float]:
        """The next free moment, which is taken with that, and until when it holds."""
        with self._lock:
            now = self.clock.now()
            if not self._full:
                return now, float("inf")
            self._climb()
            gap = 1 / self._rate
            moment = max(self._free, max(self._due, now) - (BURST - 1) * gap)
            self._free = moment + gap
            return moment, max(moment, now) + ASLEEP

    def _give_back(self) -> None:
        """Whoever waits is woken with all others, so the moments that were handed out ahead are free again."""
        with self._lock:
            self._free = float("-inf")

    def _start_in(self) -> float:
        """0, and the call that asks counts as started; or the seconds until it may ask again."""
        with self._lock:
            if not self._full:
                return 0.0
            self._climb()
            now, gap = self.clock.now(), 1 / self._rate
            if (early := self._due - (BURST - 1) * gap - now) > 0:
                return early
            self._due = max(self._due, now) + gap
            return 0.0

    def _climb(self) -> None:
        now = self.clock.now()
        if self._rate < self._full and now - self._slowed > QUIET:
            self._rate = min(self._full, self._rate + self._full * CLIMB * (now - self._climbed))
        self._climbed = now


def seconds_for(people: int, per_second: float) -> float:
    """Seconds that a run of `people` takes at `per_second`."""
    return people / per_second
