"""Who will be sent what: from picks, metadata and rules to the exact list that a review shows and a run sends.

A plan is frozen. What is reviewed is what is sent.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from confirmdesk.core.people.domains import likely_domain
from confirmdesk.core.people.mailboxes import mailbox_of
from confirmdesk.core.people.past import Past
from confirmdesk.core.people.users import UNCONFIRMED, Channel, User, channel_of, destination_of
from confirmdesk.core.sending.metadata import Advanced, Filled, Row, fill
from confirmdesk.core.text import duration
from confirmdesk.core.times import moment


@dataclass(frozen=True, slots=True)
class Request:
    """One ResendConfirmationCode without client id and hash. Empty optional parts are not sent at all."""

    username: str
    metadata: tuple[Row, ...] = ()
    advanced: Advanced = Advanced()


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person of a plan, the request as it will leave, and what the review should say about it."""

    user: User
    channel: Channel
    request: Request
    remarks: tuple[str, ...] = ()
    # Why somebody put this person back who would have been left out; "" for everybody else.
    put_back: str = ""
    # `13 min ago (13:52)` where a single person was sent to within the cool-down, and the domain that was probably
    # meant where theirs looks mistyped; else "".
    last_sent: str = ""
    meant_domain: str = ""

    @property
    def address(self) -> str:
        """Where Cognito will send this code."""
        return destination_of(self.user, self.channel)

    @property
    def mailbox(self) -> str:
        """That address in the one spelling that people are compared by."""
        return mailbox_of(self.address)


class Reason(Enum):
    """Why somebody is left out, what those of one reason have in common, and whether a person may put them back."""

    STATUS = "is not unconfirmed any more: {status}", "Not unconfirmed any more", False
    DISABLED = "account is disabled", "Account is disabled", False
    NO_ADDRESS = "no address that this pool verifies", "No address that this pool verifies", False
    HOURLY = "had five codes within the hour; again at about {when}", "Had five codes within the hour", False
    COOL_DOWN = "sent {when}, less than {hours:g} h ago", "Sent to less than {hours:g} h ago", True
    DUPLICATE = "same address as another recipient", "Same address as another recipient", True
    NOT_AGAIN = "{cause}: {when}", "{cause}", False

    @property
    def words(self) -> str:
        return self.value[0]

    @property
    def group(self) -> str:
        return self.value[1]

    @property
    def safe(self) -> bool:
        return self.value[2]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """`when`, `hours` and `cause` are for the reasons that name them: a moment as people read it, the cool-down, and
    what came of an earlier run; `when` then says whether and when that can be mended."""

    recipient: Recipient
    reason: Reason
    when: str = ""
    hours: float = 0.0
    cause: str = ""

    @property
    def words(self) -> str:
        """The reason, as the review shows it."""
        status = self.recipient.user.status
        return self.reason.words.format(status=status, when=self.when, hours=self.hours, cause=self.cause)

    @property
    def group(self) -> str:
        """What this person has in common with others who are left out."""
        return self.reason.group.format(hours=self.hours, cause=self.cause)

    def recipient_put_back(self, why: str) -> Recipient:
        """This person as a recipient after all, with the reason that is recorded."""
        return replace(self.recipient, put_back=f"{self.words}. {why}".strip())


@dataclass(frozen=True, slots=True)
class Plan:
    """`as_of` is how far the record of sent codes had got when the plan was made, 0 where it was not asked: whoever is
    sent to after that by another run is not sent to by this one."""

    recipients: tuple[Recipient, ...]
    left_out: tuple[LeftOut, ...] = ()
    as_of: int = 0

    def count(self, channel: Channel) -> int:
        """How many recipients are served on `channel`."""
        return sum(1 for recipient in self.recipients if recipient.channel is channel)

    @property
    def mostly_served_before(self) -> bool:
        """Whether more people are left out for a code that they got already than are sent to."""
        before = (Reason.COOL_DOWN, Reason.HOURLY)
        return sum(1 for out in self.left_out if out.reason in before) > len(self.recipients)

    def leaving_out(self, more: Iterable[LeftOut]) -> "Plan":
        """The plan that also tells of `more` people who were left out before it was made."""
        return replace(self, left_out=(*self.left_out, *more))

    def put_back(self, usernames: Collection[str], why: str = "") -> "Plan":
        """The plan with those of `usernames` among its recipients whose reason allows it. `why` is recorded."""
        back = [out for out in self.left_out if out.reason.safe and out.recipient.user.username in usernames]
        names = {out.recipient.user.username for out in back}
        return replace(
            self,
            recipients=self.recipients + tuple(out.recipient_put_back(why) for out in back),
            left_out=tuple(out for out in self.left_out if out.recipient.user.username not in names),
        )


