"""One person's result in a run, and the counters over all of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from confirmdesk.core.sending.outcomes import SERVED, STILL_OPEN, Again, Outcome, Reply, Verdict
from confirmdesk.core.sending.plan import LeftOut, Reason, Recipient
from confirmdesk.core.times import moment

NOT_REACHED_YET = Verdict(
    Outcome.LEFT,
    "Not sent yet",
    "The run did not get to this person. Nothing was sent; send again when ready.",
    Again.YES,
)

# The program ended between a call's start and its end.
IN_FLIGHT_AT_THE_END = Verdict(
    Outcome.UNKNOWN,
    "Interrupted in mid-call",
    "The program ended while this code was being sent. It may have been sent: ask the customer to look for it first.",
    Again.ASK,
)

# Another run sent to this person, or to the same mailbox, after this run was reviewed.
SENT_MEANWHILE = Verdict(
    Outcome.NOT_NEEDED,
    "Sent to meanwhile",
    "Another run of this computer sent a code to this address after this run was reviewed. The customer should use the "
    "newest message.",
)

COUNTED_AS_SENT = Verdict(
    Outcome.ACCEPTED,
    "Counted as sent",
    "Nobody knows whether the code arrived; somebody here decided to count it as sent.",
)


class SentMeanwhileError(Exception):
    """This person must not be sent to by this run any more: see SENT_MEANWHILE."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one recipient. `at` is in seconds since the epoch, 0 where no call was made."""

    recipient: Recipient
    verdict: Verdict
    reply: Reply = Reply()
    at: float = 0.0

    def may_go_again(self, now: float) -> bool:
        """Whether *Send again* takes this person without a question. `now` is in seconds since the epoch."""
        if self.verdict.again is Again.LATER:
            return now >= self.at + self.verdict.wait
        return self.verdict.again is Again.YES


def tally(results: Iterable[Result]) -> dict[Outcome, int]:
    """How many people of each outcome, all seven in their order."""
    counts = dict.fromkeys(Outcome, 0)
    for result in results:
        counts[result.verdict.outcome] += 1
    return counts


def names_of(results: Iterable[Result], outcomes: Collection[Outcome]) -> set[str]:
    """The user names of those with one of these outcomes."""
    return {result.recipient.user.username for result in results if result.verdict.outcome in outcomes}


def still_open(results: Iterable[Result]) -> int:
    """How many people keep a run from being complete."""
    return sum(1 for result in results if result.verdict.outcome in STILL_OPEN)


_NOT_AGAIN = {
    Again.NEVER: "cannot be sent to again",
    Again.LATER: "again at about {when}",
    Again.ASK: "may have got a code already",
    Again.YES: "can be sent to again",
}


def left_out_of_again(results: Iterable[Result], taken: Iterable[Result], now: float) -> tuple[LeftOut, ...]:
    """Who of `results` is not served and yet not sent to again, with `taken`; `now` is in seconds since the epoch."""
    names = {result.recipient.user.username for result in taken}
    left = (r for r in results if r.verdict.outcome not in SERVED and r.recipient.user.username not in names)
    return tuple(
        LeftOut(result.recipient, Reason.NOT_AGAIN, _when_again(result, now), cause=result.verdict.cause)
        for result in left
    )


def _when_again(result: Result, now: float) -> str:
    return _NOT_AGAIN[result.verdict.again].format(when=moment(result.at + result.verdict.wait, now))


def summary(counts: dict[Outcome, int]) -> str:
    """`accepted 40 · doubtful 0 · …`: these words, this order, digits without grouping; automation reads it."""
    return " · ".join(f"{outcome} {number}" for outcome, number in counts.items())
