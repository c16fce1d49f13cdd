"""A dressed application for tests of windows. Ask for `theme`."""

from collections.abc import Iterator

import pytest
import shiboken6
from PySide6.QtWidgets import QApplication

from confirmdesk.core.paths import resource
from confirmdesk.ui.theme import Theme


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp, resource("icons/check.svg").parent, "light")
    yield made
    shiboken6.delete(made)
