import os
import sys
from pathlib import Path

import pytest

from confirmdesk.core.computer.desktop import open_browser, open_path
from confirmdesk.core.errors import ConfirmdeskError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="of Linux desktops")


ADDRESS = "https://oidc.eu-west-1.amazonaws.com/authorize?state=a&code_challenge=b"


def test_the_desktop_opens_the_address_as_one_word(programs):
    programs.put_opener()
    open_browser(ADDRESS)
    assert programs.opened == [ADDRESS]


def test_another_helper_is_asked_where_one_fails(programs):
    programs.put("xdg-open", "exit 3")
    programs.put_opener("x-www-browser")
    open_browser(ADDRESS)
    assert programs.opened == [ADDRESS]


def test_where_none_opens_it_is_told(programs):
    programs.put("xdg-open", "exit 3")
    with pytest.raises(ConfirmdeskError) as told:
        open_browser(ADDRESS)
    assert told.value.problem.sentence == "No web browser could be opened."
    assert "Copy the address" in told.value.problem.hint


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "-e", ""])
def test_nothing_but_web_pages_is_opened(programs, address):
    programs.put_opener()
    with pytest.raises(ConfirmdeskError):
        open_browser(address)
    assert programs.opened == []


def test_files_and_folders_are_not_shown_in_a_browser(programs, tmp_path):
    programs.put_opener("x-www-browser")
    assert not open_path(tmp_path)
    programs.put_opener()
    assert open_path(tmp_path)
    assert programs.opened == [str(tmp_path)]


@pytest.mark.parametrize("opening", [lambda: open_browser(ADDRESS), lambda: open_path(Path("/srv"))])
def test_a_frozen_program_opens_with_the_environment_that_it_was_started_in(programs, monkeypatch, tmp_path, opening):
    seen = tmp_path / "environment"
    programs.put("xdg-open", f'echo "$LD_LIBRARY_PATH|$LD_LIBRARY_PATH_ORIG|$QT_PLUGIN_PATH|$HOME" > {seen}')
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/opt/confirmdesk/confirmdesk")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/confirmdesk/_internal")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/usr/local/lib")
    monkeypatch.setenv("QT_PLUGIN_PATH", "/opt/confirmdesk/_internal/PySide6/Qt/plugins")
    opening()
    assert seen.read_text().strip() == f"/usr/local/lib|||{os.environ['HOME']}"
