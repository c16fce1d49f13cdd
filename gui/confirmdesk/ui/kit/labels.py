"""Texts in a window, with the names that screen readers and automation rely on."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QWidget

from confirmdesk.ui.kit.colours import ToneName
from confirmdesk.ui.kit.eliding import ROW_LEAST, ElidedLabel, Words
from confirmdesk.ui.kit.screen_reader import announce
from confirmdesk.ui.kit.theme import set_kind, tabular


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


def warning_icon(widget: QWidget) -> QLabel:
    """The style's warning sign, 20 px, for dialogs that ask before something grave."""
    label = QLabel()
    label.setPixmap(widget.style().standardIcon(QStyle.StandardPixmap.SP_MessageBoxWarning).pixmap(20, 20))
    return label
