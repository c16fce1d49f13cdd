"""What this computer's record knows of a pool's people: to whom it sent, and who has had enough for now."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from confirmdesk.core.quotas import HOUR


@dataclass(frozen=True, slots=True)
class Past:
    """Times in seconds since the epoch, people by user name: when each was last sent to, and until when those wait who
    had five codes within the hour. `cool_down` is in hours."""

    now: float = 0.0
    last_sent: Mapping[str, float] = field(default_factory=dict)
    waiting: Mapping[str, float] = field(default_factory=dict)
    cool_down: float = 24.0

    def waits(self, username: str) -> bool:
        """Whether this person had five codes within the hour."""
        return self.waiting.get(username, 0.0) > self.now

    def cools_down(self, username: str) -> bool:
        """Whether this person was sent to less than a cool-down ago."""
        last = self.last_sent.get(username)
        return last is not None and self.now - last < self.cool_down * HOUR
