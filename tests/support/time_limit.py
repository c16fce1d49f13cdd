"""The limit of a test (`faulthandler_timeout` in pyproject.toml) holds for the end of the run, too: Python waits for
threads that are still there, and a test before may have left one that never ends.
"""

import faulthandler
import sys

import pytest


def pytest_unconfigure(config: pytest.Config) -> None:
    faulthandler.dump_traceback_later(float(config.getini("faulthandler_timeout")), file=sys.__stderr__, exit=True)
