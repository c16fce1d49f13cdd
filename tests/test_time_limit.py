"""A test that hangs ends the run and says where it hung, also in a deadlock with the interpreter's lock."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

CONFIGURATION = Path(__file__).resolve().parents[1] / "pyproject.toml"
WAITS = """
import threading

def test_hangs():
    threading.Event().wait()

def test_comes_later():
    pass
"""
# As when the GUI thread waits for a mutex of Qt: no other thread of Python runs any more.
KEEPS_THE_LOCK = """
import ctypes

def test_hangs():
    ctypes.PyDLL(None).pause()
"""

LEAVES_A_THREAD = """
import threading

def test_hangs():
    threading.Thread(target=threading.Event().wait).start()
"""


def run(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(script)
    command = [sys.executable, "-m", "pytest", "-c", str(CONFIGURATION), str(folder)]
    limit = ("-o", "faulthandler_timeout=1", "-p", "time_limit", "-p", "no:cacheprovider")
    return subprocess.run([*command, *limit], cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.mark.skipif(sys.platform == "win32", reason="hangs in a function of the C library")
@pytest.mark.parametrize("script", [WAITS, KEEPS_THE_LOCK], ids=["waits", "keeps the interpreter's lock"])
def test_a_test_that_hangs_ends_the_run_and_shows_where(tmp_path: Path, script: str):
    done = run(tmp_path, script)
    assert done.returncode != 0
    assert "Timeout" in done.stderr
    assert "in test_hangs" in done.stderr
    assert "passed" not in done.stdout


def test_a_run_that_cannot_end_is_ended(tmp_path: Path):
    done = run(tmp_path, LEAVES_A_THREAD)
    assert "1 passed" in done.stdout
    assert done.returncode != 0
    assert "Timeout" in done.stderr


def test_each_test_here_has_a_limit(pytestconfig: pytest.Config):
    assert 60 <= float(pytestconfig.getini("faulthandler_timeout")) <= 300
