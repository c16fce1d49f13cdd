"""The time that is written down: this computer's clock, put right by what servers say."""

import sys
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

# A Date tells whole seconds and takes its time to arrive; who is this near is right.
NEAR = 3.0
# From here on a person is told.
FAR_OFF = 120.0


def gone_by() -> float:
    """Seconds since some moment, those included in which the computer slept, whatever its clock is set to."""
    if sys.platform == "linux":
        shown = time.clock_gettime(time.CLOCK_BOOTTIME)
    elif sys.platform == "darwin":
        shown = time.clock_gettime(time.CLOCK_MONOTONIC)
    else:
        shown = time.monotonic()
    return shown


class Clock:
    """Seconds since the epoch. A clock that is put back for a moment, or was ahead for a day, must not make the record
    forget anybody: so the newest `Date` of an answer corrects it, and until there is one time never goes back. From an
    answer on it goes by a stopwatch: a clock that is put right then would be corrected twice."""

    def __init__(self, clock: Callable[[], float] = time.time, stopwatch: Callable[[], float] = gone_by) -> None:
        self._clock = clock
        self._stopwatch = stopwatch
        # The time of the newest answer, with what the stopwatch showed then.
        self._heard: tuple[float, float] | None = None
        self._ahead = 0.0
        self._latest = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        with self._lock:
            if self._heard:
                time_then, shown_then = self._heard
                return time_then + self._stopwatch() - shown_then
            self._latest = max(self._latest, self._clock())
            return self._latest

    def hear(self, date: str) -> None:
        """An answer came with this `Date`; what is none is not heeded."""
        try:
            told = parsedate_to_datetime(date).timestamp()
        except (ValueError, TypeError, OverflowError):
            return
        with self._lock:
            read, shown = self._clock(), self._stopwatch()
            is_right = abs(read - told) <= NEAR
            self._ahead = 0.0 if is_right else read - told
            self._heard = (read if is_right else told, shown)

    def never_before(self, written: float) -> None:
        """Something was written at that moment, before this program started."""
        with self._lock:
            self._latest = max(self._latest, written)

    @property
    def is_sure(self) -> bool:
        """Whether an answer has told the time."""
        return self._heard is not None

    @property
    def ahead(self) -> float:
        """By how many seconds this computer's clock is ahead, negative where it is behind; 0 where that does not
        matter or nobody knows."""
        return self._ahead if abs(self._ahead) >= FAR_OFF else 0.0
