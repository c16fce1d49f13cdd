"""Waiting for what happens in another thread or process, without a window."""

import threading
from collections.abc import Callable
from pathlib import Path


def until(there: Callable[[], object]) -> None:
    """Return as soon as `there` says so; a minute is enough for any computer."""
    for _ in range(6000):
        if there():
            return
        threading.Event().wait(0.01)
    raise AssertionError("it never came")


def when(there: Callable[[], object], act: Callable[[], object]) -> None:
    """Do `act` as soon as `there` says so, in a thread of its own."""

    def wait() -> None:
        until(there)
        act()

    threading.Thread(target=wait, daemon=True).start()


def is_running(number: int | str) -> bool:
    """Whether the process of this number has not ended. Linux only."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
