import subprocess
import sys

import pytest

from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.lock import DirectoryLock

HOLDER = """
import sys, pathlib
from confirmdesk.core.lock import DirectoryLock
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
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
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
