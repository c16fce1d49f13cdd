"""What the screen has room for."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget

from confirmdesk.ui.kit.theme import zoomed


def fit(window: QWidget, width: int, height: int = 0) -> None:
    """Give `window` this size beside text of 13 pixels, or what the screen has: one that is larger hides its buttons
    below the edge. A height of 0 is what its parts need."""
    free = window.screen().availableGeometry()
    high = zoomed(height) or window.sizeHint().height()
    # Room for the frame that a window manager adds.
    window.resize(min(zoomed(width), free.width() - 8), min(high, free.height() - 40))


def scrolling(content: QLayout) -> QScrollArea:
    """`content`, which scrolls where a small screen, or much zoom, has no room for it; the buttons stay below it."""
    page, area = QWidget(), QScrollArea()
    page.setProperty("kind", "page")
    content.setContentsMargins(0, 0, 0, 0)
    page.setLayout(content)
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
