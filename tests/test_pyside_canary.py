"""PySide6 6.12.0 on Python before 3.12 drops a reference to True with each emit, and aborts after some 550 of them."""

import sys

from PySide6.QtCore import QObject, Signal


class Bell(QObject):
    rang = Signal()


def test_emitting_does_not_wear_true_out() -> None:
    bell = Bell()
    heard: list[int] = []
    bell.rang.connect(lambda: heard.append(1))
    before = sys.getrefcount(True)
    for _ in range(50):
        bell.rang.emit()
    assert before - sys.getrefcount(True) < 25
    assert len(heard) == 50
