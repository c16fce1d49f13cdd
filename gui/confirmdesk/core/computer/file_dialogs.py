"""Whether a desktop of Linux lends its own file dialogs to programs. Qt must be told before it starts."""

from collections.abc import Iterator, Mapping
from configparser import ConfigParser, Error
from contextlib import closing
from pathlib import Path

from confirmdesk.core.patience import bounded

# In seconds. Qt itself would wait for 25, before the first window, for a service that has died on its feet.
PATIENCE = 0.3

# https://flatpak.github.io/xdg-desktop-portal/docs/portals.conf.html
_SERVICE = "dbus-1/services/org.freedesktop.portal.Desktop.service"
_FOLDER = "xdg-desktop-portal"
_DIALOGS = "org.freedesktop.impl.portal.FileChooser"
_NAME, _OBJECT = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"


def lends_file_dialogs(environment: Mapping[str, str]) -> bool:
    """By the files that say so, and by the service, where it runs: it is not woken, for that may take seconds."""
    bus = _bus(environment)
    return bool(bus) and _is_set_up(environment) and bounded(lambda: _answers(bus), PATIENCE, False)


def _answers(address: str) -> bool:
    from jeepney import DBusAddress, Properties
    from jeepney.bus_messages import message_bus
    from jeepney.io.blocking import open_dbus_connection
    from jeepney.low_level import MessageType

    asked = Properties(DBusAddress(_OBJECT, _NAME, "org.freedesktop.portal.FileChooser")).get("version")
    try:
        with closing(open_dbus_connection(address)) as bus:
            runs = bus.send_and_get_reply(message_bus.NameHasOwner(_NAME), timeout=PATIENCE).body == (True,)
            answer = runs and bus.send_and_get_reply(asked, timeout=PATIENCE)
    except Exception:
        # Whatever is wrong with the bus, files can be chosen in Qt's own dialog.
        return False
    return bool(answer) and answer.header.message_type is MessageType.method_return


def _is_set_up(environment: Mapping[str, str]) -> bool:
    folders = list(_folders(environment))
    desktops = [name.lower() for name in environment.get("XDG_CURRENT_DESKTOP", "").split(":") if name]
    if not any((folder / _SERVICE).is_file() for folder in folders):
        return False
    chosen = {name for folder in folders for desktop in desktops for name in _preferred(folder, desktop)}
    for file in (file for folder in folders for file in (folder / _FOLDER / "portals").glob("*.portal")):
        portal = _read(file, "portal")
        named = file.stem in chosen or set(desktops) & set(_listed(portal, "usein"))
        if named and _DIALOGS.lower() in _listed(portal, "interfaces"):
            return True
    return False


def _bus(environment: Mapping[str, str]) -> str:
    """Its address, "" where there is none."""
    runtime = environment.get("XDG_RUNTIME_DIR")
    usual = f"unix:path={runtime}/bus" if runtime and (Path(runtime) / "bus").exists() else ""
    return environment.get("DBUS_SESSION_BUS_ADDRESS") or usual


def _folders(environment: Mapping[str, str]) -> Iterator[Path]:
    home = environment.get("HOME", "")
    yield Path(environment.get("XDG_DATA_HOME") or f"{home}/.local/share")
    for folder in (environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share").split(":"):
        yield Path(folder)


def _preferred(folder: Path, desktop: str) -> list[str]:
    wanted = _read(folder / _FOLDER / f"{desktop}-portals.conf", "preferred")
    return _listed(wanted, _DIALOGS.lower()) or _listed(wanted, "default")


def _listed(section: Mapping[str, str], key: str) -> list[str]:
    return [name.strip().lower() for name in section.get(key, "").split(";") if name.strip()]


def _read(file: Path, section: str) -> Mapping[str, str]:
    parser = ConfigParser(interpolation=None)
    try:
        parser.read(file, encoding="utf-8")
    except (OSError, UnicodeDecodeError, Error):
        return {}
    return parser[section] if parser.has_section(section) else {}
