"""Whether a desktop of Linux lends its own file dialogs to programs. Qt must be told before it starts."""

from collections.abc import Iterator, Mapping
from configparser import ConfigParser, Error
from pathlib import Path

# https://flatpak.github.io/xdg-desktop-portal/docs/portals.conf.html
_SERVICE = "dbus-1/services/org.freedesktop.portal.Desktop.service"
_FOLDER = "xdg-desktop-portal"
_DIALOGS = "org.freedesktop.impl.portal.FileChooser"


def lends_file_dialogs(environment: Mapping[str, str]) -> bool:
    """By the files that say so: the service itself is not woken, for that may take seconds."""
    folders = list(_folders(environment))
    desktops = [name.lower() for name in environment.get("XDG_CURRENT_DESKTOP", "").split(":") if name]
    if not (_has_bus(environment) and any((folder / _SERVICE).is_file() for folder in folders)):
        return False
    chosen = {name for folder in folders for desktop in desktops for name in _preferred(folder, desktop)}
    for file in (file for folder in folders for file in (folder / _FOLDER / "portals").glob("*.portal")):
        portal = _read(file, "portal")
        named = file.stem in chosen or set(desktops) & set(_listed(portal, "usein"))
        if named and _DIALOGS.lower() in _listed(portal, "interfaces"):
            return True
    return False


def _has_bus(environment: Mapping[str, str]) -> bool:
    runtime = environment.get("XDG_RUNTIME_DIR")
    return bool(environment.get("DBUS_SESSION_BUS_ADDRESS") or (runtime and (Path(runtime) / "bus").exists()))


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
