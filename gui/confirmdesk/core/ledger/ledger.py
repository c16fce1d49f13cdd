"""Who was sent what, when, by whom, and what came of it: this computer's knowledge, on disk before each call.

It answers *last sent*, counts the five an hour, brings an interrupted run back as it was reviewed, and is the audit
log. No secret and no hash ever goes in. The values of client metadata are erased as soon as a run has ended.
"""

import getpass
import json
import platform
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from confirmdesk.core.clock import Clock
from confirmdesk.core.computer.settings import RecordMark
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.ledger.file import LedgerFile
from confirmdesk.core.ledger.forget import forget, forgetting_of
from confirmdesk.core.ledger.journal import Head, Person, RunJournal, taken_over
from confirmdesk.core.ledger.rows import (
    MAY_HAVE_ONE,
    OUTCOME,
    insertion,
    recipient_row,
    result_from,
)
from confirmdesk.core.ledger.trail import trail_of
from confirmdesk.core.people.past import Past
from confirmdesk.core.people.users import Channel
from confirmdesk.core.quotas import HOUR, SENDS_AN_HOUR
from confirmdesk.core.sending.events import RunEvent
from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.core.sending.plan import Plan
from confirmdesk.core.sending.results import Result

RETENTION = 90 * 24 * HOUR
YOUNG = 24 * HOUR

# Seconds by which a stored time may be ahead: threads write while others read.
AHEAD = 60.0
_TIMES = (("runs", "started"), ("runs", "ended"), ("recipients", "intent"), ("recipients", "at"), ("attempts", "at"))

_OF_CONNECTION = ("region", "pool_id", "pool_name", "client_id", "client_name", "environment")


@dataclass(frozen=True, slots=True)
class Operator:
    """Who sends: the account and computer as the operating system knows them, the AWS identity where it is known."""

    account: str
    computer: str
    identity: str = ""


