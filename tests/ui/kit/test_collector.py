import gc
import weakref

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot
from windows import show, wait_for

from confirmdesk.ui.kit import collector
from confirmdesk.ui.kit.collector import Collector


class Garbage:
    """Something that only a collection frees."""

    def __init__(self) -> None:
        self.itself = self


def make_old() -> weakref.ref[Garbage]:
    """Garbage among the oldest."""
    old = Garbage()
    gc.collect(1)
    return weakref.ref(old)


def allocate() -> bool:
    for _ in range(2 * collector.YOUNG):
        Garbage()
    return True


def type_into(qtbot: QtBot, field: QLineEdit) -> bool:
    qtbot.keyClick(field, Qt.Key.Key_A)
    return True


@pytest.fixture
def parent(qapp, monkeypatch):
    monkeypatch.setattr(collector, "LOOK_MS", 1)
    monkeypatch.setattr(collector, "QUIET_MS", 50)
    gc.collect()
    made = QObject()
    yield made
    made.deleteLater()


def test_nothing_is_collected_but_by_the_collector(parent):
    gc.enable()
    Collector(parent, lambda: False)
    assert not gc.isenabled()


def test_young_garbage_goes_at_once_even_while_something_is_under_way(qtbot, parent):
    Collector(parent, lambda: True)
    gone = weakref.ref(Garbage())
    assert gone()
    wait_for(qtbot, lambda: allocate() and gone() is None)


def test_the_oldest_go_when_nothing_is_under_way(qtbot, parent):
    busy = [True]
    Collector(parent, lambda: busy[0])
    gone = make_old()
    wait_for(qtbot, lambda: allocate() and gc.get_count()[2] > 2 * collector.OLDEST_AFTER)
    assert gone()
    busy.clear()
    busy.append(False)
    wait_for(qtbot, lambda: gone() is None)


def test_the_oldest_wait_while_somebody_types(qtbot, theme, parent):
    field = show(qtbot, QLineEdit())
    Collector(parent, lambda: False)
    gone = make_old()
    looks = 3 * collector.OLDEST_AFTER
    wait_for(qtbot, lambda: type_into(qtbot, field) and (allocate() and gc.get_count()[2] >= looks))
    assert gone()
    wait_for(qtbot, lambda: gone() is None)
