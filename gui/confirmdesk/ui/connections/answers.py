"""What became of the last thing that was asked for, always in sight: it stands between a form and its buttons."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from confirmdesk.ui.kit.labels import StatusLine

# In pixels; a longer answer scrolls, and the form above keeps its room.
MOST = 200


class Answers(QScrollArea):
    """A text line called `name` that grows with what it says; hidden while it says nothing."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.line = StatusLine(name, "", wrap=True)
        self.setAccessibleName(f"{name} in full")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self._page = QWidget()
        self._page.setProperty("kind", "page")
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(24, 12, 24, 0)
        self._column.addWidget(self.line)
        # As high as it is at this width: Qt's own least height is that of a narrower one.
        self.line.setMinimumHeight(1)
        self.setWidget(self._page)
        self.hide()

    def show_text(self, text: str, announced: bool = True) -> None:
        """Show `text`, and have a screen reader say it unless it only tells that something began."""
        self.line.show_text(text, announced)
        self.setVisible(bool(text))
        self._fit()
        self.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wanted = self._page.heightForWidth(self.viewport().width())
        self.setFixedHeight(min(wanted, MOST))
        # What Qt laid out while this was hidden and narrow it would keep, with the first words out of sight.
        self._column.invalidate()
        # Tab stops here only where the keys have something to scroll.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if wanted > MOST else Qt.FocusPolicy.NoFocus)
