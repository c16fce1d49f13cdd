import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget


@pytest.fixture
def window(qtbot, theme):
    made = QWidget()
    QVBoxLayout(made)
    qtbot.addWidget(made)
    return made
