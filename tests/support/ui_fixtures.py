"""A dressed application for tests of windows. Ask for `theme`."""

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

from confirmdesk.core.computer.paths import resource
from confirmdesk.ui.kit.theme import TEXT_PIXELS, Theme

SAMPLE = "The quick brown fox jumps over the lazy dog. Pick all shown 0123456789"
# In DejaVu Sans of 13 pixels, the widest of the fonts that a system brings by itself.
SAMPLE_PIXELS = 478


def set_text_width(app: QApplication, times: float = 1) -> None:
    """Make text as wide as in DejaVu Sans, or so many times as wide, whichever fonts this computer has."""
    font = QFont(app.font())
    font.setPixelSize(TEXT_PIXELS)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0)
    missing = SAMPLE_PIXELS * times - QFontMetricsF(font).horizontalAdvance(SAMPLE)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, missing / len(SAMPLE))
    if font != app.font():
        app.setFont(font)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    set_text_width(qapp)
    made = Theme(qapp, resource("icons/check.svg").parent, "light")
    yield made
    shiboken6.delete(made)
