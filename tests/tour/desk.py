"""Eyes and a hand before the program's windows. The eyes find places by the names that screen readers read out; the
hand clicks at those places and types. The window system's events carry both: nothing is called, no widget handed one.
"""

import time
from collections.abc import Callable, Iterator

from PySide6.QtCore import QModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QProgressBar, QWidget

# Seconds. Nothing in the practice pool takes nearly as long, but its start may on a slow computer.
PATIENCE = 60.0


class NotSeenError(Exception):
    """What somebody at the desk would wait for in vain, in words."""


class Desk:
    """Waits for whatever it is asked about, as somebody there would."""

    # The eyes

    def windows(self) -> list[QWidget]:
        """What stands on the screen, the lowest first: later ones were opened over earlier ones."""
        shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.windowHandle()]
        return sorted(shown, key=lambda window: _depth(window))

    def wait(self, what: str, look: Callable[[], object]) -> None:
        """Until `look` finds something; `what` is said where it never does."""
        deadline = time.monotonic() + PATIENCE
        while not look():
            if time.monotonic() > deadline:
                raise NotSeenError(f"{what} was not to be seen within {PATIENCE:g} seconds.")
            QTest.qWait(20)

    def see(self, name: str, kind: type[QWidget] = QWidget) -> None:
        self.wait(f"“{name}”", lambda: list(self._named(name, kind)))

    def see_text(self, name: str, begin: str) -> str:
        """The whole text called `name`, as soon as it begins like that."""
        self.wait(f"“{begin}” under “{name}”", lambda: self._text(name).startswith(begin))
        return self._text(name)

    def see_rows(self, table: str, number: int) -> list[list[str]]:
        """The rows of `table` as they are shown, as soon as there are `number` of them."""
        self.wait(f"“{table}” with {number} rows", lambda: len(self.rows(table)) == number)
        return self.rows(table)

    def see_progress(self, name: str, least: int) -> int:
        """How far the bar called `name` is, as soon as it is at `least`."""

        def value() -> int:
            return max((bar.value() for bar in self._named(name, QProgressBar)), default=0)

        self.wait(f"“{name}” at {least}", lambda: value() >= least)
        return value()

    def see_gone(self, name: str) -> None:
        self.wait(f"The end of “{name}”", lambda: not list(self._named(name, QWidget)))

    def _named(self, name: str, kind: type[QWidget]) -> Iterator[QWidget]:
        for window in reversed(self.windows()):
            found = (window, *window.findChildren(kind))
            yield from (w for w in found if isinstance(w, kind) and w.isVisible() and w.accessibleName() == name)

    def _text(self, name: str) -> str:
        # What a screen reader reads out is what is shown, for lines and for rows of figures.
        return next((said for w in self._named(name, QWidget) if (said := w.accessibleDescription())), "")

    def rows(self, table: str) -> list[list[str]]:
        """The cells of a table or list as they are shown."""
        model = self._table(table).model()
        columns = range(model.columnCount())
        return [[str(model.index(row, at).data() or "") for at in columns] for row in range(model.rowCount())]

    def _table(self, name: str) -> QAbstractItemView:
        self.see(name, QAbstractItemView)
        return next(w for w in self._named(name, QAbstractItemView) if isinstance(w, QAbstractItemView))

    # The hand

    def click(self, name: str) -> None:
        """Click into the middle of what is called `name`, as soon as it can be used."""

        def usable() -> list[QWidget]:
            return [w for w in self._named(name, QWidget) if w.isEnabled() and not isinstance(w, QLabel)]

        self.wait(f"“{name}”, ready to be clicked", usable)
        widget = usable()[0]
        self._click_at(widget, widget.rect(), name)

    def click_cell(self, table: str, text: str, column: int) -> None:
        """Click into `column` of the row in which `text` can be read."""
        self.wait(f"“{text}” in “{table}”", lambda: any(text in row for row in self.rows(table)))
        view = self._table(table)
        row = next(at for at, cells in enumerate(self.rows(table)) if text in cells)
        index: QModelIndex = view.model().index(row, column)
        self._click_at(view.viewport(), view.visualRect(index), f"{text} in {table}")

    def _click_at(self, widget: QWidget, part: QRect, name: str) -> None:
        window = widget.window()
        place = widget.mapTo(window, part.center())
        hit = window.childAt(place)
        # Scrolled away, under something else, or too small to hit: a person could not click there either.
        if hit is None or not (hit is widget or widget.isAncestorOf(hit)):
            raise NotSeenError(f"“{name}” cannot be clicked: something else is at its place.")
        self._click_window(window.windowHandle(), place)

    def _click_window(self, window: QWindow, place: QPoint) -> None:
        # Off screen there is no window manager to bring forward what is clicked.
        window.requestActivate()
        QTest.mouseMove(window, place)
        QTest.mouseClick(window, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)

    def type(self, text: str) -> None:
        """On the keyboard; whatever has the focus gets it."""
        for letter in text:
            QTest.keyClick(self._focused(), letter)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self._focused(), key, modifier)

    def _focused(self) -> QWindow:
        window = QApplication.focusWindow()
        if window is None:
            raise NotSeenError("No window takes what is typed.")
        return window


def _depth(window: QWidget) -> int:
    parent = window.parentWidget()
    return 1 + _depth(parent.window()) if parent else 0
