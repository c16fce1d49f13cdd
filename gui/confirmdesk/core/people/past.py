"""What this computer's record knows of a pool's people: to whom it sent, and who has had enough for now."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from confirmdesk.core.quotas import HOUR


@dataclass(frozen=True, slots=True)
class Past:
    """Times in seconds since the epoch: when each user name was last sent to, and each mailbox (as `mailbox_of` spells
    it), and until when those wait who had five codes within the hour. `cool_down` is in hours, `as_of` how far the
    record had got when it was asked."""

    now: float = 0.0
    last_sent: Mapping[str, float] = field(default_factory=dict)
    waiting: Mapping[str, float] = field(default_factory=dict)
    cool_down: float = 24.0
    mailboxes: Mapping[str, float] = field(default_factory=dict)
    as_of: int = 0

    def waits(self, username: str) -> bool:
        """Whether this person had five codes within the hour."""
        return self.waiting.get(username, 0.0) > self.now

    def sent(self, username: str, mailbox: str) -> float:
        """When this person was last sent to, or another account with the same address; 0 where nobody was."""
        return max(self.last_sent.get(username, 0.0), self.mailboxes.get(mailbox, 0.0))

    def cools_down(self, username: str, mailbox: str) -> bool:
        """Whether that was less than a cool-down ago."""
        last = self.sent(username, mailbox)
        return last > 0 and self.now - last < self.cool_down * HOUR
