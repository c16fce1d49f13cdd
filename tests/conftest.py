"""What every test stands on: no screen, a home of its own (nobody's profiles, keyring or settings are touched), and
garbage collected in this thread only, as in the program.
"""

import gc
import os
from collections.abc import Iterator

import pytest

# Before anything imports Qt.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

pytest_plugins = [
    "aws_fixtures",
    "keyring_session",
    "patient_bot",
    "practice_fixtures",
    "quick",
    "time_limit",
    "ui_fixtures",
    "whole_aws",
    "access_portal",
    "company",
    "programs",
]

FOREIGN = ("AWS_", "XDG_", "KEYRING_", "PYTHON_KEYRING", "DBUS_", "CONFIRMDESK_", "QT_SCALE")
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "requests_ca_bundle")


@pytest.fixture(scope="session", autouse=True)
def _own_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    home = tmp_path_factory.mktemp("home")
    # As on a computer that gives a group nothing to write: there presets are believed.
    os.umask(0o022)
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(FOREIGN) or name.lower() in PROXIES:
                patch.delenv(name)
        patch.setenv("HOME", str(home))
        # Otherwise botocore asks a cloud machine's metadata address for credentials.
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield


@pytest.fixture(autouse=True)
def _garbage_is_collected_here() -> Iterator[None]:
    # Left alone, a worker would collect the windows of tests that are over, and destroy them in its own thread.
    gc.disable()
    yield
    gc.collect(1)


@pytest.fixture(scope="module", autouse=True)
def _what_stays_is_looked_at_once() -> Iterator[None]:
    gc.freeze()
    yield
    gc.collect()
    # Not after each test: a window that is alive for a moment longer would stay for ever.
    gc.freeze()
