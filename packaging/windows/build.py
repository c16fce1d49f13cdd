"""The installers for Windows, made on Linux: setup.exe and .msi around CPython's embeddable package."""

import os
import shutil
from pathlib import Path

import components
import icons
import notices
import sbom
from project import DIST, ROOT, Project
from steps import empty, stamp

from .launcher import build_launchers
from .msi import build_msi
from .nsis import SVG, build_setup, sign
from .payload import PROGRAM, WORK, Embedded, assemble, unpack_python

PYTHON_VARIABLE = "CONFIRMDESK_WINDOWS_PYTHON"


def build(project: Project, wheel: Path, windows_python: Path | None = None) -> list[Path]:
    """Make both installers and the bill of materials in dist/.

    `windows_python` is python.org's embeddable package for x64, else CONFIRMDESK_WINDOWS_PYTHON names it; where nobody
    does, the one for tests is fetched.
    """
    if windows_python is None and (named := os.environ.get(PYTHON_VARIABLE)):
        windows_python = Path(named)
    DIST.mkdir(exist_ok=True)
    python = unpack_python(windows_python)
    payload, bill = build_payload(project, wheel, python)
    icon = icons.ico(SVG, WORK / f"{project.command}.ico")
    for program in build_launchers(project, python, icon, payload):
        sign(program)
    stamp([payload, *payload.rglob("*")])
    made = [build_setup(project, payload, icon), build_msi(project, payload, icon)]
    for installer in made:
        sign(installer)
    return [*made, bill]


def build_payload(project: Project, wheel: Path, python: Embedded) -> tuple[Path, Path]:
    """The directory that both installers carry, but for the programs; and the bill of materials."""
    payload = empty(WORK / "payload")
    site = assemble(python, wheel, payload / PROGRAM)
    # What Microsoft wants said of its runtime is part of this licence text.
    text = (payload / PROGRAM / "LICENSE-Python.txt").read_text(encoding="utf-8")
    shipped = [
        components.python_itself(python.version, text),
        *components.python_components(site, project.command),
    ]
    notices.write(project, shipped, payload / PROGRAM / "lib" / project.command / notices.PLACE)
    bill = DIST / f"{project.command}-{project.version}-windows-x64.cdx.json"
    sbom.write(project, shipped, "windows-x64", bill)
    shutil.copyfile(ROOT / "LICENSE", payload / "LICENSE.txt")
    return payload, bill
