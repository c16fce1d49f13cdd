"""The small parts that every window is made of, with the names that screen readers and automation rely on."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QFrame,
    QLabel,
    QListView,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)

from confirmdesk.ui.colours import ToneName
from confirmdesk.ui.eliding import ROW_LEAST, ElidedButton, ElidedLabel, NarrowRow, Words
from confirmdesk.ui.theme import Theme, set_kind, tabular


def fit(window: QWidget, width: int, height: int) -> None:
    """Give `window` this size, or what the screen has: one that is larger hides its buttons below the edge."""
    free = window.screen().availableGeometry()
    # Room for the frame that a window manager adds.
    window.resize(min(width, free.width() - 8), min(height, free.height() - 40))


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say `text` now. For changes of state, never for ticks."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def plain_label(text: str = "", kind: str = "", wrap: bool = False) -> QLabel:
    """A label that shows its text word for word."""
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wrap)
    if kind:
        label.setProperty("kind", kind)
    return label


def title(text: str, of: QWidget | None = None) -> QLabel:
    """An 18 px heading; a table's heading with the table's name is its buddy."""
    label = Words(text, "title")
    if of is not None:
        label.setBuddy(of)
    return label


class StatusLine(ElidedLabel):
    """A line of text that changes. Its accessible name stays, its accessible description is always the shown text:
    both are set here and nowhere else. A wrapping one grows downwards instead of eliding.
    """

    def __init__(self, name: str, kind: str = "quiet", wrap: bool = False) -> None:
        super().__init__("", kind)
        self.setAccessibleName(name)
        self.setFont(tabular(self.font()))
        self._wraps = wrap
        if wrap:
            self.setWordWrap(True)
            self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def show_text(self, text: str, announced: bool = False) -> None:
        """Show `text`; `announced` where a screen reader should say it at once."""
        if text != self.text():
            self.setText(text)
            self.setAccessibleDescription(text)
            if announced and text:
                announce(self, text)

    def minimumSizeHint(self) -> QSize:
        if not self._wraps:
            return super().minimumSizeHint()
        least = QLabel.minimumSizeHint(self)
        # A long word that came from somebody else must not make the window wide.
        return QSize(min(least.width(), ROW_LEAST), least.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._wraps:
            QLabel.paintEvent(self, event)
        else:
            super().paintEvent(event)

    def _update_tip(self) -> None:
        if not getattr(self, "_wraps", False):
            super()._update_tip()


class Pill(Words):
    """A state as a word on a colour."""

    def __init__(self, text: str = "", tone: ToneName = ToneName.NEUTRAL, kind: str = "pill") -> None:
        super().__init__(kind=kind)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set(text, tone)

    def set(self, text: str, tone: ToneName) -> None:
        self.setText(text)
        set_kind(self, tone=tone.value)


def button(text: str, name: str, kind: str = "plain") -> QPushButton:
    """A push button; `kind` is plain, primary, link, danger or chip (which stays pressed)."""
    made = ElidedButton(text)
    made.setAccessibleName(name)
    made.setProperty("kind", kind)
    made.setAutoDefault(False)
    made.setCheckable(kind == "chip")
    if kind == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


class Combo(QComboBox):
    """A combo box that keeps its name. Qt's accessibility gives it the chosen text as name and leaves the rest to a
    label whose buddy it is; where the design shows none, a hidden one follows it from parent to parent.

    `currentTextChanged` is the signal that counts: assistive tools set text without activating anything. `least` pixels
    of width are enough, if it is set: a narrow window cuts the longer texts.
    """

    def __init__(self, name: str, label: QLabel | None = None, editable: bool = False) -> None:
        super().__init__()
        self.least = 0
        self._follower = None if label else plain_label(name)
        buddy = label or self._follower
        assert buddy is not None
        buddy.setBuddy(self)
        buddy.setAccessibleName(name)
        self.setAccessibleName(name)
        self.setView(QListView())
        self.setEditable(editable)
        if edit := self.lineEdit():
            edit.setAccessibleName(name)
            self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ParentChange and self._follower is not None:
            self._follower.setParent(self.parentWidget())
            self._follower.hide()
        return super().event(event)

    def minimumSizeHint(self) -> QSize:
        wanted = super().minimumSizeHint()
        return QSize(self.least, wanted.height()) if self.least else wanted

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.isEditable():
            super().paintEvent(event)
            return
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, field.width() - 2
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling past a combo box must not change what will be sent.
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


def combo(name: str, items: Iterable[str] = (), label: QLabel | None = None, editable: bool = False) -> Combo:
    """A combo box called `name`; `label` is the visible label beside it, if there is one."""
    made = Combo(name, label, editable)
    made.addItems(list(items))
    return made


def name_spin(spin: QAbstractSpinBox, name: str, label: QLabel | None = None) -> None:
    """Name a spin box or date edit, with its inner line edit; `label` is the visible label beside it."""
    spin.setAccessibleName(name)
    spin.lineEdit().setAccessibleName(name)
    # The style sheet's padding does not reach the text of a spin box.
    spin.lineEdit().setTextMargins(7, 0, 0, 0)
    if label is not None:
        label.setBuddy(spin)
        label.setAccessibleName(name)


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


def warning_icon(widget: QWidget) -> QLabel:
    """The style's warning sign, 20 px, for dialogs that ask before something grave."""
    label = QLabel()
    label.setPixmap(widget.style().standardIcon(QStyle.StandardPixmap.SP_MessageBoxWarning).pixmap(20, 20))
    return label
