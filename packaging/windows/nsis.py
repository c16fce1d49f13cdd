"""setup.exe, made by NSIS out of a directory with the program in it."""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QRectF

import icons
from project import DIST, ROOT, Project
from steps import run, stamp

from .launcher import numbers
from .payload import HERE, PROGRAM, WORK

SVG = ROOT / "resources" / "icons" / "confirmdesk.svg"
# Points of the pictures that NSIS wants at 96 dpi. It enlarges them for larger screens: so they are made three times.
SIDE, HEADER, SHARPER = (164, 314), (150, 57), 3


def build_setup(project: Project, payload: Path, icon: Path, into: Path = DIST, quick: bool = False) -> Path:
    """The installer, in `into`. A `quick` one is large, and good enough for tests."""
    work = WORK / "nsis"
    work.mkdir(parents=True, exist_ok=True)
    files = work / "files.nsh"
    files.write_text("\n".join(file_list(payload)) + "\n", encoding="utf-8")
    out = into / f"{project.command}-{project.version}-setup-x64.exe"
    defines = facts(project) | {
        "ICON": str(icon),
        "SIDE": str(_picture(SIDE, QRectF(42, 92, 80, 80), "#eef1f5", work / "side.bmp")),
        "HEADER": str(_picture(HEADER, QRectF(105, 10, 37, 37), "#ffffff", work / "header.bmp")),
        "LICENCE": str(payload / "LICENSE.txt"),
        "FILES": str(files),
        "SIZE": str(size_in_kilobytes(payload)),
        "OUT": str(out),
    }
    words = ["makensis", "-V2", "-INPUTCHARSET", "UTF8", *(f"-D{key}={value}" for key, value in defines.items())]
    quickly = ["-XSetCompressor /FINAL zlib"] if quick else []
    run(*words, *quickly, *_signing(), HERE / "confirmdesk.nsi")
    return out


def facts(project: Project) -> dict[str, str]:
    """What the script says about the program."""
    return {
        "NAME": project.name,
        "COMMAND": project.command,
        "APP_ID": project.app_id,
        "VERSION": project.version,
        "NUMBER": ".".join(map(str, numbers(project.version))),
        "PUBLISHER": project.publisher,
        "URL": project.url,
        "PROGRAM": PROGRAM,
    }


def file_list(payload: Path) -> Iterator[str]:
    """NSIS instructions for all files of `payload`, in one order: a directory's own order is that of its disk."""
    previous = None
    for path in sorted(path for path in payload.rglob("*") if path.is_file()):
        directory = str(path.parent.relative_to(payload)).replace("/", "\\")
        if directory != previous:
            yield f'SetOutPath "$INSTDIR{"" if directory == "." else chr(92) + directory}"'
        previous = directory
        yield f'File "{path}"'
    yield "SetOutPath $INSTDIR"


def size_in_kilobytes(payload: Path) -> int:
    """What Windows' settings show as the size."""
    return sum(path.stat().st_size for path in payload.rglob("*") if path.is_file()) // 1024


def _picture(size: tuple[int, int], icon: QRectF, ground: str, out: Path) -> Path:
    width, height = (SHARPER * side for side in size)
    where = QRectF(icon.x() * SHARPER, icon.y() * SHARPER, icon.width() * SHARPER, icon.height() * SHARPER)
    icons.bmp(SVG, width, height, where, ground, out)
    # The installer unpacks it for its pages, with its date.
    stamp([out])
    return out


def sign(file: Path) -> None:
    """Let the command in CONFIRMDESK_WINDOWS_SIGN sign `file` in place; without one nothing is signed."""
    if command := os.environ.get("CONFIRMDESK_WINDOWS_SIGN"):
        run(*shlex.split(command), file)


def _signing() -> list[str]:
    """The uninstaller exists only inside the installer: NSIS itself has to have it signed."""
    command = os.environ.get("CONFIRMDESK_WINDOWS_SIGN")
    return [f"-X!uninstfinalize '{command} %1'"] if command else []
