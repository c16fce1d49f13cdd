"""The time that is written down: this computer's clock, put right by what servers say."""

import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

# A Date tells whole seconds and takes its time to arrive; who is this near is right.
NEAR = 3.0
# From here on a person is told.
FAR_OFF = 120.0


class Clock:
    """Seconds since the epoch. A clock that is put back for a moment, or was ahead for a day, must not make the record
    forget anybody: so the newest `Date` of an answer corrects it, and until there is one time never goes back."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._ahead: float | None = None
        self._latest = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        with self._lock:
            if self._ahead is not None:
                return self._clock() - self._ahead
            self._latest = max(self._latest, self._clock())
            return self._latest

    def hear(self, date: str) -> None:
        """An answer came with this `Date`; what is none is not heeded."""
        try:
            told = parsedate_to_datetime(date).timestamp()
        except (ValueError, TypeError, OverflowError):
            return
        ahead = self._clock() - told
        with self._lock:
            self._ahead = ahead if abs(ahead) > NEAR else 0.0

    def never_before(self, written: float) -> None:
        """Something was written at that moment, before this program started."""
        with self._lock:
            self._latest = max(self._latest, written)

    @property
    def is_sure(self) -> bool:
        """Whether an answer has told the time."""
        return self._ahead is not None

    @property
    def ahead(self) -> float:
        """By how many seconds this computer's clock is ahead, negative where it is behind; 0 where that does not
        matter or nobody knows."""
        ahead = self._ahead or 0.0
        return ahead if abs(ahead) >= FAR_OFF else 0.0
