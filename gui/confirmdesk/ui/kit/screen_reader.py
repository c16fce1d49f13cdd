"""What a screen reader says by itself."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say `text` now. For changes of state, never for ticks."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))
