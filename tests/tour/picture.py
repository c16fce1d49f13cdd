"""Pictures of what the program has painted on its screen."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

# Off screen no window manager draws a frame: a line, and how dark the shadow round it is, from the inside outwards.
SHADOW = (48, 36, 27, 20, 14, 9, 6, 3)

# Milliseconds; off screen Qt paints about every five.
PAINTED_IN = 100


def take(windows: Sequence[QWidget], file: Path) -> None:
    """Save the first of `windows` with the others where they stand over it, once they have painted what is new."""
    QTest.qWait(PAINTED_IN)
    first, *others = windows
    picture, origin = _painted(first), first.geometry().topLeft()
    with QPainter(picture) as painter:
        for window in others:
            place = window.geometry().translated(-origin)
            _draw_frame(painter, place, window.palette().mid().color())
            painter.drawPixmap(place.topLeft(), _painted(window))
    if not picture.save(str(file)):
        raise OSError(f"{file} could not be written.")


def _painted(window: QWidget) -> QPixmap:
    """What is on the screen, not what the window would paint if it was asked."""
    return window.screen().grabWindow(window.winId())


def _draw_frame(painter: QPainter, place: QRect, line: QColor) -> None:
    for distance, colour in enumerate((line, *(QColor(0, 0, 0, darkness) for darkness in SHADOW)), start=1):
        painter.setPen(colour)
        painter.drawRect(place.adjusted(-distance, -distance, distance - 1, distance - 1))
