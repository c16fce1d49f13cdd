"""What ships besides our own code: each component with its version, licence and licence texts."""

import ast
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from project import ROOT

LICENCES = ROOT / "packaging" / "licences"
DEBIAN_PAPERS, COMMON_LICENCES = Path("/usr/share/doc"), Path("/usr/share/common-licenses")
# What METADATA of these says is a name for a family, a file name, or nothing.
SPDX = {
    "Apache License 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "BSD-3-Clause License": "BSD-3-Clause",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "MPL 2.0": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_BOOTLOADER = "GPL-2.0-or-later WITH Bootloader-exception"
QT = ("PySide6_Essentials", "PySide6-Essentials", "shiboken6")


@dataclass(frozen=True, slots=True)
class Component:
    """`kind` is the type of its package URL: pypi, deb or generic. `texts` are whole licence texts."""

    kind: str
    name: str
    version: str
    licence: str
    texts: tuple[str, ...]
    url: str = ""


def python_components(site: Path, own: str) -> Iterator[Component]:
    """Every distribution in a site directory but `own`, by name."""
    found = [d for d in distributions(path=[str(site)]) if d.name.lower() != own]
    for shipped in sorted(found, key=lambda d: d.name.lower()):
        texts = _qt_texts() if shipped.name in QT else _texts(shipped)
        licence = "LGPL-3.0-only" if shipped.name in QT else _licence(shipped)
        yield Component("pypi", shipped.name, shipped.version, licence, texts, _url(shipped))


def python_itself(version: str, text: str) -> Component:
    """CPython `version`, with its licence `text`."""
    return Component("generic", "CPython", version, "PSF-2.0", (text,), "https://www.python.org")


def this_python() -> Component:
    """The Python that this build runs in, and that a frozen program carries."""
    stdlib = Path(sysconfig.get_path("stdlib"))
    debian = Path(f"/usr/share/doc/python{sys.version_info.major}.{sys.version_info.minor}/copyright")
    text = next(path for path in (stdlib / "LICENSE.txt", debian) if path.is_file())
    return python_itself(sys.version.split()[0], text.read_text(encoding="utf-8"))


def places_of_python() -> tuple[Path, ...]:
    """Where `this_python` lies: its modules, and its library unless that is in a package of Debian's own. Not its
    prefix: for Debian's Python that is /usr, with every other library of the computer."""
    own = [Path(sysconfig.get_path("stdlib"))]
    if sys.base_prefix != "/usr":
        own.append(Path(str(sysconfig.get_config_var("LIBDIR")), str(sysconfig.get_config_var("INSTSONAME"))))
    return tuple(path.resolve() for path in own)


def bootloader() -> Component:
    """What PyInstaller puts in front of a frozen program."""
    made_by = distribution("pyinstaller")
    return Component("pypi", "pyinstaller", made_by.version, _BOOTLOADER, _texts(made_by), "https://pyinstaller.org")


def debian_components(libraries: Iterable[Path]) -> Iterator[Component]:
    """The Debian packages that `libraries` of this computer belong to. SystemExit for one that belongs to none:
    then nobody could tell its licence."""
    for package in sorted({_owner(library) for library in libraries}):
        name = package.partition(":")[0]
        version = _dpkg("-W", "-f=${Version}", package)
        texts = _debian_texts(DEBIAN_PAPERS / name / "copyright")
        yield Component("deb", name, version, f"LicenseRef-copyright-of-{name}", texts)


def collected(toc: Path, besides: Iterable[Path]) -> list[Path]:
    """The files that PyInstaller collected, told by its COLLECT table, but for those below `besides`."""
    rows: list[tuple[str, str, str]] = ast.literal_eval(toc.read_text(encoding="utf-8"))[-1]
    files = {Path(source).resolve() for _, source, kind in rows if kind == "BINARY"}
    return sorted(file for file in files if not any(file.is_relative_to(place) for place in besides))


def _debian_texts(copyright_file: Path) -> tuple[str, ...]:
    """What a package says of its licences, and the texts that every Debian system has and that it only points to."""
    if not copyright_file.is_file():
        sys.exit(f"There is no {copyright_file}: what is under that licence cannot be shipped.")
    said = copyright_file.read_text(encoding="utf-8", errors="replace")
    names = sorted({name.rstrip(".") for name in re.findall(rf"{COMMON_LICENCES}/([\w.+-]+)", said)})
    common = [COMMON_LICENCES / name for name in names if (COMMON_LICENCES / name).is_file()]
    return (said, *(path.read_text(encoding="utf-8") for path in common))


def _owner(library: Path) -> str:
    # Packages register /lib where the file is in /usr/lib, and the other way round.
    for path in (
        library,
        Path("/", *library.parts[2:]) if library.parts[1] == "usr" else Path("/usr", *library.parts[1:]),
    ):
        done = subprocess.run(["dpkg-query", "-S", str(path)], capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return done.stdout.rpartition(": ")[0].split(",")[0].strip()
    sys.exit(f"{library} belongs to no Debian package: its licence is not known.")


def _dpkg(*words: str) -> str:
    return subprocess.run(["dpkg-query", *words], capture_output=True, text=True, check=True).stdout.strip()


def _licence(shipped: Distribution) -> str:
    meta = shipped.metadata
    stated = next((meta[field] for field in ("License-Expression", "License") if field in meta), "")
    if not stated or "\n" in stated or len(stated) > 60:
        classifiers = meta.get_all("Classifier") or []
        stated = next((c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License ::")), "")
    return SPDX.get(stated, stated)


def _texts(shipped: Distribution) -> tuple[str, ...]:
    names = [
        path
        for path in shipped.files or ()
        if ".dist-info" in path.parts[0]
        and (
            path.parts[1].lower() in ("licenses", "licences")
            or path.name.upper().startswith(("LICEN", "COPYING", "NOTICE"))
        )
    ]
    files = [Path(str(shipped.locate_file(path))) for path in names]
    # Its wheel forgot it.
    files = files or [LICENCES / f"{shipped.name.lower()}.txt"]
    return tuple(file.read_text(encoding="utf-8", errors="replace") for file in files)


def _qt_texts() -> tuple[str, ...]:
    return tuple((LICENCES / name).read_text(encoding="utf-8") for name in ("QT.txt", "LGPL-3.0.txt", "GPL-3.0.txt"))


def _url(shipped: Distribution) -> str:
    links = dict(line.split(", ", 1) for line in shipped.metadata.get_all("Project-URL") or ())
    by_label = {label.lower(): link for label, link in links.items()}
    named = (by_label[label] for label in ("homepage", "source", "repository", "documentation") if label in by_label)
    return shipped.metadata["Home-page"] if "Home-page" in shipped.metadata else next(named, "")
