"""Data directories that are wiped, that roam, or that are another computer's."""

import os
import sys
import tempfile
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from confirmdesk.core.computer.lasting import Around, Lasting, how_it_lies, lasting, lasting_problem

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="the directories are Linux's")
JANE = PureWindowsPath(r"C:\Users\jane")
OURS = r"AppData\Local\confirmdesk"


def windows(directory, profile=0, drive=3, home=JANE):
    emptied = (home / r"AppData\Local\Temp",)
    return how_it_lies(PureWindowsPath(directory), Around(home, emptied, profile=profile, drive=drive))


@pytest.mark.parametrize(
    ("profile", "found"),
    [
        (0, Lasting.LASTING),
        (1, Lasting.TEMPORARY_PROFILE),
        (2, Lasting.ROAMING),
        (2 | 8, Lasting.ROAMING),
        (4, Lasting.MANDATORY),
        (2 | 4, Lasting.MANDATORY),
    ],
)
def test_what_windows_says_of_the_profile_counts_inside_of_it(profile, found):
    assert windows(JANE / OURS, profile) is found
    assert windows(r"D:\Confirmdesk\jane", profile) is Lasting.LASTING


@pytest.mark.parametrize("name", ["TEMP", "TEMP.COMPANY", "TEMP.COMPANY.000", "temp"])
def test_the_profile_that_windows_makes_where_none_can_be_loaded(name):
    home = PureWindowsPath(r"C:\Users") / name
    assert windows(home / OURS, home=home) is Lasting.TEMPORARY_PROFILE


def test_somebody_called_temple_has_a_profile_like_others():
    home = PureWindowsPath(r"C:\Users\temple")
    assert windows(home / OURS, home=home) is Lasting.LASTING


@pytest.mark.parametrize(
    ("directory", "drive", "found"),
    [
        (JANE / r"AppData\Local\Temp\data", 3, Lasting.TEMPORARY),
        (PureWindowsPath(r"c:\users\JANE\appdata\local\TEMP\data"), 3, Lasting.TEMPORARY),
        (PureWindowsPath(r"\\files\home\jane"), 1, Lasting.NETWORK),
        (PureWindowsPath(r"H:\confirmdesk"), 4, Lasting.NETWORK),
        (PureWindowsPath(r"R:\confirmdesk"), 6, Lasting.MEMORY),
    ],
)
def test_drives_and_folders_of_windows(directory, drive, found):
    assert windows(directory, drive=drive) is found


MOUNTS = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:40 / /home rw,relatime - nfs4 files:/home rw,vers=4.2
24 22 0:41 / /home/guest rw,relatime - tmpfs guest rw
25 22 0:42 / /mnt/on\040the\040share rw,relatime - cifs //files/x rw
26 22 0:43 / /mnt/twice rw - tmpfs t rw
27 22 8:2 / /mnt/twice rw - ext4 /dev/sdb1 rw
28 22 0:44 / /mnt/ssh rw - fuse.sshfs jane@files: rw
nonsense
"""


@pytest.mark.parametrize(
    ("directory", "found"),
    [
        ("/srv/confirmdesk", Lasting.LASTING),
        ("/home/jane/.local/share/confirmdesk", Lasting.NETWORK),
        ("/home/guest/.local/share/confirmdesk", Lasting.MEMORY),
        ("/home/guests/.local/share/confirmdesk", Lasting.NETWORK),
        ("/mnt/on the share/data", Lasting.NETWORK),
        ("/mnt/twice/data", Lasting.LASTING),
        ("/mnt/ssh/data", Lasting.NETWORK),
        ("/run/user/1000/data", Lasting.TEMPORARY),
    ],
)
def test_what_linux_says_of_the_file_system(directory, found):
    around = Around(PurePosixPath("/home/jane"), (PurePosixPath("/run"),), MOUNTS)
    assert how_it_lies(PurePosixPath(directory), around) is found


@LINUX
@pytest.mark.parametrize("place", ["/tmp", "/dev/shm"])
def test_directories_of_this_computer_that_are_emptied(place):
    with tempfile.TemporaryDirectory(dir=place) as emptied:
        assert lasting(Path(emptied) / "not" / "made" / "yet") is Lasting.TEMPORARY


@LINUX
def test_a_link_counts_as_where_it_leads(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    (home / "data").symlink_to("/dev/shm")
    monkeypatch.setenv("HOME", str(home))
    assert lasting(home / "data") is Lasting.TEMPORARY


@LINUX
@pytest.mark.parametrize("variable", ["TMPDIR", "XDG_RUNTIME_DIR"])
def test_what_the_environment_calls_temporary(variable, monkeypatch):
    monkeypatch.setenv("HOME", "/srv/jane")
    assert lasting(Path("/srv/jane/scratch/data")) is Lasting.LASTING
    monkeypatch.setenv(variable, "/srv/jane/scratch")
    assert lasting(Path("/srv/jane/scratch/data")) is Lasting.TEMPORARY
    assert lasting(Path("/srv/jane/data")) is Lasting.LASTING
    monkeypatch.setenv(variable, "/srv")
    assert lasting(Path("/srv/jane/data")) is Lasting.LASTING


def test_each_is_told_with_what_it_means_and_who_mends_it():
    directory = Path(os.sep, "data")
    assert lasting_problem(Lasting.LASTING, directory) is None
    for found in set(Lasting) - {Lasting.LASTING}:
        problem = lasting_problem(found, directory)
        assert str(directory) in problem.details
        assert "code" in problem.sentence
        assert "IT department" in problem.hint
