"""Kill the program at random moments of a campaign, start it again, resume; then compare its ledger with the server's
book of every request."""

import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from book import Book, environment, prepare

HERE = Path(__file__).resolve().parent


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


def start(data: Path, people: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(HERE / "program.py"), str(data), str(people)]
    return subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL)


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
