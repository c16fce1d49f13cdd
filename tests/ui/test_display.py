"""The command in a process of its own, where no display answers: Qt itself would abort it."""

import json
import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

SOURCE = str(Path(__file__).parents[2] / "gui")
DISPLAYS = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY")
NOWHERE = ":4711"


def run(tmp_path, *arguments, **environment):
    command = [sys.executable, "-m", "confirmdesk", "--practice", "--data-dir", str(tmp_path / "data"), *arguments]
    given = {name: value for name, value in os.environ.items() if name not in DISPLAYS}
    given |= {"PYTHONPATH": SOURCE, **environment}
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=60)


@pytest.fixture
def swallowing():
    """A display behind a port whose queue is full, so that whoever calls hears nothing at all."""
    with ExitStack() as ends:
        listener = ends.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(3):
            caller = ends.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        yield f"127.0.0.1:{listener.getsockname()[1] - 6000}"


LEADING_NOWHERE = pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"DISPLAY": NOWHERE}, f"DISPLAY={NOWHERE}"),
        ({"WAYLAND_DISPLAY": "nowhere", "DISPLAY": NOWHERE}, f"WAYLAND_DISPLAY=nowhere and DISPLAY={NOWHERE}"),
        ({"QT_QPA_PLATFORM": "nonsense"}, "QT_QPA_PLATFORM=nonsense"),
    ],
)


@LEADING_NOWHERE
def test_a_display_that_leads_nowhere_gets_a_sentence(tmp_path, environment, named):
    done = run(tmp_path, **environment)
    assert done.returncode == 1
    assert f"Confirmdesk cannot open a window with {named}. Start it from a desktop session" in done.stderr
    assert "Reinstalling" not in done.stderr


@LEADING_NOWHERE
def test_the_self_check_reports_it_with_everything_else(tmp_path, environment, named):
    done = run(tmp_path, "--self-check", **environment)
    report = json.loads(done.stdout)
    assert (done.returncode, report["ok"], report["qt"]["platform"]) == (1, False, "")
    assert f"cannot open a window with {named}." in report["qt"]["problem"]
    assert report["qt"]["version"]
    assert report["keyring"]["usable"] is True
    assert report["data"]["writable"] is True


def test_a_computer_that_swallows_every_call_is_not_waited_for(tmp_path, swallowing):
    """As behind a firewall: Qt would wait for two minutes, and neither a sentence nor a report would come."""
    done = run(tmp_path, DISPLAY=swallowing)
    assert done.returncode == 1
    assert f"cannot open a window with DISPLAY={swallowing}." in done.stderr
    report = json.loads(run(tmp_path, "--self-check", DISPLAY=swallowing).stdout)
    assert "no answer within" in report["qt"]["problem"]


def test_what_qt_says_is_passed_on_but_not_the_library_that_is_not_missing(tmp_path):
    reason = run(tmp_path, DISPLAY=NOWHERE).stderr.splitlines()[1]
    assert reason == f"The reason: could not connect to display {NOWHERE}."


def test_what_qt_says_of_a_start_that_goes_well_is_not_swallowed(tmp_path):
    done = run(tmp_path, "--self-check", QT_QPA_PLATFORM="nonsense;offscreen")
    assert json.loads(done.stdout)["qt"]["platform"] == "offscreen"
    assert 'Could not find the Qt platform plugin "nonsense"' in done.stderr
