"""The licences of the program and of what it stands on, as text to read."""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from confirmdesk.core import product
from confirmdesk.core.computer.paths import resource
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.text import plain

THIRD_PARTY = "licences/THIRD-PARTY.txt"
QT = (
    "Qt and PySide6 are used under the GNU Lesser General Public License, version 3 (LGPL-3.0). They are separate "
    "files, which may be replaced by versions of your own. The Qt Company publishes their source code and licence "
    "texts at https://code.qt.io."
)
_REQUIREMENT = re.compile(r"\s*([\w.-]+)\s*(?:\[([^\]]*)\])?[^;]*(?:;(.*))?")
_EXTRA = re.compile(r"""extra\s*==\s*["']([^"']+)["']""")
# Practice is part of an installation whose moto is there; the tools of developers never are.
_OWN_EXTRAS = frozenset({"practice"})
# In a source tree that nobody installed nothing tells what is required.
_WITHOUT_METADATA = ("PySide6-Essentials", "boto3", "keyring", "platformdirs", "moto")
# Some licences have a paragraph on a line, and none may lose a word.
_LINE_LIMIT = 20_000


def licence_text() -> str:
    """Everything at once, up to some 300 KB, which may take a moment: not for the GUI thread."""
    parts = (f"{product.NAME}: MIT licence", own_licence(), third_party())
    return "\n\n".join(part for part in parts if part)


def own_licence() -> str:
    """The MIT text as it was installed, or as it lies in a source tree; "" where neither is to be found."""
    try:
        if text := distribution(product.COMMAND).read_text("licenses/LICENSE"):
            return _readable(text)
    except PackageNotFoundError:
        pass
    try:
        return _readable((Path(__file__).resolve().parents[4] / "LICENSE").read_text(encoding="utf-8"))
    except OSError:
        return ""


def third_party() -> str:
    """What an installer ships with the licences in full; elsewhere a list of what is installed."""
    try:
        return _readable(resource(THIRD_PARTY).read_text(encoding="utf-8", errors="replace"))
    except (ConfirmdeskError, OSError):
        return "\n\n".join((f"{product.NAME} stands on the work of others.", QT, "\n".join(_listed())))


def _listed() -> list[str]:
    found = requirements(product.COMMAND)[1:] or [each for name in _WITHOUT_METADATA for each in requirements(name)]
    lines = [f"{plain(d.name, 80)} {plain(d.version, 40)}: {licence_of(d)}" for d in found]
    return ["Python: PSF-2.0", *sorted(set(lines), key=str.casefold)]


def requirements(name: str) -> list[Distribution]:
    """The distribution `name`, then all that it requires and that is installed here, each once; nothing without it."""
    waiting, extras_of, found = [(name, _OWN_EXTRAS)], dict[str, frozenset[str]](), dict[str, Distribution]()
    while waiting:
        at, extras = waiting.pop()
        known = extras_of.get(key := _key(at), frozenset())
        if key in extras_of and extras <= known:
            continue
        extras_of[key] = known | extras
        try:
            found[key] = distribution(at)
        except PackageNotFoundError:
            continue
        waiting += _required(found[key], extras_of[key])
    return list(found.values())


def _required(by: Distribution, extras: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Conditions on system or Python are not looked at: what they exclude is not installed here."""
    for requirement in by.requires or ():
        match = _REQUIREMENT.match(requirement)
        wanted = {_key(extra) for extra in _EXTRA.findall(match[3] or "")} if match else set()
        if match and (not wanted or wanted & extras):
            yield match[1], frozenset(_key(extra) for extra in (match[2] or "").split(",") if extra.strip())


def licence_of(installed: Distribution) -> str:
    """As its authors state it: the SPDX expression, else the classifiers, else the free text."""
    about = installed.metadata
    if expression := about.get_all("License-Expression"):
        return plain(expression[0], 120)
    kinds = [line.split("::") for line in about.get_all("Classifier") or () if line.startswith("License ::")]
    named = [parts[-1].strip() for parts in kinds if len(parts) > 2]
    free = (about.get_all("License") or [""])[0].strip().split("\n")[0]
    return plain(", ".join(named) or free, 120) or "not stated"


def _key(name: str) -> str:
    """https://packaging.python.org/en/latest/specifications/name-normalization/"""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()


def _readable(text: str) -> str:
    """Word for word, but no character that changes how its neighbours read. splitlines takes form feeds as well."""
    return "\n".join(plain(line.expandtabs(8), _LINE_LIMIT) for line in text.strip().splitlines())
