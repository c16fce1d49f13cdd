"""Faults on the way to Cognito, over real sockets, and what must become of the people they hit."""

import os
import random
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from certificates import HOST, Authority
from connect_proxy import ANSWER, BEFORE, HANDSHAKE, REFUSING, REQUEST, RESET, ConnectProxy
from scripted_aws import Answer, ScriptedAws, Seen, accepted, close, cut, drip, error, http, reset

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.deadlines import Deadlines
from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.ledger.ledger import this_operator
from confirmdesk.core.ledger.opening import open_ledger
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.campaign import Campaign, State
from confirmdesk.core.sending.pace import Pace
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.core.sending.results import Result

OK = accepted("u***@e***")
CUT = cut(200, b'{"CodeDeliveryDetails": {"Destination": "u***', 400)
DRIP = drip(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n{" + b" " * 8999, 0.05, threading.Event())
# In seconds; in the program it is a minute.
SEND_LIMIT = 2.0
# Where nothing hangs: a busy computer must not make anybody doubtful.
PATIENT = 30.0


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
    Fault("answer that drips for ever", DRIP, True, UNKNOWN, 0.1),
    Fault("500 as a web page", http(500, b"<html>oops</html>", "text/html"), True, UNKNOWN, 0.1),
    Fault("call unknown: 400", error("UnknownOperationException", ""), False, ACCEPTED, 0.1),
    Fault("call unknown: 500", error("CognitoLocal#Unsupported", "feature", 500), False, ACCEPTED, 0.1),
    Fault("call unknown: 404 page", http(404, b"<html>none</html>", "text/html"), False, ACCEPTED, 0.1),
    Fault("call unknown: 501 in text", http(501, b"no", "text/plain"), False, ACCEPTED, 0.1),
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

    def __init__(
        self,
        folder: Path,
        people: int,
        endpoint: str,
        per_second: float,
        retries: tuple[float, float] = (5.0, 60.0),
        send_limit: float = SEND_LIMIT,
    ) -> None:
        users = [make_user(f"u{i:04}", 0, True, "UNCONFIRMED", [("email", f"u{i}@example.com")]) for i in range(people)]
        self.send_limit = send_limit
        self.connection = Connection("Shop", "eu-west-1", "eu-west-1_A", "client", endpoint=endpoint)
        plan = make_plan(users, [], frozenset({"email"}))
        folder.mkdir(parents=True, exist_ok=True)
        self.ledger = open_ledger(folder / "ledger.sqlite3")[0]
        journal = self.ledger.begin(self.connection, this_operator(), plan, per_second, time.time())
        self.run_id = journal.run
        self.campaign = Campaign(plan, journal, Pace(per_second), retries=retries)

    def open(self) -> Callable:
        deadlines = Deadlines(send_limit=self.send_limit)
        return open_sender(Aws(practice=True, deadlines=deadlines), self.connection, None).send

    def run(self) -> list[Result]:
        thread = threading.Thread(target=self.campaign.run, args=(self.open, lambda: None))
        thread.start()
        while thread.is_alive():
            if self.campaign.state is State.PAUSED:
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
    desk = Desk(folder, people, first.endpoint, 100.0, (0.1, 60.0))
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


# On the way to an encrypted endpoint, where the first tunnels of a proxy break and the others do not; and whether the
# people of these may have got a code.
TUNNELS = {
    "proxy closes before it answers": (BEFORE, False),
    "proxy wants a password": (REFUSING, False),
    "proxy closes in the handshake": (HANDSHAKE, False),
    "proxy resets in the handshake": (RESET, False),
    "proxy closes in the request": (REQUEST, True),
    "proxy closes after the request": (ANSWER, True),
}


def try_tunnel(name: str, folder: Path, people: int = 30) -> Row:
    """A real CONNECT proxy in front of a real TLS server; the run is resumed until it is over."""
    breaks, in_doubt = TUNNELS[name]
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority(folder)
    server = ScriptedAws(tls=authority.server_side(), otherwise=OK)
    proxy = ConnectProxy(server.port, breaks, times=5)
    with surroundings(AWS_CA_BUNDLE=str(authority.bundle), HTTPS_PROXY=f"http://{proxy.address}"):
        results = Desk(folder, people, f"https://{HOST}:8443", 100.0, send_limit=PATIENT).run()
    proxy.stop()
    server.stop()
    sent = Counter(request.body["Username"] for request in server.seen)
    row = Row(name, proxy.broken, sum(1 for times in sent.values() if times > 1))
    for result in results:
        row.outcomes[str(result.verdict.outcome)] += 1
    unknown = proxy.broken if in_doubt else 0
    row.wrong = abs(row.outcomes["unknown"] - unknown) + abs(row.outcomes["accepted"] - (people - unknown))
    return row


@contextmanager
def surroundings(**variables: str) -> Iterator[None]:
    """With these variables in the environment."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _bundle(folder: Path, data: bytes) -> str:
    path = folder / "broken-bundle"
    path.write_bytes(data)
    return str(path)


# What is wrong on this computer, and the word by which its sentence is known.
HERE: dict[str, tuple[Callable[[Path], dict[str, str]], str]] = {
    "certificate file gone": (lambda at: {"AWS_CA_BUNDLE": str(at / "gone")}, "is not there"),
    "certificate file empty": (lambda at: {"AWS_CA_BUNDLE": _bundle(at, b"")}, "is empty"),
    "certificate file a folder": (lambda at: {"AWS_CA_BUNDLE": str(at)}, "is a folder"),
    "certificate file as DER": (lambda at: {"AWS_CA_BUNDLE": _bundle(at, Authority(at).der)}, "PEM"),
    "certificate file in quotes": (lambda at: {"AWS_CA_BUNDLE": f'"{_bundle(at, b"")}"'}, "quotation marks"),
    "proxy with a blank": (lambda at: {"HTTPS_PROXY": "http://127.0.0.1:9 "}, "blank"),
    "proxy with a bad port": (lambda at: {"HTTPS_PROXY": "http://127.0.0.1:99999"}, "65535"),
    "proxy with an odd password": (lambda at: {"HTTPS_PROXY": "http://u:p@s/s#@127.0.0.1:9"}, "two digits"),
    "proxy that nobody answers at": (lambda at: {"HTTPS_PROXY": "http://127.0.0.1:9"}, "network proxy"),
}


def try_here(name: str, folder: Path, people: int = 10) -> Row:
    """Nothing is sent, everybody stays left, and the reason is told."""
    folder.mkdir(parents=True, exist_ok=True)
    variables, words = HERE[name]
    with surroundings(**variables(folder)):
        return _try_nothing_sent(name, folder, people, f"https://{HOST}:8443", words)


def try_hung_up(folder: Path, people: int = 10, rudely: bool = False) -> Row:
    """Whoever listens closes, or resets, the connection in the handshake of TLS."""

    def hang_up() -> None:
        while True:
            caller, _ = listener.accept()
            # What is not read makes a reset of the end.
            if not caller.recv(1 if rudely else 65536):
                return
            caller.close()

    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        threading.Thread(target=hang_up, daemon=True).start()
        port = listener.getsockname()[1]
        name = f"TLS {'reset' if rudely else 'closed'} in the handshake"
        row = _try_nothing_sent(name, folder, people, f"https://127.0.0.1:{port}", "Nothing was sent")
        with socket.create_connection(("127.0.0.1", port)) as last:
            last.shutdown(socket.SHUT_WR)
    return row


def try_refused(folder: Path, people: int = 10) -> Row:
    """Nobody listens: nothing is sent, everybody stays left."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    return _try_nothing_sent("connection refused", folder, people, f"http://127.0.0.1:{port}", "Nothing was sent")


def _try_nothing_sent(name: str, folder: Path, people: int, endpoint: str, words: str) -> Row:
    desk = Desk(folder, people, endpoint, 100.0)
    thread = threading.Thread(target=desk.campaign.run, args=(desk.open, lambda: None))
    thread.start()
    while desk.campaign.state is not State.PAUSED:
        thread.join(0.01)
    reason = desk.campaign.reason
    desk.campaign.stop()
    thread.join()
    row = Row(name, people)
    for result in desk.ledger.results(desk.run_id):
        row.outcomes[str(result.verdict.outcome)] += 1
    row.wrong = people - row.outcomes["left"] + (reason is None or words not in reason.text())
    desk.ledger.close()
    return row


def table(rows: list[Row]) -> str:
    lines = [f"{'fault':<32} {'hit':>4} {'mailed twice':>13} {'wrong outcome':>14}  outcomes"]
    for row in rows:
        counts = ", ".join(f"{name} {number}" for name, number in sorted(row.outcomes.items()))
        lines.append(f"{row.name:<32} {row.hit:>4} {row.twice:>13} {row.wrong:>14}  {counts}")
    return "\n".join(lines)
