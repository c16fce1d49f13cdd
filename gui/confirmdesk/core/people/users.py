"""One person in a user pool, as ListUsers tells of them, and what can be said about them without asking anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from enum import StrEnum
from sys import intern

from confirmdesk.core import times
from confirmdesk.core.people.domains import likely_domain
from confirmdesk.core.quotas import CODE_LIFETIME
from confirmdesk.core.text import search_key

UNCONFIRMED = "UNCONFIRMED"
# How the names begin that stand for people whom somebody had forgotten. No user name of Cognito's has a blank in it.
FORGOTTEN = "forgotten "


class Channel(StrEnum):
    """The way a code travels. The value is what a person reads."""

    EMAIL = "E-mail"
    SMS = "SMS"
    NONE = "—"


@dataclass(frozen=True, slots=True)
class User:
    """A row of ListUsers, flat: a hundred thousand of these are in memory at once.

    `username` is `Users[].Username` byte for byte: the only string that is ever sent or hashed. `created` is in seconds
    since the epoch, UTC, 0 where the answer does not tell. `attributes` alternates names and values.
    """

    username: str
    created: float
    enabled: bool
    status: str
    email: str
    phone: str
    name: str
    attributes: tuple[str, ...]

    def attribute(self, name: str) -> str | None:
        """The value of the attribute `name`, or None where the user has none of that name."""
        for i in range(0, len(self.attributes), 2):
            if self.attributes[i] == name:
                return self.attributes[i + 1]
        return None

    @property
    def sub(self) -> str:
        return self.attribute("sub") or self.username

    @property
    def is_forgotten(self) -> bool:
        """Whether nobody knows any more who this was."""
        return self.username.startswith(FORGOTTEN)

    @property
    def label(self) -> str:
        """What this person is called on the screen: the address somebody on the phone would spell out."""
        return self.email or self.phone or self.username

    def key(self) -> str:
        """What the search box looks through."""
        return search_key(self.email, self.name, self.phone, self.username)


def make_user(username: str, created: float, enabled: bool, status: str, attributes: Sequence[tuple[str, str]]) -> User:
    """A `User` from the parts of a ListUsers row. Attribute names are interned: every row has the same ten."""
    flat: list[str] = []
    known = {"email": "", "phone_number": "", "name": "", "given_name": "", "family_name": ""}
    for name, value in attributes:
        flat += (intern(name), username if value == username else value)
        if name in known:
            known[name] = value
    full_name = known["name"] or f"{known['given_name']} {known['family_name']}".strip()
    return User(
        username, created, enabled, intern(status), known["email"], known["phone_number"], full_name, tuple(flat)
    )


def channel_of(user: User, auto_verified: frozenset[str] | None) -> Channel:
    """Where Cognito sends this user's code: it follows the pool's AutoVerifiedAttributes, and a user who has both
    addresses in a pool that verifies both gets an SMS only.

    `auto_verified` is None where the pool could not be described: then what the user has is the best guess.
    https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
    """
    if auto_verified is None:
        return Channel.EMAIL if user.email else Channel.SMS if user.phone else Channel.NONE
    if user.phone and "phone_number" in auto_verified:
        return Channel.SMS
    return Channel.EMAIL if user.email and "email" in auto_verified else Channel.NONE


def destination_of(user: User, channel: Channel) -> str:
    """The address a code on `channel` goes to, or ""."""
    return {Channel.EMAIL: user.email, Channel.SMS: user.phone}.get(channel, "")


class Note(StrEnum):
    """What an agent should see about a person before sending. The value is what a person reads."""

    DISABLED = "Disabled"
    NO_ADDRESS = "No address"
    WAIT = "Wait"
    TYPO = "Typo?"
    SENT = "Sent"
    EXPIRED = "Code expired"


def notes_of(
    user: User,
    channel: Channel,
    now: float,
    last_sent: float = 0.0,
    wait_until: float = 0.0,
    tz: tzinfo | None = None,
) -> tuple[tuple[Note, str], ...]:
    """Every note on `user`, gravest first, each with its words.

    Times are in seconds since the epoch: `last_sent` is the last code that this computer knows of (0 for none),
    `wait_until` when somebody who had five within the hour may be sent to again (0 for at once). `tz` as in `times`.
    """
    found = []
    if not user.enabled:
        found.append((Note.DISABLED, "Disabled"))
    if channel is Channel.NONE:
        found.append((Note.NO_ADDRESS, "No address"))
    if now < wait_until:
        found.append((Note.WAIT, f"Wait until {times.moment(wait_until, now, tz)}"))
    if meant := likely_domain(user.email.rpartition("@")[2]):
        found.append((Note.TYPO, f"Typo? {meant}"))
    if last_sent and times.local(last_sent, tz).date() == times.local(now, tz).date():
        found.append((Note.SENT, f"Sent {times.clock(last_sent, tz)}"))
    # Each code sent again is valid for as long as the first.
    if (newest := max(user.created, last_sent)) and now - newest > CODE_LIFETIME:
        found.append((Note.EXPIRED, "Code expired"))
    return tuple(found)
