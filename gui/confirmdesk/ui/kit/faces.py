"""Whole faces: a sentence across a panel, an empty place, a bar that moves while work is under way."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.labels import plain_label
from confirmdesk.ui.kit.screen_reader import announce
from confirmdesk.ui.kit.theme import Theme, set_kind


class Banner(QFrame):
    """A sentence across a panel, with the buttons that help. Hidden while it has nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "banner")
        self._text = plain_label(wrap=True)
        self._row = NarrowRow(self)
        self._row.setContentsMargins(12, 8, 8, 8)
        self._row.addWidget(self._text, 1)
        self.hide()

    def add_button(self, made: QPushButton) -> None:
        """One more, at the end. It is the caller's to connect, show and hide."""
        self._row.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)

    def say(self, text: str, severity: str = "info") -> None:
        """Show `text` as "info", "warn" or "error", and announce it; "" hides the banner."""
        if text == self._text.text() and self.property("severity") == severity:
            return
        self._text.setText(text)
        set_kind(self, severity=severity)
        for child in self.findChildren(QWidget):
            set_kind(child)  # their colours go by ours
        self.setVisible(bool(text))
        if text:
            announce(self, text)

    def text(self) -> str:
        return self._text.text()


class BusyBar(QWidget):
    """A thin line along which something moves while work is under way. It keeps its place when nothing is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._at = 0.0
        self._timer = QTimer(self, interval=40)
        self._timer.timeout.connect(self._step)
        self.setFixedHeight(3)

    def set_busy(self, busy: bool) -> None:
        if busy:
            self._timer.start()
        else:
            self._timer.stop()
        self.update()

    def is_busy(self) -> bool:
        return self._timer.isActive()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        if self.is_busy():
            painter = QPainter(self)
            painter.fillRect(self.rect(), QColor(self._theme.colours.line))
            width = self.width() // 4
            left = round((self.width() + width) * self._at) - width
            painter.fillRect(left, 0, width, self.height(), QColor(self._theme.colours.link))

    def _step(self) -> None:
        self._at = (self._at + 0.02) % 1.0
        self.update()


class EmptyState(QWidget):
    """The face of a place with nothing in it: a sentence, a quieter one, and the buttons that help."""

    def __init__(self, *buttons: QPushButton) -> None:
        super().__init__()
        self._sentence = plain_label(kind="heading", wrap=True)
        self._more = plain_label(kind="quiet", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        column.addStretch(2)
        for label in (self._sentence, self._more):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            # A long word that somebody searched for must not make the window wide.
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            column.addWidget(label)
        row = NarrowRow()
        row.addStretch()
        for made in buttons:
            row.addWidget(made)
        row.addStretch()
        column.addSpacing(4)
        column.addLayout(row)
        column.addStretch(3)

    def say(self, sentence: str, more: str = "", announced: bool = True) -> None:
        changed = sentence != self._sentence.text()
        self._sentence.setText(sentence)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        if changed and announced and sentence:
            announce(self, f"{sentence} {more}".strip())

    def text(self) -> str:
        return f"{self._sentence.text()} {self._more.text()}".strip()
