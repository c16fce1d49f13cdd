"""Whoever opens and closes windows all day: no Qt object is freed outside the GUI thread, and none stays for ever."""

import json
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from book import Book, environment, prepare

PROGRAM = Path(__file__).with_name("program.py")


@dataclass(frozen=True, slots=True)
class Day:
    """What became of the Qt objects that were made."""

    status: int
    stuck: str
    freed: dict[str, int]
    in_workers: dict[str, int]
    memory: list[int]


def spend(tmp_path: Path, *scenes: str) -> Day:
    book = Book(5, random.Random(1))
    prepare(tmp_path / "data", book.server.endpoint)
    command = [sys.executable, str(PROGRAM), str(tmp_path / "data"), *scenes]
    try:
        ended = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=110)
    finally:
        book.server.stop()
    assert ended.returncode == 0, ended.stderr
    return Day(ended.returncode, **json.loads(ended.stdout))


def assert_all_well(day: Day) -> None:
    assert day.stuck == ""
    assert day.in_workers == {}


def test_a_connection_is_saved_again_and_again(tmp_path):
    day = spend(tmp_path, "connections*40", "rest")
    assert_all_well(day)
    assert day.freed["ConnectionDialog"] == 40


def test_dialogs_reviews_and_runs_come_and_go(tmp_path):
    day = spend(tmp_path, "dialogs*3", "runs*3", "rest")
    assert_all_well(day)
    kinds = ("ConnectionDialog", "AboutDialog", "HistoryPage", "ReviewDialog")
    assert {kind: day.freed.get(kind, 0) for kind in kinds} == dict.fromkeys(kinds, 3)


def test_windows_of_the_practice_pool_come_and_go(tmp_path):
    day = spend(tmp_path, "practice*2", "rest")
    assert_all_well(day)
    assert (day.freed.get("MainWindow"), day.freed.get("Session")) == (4, 4)


def test_memory_stays_flat(tmp_path):
    day = spend(tmp_path, "dialogs*5", "connections*5", "rest", "dialogs*10", "connections*10", "rest")
    assert_all_well(day)
    # Each connection that was saved used to leave 17 MB behind.
    assert day.memory[1] - day.memory[0] < 20_000_000
