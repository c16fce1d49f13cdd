"""One round of keys and clicks, the same for both windows, measured from the event to the end of the repaint."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from painted import Painted
from parent import answer
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QTableView, QWidget

# From nearly everybody over every third to a few and nobody; each is typed key by key, and its slowest key counts.
NEEDLES = {"one letter": "a", "a domain": ".org", "a name": "anna", "a number": "12345", "nobody": "qqq"}


@dataclass(frozen=True, slots=True)
class Window:
    """What a round needs to know. `faces` are what may be painted where the rows are; `columns` are those clicked on,
    by name: the first of them is the one sorted by before and after a round, so that each click makes a new order."""

    search: QLineEdit
    table: QTableView
    faces: tuple[QWidget, ...]
    columns: Mapping[str, int]


def serve(window: Window, before: Callable[[], None] = lambda: None) -> None:
    """Measure a round whenever the parent asks for one; `before` comes first, and is not measured."""
    painted = Painted(*window.faces)
    first = next(iter(window.columns.values()))
    _click(window, first, painted)
    answer("ready")
    while sys.stdin.readline():
        before()
        _settle()
        sort = {name: _click(window, column, painted) for name, column in window.columns.items()}
        _click(window, first, painted)
        answer({"search": {name: _slowest_key(window, text, painted) for name, text in NEEDLES.items()}, "sort": sort})


def _slowest_key(window: Window, text: str, painted: Painted) -> float:
    times = []
    for letter in text:
        rows = window.table.model().rowCount()
        typed = Painted(window.search)

        # A filter that leaves all rows where they are need not paint them.
        def over(rows: int = rows, typed: Painted = typed) -> bool:
            return painted.seen or (typed.seen and window.table.model().rowCount() == rows)

        times.append(painted.after(lambda letter=letter: QTest.keyClick(window.search, letter), over))
        _settle()
    window.search.clear()
    _settle()
    return max(times)


def _click(window: Window, column: int, painted: Painted) -> float:
    header = window.table.horizontalHeader()
    assert not header.isSectionHidden(column), "nobody clicks on what is not there"
    at = QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) // 2, header.height() // 2)
    button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    taken = painted.after(lambda: QTest.mouseClick(header.viewport(), button, none, at))
    _settle()
    return taken


def _settle() -> None:
    for _ in range(10):
        QApplication.processEvents()
