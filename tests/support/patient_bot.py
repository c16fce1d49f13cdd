"""How long a test waits in a window for what must come: a busy computer takes seconds for it."""

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

# In milliseconds. Nobody waits for it but a test that fails.
LONG = 30_000


class PatientBot(QtBot):
    """pytest-qt gives up after five seconds where nothing else is said."""

    def waitUntil(self, callback: Any, *, timeout: int = LONG) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = LONG, **how: Any) -> Any:
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitExposed(self, widget: Any, *, timeout: int = LONG) -> Any:
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)
