"""Text that gives up its end where a window is too narrow for it, whatever the font, and then is its own tool tip."""

import html
import re

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QCursor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QToolTip,
    QWidget,
)

from confirmdesk.core.text import plain

# What the narrowest window, of 640 pixels, surely leaves between the margins of a page.
ROW_LEAST = 560
_TIP_LIMIT = 600


def tool_tip(text: str) -> str:
    """`text` as a tool tip shows it: word for word. Qt reads a tool tip as HTML when it looks like HTML."""
    lines = (foldable(plain(line)) for line in text[:_TIP_LIMIT].split("\n"))
    return "<qt>" + "<br>".join(html.escape(line) for line in lines) + "</qt>" if text else ""


def foldable(text: str) -> str:
    """`text` with places where a line may end: an unbroken run of characters would be as wide as the screen."""
    return re.sub(r"(\S{48})(?=\S)", "\\1\u200b", text)


class ElidedLabel(QLabel):
    """One line that gives up its end, not the window's width. The whole text is its tool tip, while it is cut."""

    _more = ""

    def __init__(self, text: str = "", kind: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        if kind:
            self.setProperty("kind", kind)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(text)
        self._update_tip()

    def shown_text(self) -> str:
        """What fits."""
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.contentsRect().width())

    def minimumSizeHint(self) -> QSize:
        least = self.fontMetrics().horizontalAdvance("…")
        return QSize(min(least, super().sizeHint().width()), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(2, 0)  # fractions of a pixel would elide what just fits

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._update_tip()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        painter = QPainter(self)
        self.drawFrame(painter)
        flags = self.alignment().value | Qt.TextFlag.TextSingleLine.value
        role = self.foregroundRole()
        style = self.style()
        style.drawItemText(
            painter, self.contentsRect(), flags, self.palette(), self.isEnabled(), self.shown_text(), role
        )

    def tell_more(self, text: str) -> None:
        """The tool tip says `text` too, whether or not the line is cut."""
        self._more = text
        self._update_tip()

    def _update_tip(self) -> None:
        whole = self.text() if self.shown_text() != self.text() else ""
        self.setToolTip(tool_tip("\n".join(filter(None, (whole, self._more)))))


class Words(ElidedLabel):
    """A few words of our own that claim the room they need, and are cut only where a `NarrowRow` has less."""

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class ElidedButton(QPushButton):
    """One that a `NarrowRow` may cut: then its text ends in "…", and is its tool tip unless it has one of its own."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.is_cut():
            super().paintEvent(event)
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        inside = self.style().subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
        option.text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, inside.width())
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and not self.toolTip() and self.is_cut():
            QToolTip.showText(QCursor.pos(), tool_tip(self.text()), self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A key that is held, from another window perhaps, presses nothing.
        if event.isAutoRepeat():
            event.ignore()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and _is_bare(event):
            # Left to the dialog it would press the default button, whichever has the focus: “Send” from “Back”.
            self.click()
        else:
            super().keyPressEvent(event)

    def is_cut(self) -> bool:
        return self.width() < self.sizeHint().width()


def _is_bare(event: QKeyEvent) -> bool:
    return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


class NarrowRow(QHBoxLayout):
    """Where there is not room for what its parts claim, the longest of them give up their ends first.

    Qt shares too little room in just this way. It only never has to: a row claims for itself what its parts claim.
    """

    def __init__(self, parent: QWidget | None = None, least: int = ROW_LEAST) -> None:
        super().__init__()
        self._least = least
        if parent is not None:
            parent.setLayout(self)

    def minimumSize(self) -> QSize:
        claimed = super().minimumSize()
        return QSize(min(claimed.width(), self._least), claimed.height())
