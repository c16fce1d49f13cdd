"""What somebody sees in a window and presses there, by the names that screen readers read out."""

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMessageBox,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from confirmdesk.ui.main_window import MainWindow

W = TypeVar("W", bound=QWidget)
LEFT = Qt.MouseButton.LeftButton


def visible(root: QWidget, name: str, kind: type[W]) -> list[W]:
    """What somebody finds under that name and nothing hidden; labels and inner line edits only where asked for."""
    inner = () if kind is QLineEdit else (QLineEdit,)
    skipped = () if issubclass(kind, QLabel) else (QLabel,)
    found = [w for w in (root, *root.findChildren(kind)) if isinstance(w, kind) and w.accessibleName() == name]
    boxed = [w for w in found if isinstance(w, inner) and isinstance(w.parent(), QComboBox)]
    return [w for w in found if w.isVisible() and not isinstance(w, skipped) and w not in boxed]


def the(root: QWidget, name: str, kind: type[W] = QWidget) -> W:  # type: ignore[assignment]
    found = visible(root, name, kind)
    assert len(found) == 1, f"{name}: {found}"
    return found[0]


def is_shown(root: QWidget, name: str) -> bool:
    return bool(visible(root, name, QWidget))


def press(qtbot: QtBot, root: QWidget, name: str) -> None:
    qtbot.mouseClick(the(root, name, QAbstractButton), LEFT)


def line(root: QWidget, name: str) -> str:
    """What a screen reader says of the text line called `name`: its description, which is what is shown."""
    label = the(root, name, QLabel)
    assert label.accessibleDescription() == label.text()
    return label.text()


def said(root: QWidget) -> str:
    """All the text that can be read in `root`."""
    return "\n".join(label.text() for label in root.findChildren(QLabel) if label.isVisible())


def cells(root: QWidget, name: str) -> list[list[str]]:
    """The rows of the table called `name`, as they are shown."""
    model = the(root, name, QTableView).model()
    columns = range(model.columnCount())
    return [[str(model.index(row, at).data()) for at in columns] for row in range(model.rowCount())]


def column(root: QWidget, table: str, heading: str) -> list[str]:
    model = the(root, table, QTableView).model()
    headings = [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]
    return [row[headings.index(heading)] for row in cells(root, table)]


def opened(qtbot: QtBot, window: QWidget, kind: type[W]) -> W:
    """The dialog of this kind over `window`, as soon as it is there."""

    def here() -> list[W]:
        return [w for w in window.findChildren(kind) if w.isVisible()]

    qtbot.waitUntil(lambda: bool(here()))
    (found,) = here()
    return found


def box(qtbot: QtBot, window: QWidget) -> QMessageBox:
    return opened(qtbot, window, QMessageBox)


def answer(qtbot: QtBot, asked: QMessageBox, text: str) -> None:
    """Press the button that reads `text`."""
    (found,) = [b for b in asked.buttons() if b.text().replace("&", "") == text]
    qtbot.mouseClick(found, LEFT)


def boxes(window: QWidget) -> list[QDialog]:
    return [w for w in window.findChildren(QDialog) if w.isVisible()]


def show(qtbot: QtBot, widget: W) -> W:
    """On the screen and active, as if somebody had just clicked it."""
    if widget.parent() is None:
        qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    widget.activateWindow()
    return widget


def wait_loaded(qtbot: QtBot, window: MainWindow, first: str = "200 loaded") -> None:
    qtbot.waitUntil(lambda: line(window, "User counts").startswith(first))
    qtbot.waitUntil(lambda: not is_shown(window, "Stop loading"))


def wait_for(qtbot: QtBot, condition: Callable[[], Any]) -> None:
    qtbot.waitUntil(lambda: bool(condition()))
