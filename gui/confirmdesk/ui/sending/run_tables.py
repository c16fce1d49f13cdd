"""The results of a run in two tables: by cause, and the people of the chosen cause."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from confirmdesk.core.sending.outcomes import Again, Outcome
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
    verdict = results[0].verdict
    if verdict.again is not Again.LATER:
        return verdict.advice
    return f"{verdict.advice} Try again at about {clock(max(r.at for r in results) + verdict.wait)}."


CAUSES: tuple[Column[Cause], ...] = (
    Column("Cause", lambda cause: cause.cause, 230),
    Column("People", lambda cause: f"{len(cause.results):,}", 64, right=True),
    Column("Advice", lambda cause: advice_for(cause.results)),
)

PEOPLE: tuple[Column[Result], ...] = (
    Column("User", lambda r: r.recipient.user.label, 230),
    Column("Outcome", lambda r: str(r.verdict.outcome), 96),
    Column("Channel", lambda r: str(r.recipient.channel), 72),
    Column("Sent to", lambda r: r.reply.destination or "—", 140),
    Column("Time", lambda r: clock(r.at) if r.at else "—", 104),
    Column("Advice", lambda r: advice_for([r])),
)
