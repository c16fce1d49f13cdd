"""Writes down in which thread each Qt object of Python is freed, whether by a collection or with its last reference."""

import threading
import weakref
from collections import Counter
from typing import Any

from PySide6 import QtCore, QtGui, QtWidgets

# Every plain object that was made here, by the thread that freed it.
freed: Counter[str] = Counter()
in_workers: Counter[str] = Counter()


def watch_everything() -> None:
    """From now on. Before the program's own classes are imported or after makes no difference: they ask their bases."""
    for module in (QtCore, QtGui, QtWidgets):
        # By name: PySide makes each type when it is first asked for.
        for kind in [getattr(module, name) for name in dir(module)]:
            if isinstance(kind, type) and issubclass(kind, QtCore.QObject):
                _watch(kind)


def _watch(kind: Any) -> None:
    begin = kind.__init__

    def begin_watched(self: Any, *arguments: Any, **named: Any) -> None:
        begin(self, *arguments, **named)
        # A subclass comes through here once for each base that has an __init__ of its own.
        if not self.__dict__.get("watched_by_test"):
            self.watched_by_test = True
            weakref.finalize(self, _note, type(self).__name__).atexit = False

    kind.__init__ = begin_watched


def _note(name: str) -> None:
    if threading.current_thread() is threading.main_thread():
        freed[name] += 1
    else:
        in_workers[name] += 1
