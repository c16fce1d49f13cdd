"""What the screen has room for."""

from PySide6.QtWidgets import QWidget


def fit(window: QWidget, width: int, height: int) -> None:
    """Give `window` this size, or what the screen has: one that is larger hides its buttons below the edge."""
    free = window.screen().availableGeometry()
    # Room for the frame that a window manager adds.
    window.resize(min(width, free.width() - 8), min(height, free.height() - 40))
