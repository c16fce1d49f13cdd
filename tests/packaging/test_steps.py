"""The part of a lock file that a package is made of."""

import re

import pytest

from steps import LOCK, wanted

LINUX = {"sys_platform": "linux", "python_version": "3.11", "python_full_version": "3.11.2"}
WINDOWS = {"sys_platform": "win32", "python_version": "3.13", "python_full_version": "3.13.1"}

SAMPLE = """# made by hand
alpha==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via beta
beta[extra]==2.0 ; sys_platform == 'win32' \\
    --hash=sha256:cc
gamma==3.0 ; python_full_version >= '3.12' and sys_platform != 'win32' \\
    --hash=sha256:dd
"""


def pins(text):
    return re.findall(r"^(\S+==\S+)", text, re.MULTILINE)


class Target:
    def __init__(self, markers):
        self.markers = markers


@pytest.mark.parametrize(
    ("markers", "names"),
    [(LINUX, ["alpha==1.0"]), (WINDOWS, ["alpha==1.0", "beta[extra]==2.0"])],
)
def test_markers_are_those_of_the_target_and_not_of_this_computer(markers, names):
    assert pins(wanted(SAMPLE, Target(markers))) == names


def test_every_hash_stays_with_its_library():
    assert "--hash=sha256:aa" in wanted(SAMPLE, Target(LINUX))
    assert "--hash=sha256:bb" in wanted(SAMPLE, Target(LINUX))
    assert "--hash=sha256:dd" not in wanted(SAMPLE, Target(LINUX))


@pytest.mark.parametrize("markers", [LINUX, WINDOWS])
def test_nothing_of_the_real_lock_is_overlooked(markers):
    lock = LOCK.read_text(encoding="utf-8")
    unconditional = re.findall(r"^(\S+==\S+) \\$", lock, re.MULTILINE)
    assert set(unconditional) <= set(pins(wanted(lock, Target(markers))))
    assert len(unconditional) > 20


def test_each_system_gets_its_own_keyring():
    lock = LOCK.read_text(encoding="utf-8")
    assert "secretstorage==" in wanted(lock, Target(LINUX))
    assert "pywin32-ctypes==" in wanted(lock, Target(WINDOWS))
    assert "secretstorage==" not in wanted(lock, Target(WINDOWS))


def test_locks_name_no_place_to_download_from():
    for lock in LOCK.parent.glob("*.lock"):
        assert not re.search(r"https?:|file:|--index|--find-links", lock.read_text(encoding="utf-8")), lock.name
