"""Which of the loaded people are shown."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

from confirmdesk.core.people.needles import EVERYBODY, Needle
from confirmdesk.core.people.users import Channel, User


@dataclass(frozen=True, slots=True)
class UserFilter:
    """Who is found by `needle`; `since` <= signed up < `until`, in seconds since the epoch.

    `not_sent_since`: who was sent a code later than that, as far as this computer knows, does not match.
    """

    needle: Needle = EVERYBODY
    since: float | None = None
    until: float | None = None
    channel: Channel | None = None
    enabled_only: bool = False
    not_sent_since: float | None = None
    picked_only: bool = False

    def is_empty(self) -> bool:
        return self == UserFilter()

    def narrows(self, other: "UserFilter") -> bool:
        """Whether whoever matches this one matched `other`: then only those need to be looked at."""
        return (
            self.needle.narrows(other.needle)
            and (other.since is None or (self.since is not None and self.since >= other.since))
            and (other.until is None or (self.until is not None and self.until <= other.until))
            and other.channel in (None, self.channel)
            and (self.enabled_only or not other.enabled_only)
            and (self.picked_only or not other.picked_only)
            and (
                other.not_sent_since is None
                or (self.not_sent_since is not None and self.not_sent_since <= other.not_sent_since)
            )
        )

    def select(
        self,
        rows: Sequence[int],
        keys: Sequence[str],
        users: Sequence[User],
        channels: Sequence[Channel],
        sent: Sequence[float],
        picked: Container[str],
    ) -> list[int]:
        """Those of `rows` that match, in their order. A row is an index into `keys` (`User.key()`), `users`,
        `channels` and `sent` (last sent, 0 for never); `picked` has user names. Plain comprehensions over prepared
        lists are what keeps a keystroke within a frame."""
        found = self.needle.select(rows, keys, users)
        if self.since is not None:
            since = self.since
            found = [i for i in found if users[i].created >= since]
        if self.until is not None:
            until = self.until
            found = [i for i in found if 0 < users[i].created < until]
        if self.channel is not None:
            channel = self.channel
            found = [i for i in found if channels[i] is channel]
        if self.enabled_only:
            found = [i for i in found if users[i].enabled]
        if self.not_sent_since is not None:
            latest = self.not_sent_since
            found = [i for i in found if sent[i] <= latest]
        if self.picked_only:
            found = [i for i in found if users[i].username in picked]
        return list(found)
