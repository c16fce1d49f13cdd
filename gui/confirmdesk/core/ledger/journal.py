"""The pen of one run: each intent before its call, each outcome after it."""

from collections.abc import Mapping, Sequence
from typing import Any

from confirmdesk.core.ledger.file import LedgerFile, Statement
from confirmdesk.core.ledger.rows import insertion, result_row
from confirmdesk.core.quotas import HOUR, SENDS_AN_HOUR
from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.core.sending.results import Result


class RunJournal:
    """People are known by their position in the run's plan. All methods raise ConfirmdeskError."""

    def __init__(self, file: LedgerFile, run: int, usernames: Sequence[str], endpoint: str, pool_id: str) -> None:
        self.run = run
        self._file = file
        self._usernames = usernames
        self._pool = {"endpoint": endpoint, "pool_id": pool_id}

    def allowed_at(self, position: int, now: float) -> float:
        """When this person may be sent to again without going over five an hour; 0 for at once."""
        rows = self._file.read(
            "SELECT at FROM attempts JOIN runs ON runs.id = run WHERE username=:username AND at > :since"
            " AND endpoint=:endpoint AND pool_id=:pool_id ORDER BY at DESC LIMIT :most",
            {"username": self._usernames[position], "since": now - HOUR, "most": SENDS_AN_HOUR, **self._pool},
        )
        return float(rows[-1]["at"]) + HOUR if len(rows) == SENDS_AN_HOUR else 0.0

    def intend(self, position: int, at: float) -> None:
        """A call is about to start. On disk when this returns."""
        attempt = {"run": self.run, "position": position, "username": self._usernames[position], "at": at}
        self._file.write(
            self._change(position, {"intent": at, "at": None, "outcome": None}), insertion("attempts", attempt)
        )

    def withdraw(self, position: int) -> None:
        """Nothing was sent for certain."""
        self._file.write(self._change(position, {"intent": None}), self._not_counted(position))

    def settle(self, position: int, result: Result) -> None:
        """What came of it. On disk when this returns."""
        # Where AWS turned somebody away, that is none of the five.
        turned_away = [self._not_counted(position)] if result.verdict.outcome is Outcome.WAITING else []
        self._file.write(self._change(position, result_row(result)), *turned_away)

    def reopen(self, position: int) -> None:
        """Somebody decided that an unknown one is sent to again; the attempt before still counts for the hour."""
        self._file.write(self._change(position, {"outcome": None, "intent": None}))

    def _change(self, position: int, values: Mapping[str, Any]) -> Statement:
        changes = ", ".join(f"{column}=:{column}" for column in values)
        statement = f"UPDATE recipients SET {changes} WHERE run=:run AND position=:position"  # noqa: S608 - our own words
        return statement, {**values, "run": self.run, "position": position}

    def _not_counted(self, position: int) -> Statement:
        latest = "SELECT max(rowid) FROM attempts WHERE run=:run AND position=:position"
        statement = f"DELETE FROM attempts WHERE rowid=({latest})"  # noqa: S608
        return statement, {"run": self.run, "position": position}
