"""What the customer is told of a result: nothing of AWS, of settings or of other people, and fit to be read out."""

from collections.abc import Collection, Iterable

from confirmdesk.core.people.users import Channel
from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.core.sending.results import Result

_NEWEST = "If you got several codes, only use the newest one."
_LOOK = {
    frozenset({Channel.EMAIL}): "Please look in your spam folder too.",
    frozenset({Channel.EMAIL, Channel.SMS}): "If yours comes by e-mail, please look in your spam folder too.",
}
_WORDS = {
    Outcome.ACCEPTED: f"We have sent you a new confirmation code. It should arrive within minutes. {{look}} {_NEWEST}",
    Outcome.NOT_NEEDED: "You need no further code from us: either your account is confirmed already and you can sign "
    "in, or a code was sent to you a short time ago. {look}",
    Outcome.WAITING: f"We have sent you several codes within the hour. {{look}} {_NEWEST} We can send you another one "
    "{again}.",
    Outcome.FAILED: "We could not send you a confirmation code. Please tell us the address or phone number that you "
    "signed up with, so that we can check it.",
    Outcome.DOUBTFUL: f"We are not sure whether a confirmation code reached you. {{look}} {_NEWEST} If there is none, "
    "please tell us the address or phone number that you signed up with.",
    Outcome.UNKNOWN: f"A confirmation code may be on its way to you. {{look}} {_NEWEST} If there is none, please tell "
    "us.",
    Outcome.LEFT: "We have not sent you a confirmation code yet. We will do so as soon as we can.",
}


def words_for_customer(results: Collection[Result], again: str = "in an hour") -> str:
    """For everybody of `results`, who have one outcome; `again` says from when on those who wait can be sent to."""
    first = next(iter(results))
    words = _WORDS[first.verdict.outcome].format(look=_look(results), again=again)
    return " ".join(words.split())


def _look(results: Iterable[Result]) -> str:
    """Where to look for a message. Nobody has a spam folder for SMS, so it depends on how the codes went."""
    channels = {result.recipient.channel for result in results} - {Channel.NONE}
    return _LOOK.get(frozenset(channels), "")