def make_plan(
    users: Iterable[User],
    rows: Sequence[Row],
    auto_verified: frozenset[str] | None,
    advanced: Advanced = Advanced(),
    past: Past | None = None,
) -> Plan:
    """The plan for `users` in their order; of several with one address the newest account is served.

    `auto_verified` is the pool's AutoVerifiedAttributes, None where it could not be described.
    """
    everybody = [_recipient(user, fill(rows, user), channel_of(user, auto_verified), advanced) for user in users]
    return sort_out(everybody, past)


def sort_out(everybody: Iterable[Recipient], past: Past | None = None) -> Plan:
    """Part `everybody` into those who are sent to and those who are left out. Nobody is in both, nobody twice.

    The cool-down is for runs of more than one: whoever sends to a single person has that person on the phone, and gets
    a remark instead.
    """
    past = past or Past()
    by_name = {recipient.user.username: recipient for recipient in everybody}
    fit = [recipient for recipient in by_name.values() if _unfit(recipient) is None]
    newest = _newest_by_mailbox(fit)
    single = len(fit) == 1
    recipients, left_out = [], []
    for recipient in by_name.values():
        reason = _unfit(recipient) or _too_soon(past, recipient)
        if reason is None and newest[recipient.mailbox] is not recipient:
            reason = Reason.DUPLICATE
        if reason is Reason.COOL_DOWN and single:
            when = _when(past, recipient, reason)
            ago = duration(past.now - past.sent(recipient.user.username, recipient.mailbox))
            remarks = (*recipient.remarks, f"last sent {when}")
            recipients.append(replace(recipient, remarks=remarks, last_sent=f"{ago} ago ({when})"))
        elif reason:
            left_out.append(LeftOut(recipient, reason, _when(past, recipient, reason), past.cool_down))
        else:
            recipients.append(recipient)
    return Plan(tuple(recipients), tuple(left_out), past.as_of)


def _too_soon(past: Past, recipient: Recipient) -> Reason | None:
    if past.waits(recipient.user.username):
        return Reason.HOURLY
    return Reason.COOL_DOWN if past.cools_down(recipient.user.username, recipient.mailbox) else None


def _when(past: Past, recipient: Recipient, reason: Reason | None) -> str:
    """The moment that goes with `reason`, in local time."""
    username = recipient.user.username
    if reason is Reason.HOURLY:
        return moment(past.waiting[username], past.now)
    return moment(past.sent(username, recipient.mailbox), past.now) if reason is Reason.COOL_DOWN else ""


def _newest_by_mailbox(recipients: Iterable[Recipient]) -> dict[str, Recipient]:
    newest: dict[str, Recipient] = {}
    for recipient in recipients:
        mailbox = recipient.mailbox
        if mailbox not in newest or recipient.user.created > newest[mailbox].user.created:
            newest[mailbox] = recipient
    return newest


def _unfit(recipient: Recipient) -> Reason | None:
    if recipient.user.status != UNCONFIRMED:
        return Reason.STATUS
    if not recipient.user.enabled:
        return Reason.DISABLED
    return Reason.NO_ADDRESS if recipient.channel is Channel.NONE else None


def _recipient(user: User, filled: Filled, channel: Channel, advanced: Advanced) -> Recipient:
    remarks = []
    if filled.empty:
        remarks.append(f"{', '.join(filled.empty)} is empty")
    meant = likely_domain(user.email.rpartition("@")[2]) if channel is Channel.EMAIL else ""
    if meant:
        remarks.append(f"typo? {meant}")
    request = Request(user.username, filled.pairs, advanced)
    return Recipient(user, channel, request, tuple(remarks), meant_domain=meant)
