"""What happens to a run as a whole."""

from enum import StrEnum


class RunEvent(StrEnum):
    BEGUN = "begun"
    PAUSED = "paused"
    RESUMED = "resumed"
    # Nobody is in flight any more. Who is left can be resumed, until the run is closed.
    ENDED = "ended"
    CLOSED = "closed"
