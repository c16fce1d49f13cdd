"""What can become of one person's code, and what AWS can answer. `judging` leads from the one to the other."""

from dataclasses import dataclass
from enum import Enum, StrEnum


class Outcome(StrEnum):
    """In the order in which the run's counters name them."""

    ACCEPTED = "accepted"
    DOUBTFUL = "doubtful"
    NOT_NEEDED = "not needed"
    WAITING = "waiting"
    FAILED = "failed"
    UNKNOWN = "unknown"
    LEFT = "left"


# Another code for one of these may be one too many.
MAY_HAVE_GOT_ONE = frozenset({Outcome.ACCEPTED, Outcome.DOUBTFUL, Outcome.UNKNOWN})
# Somebody still has to decide about these, or to send to them: their run is not complete.
STILL_OPEN = frozenset({Outcome.LEFT, Outcome.UNKNOWN})
# Nobody has to do anything for these any more.
SERVED = frozenset({Outcome.ACCEPTED, Outcome.NOT_NEEDED})


class Again(Enum):
    """Whether *Send again* takes this person."""

    NEVER = "never"
    YES = "yes"
    LATER = "after its time"
    ASK = "only after a question that names the risk"


# Answers that are not error codes of the service. They carry no dot or capital "Exception", so they can't be mistaken.
NOT_REACHED = "not-reached"  # no connection was made, so nothing was sent
NOT_CALLED = "not-called"  # something on this computer keeps from calling, so nothing was sent
NO_ANSWER = "no-answer"  # the request left, the answer never came whole
NOT_AWS = "not-aws"  # a page for people, from something between this computer and AWS
EMPTY_ANSWER = "empty-answer"  # 200 without CodeDeliveryDetails
NOT_SENDABLE = "not-sendable"  # botocore refused the request before it left


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for one send. `code` is "" for a real acceptance, else the service's error code or one above."""

    code: str = ""
    text: str = ""
    status: int = 0
    request_id: str = ""
    destination: str = ""
    medium: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """One person's outcome. `cause` groups people, `advice` is for the person on the phone.

    `stops` is True where the pool, the app client, the account or the network is to blame: then nobody else would be
    served either; `secret_refused` where the client secret is. `wait` is in seconds until it makes sense to try again,
    0 where that is not known.
    """

    outcome: Outcome
    cause: str
    advice: str
    again: Again = Again.NEVER
    stops: bool = False
    wait: float = 0.0
    secret_refused: bool = False
