"""Who was sent what, when, by whom, and what came of it: this computer's knowledge, on disk before each call.

It answers *last sent*, counts the five an hour, brings an interrupted run back as it was reviewed, and is the audit
log. No secret and no hash ever goes in. The values of client metadata are erased as soon as a run has ended.
"""

import getpass
import json
import platform
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from confirmdesk.core.connections.connection import PRACTICE, Connection, is_loopback
from confirmdesk.core.ledger.file import LedgerFile, Statement
from confirmdesk.core.people.users import UNCONFIRMED, Channel, User
from confirmdesk.core.quotas import HOUR, SENDS_AN_HOUR
from confirmdesk.core.sending.metadata import Advanced
from confirmdesk.core.sending.outcomes import Again, Outcome, Reply, Verdict
from confirmdesk.core.sending.plan import Plan, Recipient, Request
from confirmdesk.core.sending.results import IN_FLIGHT_AT_THE_END, NOT_REACHED_YET, Result

RETENTION = 90 * 24 * HOUR
YOUNG = 24 * HOUR


_INSERT_RUN = (
    "INSERT INTO runs (id, started, account, computer, identity, connection, endpoint, region, pool_id, pool_name,"
    " client_id, client_name, environment, per_second, metadata_keys)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_RECIPIENT = (
    "INSERT INTO recipients (run, position, username, email, phone, name, created, channel, put_back, request)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


_RUN_COLUMNS = (
    "SELECT id, started, coalesce(ended, 0), account, computer, identity, connection, region, pool_id, client_id,"
    " endpoint, pool_name, client_name, environment, per_second, metadata_keys FROM runs"
)
_ALL_RUNS = f"{_RUN_COLUMNS} ORDER BY ended IS NOT NULL, started DESC"
_OPEN_RUNS = f"{_RUN_COLUMNS} WHERE ended IS NULL ORDER BY started DESC"


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
    ) -> "RunJournal":
        """Write down a whole run before its first call."""
        keys = sorted({key for recipient in plan.recipients for key, _ in recipient.request.metadata})
        at = connection
        with self._beginning:
            [(last,)] = self._file.read("SELECT coalesce(max(id), 0) FROM runs")
            run = last + 1
            head: tuple[Any, ...] = (
                run,
                now,
                operator.account,
                operator.computer,
                operator.identity,
                at.name,
                _place(at),
                at.region,
            )
            head += (at.pool_id, at.pool_name, at.client_id, at.client_name, at.environment, per_second)
            rows = [_recipient_row(run, position, recipient) for position, recipient in enumerate(plan.recipients)]
            self._file.write((_INSERT_RUN, (*head, json.dumps(keys))), *((_INSERT_RECIPIENT, row) for row in rows))
        return self.journal(run)

    def journal(self, run: int) -> "RunJournal":
        """Where the run with this id goes on writing."""
        rows = self._file.read("SELECT username FROM recipients WHERE run=? ORDER BY position", (run,))
        [(endpoint, pool_id)] = self._file.read("SELECT endpoint, pool_id FROM runs WHERE id=?", (run,))
        return RunJournal(self._file, run, [name for (name,) in rows], endpoint, pool_id)

    def runs(self, open_only: bool = False) -> list[Run]:
        """Past runs, interrupted ones on top, then the newest first."""
        rows = self._file.read(_OPEN_RUNS if open_only else _ALL_RUNS)
        counts = self._counts()
        return [_run(row, counts.get(row[0], {})) for row in rows]

    def _counts(self) -> dict[int, dict[Outcome, int]]:
        counts: dict[int, dict[Outcome, int]] = {}
        grouped = (
            "SELECT run, coalesce(outcome, CASE WHEN intent IS NULL THEN 'left' ELSE 'unknown' END), count(*)"
            " FROM recipients GROUP BY 1, 2"
        )
        for run, outcome, number in self._file.read(grouped):
            counts.setdefault(run, dict.fromkeys(Outcome, 0))[Outcome(outcome)] += number
        return counts

    def results(self, run: int) -> list[Result]:
        """Everybody of a run, in the order of its plan. Who was in flight when the program ended is unknown."""
        rows = self._file.read(
            "SELECT username, email, phone, name, created, channel, request, intent, at, outcome, cause, advice, again,"
            " wait, code, text, status, request_id, destination, medium FROM recipients WHERE run=? ORDER BY position",
            (run,),
        )
        return [_result(row) for row in rows]

    def last_sent(self, connection: Connection) -> dict[str, float]:
        """When this program last sent, or may have, to each person of a pool; in epoch seconds."""
        rows = self._file.read(
            "SELECT username, max(coalesce(recipients.at, intent)) FROM recipients JOIN runs ON runs.id = run"
            " WHERE endpoint=? AND pool_id=? AND intent IS NOT NULL"
            " AND coalesce(outcome, 'unknown') IN ('accepted', 'doubtful', 'unknown') GROUP BY username",
            (_place(connection), connection.pool_id),
        )
        return dict(rows)

    def hourly(self, connection: Connection, now: float) -> dict[str, float]:
        """Who has had five within the hour, and when each may be sent to again; seconds since the epoch."""
        rows = self._file.read(
            "SELECT username, min(at) + ? FROM attempts JOIN runs ON runs.id = run"
            " WHERE at > ? AND endpoint=? AND pool_id=? GROUP BY username HAVING count(*) >= ?",
            (HOUR, now - HOUR, _place(connection), connection.pool_id, SENDS_AN_HOUR),
        )
        return dict(rows)

    def mails_since(self, since: float) -> int:
        """How many e-mails this program sent, or may have, since that moment (epoch seconds), all pools together."""
        [(number,)] = self._file.read(
            "SELECT count(*) FROM recipients WHERE channel='EMAIL' AND intent IS NOT NULL AND coalesce(at, intent) >= ?"
            " AND coalesce(outcome, 'unknown') IN ('accepted', 'doubtful', 'unknown')",
            (since,),
        )
        return int(number)

    def end(self, run: int, now: float) -> None:
        """Close a run: who is left stays left, and the values of its requests are erased."""
        self._file.write(
            ("UPDATE runs SET ended=? WHERE id=? AND ended IS NULL", (now, run)),
            ("UPDATE recipients SET request=NULL WHERE run=?", (run,)),
        )

    def deletable(self, now: float) -> int:
        """How many runs *Delete history* would remove: finished ones older than a day."""
        [(number,)] = self._file.read("SELECT count(*) FROM runs WHERE ended < ?", (now - YOUNG,))
        return int(number)

    def delete_history(self, operator: Operator, now: float) -> None:
        """Remove finished runs older than a day; that somebody did so is recorded itself."""
        number = self.deletable(now)
        self._file.write(
            ("DELETE FROM runs WHERE ended < ?", (now - YOUNG,)),
            ("INSERT INTO deletions VALUES (?, ?, ?)", (now, operator.account, number)),
        )

    def expire(self, now: float) -> None:
        """Forget finished runs after the retention time."""
        self._file.write(("DELETE FROM runs WHERE ended < ?", (now - RETENTION,)))


