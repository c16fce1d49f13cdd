"""Faults on the way to Cognito, over real sockets, and what must become of the people they hit."""

import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from scripted_aws import Answer, ScriptedAws, Seen, accepted, close, cut, error, http, reset

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.ledger.file import open_ledger_file
from confirmdesk.core.ledger.ledger import Ledger, this_operator
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.campaign import Campaign, State
from confirmdesk.core.sending.pace import Pace
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.core.sending.results import Result

OK = accepted("u***@e***")
CUT = cut(200, b'{"CodeDeliveryDetails": {"Destination": "u***', 400)


@dataclass(frozen=True)
class Fault:
    """`answer` is what a hit request gets; `sent` whether the server had sent by then; `outcomes` what the hit may
    become in the end, everybody else is accepted."""

    name: str
    answer: Answer
    sent: bool
    outcomes: frozenset[str]
    share: float = 0.25


def _hang(connection: socket.socket, seen: Seen) -> None:
    threading.Event().wait(1.5)


def _slow(connection: socket.socket, seen: Seen) -> None:
    threading.Event().wait(0.3)
    OK(connection, seen)


UNKNOWN, ACCEPTED, FAILED = frozenset({"unknown"}), frozenset({"accepted"}), frozenset({"failed"})

FAULTS = (
    Fault("read timeout", _hang, True, UNKNOWN),
    Fault("answer cut short", CUT, True, UNKNOWN),
    Fault("connection reset", reset, True, UNKNOWN),
    Fault("connection closed", close, True, UNKNOWN),
    Fault("500 InternalErrorException", error("InternalErrorException", "", 500), True, UNKNOWN),
    Fault("500 without a body", http(500, b""), True, UNKNOWN),
    Fault("throttled", error("TooManyRequestsException", "Rate exceeded"), False, ACCEPTED),
    Fault("WAF 403", error("ForbiddenException", "Request not allowed due to WAF block.", 403), False, ACCEPTED, 0.1),
    Fault("WAF 403 in plain text", http(403, b"blocked", "text/plain"), False, ACCEPTED, 0.1),
    Fault("garbled JSON with 200", http(200, b"{garbled"), True, UNKNOWN),
    Fault("{} with 200", http(200, b"{}"), True, UNKNOWN),
    Fault("HTML with 200", http(200, b"<html>sign in</html>", "text/html"), True, UNKNOWN, 0.1),
    Fault("HTML with 302", http(302, b"<html>moved</html>", "text/html"), False, ACCEPTED, 0.1),
    Fault("slow answers", _slow, True, ACCEPTED, 0.5),
    Fault("refused by a Lambda", error("UserLambdaValidationException", "no"), False, FAILED, 0.2),
)


@dataclass
class Row:
    """One line of the table."""

    name: str
    hit: int = 0
    twice: int = 0
    wrong: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)


class Desk:
    """A run over a real ledger and real sockets, with somebody who presses Resume whenever it pauses."""

    def __init__(self, folder: Path, people: int, endpoint: str, per_second: float) -> None:
        users = [make_user(f"u{i:04}", 0, True, "UNCONFIRMED", [("email", f"u{i}@example.com")]) for i in range(people)]
        self.connection = Connection("Shop", "eu-west-1", "eu-west-1_A", "client", endpoint=endpoint)
        plan = make_plan(users, [], frozenset({"email"}))
        folder.mkdir(parents=True, exist_ok=True)
        self.ledger = Ledger(open_ledger_file(folder / "ledger.sqlite3")[0])
        journal = self.ledger.begin(self.connection, this_operator(), plan, per_second, time.time())
        self.run_id = journal.run
        self.campaign = Campaign(plan, journal, Pace(per_second))

    def open(self) -> Callable:
        return open_sender(Aws(practice=True), self.connection, None).send

    def run(self) -> list[Result]:
        thread = threading.Thread(target=self.campaign.run, args=(self.open, lambda: None))
        thread.start()
        while thread.is_alive():
            if self.campaign.state is State.PAUSED and not self.campaign.waits_for_network:
                self.campaign.resume()
            thread.join(0.02)
        results = self.ledger.results(self.run_id)
        self.ledger.close()
        return results


