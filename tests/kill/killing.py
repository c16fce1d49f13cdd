"""Kill the program at random moments of a campaign, start it again, resume; then compare its ledger with the server's
book of every request."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from scripted_aws import ScriptedAws, Seen, accepted, error, ok

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = 60
PER_SECOND = 50


@dataclass
class Report:
    people: int
    kills: int = 0
    unknown: int = 0
    twice: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)

    def text(self) -> str:
        return (
            f"{self.people} people, {self.kills} kills, {self.unknown} unknown, {len(self.twice)} twice, "
            f"{len(self.lost)} outcomes lost; at the end {self.outcomes}"
        )


class Book:
    """A Cognito that lists its people and writes down everybody it was asked to send to, answering in its own time."""

    def __init__(self, people: int, chance: random.Random) -> None:
        self.people = [f"user-{i:05}" for i in range(people)]
        self.sent: list[str] = []
        self._chance = chance
        self._lock = threading.Lock()
        self.server = ScriptedAws(otherwise=self._answer)

    def _answer(self, connection: object, seen: Seen) -> None:
        answers = {"ListUsers": self._page, "ResendConfirmationCode": self._send}
        described = ok({"UserPool": {"Name": "Shop", "AutoVerifiedAttributes": ["email"]}})
        make = answers.get(seen.operation)
        if seen.operation == "DescribeUserPool":
            described(connection, seen)  # type: ignore[arg-type]
        elif make:
            make(connection, seen)
        else:
            error("AccessDeniedException", "no")(connection, seen)  # type: ignore[arg-type]

    def _page(self, connection: object, seen: Seen) -> None:
        first = int(seen.body.get("PaginationToken", "0"))
        rows = [
            {
                "Username": name,
                "UserStatus": "UNCONFIRMED",
                "UserCreateDate": 1_790_000_000,
                "Enabled": True,
                "Attributes": [{"Name": "email", "Value": f"{name}@example.com"}],
            }
            for name in self.people[first : first + PAGE]
        ]
        more = {"PaginationToken": str(first + PAGE)} if first + PAGE < len(self.people) else {}
        ok({"Users": rows, **more})(connection, seen)  # type: ignore[arg-type]

    def _send(self, connection: object, seen: Seen) -> None:
        if "Username" not in seen.body:
            return  # the caller was killed before its request was whole
        with self._lock:
            self.sent.append(seen.body["Username"])
            wait = self._chance.uniform(0, 0.15)
        threading.Event().wait(wait)
        accepted("u***@e***")(connection, seen)  # type: ignore[arg-type]


def prepare(data: Path, endpoint: str) -> None:
    """Settings with one connection to `endpoint`, as the dialog saves them."""
    connection = {
        "name": "Shop",
        "region": "eu-west-1",
        "pool_id": "eu-west-1_Ab12Cd34E",
        "client_id": "4f9k2client",
        "endpoint": endpoint,
        "environment": "Staging",
        "needs_secret": False,
        "per_second": PER_SECOND,
    }
    data.mkdir(parents=True, exist_ok=True)
    settings = {"version": 1, "connections": [connection], "last_connection": "Shop", "theme": "light"}
    (data / "settings.json").write_text(json.dumps(settings))


def start(data: Path, people: int) -> subprocess.Popen[bytes]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environment = clean | {
        "QT_QPA_PLATFORM": "offscreen",
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "PYTHONPATH": os.pathsep.join((str(ROOT / "gui"), str(ROOT / "tests" / "support"))),
    }
    command = [sys.executable, str(HERE / "program.py"), str(data), str(people)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def written(data: Path) -> dict[str, str]:
    """Everybody's outcome in the ledger, as it lies on the disk after the kill."""
    path = data / "ledger.sqlite3"
    if not path.exists():
        return {}
    database = sqlite3.connect(path)
    try:
        rows = database.execute(
            "SELECT username, coalesce(outcome, CASE WHEN intent IS NULL THEN 'left' ELSE 'unknown' END)"
            " FROM recipients"
        ).fetchall()
    except sqlite3.OperationalError:
        return {}
    finally:
        database.close()
    return dict(rows)


def campaign(data: Path, people: int, kills: int, seed: int = 7) -> Report:
    """Run a campaign to `people`, killing the program `kills` times at random moments, until it is done."""
    chance = random.Random(seed)
    book = Book(people, random.Random(seed + 1))
    report = Report(people)
    before: dict[str, str] = {}
    try:
        prepare(data, book.server.endpoint)
        while True:
            process = start(data, people)
            if report.kills >= kills:
                assert process.wait(timeout=300) == 0, "the program did not come to an end"
            else:
                _kill_at_random(process, book, chance)
                report.kills += 1
            now = written(data)
            settled = {name: outcome for name, outcome in before.items() if outcome not in ("left", "unknown")}
            report.lost += [name for name, outcome in settled.items() if now.get(name) != outcome]
            before = now
            if process.returncode == 0:
                break
    finally:
        book.server.stop()
    report.twice = sorted({name for name in book.sent if book.sent.count(name) > 1})
    for outcome in before.values():
        report.outcomes[outcome] = report.outcomes.get(outcome, 0) + 1
    report.unknown = report.outcomes.get("unknown", 0)
    never = set(book.people) - set(book.sent)
    served = {name for name, outcome in before.items() if outcome == "accepted"}
    report.lost += sorted(never & served)
    return report


def _kill_at_random(process: subprocess.Popen[bytes], book: Book, chance: random.Random) -> None:
    """Mostly while codes go out, sometimes while the program starts. Ends early if the run is over."""
    seen, deadline = len(book.sent), time.monotonic() + 60
    if chance.random() < 0.8:
        while len(book.sent) == seen and process.poll() is None and time.monotonic() < deadline:
            threading.Event().wait(0.005)
    threading.Event().wait(chance.uniform(0, 0.8))
    process.send_signal(signal.SIGKILL)
    process.wait()
