"""The installed program, started as a desktop starts it and closed as a person closes it."""

import json
import os
import subprocess
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from screen import NotSeenError, Screen

COMMAND = "confirmdesk"
APP_ID = "io.github.confirmdesk.Confirmdesk"
ENTRY = Path(f"/usr/share/applications/{APP_ID}.desktop")
OUR_FILES = "/usr/lib/confirmdesk/"
WINDOW, PRACTICE_WINDOW = "Confirmdesk", "Confirmdesk practice"


def start(log: Path, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    """Start the program; what it prints is appended to `log`."""
    with log.open("ab") as out:
        return subprocess.Popen(
            [COMMAND, *arguments],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=os.environ | environment,
        )


@contextmanager
def opened(screen: Screen, log: Path, *arguments: str, **environment: str) -> Iterator[None]:
    """The program with its window open; at the end Alt+F4, and it has to be gone with everything it started."""
    process = start(log, *arguments, **environment)
    screen.window(PRACTICE_WINDOW if "--practice" in arguments else WINDOW)
    yield
    close_window(screen)
    try:
        status = process.wait(30)
    except subprocess.TimeoutExpired:
        raise NotSeenError("the program does not end when its window is closed") from None
    if status:
        raise NotSeenError(f"the program ended with {status}")
    screen.wait("the end of all its processes", lambda: not processes())


def close_window(screen: Screen) -> None:
    """Alt+F4, once nothing but the main window is there to get it."""
    screen.wait("the main window alone, in front", lambda: screen.in_front() in ([WINDOW], [PRACTICE_WINDOW]))
    screen.keys("alt+F4")


def processes() -> list[int]:
    """Every process that runs something of the program's."""
    found = []
    for link in Path("/proc").glob("[0-9]*/exe"):
        try:
            if link.readlink().name == COMMAND:
                found.append(int(link.parent.name))
        except OSError:
            continue
    return found


def leading_to_ours(environment: Iterable[str]) -> list[str]:
    """Of an environment, NAME=VALUE, what would not fit other programs: where this one has its libraries and plugins,
    and what its bootloader tells itself."""
    places = ("LD_", "QT_", "QML", "PYTHON")
    return [s for s in environment if (s.startswith(places) and OUR_FILES in s) or s.startswith("_PYI_")]


def end_processes() -> None:
    """After a failure: nothing of the program stays to be mistaken for the next one."""
    for pid in processes():
        os.kill(pid, 9)
    deadline = time.monotonic() + 10
    while processes() and time.monotonic() < deadline:
        # They are nobody's children any more, so nobody can wait for their end.
        time.sleep(0.1)


def self_check(*arguments: str) -> dict[str, Any]:
    """What `--self-check` prints."""
    done = subprocess.run(
        [COMMAND, "--self-check", *arguments],
        stdout=subprocess.PIPE,
        text=True,
        timeout=60,
        check=False,
    )
    report: dict[str, Any] = json.loads(done.stdout)
    if done.returncode or not report["ok"]:
        raise NotSeenError(f"--self-check: status {done.returncode}, {done.stdout}")
    return report