def try_fault(fault: Fault, folder: Path, people: int = 40, per_second: float = 400.0, seed: int = 3) -> Row:
    """A run in which a share of the first requests meets `fault`, resumed until it is over."""
    chance, lock = random.Random(seed), threading.Lock()
    sent: Counter[str] = Counter()
    hit: set[str] = set()

    def answer(connection: socket.socket, seen: Seen) -> None:
        name = seen.body["Username"]
        with lock:
            strikes = name not in hit and sent[name] == 0 and chance.random() < fault.share
            if strikes:
                hit.add(name)
            if not strikes or fault.sent:
                sent[name] += 1
        (fault.answer if strikes else OK)(connection, seen)
        if strikes and fault.answer in (CUT, reset, close, _hang):
            connection.close()

    server = ScriptedAws(otherwise=answer)
    try:
        results = Desk(folder, people, server.endpoint, per_second).run()
    finally:
        server.stop()
    row = Row(fault.name, len(hit), sum(1 for times in sent.values() if times > 1))
    for result in results:
        name, outcome = result.recipient.user.username, str(result.verdict.outcome)
        row.outcomes[outcome] += 1
        row.wrong += outcome not in (fault.outcomes if name in hit else ACCEPTED)
    return row


def try_outage(folder: Path, people: int = 60) -> Row:
    """The server goes away in the middle of a run and comes back on the same port."""
    with pytest.MonkeyPatch.context() as patch:
        # Nobody waits for five seconds here until the next look whether it is back.
        patch.setattr("confirmdesk.core.sending.campaign.FIRST_RETRY", 0.1)
        sent, results = _outage(folder, people)
    row = Row("server gone for a while", 1, sum(1 for times in sent.values() if times > 1))
    for result in results:
        row.outcomes[str(result.verdict.outcome)] += 1
    row.wrong = people - row.outcomes["accepted"] - row.outcomes["unknown"]
    return row


def _outage(folder: Path, people: int) -> tuple[Counter[str], list[Result]]:
    """How often each was asked for, and what the run made of it."""
    sent: Counter[str] = Counter()
    gone, enough = threading.Event(), threading.Event()

    def answer(connection: socket.socket, seen: Seen) -> None:
        sent[seen.body["Username"]] += 1
        OK(connection, seen)
        if sum(sent.values()) >= people // 3 and not gone.is_set():
            enough.set()

    first = ScriptedAws(otherwise=answer)
    desk = Desk(folder, people, first.endpoint, 100.0)
    done: list[list[Result]] = []
    run = threading.Thread(target=lambda: done.append(desk.run()))
    run.start()
    enough.wait()
    gone.set()
    port = int(first.endpoint.rpartition(":")[2])
    first.stop()
    threading.Event().wait(0.5)
    second = ScriptedAws(otherwise=answer, port=port)
    run.join()
    second.stop()
    return sent, done[0]


def try_refused(folder: Path, people: int = 10) -> Row:
    """Nobody listens: nothing is sent, everybody stays left."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    desk = Desk(folder, people, f"http://127.0.0.1:{port}", 100.0)
    thread = threading.Thread(target=desk.campaign.run, args=(desk.open, lambda: None))
    thread.start()
    while desk.campaign.state is not State.PAUSED:
        thread.join(0.01)
    desk.campaign.stop()
    thread.join()
    row = Row("connection refused", people)
    for result in desk.ledger.results(desk.run_id):
        row.outcomes[str(result.verdict.outcome)] += 1
    row.wrong = people - row.outcomes["left"]
    desk.ledger.close()
    return row


def table(rows: list[Row]) -> str:
    lines = [f"{'fault':<28} {'hit':>4} {'mailed twice':>13} {'wrong outcome':>14}  outcomes"]
    for row in rows:
        counts = ", ".join(f"{name} {number}" for name, number in sorted(row.outcomes.items()))
        lines.append(f"{row.name:<28} {row.hit:>4} {row.twice:>13} {row.wrong:>14}  {counts}")
    return "\n".join(lines)
