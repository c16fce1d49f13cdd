"""The strip at the top: which pool, in which environment, as whom."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QVBoxLayout, QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.colours import ToneName, environment_tone
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.inputs import button, combo
from confirmdesk.ui.kit.labels import Pill, StatusLine
from confirmdesk.ui.kit.theme import set_kind, zoomed

# Pixels for who is signed in, with the margins of the strip.
STATUS_LEAST = 280
# Those alone, and what stands between the halves of the strip.
MARGINS = 64
# The sign on the plus key is "=" where it is not shifted.
ZOOMS = (("Larger", 1, ("Ctrl++", "Ctrl+=")), ("Smaller", -1, ("Ctrl+-",)), ("As made", 0, ("Ctrl+0",)))


class _MenuBelow(QMenu):
    """Ends where its button ends: at the edge of the window, and of the screen, it would go beyond it."""

    def __init__(self, opener: QWidget) -> None:
        super().__init__(opener)
        self._opener = opener

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        end = self._opener.mapToGlobal(self._opener.rect().bottomRight())
        self.move(max(0, end.x() + 1 - self.width()), self.y())


class ConnectionStrip(QWidget):
    """Says what is chosen and asks for what is wanted; it changes nothing itself."""

    chosen = Signal(str)
    new_requested = Signal()
    edit_requested = Signal()
    sign_in_requested = Signal()
    sign_out_requested = Signal()
    refresh_requested = Signal()
    outbox_requested = Signal()
    history_requested = Signal()
    leave_requested = Signal()
    reset_requested = Signal()
    log_requested = Signal()
    about_requested = Signal()
    settings_requested = Signal()
    # Steps: 1 is larger, -1 smaller, 0 back to how it was made.
    zoom_chosen = Signal(int)

    def __init__(self, practice: bool) -> None:
        super().__init__()
        self._practice = practice
        self._connections: list[Connection] = []
        self.choice = combo("Connection")
        self.choice.least = 180
        self.choice.setSizeAdjustPolicy(self.choice.SizeAdjustPolicy.AdjustToContents)
        self._pill = Pill("", ToneName.NEUTRAL, "environment")
        self._status = StatusLine("Connection status")
        self._status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.new = button("New connection…", "New connection")
        self.edit = button("Edit…", "Edit connection")
        self.sign_in = button("Sign in", "Sign in")
        self.refresh = button("Refresh users", "Refresh users")
        self.outbox = button("Practice outbox", "Practice outbox")
        self.history = button("History", "History")
        self._more = button("More", "More")
        self._line = QFrame()
        self._line.setFixedHeight(3)
        self._bar = QFrame()
        self._lay_out()
        self._either: dict[QPushButton, QAction] = {}
        self._more.setMenu(self._menu())
        self.choice.currentTextChanged.connect(self._tell_choice)
        self.new.clicked.connect(self.new_requested)
        self.edit.clicked.connect(self.edit_requested)
        self.sign_in.clicked.connect(self.sign_in_requested)
        self.refresh.clicked.connect(self.refresh_requested)
        self.outbox.clicked.connect(self.outbox_requested)
        self.history.clicked.connect(self.history_requested)
        self.show_connections([], "")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._bar.setProperty("kind", "panel")
        row = NarrowRow(self._bar)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(8)
        for widget in (self.choice, self.edit, self.new, self._pill):
            row.addWidget(widget)
        row.addSpacing(4)
        row.addWidget(self._status, 1)
        row.addWidget(self.sign_in)
        row.addSpacing(4)
        for widget in (self.outbox, self.history, self.refresh, self._more):
            row.addWidget(widget)
        self.outbox.setVisible(self._practice)
        self.sign_in.hide()
        column.addWidget(self._bar)
        column.addWidget(self._line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_words()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            # When the buttons are as large as the zoom makes them.
            QTimer.singleShot(0, self, self._choose_words)

    def _choose_words(self) -> None:
        """Short words on the buttons where the long ones would leave nothing for who is signed in. Where even those
        would cut one another, and with them the environment's name, some wait in the menu."""
        buttons = {self.new: ("New connection…", "New…")}
        buttons |= {self.outbox: ("Practice outbox", "Outbox"), self.refresh: ("Refresh users", "Refresh")}
        for made, (long, _) in buttons.items():
            made.setText(long)
        self._put_in_menu(False)
        others = (self.edit, *buttons, self._pill, self.sign_in, self.history, self._more)

        def needed() -> int:
            shown = [widget.sizeHint().width() + 8 for widget in others if widget.isVisibleTo(self)]
            return sum(shown) + zoomed(self.choice.least)

        if self.width() < needed() + STATUS_LEAST:
            for made, (_, short) in buttons.items():
                made.setText(short)
        # Without zoom they are cut at most where the window is smaller than it should be.
        self._put_in_menu(zoomed(MARGINS) > MARGINS and self.width() < needed() + MARGINS)

    def _put_in_menu(self, there: bool) -> None:
        for made, action in self._either.items():
            made.setVisible(bool(self._connections) and not there)
            action.setVisible(bool(self._connections) and there)

    def _menu(self) -> QMenu:
        menu = _MenuBelow(self._more)
        settings = menu.addAction("Settings…", self.settings_requested.emit)
        # Qt's own for this is none on Linux and Windows.
        settings.setShortcut(QKeySequence("Ctrl+,"))
        sizes = menu.addMenu("Zoom")
        for text, steps, keys in ZOOMS:
            action = sizes.addAction(text)
            action.triggered.connect(lambda _, s=steps: self.zoom_chosen.emit(s))
            action.setShortcuts([QKeySequence(key) for key in keys])
        menu.addSeparator()
        self._either = {
            self.edit: menu.addAction("Edit connection…", self.edit.click),
            self.new: menu.addAction("New connection…", self.new.click),
        }
        if self._practice:
            menu.addAction("Reset practice", self.reset_requested.emit)
            menu.addAction("Leave the practice pool", self.leave_requested.emit)
        self._sign_out = menu.addAction("Sign out", self.sign_out_requested.emit)
        self._sign_out.setVisible(False)
        menu.addAction("Show log file", self.log_requested.emit)
        about = menu.addAction("About Confirmdesk", self.about_requested.emit)
        about.setShortcut(QKeySequence.StandardKey.HelpContents)
        return menu

    def show_connections(self, connections: Sequence[Connection], chosen: str) -> None:
        """Offer `connections` with `chosen` in front; nobody is told of that as of a choice."""
        self._connections = list(connections)
        self.choice.blockSignals(True)
        self.choice.clear()
        self.choice.addItems([f"{plain(c.name, 60)}    {plain(c.label, 80)}" for c in connections])
        self.choice.setCurrentIndex(next((i for i, c in enumerate(connections) if c.name == chosen), -1))
        self.choice.blockSignals(False)
        there = bool(connections)
        for widget in (self.choice, self.edit, self.new, self.refresh, self.history):
            widget.setVisible(there)
        self._show_environment()

    def show_sign_in_state(
        self, words: str, amber: bool = False, sign_in: bool = False, sign_out: bool = False
    ) -> None:
        """Who is signed in; `amber` where that ends soon. `sign_in` is whether that is the next thing to do, `sign_out`
        whether somebody is signed in by the browser."""
        self._status.show_text(words)
        set_kind(self._status, kind="word" if amber else "quiet", tone=ToneName.AMBER.value if amber else "")
        self.sign_in.setText("Sign in again" if amber else "Sign in")
        set_kind(self.sign_in, kind="plain" if amber else "primary")
        self.sign_in.setVisible(sign_in)
        self._choose_words()
        self._sign_out.setVisible(sign_out)

    def show_way(self, words: str) -> None:
        """Through what one signs in, beside who is signed in."""
        self._status.tell_more(words)

    def show_run_state(self, shown: bool, running: bool) -> None:
        """While a run is on the screen neither the connection nor the list changes. Once it is over the connection can
        be edited: a wrong secret is mended there."""
        for widget in (self.choice, self.new, self.refresh, self.history):
            widget.setEnabled(not shown)
        self.edit.setEnabled(not running)

    def _tell_choice(self) -> None:
        index = self.choice.currentIndex()
        if 0 <= index < len(self._connections):
            self._show_environment()
            self.chosen.emit(self._connections[index].name)

    def _show_environment(self) -> None:
        index = self.choice.currentIndex()
        environment = self._connections[index].environment if 0 <= index < len(self._connections) else ""
        tone = environment_tone(environment)
        self._pill.set(plain(environment, 24).upper(), tone)
        self._pill.setVisible(bool(environment))
        set_kind(self._line, kind="environment line", tone=tone.value)
        self._choose_words()
