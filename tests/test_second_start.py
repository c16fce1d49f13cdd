"""The command, started twice: real processes, without a display."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from confirmdesk.core.computer.lock import DirectoryLock

pytestmark = pytest.mark.slow

SOURCE = str(Path(__file__).resolve().parents[1] / "gui")
PATIENCE = 60

# Minimised as soon as it is open; it tells when it is back, and closes when it is told to.
FIRST = """
import sys
from PySide6.QtCore import QTimer
from confirmdesk.__main__ import main
from confirmdesk.ui import application

class Watched(application.MainWindow):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        # A moment later: the program begins to listen when its window is painted.
        self.painted.connect(lambda: QTimer.singleShot(0, self.minimise))

    def minimise(self):
        self.showMinimized()
        self.watch = QTimer(self, interval=10)
        self.watch.timeout.connect(self.look)
        self.watch.start()
        print("minimised", flush=True)

    def look(self):
        if not self.isMinimized():
            self.watch.stop()
            print("back", flush=True)
            if "close" in sys.argv:
                self.close()

application.MainWindow = Watched
sys.exit(main(["--data-dir", sys.argv[1]]))
"""
# What is told where there is no window is pressed away.
TOLD = """
import sys
from PySide6.QtCore import QTimer
from confirmdesk.__main__ import main
from confirmdesk.ui import application

def tell_alone(self, problem):
    box = show(self, problem)
    print(problem.sentence, flush=True)
    QTimer.singleShot(0, box.accept)
    return box

show = application.Application.tell_alone
application.Application.tell_alone = tell_alone
sys.exit(main(["--data-dir", sys.argv[1]]))
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    made: list[tuple[subprocess.Popen[str], threading.Timer]] = []

    def begin(*arguments: object) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": SOURCE, "QT_LOGGING_RULES": "*=false"}
        command = [sys.executable, *map(str, arguments)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        # One that hangs ends the test instead of holding it up.
        watchdog = threading.Timer(PATIENCE, process.kill)
        watchdog.start()
        made.append((process, watchdog))
        return process

    yield begin
    for process, watchdog in made:
        watchdog.cancel()
        process.kill()
        process.communicate(timeout=PATIENCE)


def command(directory: Path, *more: str) -> tuple[str, ...]:
    return "-m", "confirmdesk", "--data-dir", str(directory), *more


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline()
    assert line or process.poll() is None, process.stderr and process.stderr.read()
    return line.strip()


def test_a_second_start_brings_the_open_window_back_and_ends_quietly(start, tmp_path):
    first = start("-c", FIRST, tmp_path, "close")
    assert said(first) == "minimised"
    second = start(*command(tmp_path))
    assert (*second.communicate(timeout=PATIENCE), second.returncode) == ("", "", 0)
    assert said(first) == "back"
    assert first.wait(PATIENCE) == 0
    assert not (tmp_path / "open-program.json").exists()


def test_a_second_start_needs_neither_qt_nor_aws_for_that(start, tmp_path):
    first = start("-c", FIRST, tmp_path)
    assert said(first) == "minimised"
    second = start("-X", "importtime", *command(tmp_path))
    _, imported = second.communicate(timeout=PATIENCE)
    assert "confirmdesk.core.computer.second_start" in imported
    assert "PySide6" not in imported
    assert "boto" not in imported
    assert second.returncode == 0


def test_two_starts_at_once_are_one_window(start, tmp_path):
    """An impatient double double-click: the second one comes before there is a window."""
    both = [start(*command(tmp_path)), start(*command(tmp_path))]
    with ThreadPoolExecutor() as pool:
        ends = {pool.submit(process.wait): process for process in both}
        ended, running = wait(ends, PATIENCE, FIRST_COMPLETED)
        assert [future.result() for future in ended] == [0]
        for future in running:
            assert ends[future].poll() is None
            ends[future].kill()


def test_after_a_kill_the_next_start_is_the_first(start, tmp_path):
    killed = start("-c", FIRST, tmp_path)
    assert said(killed) == "minimised"
    killed.kill()
    killed.wait(PATIENCE)
    left = json.loads((tmp_path / "open-program.json").read_text())
    again = start("-c", FIRST, tmp_path)
    assert said(again) == "minimised"
    assert json.loads((tmp_path / "open-program.json").read_text())["key"] != left["key"]


def test_a_program_that_does_not_answer_is_told_of(start, tmp_path):
    old = DirectoryLock(tmp_path)
    old.take()
    second = start("-c", TOLD, tmp_path)
    out, _ = second.communicate(timeout=PATIENCE)
    assert out == "The program is already open with this data directory.\n"
    assert second.returncode == 1
    old.release()


@pytest.mark.parametrize("asked", ["--self-check", "--version"])
def test_what_only_prints_disturbs_nobody(start, tmp_path, asked):
    first = start("-c", FIRST, tmp_path, "close")
    assert said(first) == "minimised"
    printing = start(*command(tmp_path, asked))
    assert printing.communicate(timeout=PATIENCE)[0]
    assert printing.returncode == 0
    assert first.poll() is None
    # Had it been called by that, it would have come back and closed, and this would be a first start.
    second = start(*command(tmp_path))
    assert second.wait(PATIENCE) == 0
    assert said(first) == "back"


def test_practice_has_a_server_of_its_own(start, tmp_path):
    first = start("-c", FIRST, tmp_path)
    assert said(first) == "minimised"
    (tmp_path / "practice").mkdir()
    practice = DirectoryLock(tmp_path / "practice")
    practice.take()
    second = start("-c", TOLD.replace('"--data-dir"', '"--practice", "--data-dir"'), tmp_path)
    assert second.communicate(timeout=PATIENCE)[0] == "The program is already open with this data directory.\n"
    practice.release()