class RunJournal:
    """The pen of one run."""

    def __init__(self, file: LedgerFile, run: int, usernames: Sequence[str], endpoint: str, pool_id: str) -> None:
        self.run = run
        self._file = file
        self._usernames = usernames
        self._pool = (endpoint, pool_id)

    def allowed_at(self, position: int, now: float) -> float:
        """When this person may be sent to again without going over five an hour; 0 for at once."""
        rows = self._file.read(
            "SELECT at FROM attempts JOIN runs ON runs.id = run WHERE username=? AND at > ?"
            " AND endpoint=? AND pool_id=? ORDER BY at DESC LIMIT ?",
            (self._usernames[position], now - HOUR, *self._pool, SENDS_AN_HOUR),
        )
        return float(rows[-1][0]) + HOUR if len(rows) == SENDS_AN_HOUR else 0.0

    def intend(self, position: int, at: float) -> None:
        """A call is about to start. On disk when this returns."""
        attempt = "INSERT INTO attempts VALUES (?, ?, ?, ?)"
        self._file.write(
            self._change(position, "intent=?, at=NULL, outcome=NULL", (at,)),
            (attempt, (self.run, position, self._usernames[position], at)),
        )

    def withdraw(self, position: int) -> None:
        """Nothing was sent for certain."""
        self._file.write(self._change(position, "intent=NULL", ()), self._not_counted(position))

    def settle(self, position: int, result: Result) -> None:
        """What came of it. On disk when this returns."""
        verdict, reply = result.verdict, result.reply
        change = self._change(
            position,
            "at=?, outcome=?, cause=?, advice=?, again=?, wait=?, code=?, text=?, status=?, request_id=?,"
            " destination=?, medium=?",
            (
                result.at,
                str(verdict.outcome),
                verdict.cause,
                verdict.advice,
                verdict.again.name,
                verdict.wait,
                reply.code,
                reply.text,
                reply.status,
                reply.request_id,
                reply.destination,
                reply.medium,
            ),
        )
        # AWS turned this one away, so it is none of the five.
        turned_away = [self._not_counted(position)] if verdict.outcome is Outcome.WAITING else []
        self._file.write(change, *turned_away)

    def reopen(self, position: int) -> None:
        """Somebody decided that an unknown one is sent to again; the attempt before still counts for the hour."""
        self._file.write(self._change(position, "outcome=NULL, intent=NULL", ()))

    def _change(self, position: int, change: str, values: tuple[Any, ...]) -> Statement:
        statement = f"UPDATE recipients SET {change} WHERE run=? AND position=?"  # noqa: S608 - our own words
        return statement, (*values, self.run, position)

    def _not_counted(self, position: int) -> Statement:
        latest = "SELECT max(rowid) FROM attempts WHERE run=? AND position=?"
        return f"DELETE FROM attempts WHERE rowid=({latest})", (self.run, position)  # noqa: S608


