"""Displays on other computers, over real sockets. One that swallows calls is in tests/ui/test_display.py."""

import socket

import pytest

from confirmdesk.core.computer.display import unreachable


@pytest.fixture
def listening():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_display_that_takes_the_call_is_within_reach(listening):
    assert not unreachable({"DISPLAY": f"127.0.0.1:{listening.getsockname()[1] - 6000}.0"})
    listening.settimeout(10)
    listening.accept()


@pytest.mark.parametrize(
    "display",
    [
        "",
        ":0",
        ":0.1",
        "unix:0",
        "/private/tmp/org.xquartz:0",
        "nonsense",
        "localhost:59000",
        "nowhere.invalid:0",
        "::1:9",
    ],
)
def test_what_is_here_or_refuses_is_left_to_qt(display):
    assert not unreachable({"DISPLAY": display})


@pytest.mark.parametrize("other", ["QT_QPA_PLATFORM", "WAYLAND_DISPLAY"])
def test_where_something_else_comes_first_nobody_is_called(listening, other):
    display = f"127.0.0.1:{listening.getsockname()[1] - 6000}"
    assert not unreachable({"DISPLAY": display, other: "offscreen"})
    listening.setblocking(False)
    with pytest.raises(BlockingIOError):
        listening.accept()
