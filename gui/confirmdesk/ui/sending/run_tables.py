"""The results of a run in two tables: by cause, and the people of the chosen cause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from confirmdesk.core.sending.customer import words_for_customer
from confirmdesk.core.sending.outcomes import SERVED, Again, Outcome
from confirmdesk.core.sending.results import Result
from confirmdesk.ui.kit.clock import clock
from confirmdesk.ui.kit.tables import Column


@dataclass(frozen=True, slots=True)
class Cause:
    """People with the same outcome for the same reason and the same advice."""

    outcome: Outcome
    cause: str
    advice: str
    results: tuple[Result, ...]


TROUBLE_FIRST = (
    Outcome.FAILED,
    Outcome.UNKNOWN,
    Outcome.DOUBTFUL,
    Outcome.WAITING,
    Outcome.LEFT,
    Outcome.NOT_NEEDED,
    Outcome.ACCEPTED,
)


def by_cause(results: Iterable[Result], finished: bool) -> list[Cause]:
    """Results grouped by cause, those that need somebody first. Who is merely not reached shows once it is over."""
    groups: dict[tuple[Outcome, str, str], list[Result]] = {}
    for result in results:
        verdict = result.verdict
        if finished or result.at:
            groups.setdefault((verdict.outcome, verdict.cause, verdict.advice), []).append(result)
    causes = [Cause(*key, tuple(group)) for key, group in groups.items()]
    return sorted(causes, key=lambda cause: (TROUBLE_FIRST.index(cause.outcome), -len(cause.results), cause.cause))


def advice_for(results: Sequence[Result]) -> str:
    """The advice of one cause, with the time at which all of its people can be tried again."""
    advice = results[0].verdict.advice
    return f"{advice} Try again {_again(results)}." if _waits(results[0]) else advice


def customer_words_for(results: Sequence[Result]) -> str:
    """What all people of one cause can be told."""
    return words_for_customer(results, _again(results)) if _waits(results[0]) else words_for_customer(results)


def _waits(result: Result) -> bool:
    return result.verdict.again is Again.LATER


def _again(results: Sequence[Result]) -> str:
    return f"at about {clock(max(r.at for r in results) + results[0].verdict.wait)}"


def next_step(result: Result) -> str:
    """What can be done for this very person, in a few words; the advice stands with the cause."""
    if result.verdict.outcome in SERVED:
        return "Nothing more to do"
    if _waits(result):
        return f"Try again {_again([result])}"
    return NEXT_STEPS[result.verdict.again]


NEXT_STEPS = {
    Again.YES: "Can be sent to again",
    Again.ASK: "Ask whether a code came",
    Again.NEVER: "Cannot be sent to again",
}

CAUSES: tuple[Column[Cause], ...] = (
    Column("Cause", lambda cause: cause.cause, 230),
    Column("People", lambda cause: f"{len(cause.results):,}", 64, right=True),
    Column("Advice", lambda cause: advice_for(cause.results)),
)

_WHO: tuple[Column[Result], ...] = (
    Column("User", lambda r: r.recipient.user.label, 220),
    Column("Name", lambda r: r.recipient.user.name or "—", 130),
    Column("Outcome", lambda r: str(r.verdict.outcome), 92),
    Column("Channel", lambda r: str(r.recipient.channel), 72),
    Column("Sent to", lambda r: r.reply.destination or "—", 130),
    Column("Time", lambda r: clock(r.at) if r.at else "—", 104),
)
# Of one cause, which is told above them; and of several.
PEOPLE: tuple[Column[Result], ...] = (*_WHO, Column("Advice", next_step))
PEOPLE_OF_ALL_CAUSES: tuple[Column[Result], ...] = (
    *_WHO,
    Column("Advice", lambda r: f"{r.verdict.cause}: {advice_for([r])}"),
)
