"""Without a display that it can use Qt aborts the whole process. Here it ends with a sentence instead."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler, qWarning

from confirmdesk.core.computer.display import PATIENCE, unreachable
from confirmdesk.core.errors import Problem
from confirmdesk.core.product import NAME
from confirmdesk.core.text import plain

# What Qt looks for a display with; the first one that is set has the last word.
VARIABLES = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
# Of its search for plugins Qt tells always, and wrongly names a missing library where only the display is missing.
_SEARCH = "qt.qpa.plugin"

Ending = Callable[[Problem], int]


def tell_and_end(problem: Problem) -> int:
    """Say it where the program was started from; the exit status."""
    if sys.stderr:  # a program without a console has none
        print(problem.text(), problem.details, sep="\n", file=sys.stderr)
    return 1


@contextmanager
def display_needed(ending: Ending) -> Iterator[None]:
    """Around the making of the Qt application: where that fails, `ending` has the last word and gives the exit status.

    There is no way back from where Qt gives up, so the process ends right there, in Qt's own message handler.
    """
    # Elsewhere Qt asks for no X server, whatever is set.
    if sys.platform == "linux" and unreachable(os.environ):
        raise SystemExit(ending(_problem(f"no answer within {PATIENCE:g} seconds")))
    said: list[tuple[str, str]] = []

    def hear(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        if kind is not QtMsgType.QtFatalMsg:
            said.append((context.category or "", text))
            return
        status = 1
        try:
            status = ending(_problem(_reason(said)))
            sys.stdout.flush()
        finally:
            os._exit(status)

    before = qInstallMessageHandler(hear)
    try:
        yield
    finally:
        qInstallMessageHandler(before)
    for category, text in said:
        qWarning(f"{category}: {text}" if category else text)


def _problem(reason: str) -> Problem:
    named = [f"{name}={plain(os.environ[name], 60)}" for name in VARIABLES if os.environ.get(name)]
    where = f"with {' and '.join(named)}" if named else "here"
    return Problem(
        f"{NAME} cannot open a window {where}.",
        "Start it from a desktop session, or name a display that answers.",
        f"The reason: {reason}.",
    )


def _reason(said: list[tuple[str, str]]) -> str:
    """In Qt's own words."""
    direct = [text for category, text in said if category != _SEARCH] or [text for _, text in said]
    return "; ".join(plain(text.strip(" .\n"), 300) for text in direct) or "Qt tells none"
