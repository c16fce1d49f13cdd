"""What stands where a file of the program belongs and is none: refused in words, and never waited for."""

import os
import socket
import sqlite3
import stat
from pathlib import Path

import pytest

from confirmdesk.core.computer.files import NotPlainFileError, open_plain, read_plain
from confirmdesk.core.computer.lock import DirectoryLock
from confirmdesk.core.computer.logs import start_logging
from confirmdesk.core.computer.paths import Places
from confirmdesk.core.computer.second_start import call_once
from confirmdesk.core.computer.settings import Settings, SettingsFile
from confirmdesk.core.connections.redactor import Redactor
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.ledger.opening import open_ledger

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")
KINDS = {"pipe": "a pipe", "directory": "a directory", "device": "a device", "socket": "a socket"}


def put(path: Path, kind: str) -> Path:
    """Something that is no plain file, at `path`."""
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "directory":
        path.mkdir()
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(str(path))
    else:
        if os.geteuid() != 0:
            pytest.skip("only root can make a device")
        os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 5))  # /dev/zero, which never ends
    return path


def link(path: Path, kind: str) -> Path:
    """A link to a file that is not the program's, to one that is not there yet, or to what is no file."""
    target = path.parent.parent / "elsewhere"
    if kind == "file":
        target.write_bytes(b"mine")
    elif kind == "pipe":
        os.mkfifo(target)
    path.symlink_to(target)
    return target


@pytest.fixture
def places(tmp_path: Path) -> Places:
    made = Places(tmp_path / "data")
    made.create()
    return made


def use_log(places: Places) -> None:
    start_logging(places, Redactor()).stop()


def use_lock(places: Places) -> None:
    DirectoryLock(places.data).take()


def use_ledger(places: Places) -> None:
    open_ledger(places.ledger_file)


USES = [("confirmdesk.log", use_log), ("lock", use_lock), ("ledger.sqlite3", use_ledger)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("name", "use"), USES)
def test_what_is_no_plain_file_is_refused_in_words(places, name, use, kind):
    path = put(places.data / name, kind)
    with pytest.raises(ConfirmdeskError) as caught:
        use(places)
    said = caught.value.problem.text()
    assert f"{path} is {KINDS[kind]}" in said
    assert "Move it away" in said


@pytest.mark.parametrize("kind", ["file", "nothing yet", "pipe"])
@pytest.mark.parametrize(("name", "use"), USES)
def test_nothing_is_written_through_a_link(places, name, use, kind):
    target = link(places.data / name, kind)
    with pytest.raises(ConfirmdeskError, match="is a link"):
        use(places)
    assert target.exists() is (kind != "nothing yet")
    if kind == "file":
        assert target.read_bytes() == b"mine"


@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
def test_nor_beside_the_ledger(places, suffix):
    target = link(places.data / f"ledger.sqlite3{suffix}", "file")
    with pytest.raises(ConfirmdeskError, match="is a link"):
        use_ledger(places)
    assert target.read_bytes() == b"mine"


@pytest.mark.parametrize("kind", KINDS)
def test_settings_that_are_no_file_are_kept_aside_and_the_program_starts(places, kind):
    path = put(places.settings_file, kind)
    settings, problem = SettingsFile(path).load()
    assert settings == Settings()
    assert str(places.data / "settings.json.broken-") in problem.text()
    assert KINDS[kind] in problem.details
    SettingsFile(path).save(Settings(theme="dark"))
    assert SettingsFile(path).load() == (Settings(theme="dark"), None)


@pytest.mark.parametrize("kind", KINDS)
def test_who_only_looks_at_such_settings_is_not_kept_waiting(places, kind):
    assert SettingsFile(put(places.settings_file, kind)).peek() == Settings()


def test_settings_are_read_through_a_link_and_saved_beside_it(places):
    """As some people keep them; what they keep elsewhere is not written to."""
    target = places.data.parent / "dotfiles.json"
    SettingsFile(target).save(Settings(theme="dark"))
    before = target.read_bytes()
    places.settings_file.symlink_to(target)
    assert SettingsFile(places.settings_file).load() == (Settings(theme="dark"), None)
    SettingsFile(places.settings_file).save(Settings(theme="light"))
    assert target.read_bytes() == before
    assert not places.settings_file.is_symlink()


def test_settings_that_lead_to_a_pipe_are_not_waited_for(places):
    link(places.settings_file, "pipe")
    settings, problem = SettingsFile(places.settings_file).load()
    assert settings == Settings()
    assert "a pipe" in problem.details


def test_a_note_that_is_a_pipe_keeps_no_second_start_waiting(places):
    put(places.data / "open-program.json", "pipe")
    assert call_once(places.data) is False


def test_a_plain_file_is_opened_as_ever(tmp_path):
    path = tmp_path / "new"
    os.close(open_plain(path, os.O_RDWR | os.O_CREAT))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("grüße", encoding="utf-8")
    assert read_plain(path) == "grüße"
    with pytest.raises(FileNotFoundError):
        read_plain(tmp_path / "missing")
    with pytest.raises(FileNotFoundError):
        open_plain(tmp_path / "missing", os.O_RDONLY)
    with pytest.raises(NotPlainFileError):
        read_plain(tmp_path)


def test_a_ledger_still_opens_twice(places):
    file, problem = open_ledger(places.ledger_file)
    file.close()
    assert problem is None
    assert sqlite3.connect(places.ledger_file).execute("PRAGMA quick_check").fetchone() == ("ok",)
