"""What the CustomMessage Lambda receives for one user."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QResizeEvent, QSyntaxHighlighter, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.people.users import User
from confirmdesk.core.sending.metadata import Filled, trigger_event
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.eliding import foldable
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.theme import SMALL_PIXELS, Theme, zoomed

# Each value may be 131,072 characters long; a preview of that length helps nobody and costs a second to lay out.
_LINE_LIMIT = 2048

# Pixels that the preview is high where there is no room for more.
LEAST = 168
METADATA = '"clientMetadata"'
NO_TRIGGER = "This pool has no CustomMessage Lambda: it ignores client metadata."
UNKNOWN_TRIGGER = "Whether this pool has a CustomMessage Lambda is not known; without one it ignores client metadata."
EXAMPLE = "clientMetadata is exactly what is sent; the grey rest is AWS's documented example."


class LambdaPreview(QWidget):
    """The event as JSON, with its `clientMetadata` standing out."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._for = StatusLine("Lambda preview for", "secondary", wrap=True)
        self._trigger = StatusLine("Lambda trigger", "secondary", wrap=True)
        self._text = _EventText()
        self._text.setAccessibleName("Lambda preview")
        self._text.setProperty("kind", "code")
        self._text.setReadOnly(True)
        self._text.setTabChangesFocus(True)
        self._text.setMinimumHeight(LEAST)
        self._set_font()
        theme.changed.connect(self._set_font)
        self._grey = _GreyExample(self._text, theme)
        heading = plain_label("What the Lambda receives", "heading")
        heading.setBuddy(self._text)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (heading, self._for, self._text, self._trigger):
            column.addWidget(widget, 1 if widget is self._text else 0)
        self.show_trigger(True)

    def _set_font(self) -> None:
        font = self._text.font()
        font.setStyleHint(font.StyleHint.Monospace)
        font.setFamilies(["Noto Sans Mono", "Consolas", "Menlo", "DejaVu Sans Mono", "monospace"])
        font.setPixelSize(zoomed(SMALL_PIXELS))
        self._text.setFont(font)

    def show_trigger(self, has_trigger: bool | None) -> None:
        words = {True: EXAMPLE, False: NO_TRIGGER, None: UNKNOWN_TRIGGER}
        self._trigger.show_text(words[has_trigger])

    def show_event(self, connection: Connection, user: User, filled: Filled) -> None:
        """The event for `user`; placeholders that are empty for them are named."""
        missing = f" · {', '.join(filled.empty)} is empty" if filled.empty else ""
        self._for.show_text(foldable(f"for {plain(user.label, 120)}{missing}"))
        event = trigger_event(connection, user, filled.pairs)
        text = "\n".join(plain(line, _LINE_LIMIT) for line in event.split("\n"))
        if text != self._text.toPlainText():
            self._text.setPlainText(text)
            self._text.show_metadata()

    def show_nobody(self) -> None:
        self._for.show_text("Choose somebody in the list to see their values.")
        self._text.setPlainText("")


class _EventText(QPlainTextEdit):
    """Begins at the part that is ours: the example around it is longer than the box."""

    def show_metadata(self) -> None:
        ours = self.document().find(METADATA)
        if not ours.isNull():
            ours.movePosition(QTextCursor.MoveOperation.StartOfBlock)
            # Coming from the end it stops at the upper edge.
            self.moveCursor(QTextCursor.MoveOperation.End)
            self.setTextCursor(ours)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.show_metadata()

    def sizeHint(self) -> QSize:
        # Qt's own would make the panel scroll sooner than it has to.
        return QSize(super().sizeHint().width(), LEAST)


class _GreyExample(QSyntaxHighlighter):
    """Greys every line outside `clientMetadata`, which stands at the second level of the indented event."""

    def __init__(self, text: QPlainTextEdit, theme: Theme) -> None:
        super().__init__(text.document())
        self._theme = theme
        theme.changed.connect(self.rehighlight)

    def highlightBlock(self, text: str) -> None:
        inside = self.previousBlockState() == 1
        opens = text.startswith(f"    {METADATA}")
        if not (inside or opens):
            grey = QTextCharFormat()
            grey.setForeground(QColor(self._theme.colours.secondary))
            self.setFormat(0, len(text), grey)
        goes_on = (opens and text.endswith("{")) or (inside and not text.startswith("    }"))
        self.setCurrentBlockState(1 if goes_on else 0)