def this_operator(identity: str = "") -> Operator:
    """Whoever runs this program."""
    try:
        account = getpass.getuser()
    except (OSError, KeyError):
        account = "unknown"
    return Operator(account, platform.node(), identity)


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `ended` is 0 while it is open; times in seconds since the epoch."""

    id: int
    started: float
    ended: float
    operator: Operator
    connection: Connection
    per_second: float
    metadata_keys: tuple[str, ...]
    counts: Mapping[Outcome, int]
    # The token of the program that began or resumed it last.
    owner: str = ""

    @property
    def people(self) -> int:
        return sum(self.counts.values())


class Ledger:
    """All methods may wait for the disk and raise ConfirmdeskError; several threads may call them."""

    def __init__(self, file: LedgerFile, clock: Clock | None = None) -> None:
        self._file = file
        self._clock = clock or Clock()
        self._clock.never_before(self.last_written)
        self._forgetting = forgetting_of(file)
        self._token = uuid.uuid4().hex
        self._beginning = threading.Lock()

    def close(self) -> None:
        """What is not on the disk yet is tried once more."""
        self.write_rest()
        self._file.close()

    def now(self) -> float:
        """The time for whatever is written down, in seconds since the epoch."""
        return self._clock.now()

    def begin(
        self, connection: Connection, operator: Operator, plan: Plan, per_second: float, now: float
    ) -> RunJournal:
        """Write down a whole run before its first call."""
        keys = sorted({key for recipient in plan.recipients for key, _ in recipient.request.metadata})
        head = {**_run_row(connection, operator), "per_second": per_second, "metadata_keys": json.dumps(keys)}
        with self._beginning:
            [last] = self._file.read("SELECT coalesce(max(id), 0) AS id FROM runs")
            run = int(last["id"]) + 1
            people = [
                insertion("recipients", {"run": run, "position": position, **recipient_row(recipient)})
                for position, recipient in enumerate(plan.recipients)
            ]
            as_of = plan.as_of or self.mark.steps
            row = {"id": run, "started": now, "owner": self._token, "as_of": as_of, **head}
            self._file.write(insertion("runs", row), *people, ("UPDATE record SET steps=steps+1", {}))
        trail_of(self._file, run).tell(RunEvent.BEGUN, {Outcome.LEFT: len(people)})
        return self.journal(run)

    def resume(self, run: Run) -> RunJournal:
        """Where `run` goes on writing, which from now on belongs to this program and to no other.

        Raises ConfirmdeskError where another program has resumed or ended it since it was read.
        """
        take = "UPDATE runs SET owner=:token WHERE id=:run AND owner=:before AND ended IS NULL"
        if not self._file.write((take, {"token": self._token, "run": run.id, "before": run.owner})):
            raise taken_over()
        return self.journal(run.id)

    def journal(self, run: int) -> RunJournal:
        """The pen for the run with this id. It claims nobody unless this program began or resumed the run."""
        rows = self._file.read(
            "SELECT username, mailbox FROM recipients WHERE run=:run ORDER BY position", {"run": run}
        )
        [about] = self._file.read("SELECT pool_id, as_of FROM runs WHERE id=:run", {"run": run})
        head = Head(run, self._token, about["pool_id"], about["as_of"])
        return RunJournal(self._file, head, [Person(row["username"], row["mailbox"]) for row in rows])

    @property
    def mark(self) -> RecordMark:
        """What tells this record from others, and from an older copy of itself."""
        [row] = self._file.read("SELECT id, steps FROM record")
        return RecordMark(row["id"], row["steps"])

    @property
    def unwritten(self) -> int:
        """How many outcomes are not on the disk yet."""
        return self._file.owed

    def write_rest(self) -> int:
        """Try again to write what is not on the disk. Returns how many outcomes still are not."""
        with suppress(ConfirmdeskError):
            self._file.write()
        return self._file.owed

    def runs(self, open_only: bool = False) -> list[Run]:
        """Past runs, interrupted ones on top, then the newest first."""
        which = "WHERE ended IS NULL" if open_only else ""
        rows = self._file.read(f"SELECT * FROM runs {which} ORDER BY ended IS NOT NULL, started DESC")  # noqa: S608
        counts = self._counts()
        return [_run_from(row, counts.get(row["id"], {})) for row in rows]

    def _counts(self) -> dict[int, dict[Outcome, int]]:
        counts: dict[int, dict[Outcome, int]] = {}
        grouped = f"SELECT run, {OUTCOME} AS became, count(*) AS people FROM recipients GROUP BY run, became"  # noqa: S608
        for row in self._file.read(grouped):
            counts.setdefault(row["run"], dict.fromkeys(Outcome, 0))[Outcome(row["became"])] += row["people"]
        return counts

    def results(self, run: int) -> list[Result]:
        """Everybody of a run, in the order of its plan. Who was in flight when the program ended is unknown."""
        rows = self._file.read("SELECT * FROM recipients WHERE run=:run ORDER BY position", {"run": run})
        return [result_from(row) for row in rows]

    def past(self, connection: Connection, now: float, usernames: Iterable[str] = ()) -> Past:
        """What is known of the people of a pool, whatever the spelling of its endpoint.

        Of `usernames` whatever takes time is looked up here, and of others when they are asked for.
        """
        self._mend_times(now)
        # A clock that is months ahead for a moment must not make the record forget everybody.
        if self._clock.is_sure:
            self.expire(now)
        # Before anything else is read: what comes later is news.
        pool_id, as_of = connection.pool_id, self.mark.steps
        return Past(
            now,
            self._last_sent("username", pool_id, usernames),
            self._waiting(pool_id, now),
            connection.cool_down,
            self._last_sent("mailbox", pool_id),
            as_of,
        )

    def _last_sent(self, by: str, pool_id: str, names: Iterable[str] = ()) -> Mapping[str, float]:
        """When this program last sent, or may have, to each user name or mailbox."""
        rows = self._file.read(
            f"SELECT {by} AS known, max(coalesce(recipients.at, intent)) AS sent FROM recipients"  # noqa: S608
            f" JOIN runs ON runs.id = run WHERE pool_id=:pool_id AND {MAY_HAVE_ONE} GROUP BY {by}",
            {"pool_id": pool_id},
        )
        sent = {row["known"]: row["sent"] for row in rows if row["known"]}
        return self._forgetting.also_forgotten(pool_id, sent, names)

    def _waiting(self, pool_id: str, now: float) -> Mapping[str, float]:
        """Who has had five within the hour, and when each may be sent to again."""
        rows = self._file.read(
            "SELECT username, min(at) AS first FROM attempts JOIN runs ON runs.id = run"
            " WHERE at > :since AND pool_id=:pool_id GROUP BY username HAVING count(*) >= :most",
            {"since": now - HOUR, "most": SENDS_AN_HOUR, "pool_id": pool_id},
        )
        waiting = {row["username"]: row["first"] + HOUR for row in rows}
        return self._forgetting.also_forgotten(pool_id, waiting, ())

    @property
    def last_written(self) -> float:
        """The latest time in it, in seconds since the epoch; 0 where nothing was written yet."""
        each = " UNION ".join(f"SELECT max({column}) AS written FROM {table}" for table, column in _TIMES)  # noqa: S608
        return max(row["written"] or 0.0 for row in self._file.read(each))

    def _mend_times(self, now: float) -> None:
        """A clock that was ahead has written times that are still to come. They count as now, when they were found, so
        that nobody is kept waiting for longer than a cool-down."""
        if self.last_written <= now + AHEAD:
            return
        values = {"now": now, "latest": now + AHEAD, "token": self._token}
        # Who is in flight from here is known by the very time of the claim.
        landed = "(outcome IS NOT NULL OR run IN (SELECT id FROM runs WHERE owner<>:token))"
        self._file.write(
            *(
                (
                    f"UPDATE {table} SET {column}=:now WHERE {column}>:latest"  # noqa: S608
                    f" AND {landed if table == 'recipients' else 'true'}",
                    values,
                )
                for table, column in _TIMES
            )
        )

    def mails_since(self, since: float) -> int:
        """How many e-mails this program sent, or may have, since that moment (epoch seconds), all pools together."""
        [row] = self._file.read(
            "SELECT count(*) AS mails FROM recipients WHERE channel=:channel AND coalesce(at, intent) >= :since"  # noqa: S608
            f" AND {MAY_HAVE_ONE}",
            {"channel": Channel.EMAIL.name, "since": since},
        )
        return int(row["mails"])

    def end(self, run: int, now: float) -> None:
        """Close a run: who is left stays left, and the values of its requests are erased."""
        open_before = self._file.read("SELECT id FROM runs WHERE id=:run AND ended IS NULL", {"run": run})
        self._file.erase(
            ("UPDATE runs SET ended=:now WHERE id=:run AND ended IS NULL", {"now": now, "run": run}),
            ("UPDATE recipients SET request=NULL WHERE run=:run", {"run": run}),
        )
        if open_before:
            trail_of(self._file, run).tell(RunEvent.CLOSED, self._counts().get(run, {}))

    def deletable(self, now: float) -> int:
        """How many runs *Delete history* would remove: finished ones older than a day."""
        [row] = self._file.read("SELECT count(*) AS runs FROM runs WHERE ended < :before", {"before": now - YOUNG})
        return int(row["runs"])

    def delete_history(self, operator: Operator, now: float) -> None:
        """Remove finished runs older than a day; that somebody did so is recorded itself."""
        number = self.deletable(now)
        self._file.erase(
            ("DELETE FROM runs WHERE ended < :before", {"before": now - YOUNG}),
            insertion("deletions", {"at": now, "account": operator.account, "runs": number}),
        )

    def forget(self, operator: Operator, pool_id: str, username: str, now: float) -> None:
        """Erase one person of a pool but for a hash; that somebody did so is recorded itself."""
        who = {"account": operator.account, "computer": operator.computer}
        forget(self._file, pool_id, username, who, now)

    def empty(self) -> None:
        """Remove every run, also open ones, and what is noted of removals. Only practice may do that: elsewhere this is
        the audit log."""
        self._file.erase(*((f"DELETE FROM {table}", {}) for table in ("runs", "deletions", "forgotten")))  # noqa: S608 - our own words

    def expire(self, now: float) -> None:
        """Forget finished runs after the retention time."""
        if self._file.read("SELECT 1 FROM runs WHERE ended < :before LIMIT 1", {"before": now - RETENTION}):
            self._file.erase(("DELETE FROM runs WHERE ended < :before", {"before": now - RETENTION}))


def _run_row(connection: Connection, operator: Operator) -> dict[str, Any]:
    """What a run's row tells of where it goes and who sends."""
    target = {column: getattr(connection, column) for column in _OF_CONNECTION}
    return {**asdict(operator), "connection": connection.name, "endpoint": connection.endpoint, **target}


def _run_from(row: sqlite3.Row, counts: Mapping[Outcome, int]) -> Run:
    target = {column: row[column] for column in _OF_CONNECTION}
    connection = Connection(row["connection"], endpoint=row["endpoint"], **target)
    operator = Operator(row["account"], row["computer"], row["identity"])
    keys = tuple(json.loads(row["metadata_keys"]))
    return Run(
        row["id"],
        row["started"],
        row["ended"] or 0.0,
        operator,
        connection,
        row["per_second"],
        keys,
        counts,
        row["owner"],
    )
