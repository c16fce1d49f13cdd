import json
import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

import pytest
import shiboken6
from on_screen import show
from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from confirmdesk.core.computer.second_start import Call, call_once
from confirmdesk.ui.second_start import REFUSAL_MS, SecondStartServer, come_forward

SHOP = Call("Shop")


@pytest.fixture
def server(qapp, tmp_path) -> Iterator[SecondStartServer]:
    owner = QObject()
    made = SecondStartServer(owner, tmp_path)
    yield made
    made.close()
    shiboken6.delete(owner)


@pytest.fixture
def calls(server) -> list[Call]:
    made: list[Call] = []
    server.called.connect(made.append)
    return made


def called(directory: Path, connection: str = "", patience: float = 10) -> Future:
    """Calls as a second start does, which waits for the answer."""
    future: Future = Future()
    threading.Thread(target=lambda: future.set_result(call_once(directory, connection, patience)), daemon=True).start()
    return future


def port(directory: Path) -> tuple[str, int]:
    return "127.0.0.1", json.loads((directory / "open-program.json").read_text())["port"]


def test_who_calls_is_heard_and_answered(server, calls, tmp_path, qtbot):
    answer = called(tmp_path, "Shop")
    qtbot.waitUntil(answer.done)
    assert (answer.result(), calls) == (True, [SHOP])


def test_it_can_be_called_again_and_again(server, calls, tmp_path, qtbot):
    for _ in range(3):
        answer = called(tmp_path, "Shop")
        qtbot.waitUntil(answer.done)
    assert calls == [SHOP] * 3


def test_two_who_call_at_once_are_both_answered(server, calls, tmp_path, qtbot):
    answers = [called(tmp_path, "Shop"), called(tmp_path, "Shop")]
    qtbot.waitUntil(lambda: all(answer.done() for answer in answers))
    assert [answer.result() for answer in answers] == [True, True]
    assert calls == [SHOP] * 2


@pytest.mark.parametrize("said", [b"", b"x", b"x" * 100_000, b'0 {"connection": "Shop", "activation_token": ""}\n'])
def test_a_stranger_gets_nothing_and_keeps_nobody_else_out(server, calls, tmp_path, qtbot, said):
    with socket.create_connection(port(tmp_path)) as stranger:
        stranger.setblocking(False)
        with suppress(OSError):  # more than anybody reads
            stranger.sendall(said)
        # In the time that a second start gives it.
        answer = called(tmp_path, "Shop", 2)
        qtbot.waitUntil(answer.done)
        assert (answer.result(), calls) == (True, [SHOP])
        assert heard_by(stranger) == b""


def heard_by(stranger: socket.socket) -> bytes:
    try:
        return stranger.recv(100)
    except ConnectionResetError:
        return b""


def test_somebody_who_hangs_up_keeps_nobody_else_out(server, calls, tmp_path, qtbot):
    socket.create_connection(port(tmp_path)).close()
    answer = called(tmp_path, "Shop", 2)
    qtbot.waitUntil(answer.done)
    assert (answer.result(), calls) == (True, [SHOP])


def test_the_window_comes_before_the_answer(server, tmp_path, qtbot):
    """On Windows the caller lends its right to be in front, and may be gone after the answer."""
    answered_early: list[bool] = []
    answer = called(tmp_path)
    server.called.connect(lambda _: answered_early.append(answer.done()))
    qtbot.waitUntil(answer.done)
    assert answered_early == [False]


def test_a_closed_server_does_not_answer(server, tmp_path):
    where = port(tmp_path)
    server.close()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(where)


def test_a_server_closed_on_a_caller_hangs_up(server, tmp_path, qtbot):
    with socket.create_connection(port(tmp_path)) as stranger:
        stranger.sendall(b"x")
        QCoreApplication.processEvents()
        server.close()
        stranger.settimeout(10)
        assert heard_by(stranger) == b""


# The window


@pytest.fixture
def window(qtbot, theme) -> QWidget:
    return show(qtbot, QWidget())


@pytest.fixture
def other(qtbot, window) -> QWidget:
    """Another window of the program, in front and in use."""
    made = show(qtbot, QWidget())
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_a_minimised_window_comes_back(window, qtbot):
    window.showMinimized()
    qtbot.waitUntil(window.isMinimized)
    come_forward(window)
    qtbot.waitUntil(lambda: window.isActiveWindow() and not window.isMinimized())


def test_a_maximised_window_comes_back_maximised(window, qtbot):
    window.showMaximized()
    window.setWindowState(window.windowState() | Qt.WindowState.WindowMinimized)
    qtbot.waitUntil(window.isMinimized)
    come_forward(window)
    assert window.windowState() & ~Qt.WindowState.WindowActive == Qt.WindowState.WindowMaximized


def test_a_covered_window_gets_the_focus(window, other, qtbot):
    come_forward(window)
    qtbot.waitUntil(window.isActiveWindow)


def test_a_dialog_comes_forward_with_its_window(window, qtbot):
    dialog = QDialog(window)
    dialog.open()
    window.showMinimized()
    qtbot.waitUntil(window.isMinimized)
    come_forward(window)
    qtbot.waitUntil(dialog.isActiveWindow)
    assert not window.isMinimized()
    assert QApplication.activeModalWidget() is dialog


def test_a_dialog_that_is_closed_meanwhile_is_no_trouble(window, qtbot):
    dialog = QDialog(window)
    dialog.open()
    come_forward(window)
    after: list[bool] = []
    QTimer.singleShot(REFUSAL_MS, window, lambda: after.append(True))
    shiboken6.delete(dialog)
    qtbot.waitUntil(lambda: bool(after))


class Permitted(QWidget):
    """Keeps what Qt finds when it asks the desktop for the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str | None] = []

    def activateWindow(self) -> None:
        self.found.append(os.environ.get("XDG_ACTIVATION_TOKEN"))
        super().activateWindow()


@pytest.mark.parametrize(
    ("platform", "token", "found"),
    [
        ("wayland", "permission-1", "permission-1"),
        ("wayland-egl", "permission-1", "permission-1"),
        ("wayland", "", None),
        ("wayland", "a\0b", None),
        ("offscreen", "permission-1", None),
    ],
)
def test_the_desktop_s_permission_is_there_for_the_asking_and_gone_after(
    theme, qtbot, monkeypatch, platform, token, found
):
    """Children would inherit it, and it serves only once."""
    window = show(qtbot, Permitted())
    window.found.clear()
    monkeypatch.setattr(QGuiApplication, "platformName", lambda: platform)
    come_forward(window, token)
    assert window.found == [found]
    assert "XDG_ACTIVATION_TOKEN" not in os.environ


def test_a_refusal_is_not_the_last_word(theme, qtbot):
    """X11 refuses whoever was used before another program; asked again after that it knows better."""
    window = show(qtbot, Permitted())
    window.found.clear()
    come_forward(window)
    qtbot.waitUntil(lambda: len(window.found) == 2)
