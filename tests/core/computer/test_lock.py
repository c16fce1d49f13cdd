import os
import subprocess
import sys
from pathlib import Path

import pytest

from confirmdesk.core.computer.lock import DirectoryLock
from confirmdesk.core.errors import ConfirmdeskError

SOURCE = str(Path(__file__).resolve().parents[3] / "gui")
HOLDER = """
import sys, pathlib
from confirmdesk.core.computer.lock import DirectoryLock
lock = DirectoryLock(pathlib.Path(sys.argv[1]))
lock.take()
print("held", flush=True)
sys.stdin.read()
"""


def test_a_directory_has_one_program_at_a_time(tmp_path):
    first, second = DirectoryLock(tmp_path), DirectoryLock(tmp_path)
    first.take()
    with pytest.raises(ConfirmdeskError, match="already open"):
        second.take()
    first.release()
    second.take()
    second.release()


def test_the_lock_of_a_program_that_was_killed_is_gone(tmp_path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(ConfirmdeskError):
            DirectoryLock(tmp_path).take()
        holder.kill()
        holder.wait()
    lock = DirectoryLock(tmp_path)
    lock.take()
    lock.release()


def test_a_directory_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(ConfirmdeskError):
        DirectoryLock(tmp_path / "missing").take()


def test_a_lock_that_nobody_has_is_taken_by_who_asks(tmp_path):
    first, second = DirectoryLock(tmp_path), DirectoryLock(tmp_path)
    assert not first.is_elsewhere()
    assert second.is_elsewhere()
    first.take()  # held already: no second handle, which would be refused
    assert not first.is_elsewhere()
    first.release()
    assert not second.is_elsewhere()
    second.release()


def test_a_directory_that_is_not_there_yet_is_nobody_elses(tmp_path):
    lock = DirectoryLock(tmp_path / "later")
    assert not lock.is_elsewhere()
    (tmp_path / "later").mkdir()
    lock.take()
    assert DirectoryLock(tmp_path / "later").is_elsewhere()
    lock.release()
