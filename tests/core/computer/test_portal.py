import pytest

from confirmdesk.core.computer.portal import lends_file_dialogs

SERVICE = "dbus-1/services/org.freedesktop.portal.Desktop.service"
GTK = "[portal]\nInterfaces=org.freedesktop.impl.portal.FileChooser;org.freedesktop.impl.portal.Print;\nUseIn=gnome\n"
SECRETS = "[portal]\nInterfaces=org.freedesktop.impl.portal.Secret;\nUseIn=gnome;xfce\n"
XFCE = "[preferred]\ndefault=xapp;gtk;\n"


@pytest.fixture
def desktop(tmp_path):
    """A computer whose desktop has these files and is called so."""

    def make(name, **files):
        places = {"service": SERVICE, "gtk": "portals/gtk.portal", "keyring": "portals/gnome-keyring.portal"}
        for kind, text in files.items():
            place = places.get(kind, f"{kind}-portals.conf")
            file = tmp_path / (place if kind == "service" else f"xdg-desktop-portal/{place}")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        bus = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}
        return {"HOME": str(tmp_path), "XDG_DATA_DIRS": str(tmp_path), "XDG_CURRENT_DESKTOP": name, **bus}

    return make


def test_a_desktop_whose_dialogs_can_be_had(desktop):
    assert lends_file_dialogs(desktop("ubuntu:GNOME", service="", gtk=GTK))


def test_a_desktop_that_chose_somebody_elses(desktop):
    assert lends_file_dialogs(desktop("XFCE", service="", gtk=GTK, xfce=XFCE))


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
def test_where_qts_own_dialog_is_the_one_that_comes(desktop, name, files):
    assert not lends_file_dialogs(desktop(name, **files))


def test_without_a_session_bus_nobody_is_asked(desktop):
    environment = desktop("GNOME", service="", gtk=GTK)
    del environment["DBUS_SESSION_BUS_ADDRESS"]
    assert not lends_file_dialogs(environment)
