"""The runs that were sent from this computer, as a table."""

from dataclasses import dataclass

from confirmdesk.core.ledger.ledger import Operator, Run
from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.ui.kit.clock import clock
from confirmdesk.ui.kit.tables import Column

NOT_SERVED = (Outcome.WAITING, Outcome.FAILED, Outcome.LEFT)
# Codes that may or may not have arrived are neither accepted nor not served, and who is left was not even tried: the
# state names them.
OPEN_QUESTIONS = (Outcome.DOUBTFUL, Outcome.UNKNOWN, Outcome.LEFT)


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run of the table; `running` where it is under way now."""

    run: Run
    running: bool

    @property
    def state(self) -> str:
        ended = "Ended" if self.run.counts.get(Outcome.LEFT, 0) else "Finished"
        word = "Running" if self.running else ended if self.run.ended else "Interrupted"
        asked = OPEN_QUESTIONS if not self.running else OPEN_QUESTIONS[:2]
        questions = [f"{n:,} {outcome}" for outcome in asked if (n := self.run.counts.get(outcome, 0))]
        return " · ".join((word, *questions))

    def number(self, *outcomes: Outcome) -> str:
        return f"{sum(self.run.counts.get(outcome, 0) for outcome in outcomes):,}"


RUNS: tuple[Column[RunRow], ...] = (
    Column("Started", lambda row: clock(row.run.started), 110),
    Column("Connection", lambda row: row.run.connection.name, 230),
    Column("Who", lambda row: who(row.run.operator), 180),
    Column("People", lambda row: f"{row.run.people:,}", 80, right=True),
    Column("Accepted", lambda row: row.number(Outcome.ACCEPTED), 90, right=True),
    Column("Not served", lambda row: row.number(*NOT_SERVED), 100, right=True),
    Column("State", lambda row: row.state),
)


def who(operator: Operator) -> str:
    """The account, and the computer it sent from."""
    return f"{operator.account} on {operator.computer}" if operator.computer else operator.account
