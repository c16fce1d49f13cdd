"""A desktop that lends its file dialogs: the files that say so, and the service, which may be dead on its feet."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from jeepney import message_bus, new_method_return
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection
from keyring_session import KeyringSession

from confirmdesk.core.computer import file_dialogs

SERVICE = "dbus-1/services/org.freedesktop.portal.Desktop.service"
GTK = "[portal]\nInterfaces=org.freedesktop.impl.portal.FileChooser;org.freedesktop.impl.portal.Print;\nUseIn=gnome\n"


@contextmanager
def file_chooser_on(address: str, answers: bool = True) -> Iterator[None]:
    with closing(open_dbus_connection(address)) as bus:
        Proxy(message_bus, bus).RequestName("org.freedesktop.portal.Desktop")
        if answers:
            threading.Thread(target=_answer, args=(bus,), daemon=True).start()
        yield


def _answer(bus: DBusConnection) -> None:
    try:
        while True:
            bus.send(new_method_return(bus.receive(), "v", (("u", 4),)))
    except (OSError, ValueError):
        return


@pytest.fixture
def lending_desktop(
    tmp_path: Path, bus_without_keyring: KeyringSession, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Mapping[str, str]]:
    """A computer whose desktop has these files and is called so, with a bus; and the environment there."""
    # Whoever is alive answers, however busy this computer is.
    monkeypatch.setattr(file_dialogs, "PATIENCE", 30.0)

    def make(name: str, **files: str) -> Mapping[str, str]:
        places = {"service": SERVICE, "gtk": "portals/gtk.portal", "keyring": "portals/gnome-keyring.portal"}
        for kind, text in files.items():
            place = places.get(kind, f"{kind}-portals.conf")
            file = tmp_path / (place if kind == "service" else f"xdg-desktop-portal/{place}")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return {
            "HOME": str(tmp_path),
            "XDG_DATA_DIRS": str(tmp_path),
            "XDG_CURRENT_DESKTOP": name,
            "DBUS_SESSION_BUS_ADDRESS": bus_without_keyring.address,
        }

    return make
