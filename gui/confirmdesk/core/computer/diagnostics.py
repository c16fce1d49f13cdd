"""Program and computer as a text for a ticket: nothing of people, computers, pools, accounts or secrets is in it.

Tickets are read by many and kept for years. Values of the environment are never read, and whatever a person could have
named (a directory, a keyring's plugin, a variable) is hidden where it looks private, rather once too often.
"""

import getpass
import ntpath
import os
import platform
import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from urllib.parse import urlsplit

from confirmdesk.core import product
from confirmdesk.core.computer.paths import Places
from confirmdesk.core.computer.self_check import KEYRING_PATIENCE, effective_endpoint
from confirmdesk.core.connections.connection import Connection, is_loopback
from confirmdesk.core.connections.keychain import Keychain, KeychainState
from confirmdesk.core.connections.network import Network, ProxyChoice
from confirmdesk.core.text import plain

HIDDEN = "‹hidden›"
# As people call it, the module, the distribution.
_LIBRARIES = (
    ("PySide6", "PySide6", "PySide6-Essentials"),
    ("boto3", "boto3", "boto3"),
    ("botocore", "botocore", "botocore"),
    ("keyring", "keyring", "keyring"),
    ("moto", "moto", "moto"),
)
# What comes after one of these in a path is somebody's name.
_FOLDERS_OF_PEOPLE = {"users", "home", "homes", "profiles", "documents and settings", "user", "media"}
# Ours, even where an account or a connection happens to be called the same.
_OWN = {product.COMMAND, "practice", f"{product.COMMAND}.log"}
# An address, an ARN, a region or pool, an access key, an account or telephone number, what looks like an id or secret.
_PRIVATE = re.compile(
    r"@|%40|arn:|[a-z]{2}(?:-[a-z]+)+-\d|A[KS]IA[A-Z0-9]{8}|\d{9}|\+\d[\d ().-]{5}|[a-z0-9+/_=-]{24}", re.IGNORECASE
)
# Words as the documented variables have them: a key or an id that somebody took for a name is not among them.
_VARIABLE = re.compile(r"AWS(?:_[A-Z]{1,16}\d{0,3}){1,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Version:
    """A part of the program; `number` is the version."""

    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Desktop:
    """What only the window knows. `width` and `height` in device pixels, `scale` 1.0 for 100 %."""

    qt: str
    platform: str
    width: int
    height: int
    scale: float
    screens: int
    theme: str


@dataclass(frozen=True, slots=True)
class Work:
    """What the program works with; of the connections only their number and kind is told."""

    places: Places
    practice: bool
    connections: tuple[Connection, ...]
    current: Connection | None
    ledger_open: bool
    network: Network = Network()


@dataclass(frozen=True, slots=True)
class Owner:
    """What must not be told: directories that hold an account's name, and the names themselves."""

    homes: tuple[str, ...] = ()
    local_app_data: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComputerFacts:
    """All that the text is made of. `variables` are names without values."""

    versions: tuple[Version, ...]
    system: str
    desktop: Desktop
    work: Work
    keyring: KeychainState
    proxy: bool
    variables: tuple[str, ...]
    owner: Owner


def gather(desktop: Desktop, work: Work, keychain: Keychain, environment: Mapping[str, str]) -> ComputerFacts:
    """Look at this computer. May take as long as the keyring is given, three seconds: not for the GUI thread."""
    return ComputerFacts(
        versions=installed_versions(desktop.qt),
        system=_system(),
        desktop=desktop,
        work=work,
        keyring=keychain.state(KEYRING_PATIENCE),
        proxy=goes_through_proxy(effective_endpoint(work.current)),
        variables=tuple(sorted(name for name in environment if name.startswith("AWS_"))),
        owner=_owner(environment),
    )


def installed_versions(qt: str) -> tuple[Version, ...]:
    """The program and what it stands on, without importing any of it; what is not installed is left out."""
    own = Version(product.NAME, product.product_version())
    base = (own, Version("Python", platform.python_version()), Version("Qt", qt))
    found = ((name, _number(module, distribution)) for name, module, distribution in _LIBRARIES)
    return base + tuple(Version(name, number) for name, number in found if number)


def _number(module: str, distribution: str) -> str:
    with suppress(PackageNotFoundError):
        return plain(version(distribution), 40)
    return "version not recorded" if find_spec(module) else ""


def _system() -> str:
    words = f"{platform.system()} {platform.release()} {platform.machine()}"
    if platform.system() == "Linux":
        with suppress(OSError, KeyError):
            return f"{platform.freedesktop_os_release()['PRETTY_NAME']}, {words}"
    return words


def goes_through_proxy(url: str) -> bool:
    """Whether calls to `url` take a proxy, as botocore decides it. This computer is never asked through one."""
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    return not is_loopback(url) and parts.scheme in getproxies() and not proxy_bypass(_host(url))


def _owner(environment: Mapping[str, str]) -> Owner:
    given = [environment.get(name, "") for name in ("HOME", "USERPROFILE")] + [os.path.expanduser("~")]
    homes = dict.fromkeys(home for path in given if path for home in (path, os.path.realpath(path)))
    computer = platform.node()
    names = [re.split(r"[\\/]", home.rstrip("\\/"))[-1] for home in homes]
    names += [computer, computer.partition(".")[0]]
    with suppress(OSError, KeyError, ImportError):
        names.append(getpass.getuser())
    return Owner(
        tuple(homes), environment.get("LOCALAPPDATA", ""), tuple(dict.fromkeys(name for name in names if name))
    )


def diagnostics(facts: ComputerFacts) -> str:
    """The text, a line for each fact, `Label: value`. Whatever the facts hold, it names nobody and nothing private."""
    groups = (_program(facts), _desktop(facts), _state(facts), _places(facts))
    head = f"{product.NAME} diagnostics"
    return "\n\n".join([head, *("\n".join(f"{label}: {value}" for label, value in group) for group in groups)])


def _program(facts: ComputerFacts) -> Iterator[tuple[str, str]]:
    for part in facts.versions:
        yield plain(part.name, 40), plain(part.number, 40)


def _desktop(facts: ComputerFacts) -> Iterator[tuple[str, str]]:
    desktop = facts.desktop
    size = f"{desktop.width} × {desktop.height} at {desktop.scale * 100:.0f} %"
    yield "System", plain(facts.system, 160)
    yield "Window system", plain(desktop.platform, 40)
    yield "Screen", size if desktop.screens == 1 else f"{size}, one of {desktop.screens}"
    yield "Appearance", plain(desktop.theme, 40)


def _proxy_in_use(facts: ComputerFacts) -> str:
    """Never which: its name is the company's."""
    if facts.work.network.proxy is not ProxyChoice.SYSTEM:
        return f"{'yes' if facts.work.network.proxy is ProxyChoice.ADDRESS else 'no'}, by the settings"
    return "yes" if facts.proxy else "no, unless the system has one"


def _state(facts: ComputerFacts) -> Iterator[tuple[str, str]]:
    work = facts.work
    own = sum(1 for connection in work.connections if connection.endpoint)
    backend = _shown(facts.keyring.backend, _names(facts)) if facts.keyring.backend else "none"
    yield "Keyring", f"{backend}, {facts.keyring.usability.value}"
    yield "Record of sent codes", "open" if work.ledger_open else "closed"
    yield "Connections", f"{len(work.connections)} ({own} with a custom endpoint)"
    yield "Endpoint", endpoint_kind(work)
    yield "Proxy", _proxy_in_use(facts)
    yield "CA bundle", "yes" if work.network.ca_bundle else "no"
    yield "AWS variables", _variables(facts)


def endpoint_kind(work: Work) -> str:
    """Where the calls go, without a host: somebody's own endpoint is nobody else's business."""
    if work.practice:
        return "practice pool on this computer"
    if work.current is None:
        return "no connection"
    return "custom" if work.current.endpoint else "AWS's own"


def _variables(facts: ComputerFacts) -> str:
    names = {_fold(name) for name in facts.owner.names}
    usual = [name for name in facts.variables if _VARIABLE.fullmatch(name) and not _in_variable(name, names)]
    others = len(facts.variables) - len(usual)
    said = usual + ([f"{others} with unusual names"] if others else [])
    return ", ".join(said) or "none"


def _in_variable(variable: str, names: Collection[str]) -> bool:
    """Whether one of `names` is a part of `variable` after its AWS_."""
    parts = _fold(variable).split("_")[1:]
    return any(name in "_".join(parts) if len(name) > 3 else name in parts for name in names)


def _places(facts: ComputerFacts) -> Iterator[tuple[str, str]]:
    names = _names(facts)
    for label, path in (("Data directory", facts.work.places.data), ("Log file", facts.work.places.log_file)):
        yield label, shown_path(str(path), facts.owner, names)


def _names(facts: ComputerFacts) -> tuple[str, ...]:
    """Whatever has a name that somebody gave it, in the real world: those of practice are in everybody's manual."""
    given = [] if facts.work.practice else [*facts.work.connections, facts.work.current]
    return facts.owner.names + tuple(
        word
        for at in given
        if at
        for word in (at.name, at.pool_name, at.pool_id, at.client_name, at.client_id, at.profile, _host(at.endpoint))
        if word
    )


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def shown_path(path: str, owner: Owner, names: Iterable[str] = ()) -> str:
    """`path` without what tells whose it is: the home directory as ~; a part that holds one of `names`, that looks
    private or that stands where systems keep people's directories as ‹hidden›. For paths of any system."""
    windows = bool(re.match(r"[A-Za-z]:|\\\\", path))
    separator = "\\" if windows else "/"
    path = ntpath.normpath(path) if windows else posixpath.normpath(path)
    parts = _split(path, windows)
    start, rest = _start(path, parts, owner, windows)
    names = [*owner.names, *names]
    shown, before = [], start
    for part in rest:
        shown.append(HIDDEN if _fold(before) in _FOLDERS_OF_PEOPLE else _shown(part, names))
        before = part
    return separator.join([start, *shown]) if start else separator + separator.join(shown)


def _split(path: str, windows: bool) -> list[str]:
    return [part for part in re.split(r"[\\/]" if windows else "/", path) if part]


def _start(path: str, parts: list[str], owner: Owner, windows: bool) -> tuple[str, list[str]]:
    """How the shown path begins, "" for the root, and the parts that follow."""
    known = [("%LOCALAPPDATA%", owner.local_app_data), *(("~", home) for home in owner.homes)]
    split = [(name, _split(root, windows)) for name, root in known]
    for name, root in sorted(split, key=lambda pair: -len(pair[1])):
        if root and [_fold(part) for part in parts[: len(root)]] == [_fold(part) for part in root]:
            return name, parts[len(root) :]
    if re.match(r"\\\\|//", path):
        # Another computer's name comes first.
        return ("\\\\" if windows else "//") + HIDDEN, parts[1:]
    return (parts[0], parts[1:]) if windows else ("", parts)


def _shown(part: str, names: Iterable[str]) -> str:
    folded = _fold(part)
    if folded in _OWN:
        return part
    words = (_fold(name) for name in names)
    named = any(word in folded if len(word) > 2 else word == folded for word in words)
    return HIDDEN if named or _PRIVATE.search(folded) else plain(part, 80)


def _fold(text: str) -> str:
    """For comparing: macOS decomposes letters in paths, and Windows and macOS don't tell capitals apart."""
    return unicodedata.normalize("NFKC", text).casefold()
