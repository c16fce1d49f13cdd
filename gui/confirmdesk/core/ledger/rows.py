"""People and what became of them as rows of the ledger, by the names of its columns, and back."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from confirmdesk.core.ledger.file import Statement
from confirmdesk.core.people.users import UNCONFIRMED, Channel, User
from confirmdesk.core.sending.metadata import Advanced
from confirmdesk.core.sending.outcomes import MAY_HAVE_GOT_ONE, Again, Outcome, Reply, Verdict
from confirmdesk.core.sending.plan import Recipient, Request
from confirmdesk.core.sending.results import IN_FLIGHT_AT_THE_END, NOT_REACHED_YET, Result

# What became of a person, for SQL: no outcome is written while nobody knows it.
OUTCOME = f"coalesce(outcome, CASE WHEN intent IS NULL THEN '{Outcome.LEFT}' ELSE '{Outcome.UNKNOWN}' END)"
_MAY_HAVE_GOT_ONE = ", ".join(f"'{outcome}'" for outcome in sorted(MAY_HAVE_GOT_ONE))
MAY_HAVE_ONE = f"{OUTCOME} IN ({_MAY_HAVE_GOT_ONE})"

# In characters.
LONGEST_ANSWER = 2_000

_OF_USER = ("username", "email", "phone", "name", "created")


def insertion(table: str, row: Mapping[str, Any]) -> Statement:
    """The statement that adds `row` to `table`."""
    columns, values = ", ".join(row), ", ".join(f":{column}" for column in row)
    return f"INSERT INTO {table} ({columns}) VALUES ({values})", row  # noqa: S608 - our own words


def recipient_row(recipient: Recipient) -> dict[str, Any]:
    """Somebody of a run before anything was sent, with the exact request."""
    user, request = recipient.user, recipient.request
    return {
        **{column: getattr(user, column) for column in _OF_USER},
        "mailbox": recipient.mailbox,
        "channel": recipient.channel.name,
        "put_back": recipient.put_back,
        "request": json.dumps({"metadata": request.metadata, **asdict(request.advanced)}),
    }


def result_row(result: Result) -> dict[str, Any]:
    """What came of one send; of what strangers wrote no more than anybody reads."""
    verdict, reply = result.verdict, result.reply
    answer = {name: part[:LONGEST_ANSWER] if isinstance(part, str) else part for name, part in asdict(reply).items()}
    return {
        "at": result.at,
        "outcome": str(verdict.outcome),
        "cause": verdict.cause,
        "advice": verdict.advice,
        "again": verdict.again.name,
        "wait": verdict.wait,
        **answer,
    }


def result_from(row: sqlite3.Row) -> Result:
    user = User(row["username"], row["created"], True, UNCONFIRMED, row["email"], row["phone"], row["name"], ())
    recipient = Recipient(user, Channel[row["channel"]], _request(row["username"], row["request"]))
    if row["outcome"] is None:
        verdict = NOT_REACHED_YET if row["intent"] is None else IN_FLIGHT_AT_THE_END
        return Result(recipient, verdict, at=row["intent"] or 0.0)
    verdict = Verdict(Outcome(row["outcome"]), row["cause"], row["advice"], Again[row["again"]], wait=row["wait"])
    reply = Reply(row["code"], row["text"], row["status"], row["request_id"], row["destination"], row["medium"])
    return Result(recipient, verdict, reply, row["at"])


def _request(username: str, kept: str | None) -> Request:
    if kept is None:
        return Request(username)
    parts = json.loads(kept)
    metadata = tuple((key, value) for key, value in parts.pop("metadata"))
    return Request(username, metadata, Advanced(**parts))