def _place(connection: Connection) -> str:
    """The endpoint as the ledger knows it: the practice server has another port at each start, and the same people."""
    return PRACTICE if connection.environment == PRACTICE and is_loopback(connection.endpoint) else connection.endpoint


def _recipient_row(run: int, position: int, recipient: Recipient) -> tuple[Any, ...]:
    user, request = recipient.user, recipient.request
    kept = json.dumps({"metadata": request.metadata, **asdict(request.advanced)})
    person = (user.username, user.email, user.phone, user.name, user.created, recipient.channel.name)
    return (run, position, *person, recipient.put_back, kept)


def _run(row: Sequence[Any], counts: Mapping[Outcome, int]) -> Run:
    run, started, ended, account, computer, identity, name, region, pool_id, client_id, endpoint, pool, client = row[
        :13
    ]
    environment, per_second, keys = row[13:]
    connection = Connection(
        name, region, pool_id, client_id, endpoint=endpoint, pool_name=pool, client_name=client, environment=environment
    )
    operator = Operator(account, computer, identity)
    return Run(run, started, ended, operator, connection, per_second, tuple(json.loads(keys)), counts)


def _result(row: Sequence[Any]) -> Result:
    username, email, phone, name, created, channel, kept, intent, at, outcome = row[:10]
    user = User(username, created, True, UNCONFIRMED, email, phone, name, ())
    recipient = Recipient(user, Channel[channel], _request(username, kept))
    if outcome is None:
        verdict = NOT_REACHED_YET if intent is None else IN_FLIGHT_AT_THE_END
        return Result(recipient, verdict, at=intent or 0.0)
    cause, advice, again, wait, code, text, status, request_id, destination, medium = row[10:]
    verdict = Verdict(Outcome(outcome), cause, advice, Again[again], wait=wait)
    return Result(recipient, verdict, Reply(code, text, status, request_id, destination, medium), at)


def _request(username: str, kept: str | None) -> Request:
    if kept is None:
        return Request(username)
    parts = json.loads(kept)
    metadata = tuple((key, value) for key, value in parts.pop("metadata"))
    return Request(username, metadata, Advanced(**parts))
