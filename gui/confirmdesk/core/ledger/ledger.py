"""Who was sent what, when, by whom, and what came of it: this computer's knowledge, on disk before each call.

It answers *last sent*, counts the five an hour, brings an interrupted run back as it was reviewed, and is the audit
log. No secret and no hash ever goes in. The values of client metadata are erased as soon as a run has ended.
"""

import getpass
import json
import platform
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from confirmdesk.core.connections.connection import PRACTICE, Connection, is_loopback
from confirmdesk.core.ledger.file import LedgerFile
from confirmdesk.core.ledger.journal import RunJournal
from confirmdesk.core.ledger.rows import (
    MAY_HAVE_ONE,
    OUTCOME,
    insertion,
    recipient_row,
    result_from,
)
from confirmdesk.core.people.past import Past
from confirmdesk.core.people.users import Channel
from confirmdesk.core.quotas import HOUR, SENDS_AN_HOUR
from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.core.sending.plan import Plan
from confirmdesk.core.sending.results import Result

RETENTION = 90 * 24 * HOUR
YOUNG = 24 * HOUR

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

    @property
    def people(self) -> int:
        return sum(self.counts.values())


class Ledger:
    """All methods may wait for the disk and raise ConfirmdeskError; several threads may call them."""

    def __init__(self, file: LedgerFile) -> None:
        self._file = file
        self._beginning = threading.Lock()

    def close(self) -> None:
        self._file.close()

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
            self._file.write(insertion("runs", {"id": run, "started": now, **head}), *people)
        return self.journal(run)

    def journal(self, run: int) -> RunJournal:
        """Where the run with this id goes on writing."""
        rows = self._file.read("SELECT username FROM recipients WHERE run=:run ORDER BY position", {"run": run})
        [pool] = self._file.read("SELECT endpoint, pool_id FROM runs WHERE id=:run", {"run": run})
        return RunJournal(self._file, run, [row["username"] for row in rows], pool["endpoint"], pool["pool_id"])

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

    def past(self, connection: Connection, now: float) -> Past:
        """What is known of the people of a pool."""
        return Past(now, self._last_sent(connection), self._waiting(connection, now), connection.cool_down)

    def _last_sent(self, connection: Connection) -> dict[str, float]:
        """When this program last sent, or may have, to each person."""
        rows = self._file.read(
            "SELECT username, max(coalesce(recipients.at, intent)) AS sent FROM recipients JOIN runs ON runs.id = run"  # noqa: S608
            f" WHERE endpoint=:endpoint AND pool_id=:pool_id AND {MAY_HAVE_ONE} GROUP BY username",
            {"endpoint": _endpoint(connection), "pool_id": connection.pool_id},
        )
        return {row["username"]: row["sent"] for row in rows}

    def _waiting(self, connection: Connection, now: float) -> dict[str, float]:
        """Who has had five within the hour, and when each may be sent to again."""
        rows = self._file.read(
            "SELECT username, min(at) AS first FROM attempts JOIN runs ON runs.id = run"
            " WHERE at > :since AND endpoint=:endpoint AND pool_id=:pool_id"
            " GROUP BY username HAVING count(*) >= :most",
            {
                "since": now - HOUR,
                "most": SENDS_AN_HOUR,
                "endpoint": _endpoint(connection),
                "pool_id": connection.pool_id,
            },
        )
        return {row["username"]: row["first"] + HOUR for row in rows}

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
        self._file.write(
            ("UPDATE runs SET ended=:now WHERE id=:run AND ended IS NULL", {"now": now, "run": run}),
            ("UPDATE recipients SET request=NULL WHERE run=:run", {"run": run}),
        )

    def deletable(self, now: float) -> int:
        """How many runs *Delete history* would remove: finished ones older than a day."""
        [row] = self._file.read("SELECT count(*) AS runs FROM runs WHERE ended < :before", {"before": now - YOUNG})
        return int(row["runs"])

    def delete_history(self, operator: Operator, now: float) -> None:
        """Remove finished runs older than a day; that somebody did so is recorded itself."""
        number = self.deletable(now)
        self._file.write(
            ("DELETE FROM runs WHERE ended < :before", {"before": now - YOUNG}),
            insertion("deletions", {"at": now, "account": operator.account, "runs": number}),
        )

    def expire(self, now: float) -> None:
        """Forget finished runs after the retention time."""
        self._file.write(("DELETE FROM runs WHERE ended < :before", {"before": now - RETENTION}))


def _endpoint(connection: Connection) -> str:
    """The endpoint as the ledger knows it: the practice server has another port at each start, and the same people."""
    return PRACTICE if connection.environment == PRACTICE and is_loopback(connection.endpoint) else connection.endpoint


def _run_row(connection: Connection, operator: Operator) -> dict[str, Any]:
    """What a run's row tells of where it goes and who sends."""
    target = {column: getattr(connection, column) for column in _OF_CONNECTION}
    return {**asdict(operator), "connection": connection.name, "endpoint": _endpoint(connection), **target}


def _run_from(row: sqlite3.Row, counts: Mapping[Outcome, int]) -> Run:
    target = {column: row[column] for column in _OF_CONNECTION}
    connection = Connection(row["connection"], endpoint=row["endpoint"], **target)
    operator = Operator(row["account"], row["computer"], row["identity"])
    keys = tuple(json.loads(row["metadata_keys"]))
    return Run(row["id"], row["started"], row["ended"] or 0.0, operator, connection, row["per_second"], keys, counts)
