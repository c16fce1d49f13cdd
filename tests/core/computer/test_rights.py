"""Data that others can write to or read is told of, and closed where it is ours."""

import os
import stat
from pathlib import Path

import pytest

from confirmdesk.core.computer.paths import Places
from confirmdesk.core.computer.rights import close_to_others
from confirmdesk.core.computer.settings import Settings, SettingsFile
from confirmdesk.core.ledger.opening import open_ledger

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows tells rights otherwise")
AS_ROOT = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """A data directory as it is after a day's work."""
    made = Places(tmp_path / "data")
    made.create()
    SettingsFile(made.settings_file).save(Settings())
    open_ledger(made.ledger_file)[0].close()
    made.log_file.touch(mode=0o600)
    return made


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_the_program_made_itself_is_closed(places):
    assert close_to_others(places) is None


@pytest.mark.parametrize(
    ("name", "opened", "could"),
    [
        ("ledger.sqlite3", 0o666, "could read or change"),
        ("ledger.sqlite3", 0o644, "could read what"),
        ("ledger.sqlite3", 0o640, "could read what"),
        ("ledger.sqlite3-wal", 0o644, "could read what"),
        ("ledger.sqlite3.broken-20260101-000000", 0o644, "could read what"),
        ("settings.json", 0o666, "could read or change"),
        ("confirmdesk.log.1", 0o620, "could read or change"),
    ],
)
def test_a_file_that_others_had_a_right_to_is_closed_and_told_once(places, name, opened, could):
    path = places.data / name
    path.touch()
    path.chmod(opened)
    problem = close_to_others(places)
    assert could in problem.sentence
    assert str(places.data) in problem.sentence
    assert "That is mended" in problem.hint
    assert problem.details == f"{path} had the mode {opened:04o}"
    assert mode(path) == 0o600
    assert close_to_others(places) is None


@pytest.mark.parametrize("name", ["settings.json", "confirmdesk.log"])
def test_what_holds_nothing_secret_is_closed_without_a_word(places, name):
    """As an editor leaves the settings."""
    (places.data / name).chmod(0o644)
    assert close_to_others(places) is None
    assert mode(places.data / name) == 0o600


@pytest.mark.parametrize(("opened", "closed"), [(0o777, 0o755), (0o770, 0o750), (0o755, 0o755)])
def test_a_directory_that_others_could_write_to_is_closed_and_told_once(places, opened, closed):
    places.data.chmod(opened)
    problem = close_to_others(places)
    assert (problem is None) is (opened == closed)
    assert mode(places.data) == closed
    assert close_to_others(places) is None


def test_a_directory_that_is_made_for_everybody_stays_so(places):
    places.data.chmod(0o1777)
    problem = close_to_others(places)
    assert "Others on this computer can read or change" in problem.sentence
    assert "could not be mended" in problem.hint
    assert mode(places.data) == 0o1777


@AS_ROOT
def test_what_belongs_to_somebody_else_is_told_and_left(places):
    places.ledger_file.chmod(0o666)
    os.chown(places.ledger_file, 4711, 4711)
    assert "could not be mended" in close_to_others(places).hint
    assert mode(places.ledger_file) == 0o666


def test_a_link_is_not_followed_and_what_is_not_ours_is_left(places, tmp_path):
    other = tmp_path / "other"
    other.write_text("mine")
    other.chmod(0o666)
    (places.data / "settings.json.broken-20260101-000000").symlink_to(other)
    (places.data / "notes.txt").touch()
    (places.data / "notes.txt").chmod(0o666)
    assert close_to_others(places) is None
    assert (mode(other), mode(places.data / "notes.txt")) == (0o666, 0o666)


def test_a_directory_that_is_not_there_is_somebody_elses_to_tell(tmp_path):
    assert close_to_others(Places(tmp_path / "missing")) is None
