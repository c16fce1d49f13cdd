"""The pen of one run: each claim before its call, each outcome after it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from confirmdesk.core.errors import ConfirmdeskError, failure
from confirmdesk.core.ledger.file import LedgerFile, Statement
from confirmdesk.core.ledger.rows import MAY_HAVE_ONE, OUTCOME, result_row
from confirmdesk.core.ledger.trail import trail_of
from confirmdesk.core.quotas import HOUR, SENDS_AN_HOUR
from confirmdesk.core.sending.events import RunEvent
from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.core.sending.results import COUNTED_AS_SENT, Result, SentMeanwhileError, tally

# Nobody holds this person, this program goes on with the run, and since it was planned no other run has claimed that
# account or the same mailbox.
_CLAIM = f"""
    UPDATE recipients SET intent=:intent, at=NULL, step=(SELECT steps+1 FROM record)
    WHERE run=:run AND position=:position AND intent IS NULL AND outcome IS NULL
    AND EXISTS (SELECT 1 FROM runs WHERE id=:run AND owner=:owner AND ended IS NULL)
    AND NOT EXISTS (
        SELECT 1 FROM recipients AS others JOIN runs ON runs.id=others.run
        WHERE others.run<>:run AND runs.pool_id=:pool_id
        AND (others.username IN (:username, forgotten(:pool_id, :username))
            OR others.mailbox IN (:mailbox, forgotten(:pool_id, :mailbox)))
        AND others.step>:as_of AND {MAY_HAVE_ONE}
    )"""  # noqa: S608 - our own words
# Each of the next two acts only where the one before it did.
_ATTEMPT = """
    INSERT INTO attempts (run, position, username, at)
    SELECT :run, :position, :username, :intent WHERE changes() > 0"""
_OWN_CLAIM = "intent IS :claimed AND outcome IS NULL"
_STEP = "UPDATE record SET steps=steps+changes()"


@dataclass(frozen=True, slots=True)
class Person:
    """Who is at one position of a run's plan."""

    username: str
    mailbox: str


@dataclass(frozen=True, slots=True)
class Head:
    """Which run it is, and the token of the program that writes: only its owner claims people."""

    run: int
    owner: str
    pool_id: str
    as_of: int


class RunJournal:
    """People are known by their position in the run's plan. All methods raise ConfirmdeskError."""

    def __init__(self, file: LedgerFile, head: Head, people: list[Person]) -> None:
        self.run = head.run
        self._file = file
        self._head = head
        self._people = people
        # Read now: a run that pauses must not wait for the disk.
        self._trail = trail_of(file, head.run)
        # When each person was claimed who is in flight here: whatever comes of a call belongs to its own claim.
        self._claims: dict[int, float] = {}

    def allowed_at(self, position: int, now: float) -> float:
        """When this person may be sent to again without going over five an hour; 0 for at once."""
        rows = self._file.read(
            "SELECT at FROM attempts JOIN runs ON runs.id = run"
            " WHERE username IN (:username, forgotten(:pool_id, :username)) AND at > :since AND pool_id=:pool_id"
            " ORDER BY at DESC LIMIT :most",
            {"since": now - HOUR, "most": SENDS_AN_HOUR, **self._of(position)},
        )
        return float(rows[-1]["at"]) + HOUR if len(rows) == SENDS_AN_HOUR else 0.0

    def intend(self, position: int, at: float) -> None:
        """A call is about to start: this person is claimed for it, on disk when this returns.

        Raises SentMeanwhileError where another run has sent to this person since this one was planned, and
        ConfirmdeskError where another program has taken over the run, or this person.
        """
        values = {"intent": at, **self._of(position)}
        if self._file.write((_CLAIM, values), (_ATTEMPT, values), (_STEP, {})):
            self._claims[position] = at
        elif self._is_free(position):
            raise SentMeanwhileError
        else:
            raise taken_over()

    def withdraw(self, position: int) -> None:
        """Nothing was sent for certain."""
        values = self._claimed(position)
        self._file.write_now_or_later(_update({"intent": None}, values, _OWN_CLAIM), _not_counted(values))

    def settle(self, position: int, result: Result) -> None:
        """What came of it. On disk when this returns; where it raises it is written later, see `Ledger.unwritten`."""
        values = self._claimed(position)
        # Where AWS turned somebody away, that is none of the five.
        turned_away = [_not_counted(values)] if result.verdict.outcome is Outcome.WAITING else []
        self._file.write_now_or_later(_update(result_row(result), values, _OWN_CLAIM), *turned_away)

    def reopen(self, position: int) -> None:
        """Somebody decided that an unknown one is sent to again; the attempt before still counts for the hour."""
        self._decide(position, {"outcome": None, "intent": None})

    def count_as_sent(self, position: int, unknown: Result) -> None:
        """Somebody decided that an unknown one got the code. The time and whatever AWS answered stay as they are."""
        self._decide(position, result_row(replace(unknown, verdict=COUNTED_AS_SENT)))

    def tell(self, event: RunEvent, results: Iterable[Result], by_itself: bool = False) -> None:
        """What happens to the run as a whole, for the log."""
        self._trail.tell(event, tally(results), by_itself)

    def _decide(self, position: int, changes: Mapping[str, Any]) -> None:
        # What has become known meanwhile is not overwritten.
        self._file.write(_update(changes, self._of(position), f"{OUTCOME}='{Outcome.UNKNOWN}'"))

    def _of(self, position: int) -> dict[str, Any]:
        return {**asdict(self._head), "position": position, **asdict(self._people[position])}

    def _claimed(self, position: int) -> dict[str, Any]:
        return {**self._of(position), "claimed": self._claims.pop(position, None)}

    def _is_free(self, position: int) -> bool:
        """Whether nothing within this run speaks against a claim."""
        free = (
            "SELECT 1 FROM recipients JOIN runs ON runs.id=run WHERE run=:run AND position=:position"
            " AND intent IS NULL AND outcome IS NULL AND owner=:owner AND ended IS NULL"
        )
        return bool(self._file.read(free, self._of(position)))


def _update(changes: Mapping[str, Any], person: Mapping[str, Any], condition: str) -> Statement:
    columns = ", ".join(f"{column}=:{column}" for column in changes)
    statement = f"UPDATE recipients SET {columns} WHERE run=:run AND position=:position AND {condition}"  # noqa: S608
    return statement, {**person, **changes}


def _not_counted(person: Mapping[str, Any]) -> Statement:
    """The attempt is none of the five an hour; after a change that did nothing it stays as it is."""
    latest = "SELECT max(rowid) FROM attempts WHERE run=:run AND position=:position"
    return f"DELETE FROM attempts WHERE changes() > 0 AND rowid=({latest})", person  # noqa: S608


def taken_over() -> ConfirmdeskError:
    """This program must not go on with a run, or with one of its people."""
    return failure(
        "Another program goes on with this run, so nothing more of it is sent from here.",
        "Look there for what becomes of it. Nobody is sent to twice.",
    )
