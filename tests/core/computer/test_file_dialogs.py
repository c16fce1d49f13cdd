import sys

import pytest
from lending_desktop import GTK, file_chooser_on, lending_desktop

from confirmdesk.core.computer import file_dialogs
from confirmdesk.core.computer.file_dialogs import lends_file_dialogs

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="of Linux desktops")
__all__ = ["lending_desktop"]
SECRETS = "[portal]\nInterfaces=org.freedesktop.impl.portal.Secret;\nUseIn=gnome;xfce\n"
XFCE = "[preferred]\ndefault=xapp;gtk;\n"


def lends(environment, answers=True):
    """Where the service runs."""
    with file_chooser_on(environment["DBUS_SESSION_BUS_ADDRESS"], answers):
        return lends_file_dialogs(environment)


def test_a_desktop_whose_dialogs_can_be_had(lending_desktop):
    assert lends(lending_desktop("ubuntu:GNOME", service="", gtk=GTK))


def test_one_that_is_dead_on_its_feet_is_not_waited_for(lending_desktop, monkeypatch):
    """Qt would wait for 25 seconds, before the first window."""
    environment = lending_desktop("ubuntu:GNOME", service="", gtk=GTK)
    monkeypatch.setattr(file_dialogs, "PATIENCE", 0.3)
    assert not lends(environment, answers=False)


def test_one_that_does_not_run_is_not_woken(lending_desktop):
    assert not lends_file_dialogs(lending_desktop("ubuntu:GNOME", service="", gtk=GTK))


def test_a_bus_that_is_gone_lends_nothing(lending_desktop):
    environment = {**lending_desktop("GNOME", service="", gtk=GTK), "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
    assert not lends_file_dialogs(environment)


def test_a_desktop_that_chose_somebody_elses(lending_desktop):
    assert lends(lending_desktop("XFCE", service="", gtk=GTK, xfce=XFCE))


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("", {"service": "", "gtk": GTK}),
        ("XFCE", {"service": "", "gtk": GTK}),
        ("GNOME", {"gtk": GTK}),
        ("GNOME", {"service": ""}),
        ("GNOME", {"service": "", "keyring": SECRETS}),
        ("GNOME", {"service": "", "gtk": "no section\n"}),
        ("GNOME", {"service": "", "gtk": "[portal]\n"}),
        (
            "XFCE",
            {
                "service": "",
                "gtk": GTK,
                "xfce": "[preferred]\ndefault=gtk\n" + "org.freedesktop.impl.portal.FileChooser=none\n",
            },
        ),
    ],
)
def test_where_qts_own_dialog_is_the_one_that_comes(lending_desktop, name, files):
    assert not lends(lending_desktop(name, **files))


def test_without_a_session_bus_nobody_is_asked(lending_desktop):
    environment = {**lending_desktop("GNOME", service="", gtk=GTK), "DBUS_SESSION_BUS_ADDRESS": ""}
    assert not lends_file_dialogs(environment)
