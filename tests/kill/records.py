"""What becomes of the record under the program's hands: two programs at one ledger, and the ledger taken away."""

import random
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from book import Book, environment, prepare

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.ledger.ledger import this_operator
from confirmdesk.core.ledger.opening import open_ledger
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.plan import make_plan

HERE = Path(__file__).resolve().parent
PATIENCE = 120


@dataclass
class Report:
    """How often each status ended a program, and who got two codes."""

    rounds: int = 0
    requests: int = 0
    twice: list[str] = field(default_factory=list)
    ends: dict[str, int] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def add(self, book: Book) -> None:
        self.rounds += 1
        self.requests += len(book.sent)
        self.twice += sorted({name for name in book.sent if book.sent.count(name) > 1})

    def ended(self, status: int, said: str) -> None:
        word = {0: "sent", 3: "told", 4: "stopped"}.get(status, f"status {status}")
        self.ends[word] = self.ends.get(word, 0) + 1
        self.words.append(said)


def start(data: Path, people: int, *how: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "program.py"), str(data), str(people), *how]
    return subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    )


def interrupt(data: Path, book: Book) -> None:
    """A run to everybody that was written down and never begun."""
    prepare(data, book.server.endpoint)
    shop = Connection(
        "Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client", endpoint=book.server.endpoint, environment="Staging"
    )
    users = [make_user(name, 1.0, True, "UNCONFIRMED", [("email", f"{name}@example.com")]) for name in book.people]
    ledger, _ = open_ledger(data / "ledger.sqlite3")
    ledger.begin(shop, this_operator(), make_plan(users, [], None), 50.0, time.time())
    ledger.close()


def both_resume(folder: Path, people: int, rounds: int, seed: int = 7) -> Report:
    """Two programs without any lock find one interrupted run, and both resume it at once."""
    report = Report()
    for number in range(rounds):
        data, book = folder / str(number), Book(people, random.Random(seed + number))
        try:
            interrupt(data, book)
            programs = [start(data, people, "unlocked", "wait") for _ in range(2)]
            for program in programs:
                assert program.stdout
                assert program.stdout.readline() == "READY\n", "the program did not come up"
            (data / "go").touch()
            _end(report, *programs)
            report.add(book)
        finally:
            book.server.stop()
    return report


def second_start(folder: Path, people: int) -> Report:
    """As shipped: the lock file is deleted while codes go out, and the program is started once more."""
    report, book = Report(), Book(people, random.Random(1))
    try:
        prepare(folder, book.server.endpoint)
        first = start(folder, people)
        _wait_until(lambda: len(book.sent) > 3)
        (folder / "lock").unlink()
        second = start(folder, people)
        _end(report, second)
        assert first.poll() is None, "the first program was over before the second came up"
        _end(report, first)
        report.add(book)
    finally:
        book.server.stop()
    return report


@dataclass
class Removal:
    """Seconds and requests from the moment when the ledger was gone until the run paused, and what is said then."""

    seconds: float
    requests: int
    said: str
    at_the_next_start: str
    requests_there: int

    def text(self) -> str:
        return (
            f"paused after {self.seconds:.1f} s and {self.requests} requests; at the next start "
            f"{self.requests_there} requests, and the program says: {self.at_the_next_start}"
        )


def ledger_removed(folder: Path, people: int) -> Removal:
    """The ledger's files are deleted while codes go out; then the program is started again."""
    book = Book(people, random.Random(1))
    try:
        prepare(folder, book.server.endpoint)
        running, before = Report(), len(book.sent)
        program = start(folder, people)
        _wait_until(lambda: len(book.sent) > 10)
        for path in folder.glob("ledger.sqlite3*"):
            path.unlink()
        gone, before = time.monotonic(), len(book.sent)
        _end(running, program)
        seconds, requests = time.monotonic() - gone, len(book.sent) - before
        again, before = Report(), len(book.sent)
        _end(again, start(folder, people))
        return Removal(seconds, requests, running.words[0], again.words[0], len(book.sent) - before)
    finally:
        book.server.stop()


def _end(report: Report, *programs: subprocess.Popen[str]) -> None:
    for program in programs:
        try:
            said, _ = program.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            program.kill()
            said, _ = program.communicate()
        report.ended(program.returncode, said.strip())


def _wait_until(condition) -> None:  # type: ignore[no-untyped-def]
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "nothing was sent"
        threading.Event().wait(0.005)
