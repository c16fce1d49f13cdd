"""How fast codes are asked for: one clock for all threads of a run."""

import threading
import time

# AWS allows an account 50 a second in each region, which the production app shares.
# https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
SENDS_PER_SECOND = 5.0


class Pace:
    """Hands out the moments at which calls may start, evenly, `per_second` of them; unlimited where that is 0."""

    def __init__(self, per_second: float = SENDS_PER_SECOND) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self, stop: threading.Event) -> bool:
        """Wait for the next moment; False at once where `stop` is set before it comes."""
        with self._lock:
            now = time.monotonic()
            moment = max(now, self._next)
            self._next = moment + self._gap
        return not stop.wait(moment - now) if moment > now else not stop.is_set()


def seconds_for(people: int, per_second: float = SENDS_PER_SECOND) -> float:
    """Seconds that a run of `people` takes at `per_second`."""
    return people / per_second
