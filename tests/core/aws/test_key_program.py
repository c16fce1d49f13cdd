"""A program that takes its time: somebody is told, and can end it with all that it started."""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from waiting import is_running, until

from confirmdesk.core.aws.failures import NoKeysError, ProgramMissingError, SignInCancelledError
from confirmdesk.core.aws.key_program import keys_of

KEYS = {"Version": 1, "AccessKeyId": "ASIAPROGRAM", "SecretAccessKey": "x", "SessionToken": "y"}
SLOW = f"""import pathlib, time
while not pathlib.Path(__file__).with_name("go").exists():
    time.sleep(0.05)
print({json.dumps(KEYS)!r})
"""
# The second one leaves the group of the first and holds its output open.
HANGING = """import os, pathlib, subprocess, sys, time
sleep = [sys.executable, "-c", "import time; time.sleep(600)"]
inner, escaped = subprocess.Popen(sleep), subprocess.Popen(sleep, start_new_session=True)
new = pathlib.Path(__file__).with_name("new")
new.write_text(f"{os.getpid()} {inner.pid} {escaped.pid}")
new.rename(pathlib.Path(__file__).with_name("started"))
time.sleep(600)
"""


class Screen:
    """Shows what is waited for; `then` is done with each."""

    def __init__(self, then=lambda wait: None):
        self.shown, self.back = [], []
        self._then = then

    def ask(self, question):
        raise AssertionError(question.profile)

    def tell_waiting(self, wait):
        self.shown.append(wait.name)
        self._then(wait)

    def take_back(self, asked):
        self.back.append(asked.name)


def command(folder, source):
    (folder / "corp-keys.py").write_text(source)
    return f"{sys.executable} {folder / 'corp-keys.py'}"


def test_a_program_that_takes_its_time_is_told_by_its_name_and_goes_on(tmp_path):
    screen = Screen(lambda wait: (tmp_path / "go").touch())
    keys = keys_of(command(tmp_path, SLOW), lambda: screen, patience=0.3)
    assert keys["access_key"] == "ASIAPROGRAM"
    name = Path(sys.executable).name
    assert screen.shown == [name]
    assert screen.back == [name]


def test_a_quick_one_is_not_told(tmp_path):
    screen = Screen()
    keys_of(command(tmp_path, f"print({json.dumps(KEYS)!r})"), lambda: screen, patience=30)
    assert screen.shown == []


def test_cancel_ends_it_with_all_that_it_started_and_leaves_no_thread(tmp_path):
    pressed, before = [], set(threading.enumerate())

    def cancel(wait):
        until((tmp_path / "started").exists)
        pressed.append(time.monotonic())
        wait.cancel()

    screen = Screen(cancel)
    with pytest.raises(SignInCancelledError):
        keys_of(command(tmp_path, HANGING), lambda: screen, patience=0.1)
    # Whoever left the group holds its output open for ten minutes: that is not waited for.
    assert time.monotonic() - pressed[0] < 60
    own, inner, escaped = (tmp_path / "started").read_text().split()
    until(lambda: not is_running(own) and not is_running(inner))
    assert set(threading.enumerate()) <= before
    assert screen.back == screen.shown
    # Not ours to end: it has a group of its own. The test cleans up.
    os.kill(int(escaped), signal.SIGKILL)


@pytest.mark.parametrize(
    "source",
    ["import sys\nwhile True: sys.stdout.write('x' * 65536)", "import sys\nwhile True: sys.stderr.write('x' * 65536)"],
    ids=["output", "complaints"],
)
def test_one_that_writes_without_an_end_is_ended_before_it_fills_the_memory(tmp_path, source):
    with pytest.raises(NoKeysError):
        keys_of(command(tmp_path, source), limit=20)


def test_brackets_without_an_end_are_no_keys(tmp_path):
    with pytest.raises(NoKeysError):
        keys_of(command(tmp_path, "print('[' * 200_000)"))


@pytest.mark.parametrize(
    ("program", "name"),
    [("{folder}/corp-keys", "corp-keys"), ("'C:\\Program Files\\Corp\\Keys.EXE'", "Keys"), ("keys", "keys")],
)
def test_it_is_called_as_people_call_it(program, name, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    script = tmp_path / program.strip("'").rpartition("/")[2]
    script.write_text(f"#!{sys.executable}\nprint({json.dumps(KEYS)!r})\n")
    script.chmod(0o755)
    screen = Screen()
    keys_of(program.format(folder=tmp_path), lambda: screen)
    assert screen.back == [name]


@pytest.mark.parametrize("nothing", ["", "   ", "'keys"])
def test_a_command_without_a_program_is_one_that_is_missing(nothing):
    with pytest.raises(ProgramMissingError):
        keys_of(nothing)
