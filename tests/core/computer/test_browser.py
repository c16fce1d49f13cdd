import os
import sys
from pathlib import Path

import pytest

from confirmdesk.core.computer.browser import environment_of_others, open_browser
from confirmdesk.core.errors import ConfirmdeskError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="of Linux desktops")


@pytest.fixture
def desktop(tmp_path, monkeypatch):
    """A desktop whose only programs are those that a test puts there."""
    monkeypatch.setenv("PATH", str(tmp_path))

    def put(name, script):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)

    put.seen = tmp_path / "seen"
    return put


ADDRESS = "https://oidc.eu-west-1.amazonaws.com/authorize?state=a&code_challenge=b"


def test_the_desktop_opens_the_address_as_one_word(desktop):
    desktop("xdg-open", f'printf "%s|" "$@" > {desktop.seen}')
    open_browser(ADDRESS)
    assert desktop.seen.read_text() == f"{ADDRESS}|"


def test_another_helper_is_asked_where_one_fails(desktop):
    desktop("xdg-open", "exit 3")
    desktop("x-www-browser", f'printf "%s|" "$@" > {desktop.seen}')
    open_browser(ADDRESS)
    assert desktop.seen.read_text() == f"{ADDRESS}|"


def test_where_none_opens_it_is_told(desktop):
    desktop("xdg-open", "exit 3")
    with pytest.raises(ConfirmdeskError) as told:
        open_browser(ADDRESS)
    assert told.value.problem.sentence == "No web browser could be opened."
    assert "Copy the address" in told.value.problem.hint


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "-e", ""])
def test_nothing_but_web_pages_is_opened(desktop, address):
    desktop("xdg-open", f"echo opened > {desktop.seen}")
    with pytest.raises(ConfirmdeskError):
        open_browser(address)
    assert not desktop.seen.exists()


def test_a_frozen_program_opens_it_with_the_environment_that_it_was_started_in(desktop, monkeypatch):
    desktop("xdg-open", f'echo "$LD_LIBRARY_PATH|$LD_LIBRARY_PATH_ORIG|$QT_PLUGIN_PATH|$HOME" > {desktop.seen}')
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/confirmdesk/confirmdesk")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/confirmdesk/_internal")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/usr/local/lib")
    monkeypatch.setenv("QT_PLUGIN_PATH", "/opt/confirmdesk/_internal/PySide6/Qt/plugins")
    open_browser(ADDRESS)
    assert desktop.seen.read_text().strip() == f"/usr/local/lib|||{os.environ['HOME']}"


def test_where_nothing_was_set_before_nothing_is_set(desktop):
    inside = {"LD_LIBRARY_PATH": "/opt/x/_internal", "LANG": "C.UTF-8", "MY_ORIG": "kept"}
    assert environment_of_others(inside, Path("/opt/x/_internal")) == {"LANG": "C.UTF-8", "MY_ORIG": "kept"}
    assert environment_of_others(inside, None) == inside
