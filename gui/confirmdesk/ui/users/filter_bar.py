"""The row above the users table: search box and quick filters, read as one `UserFilter`."""

import time
from collections.abc import Callable
from datetime import tzinfo

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QLineEdit, QToolButton, QVBoxLayout, QWidget

from confirmdesk.core.people.dates import today
from confirmdesk.core.people.filters import UserFilter
from confirmdesk.core.people.needles import parse
from confirmdesk.core.people.users import Channel
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.inputs import button, combo
from confirmdesk.ui.kit.labels import plain_label
from confirmdesk.ui.kit.theme import zoomed
from confirmdesk.ui.users.between import Between

SEARCH_LEAST = 216
SPACING = 8
_HOUR = 3600.0
_WITHIN = {
    "Last hour": _HOUR,
    "Last 24 hours": 24 * _HOUR,
    "Last 7 days": 7 * 24 * _HOUR,
    "Last 30 days": 30 * 24 * _HOUR,
}
_DAYS = {"Today": 0, "Yesterday": -1}
ANY_TIME, OLDER, BETWEEN = "Any time", "Older than 24 hours", "Between…"
CHANNELS = {
    "Any channel": None,
    "E-mail": Channel.EMAIL,
    "SMS": Channel.SMS,
    "No address": Channel.NONE,
}


class SearchEdit(QLineEdit):
    """Escape clears, Down and Return leave for the list."""

    left_downwards = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Search users")
        self.setPlaceholderText("Search e-mail, name, phone, username…")
        self.setToolTip("Several words, in any column; -word leaves people out; a pasted list finds everybody in it")
        self.setClearButtonEnabled(True)
        # Qt's own button has no name, and stands there only while there is something to clear.
        for clear in self.findChildren(QToolButton):
            clear.setAccessibleName("Clear search")
            clear.setToolTip("Clear search")

    def minimumSizeHint(self) -> QSize:
        return QSize(zoomed(SEARCH_LEAST), super().minimumSizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)


class FilterBar(QWidget):
    """`changed` comes with each key: looking through 100,000 people takes less than a frame."""

    changed = Signal()

    def __init__(self, now: Callable[[], float] = time.time, tz: tzinfo | None = None) -> None:
        super().__init__()
        self._now, self._tz = now, tz
        self.search = SearchEdit()
        self._within_label = plain_label("Signed up", "secondary")
        self.signed_up = combo("Signed up", [ANY_TIME, *_DAYS, *_WITHIN, OLDER, BETWEEN], self._within_label)
        self.channel = combo("Channel filter", CHANNELS)
        self.not_sent = button("Not sent in 24 h", "Not sent in 24 h", "chip")
        self.not_sent.setToolTip("Leaves out whom this program sent a code from this computer in the last 24 hours")
        self.enabled_only = button("Enabled only", "Enabled only", "chip")
        self.picked_only = button("Picked only", "Picked only", "chip")
        self.between = Between(now, tz)
        self.between.hide()
        # Room for what is chosen at the start; a narrow window cuts the longer choices.
        self.signed_up.least = 118
        self.channel.least = 136
        self._chips = (self.not_sent, self.enabled_only, self.picked_only)
        self._first, self._second = NarrowRow(), NarrowRow()
        self._two = False
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        first, second = self._first, self._second
        first.setSpacing(SPACING)
        second.setSpacing(SPACING)
        first.addWidget(self.search, 1)
        first.addSpacing(4)
        for widget in (self._within_label, self.signed_up, self.channel, *self._chips):
            first.addWidget(widget)
        second.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for row in (first, second):
            column.addLayout(row)
        column.addWidget(self.between)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._use_room()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            # What stands here has become larger or smaller, as by the zoom.
            self._use_room()
        return done

    def _use_room(self) -> None:
        """The chips go into a row of their own where one row would cut their words. The word beside *Signed up* is the
        first thing that a narrow window can do without; it stays the combo box's name."""
        always = (self.search, self.signed_up, self.channel)
        boxes = sum(widget.minimumSizeHint().width() + SPACING for widget in always)
        chips = sum(chip.sizeHint().width() + SPACING for chip in self._chips)
        two = self.width() < boxes + chips
        if two != self._two:
            self._two = two
            for place, chip in enumerate(self._chips):
                if two:
                    self._second.insertWidget(place, chip)
                else:
                    self._first.addWidget(chip)
        left = self.width() - boxes - (0 if two else chips)
        self._within_label.setVisible(left > self._within_label.sizeHint().width() + SPACING)

    def text(self) -> str:
        return self.search.text().strip()

    def wanted(self) -> UserFilter:
        """What is set, with hours counted from this moment."""
        since, until = self._limits()
        channel = CHANNELS.get(self.channel.currentText())
        sent = self._now() - 24 * _HOUR if self.not_sent.isChecked() else None
        enabled, picked = self.enabled_only.isChecked(), self.picked_only.isChecked()
        return UserFilter(parse(self.search.text()), since, until, channel, enabled, sent, picked)

    def is_moving(self) -> bool:
        """Whether who matches changes as time goes by."""
        return self.signed_up.currentText() in (*_DAYS, *_WITHIN, OLDER) or self.not_sent.isChecked()

    def clear(self) -> None:
        self.search.clear()
        self.clear_all_but_search()

    def clear_all_but_search(self) -> None:
        self.signed_up.setCurrentText(ANY_TIME)
        self.channel.setCurrentIndex(0)
        self.not_sent.setChecked(False)
        self.enabled_only.setChecked(False)
        self.picked_only.setChecked(False)

    def _limits(self) -> tuple[float | None, float | None]:
        chosen = self.signed_up.currentText()
        if chosen in _WITHIN:
            return self._now() - _WITHIN[chosen], None
        if chosen in _DAYS:
            day = today(self._now(), self._tz, _DAYS[chosen])
            return day.at, day.end
        if chosen == OLDER:
            return None, self._now() - 24 * _HOUR
        if chosen == BETWEEN:
            return self.between.limits()
        return None, None

    def _connect(self) -> None:
        self.search.textChanged.connect(self.changed)
        self.signed_up.currentTextChanged.connect(self._signed_up_changed)
        self.signed_up.activated.connect(self._go_to_limits)
        self.channel.currentTextChanged.connect(self.changed)
        self.not_sent.toggled.connect(self.changed)
        self.enabled_only.toggled.connect(self.changed)
        self.picked_only.toggled.connect(self.changed)
        self.between.changed.connect(self.changed)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self).activated.connect(self._go_to_search)

    def _signed_up_changed(self, chosen: str) -> None:
        self.between.setVisible(chosen == BETWEEN)
        self.changed.emit()

    def _go_to_limits(self) -> None:
        # Whoever chooses it by hand wants to type the first of them.
        if self.signed_up.currentText() == BETWEEN:
            self.between.begin()

    def _go_to_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()
