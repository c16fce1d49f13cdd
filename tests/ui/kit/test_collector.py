import gc
import weakref

import pytest
import shiboken6
from on_screen import show, wait_for
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

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
def collect(qapp, monkeypatch):
    """Makes a collector that is quick."""
    monkeypatch.setattr(collector, "LOOK_MS", 1)
    monkeypatch.setattr(collector, "QUIET_MS", 50)
    gc.collect()
    made = []
    yield lambda is_busy: made.append(Collector(qapp, is_busy))
    for each in made:
        shiboken6.delete(each)


def test_nothing_is_collected_but_by_the_collector(collect):
    gc.enable()
    collect(lambda: False)
    assert not gc.isenabled()


def test_young_garbage_goes_at_once_even_while_something_is_under_way(qtbot, collect):
    collect(lambda: True)
    gone = weakref.ref(Garbage())
    assert gone()
    wait_for(qtbot, lambda: allocate() and gone() is None)


def test_the_oldest_go_when_nothing_is_under_way(qtbot, collect):
    busy = [True]
    collect(lambda: busy[0])
    gone = make_old()
    wait_for(qtbot, lambda: allocate() and gc.get_count()[2] > 2 * collector.OLDEST_AFTER)
    assert gone()
    busy.clear()
    busy.append(False)
    wait_for(qtbot, lambda: gone() is None)


def test_the_oldest_wait_while_somebody_types(qtbot, theme, collect):
    field = show(qtbot, QLineEdit())
    collect(lambda: False)
    gone = make_old()
    looks = 3 * collector.OLDEST_AFTER
    wait_for(qtbot, lambda: type_into(qtbot, field) and (allocate() and gc.get_count()[2] >= looks))
    assert gone()
    wait_for(qtbot, lambda: gone() is None)
