"""What the chores of the Makefile ask of the machine."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BOOTSTRAP = Path(__file__).parents[2] / "packaging" / "bootstrap"
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")

pytestmark = pytest.mark.skipif(sys.platform != "linux" or not shutil.which("bash"), reason="asks Linux machines")


def display(**environment):
    given = {name: value for name, value in os.environ.items() if name not in DISPLAYS} | environment
    return subprocess.run([str(BOOTSTRAP), "display"], env=given, capture_output=True, text=True)


def test_without_a_display_a_window_is_refused_in_a_sentence():
    done = display()
    assert done.returncode == 1
    assert "There is no display for a window" in done.stderr


@pytest.mark.parametrize("name", DISPLAYS)
def test_whatever_leads_qt_to_a_screen_is_obeyed(name):
    done = display(**{name: "offscreen"})
    assert (done.returncode, done.stderr) == (0, "")
