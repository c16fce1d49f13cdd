"""What is peculiar to an app bundle, as plain functions: nothing in here needs a Mac."""

import re
from collections.abc import Iterable
from pathlib import Path

from project import ROOT, Project

Row = tuple[str, str, str]  # of PyInstaller's tables: where to, where from, which kind

# Programs and libraries for one kind of processor, and for several.
# https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/loader.h
_MACH_O = (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")


def info_plist(project: Project, floor: str) -> dict[str, str | bool]:
    """What macOS reads of the program before it runs it; `floor` is the oldest macOS that can.

    https://developer.apple.com/documentation/bundleresources/information-property-list
    """
    # Three numbers at most: Apple has no place for what is behind them ("rc1").
    numbers = re.match(r"\d+(\.\d+){0,2}", project.version)
    if not numbers:
        raise ValueError(f"macOS cannot express the version {project.version!r}.")
    rights = re.search(r"^Copyright .*$", (ROOT / "LICENSE").read_text(encoding="utf-8"), re.MULTILINE)
    return {
        "CFBundleDevelopmentRegion": "en",
        "CFBundleShortVersionString": numbers[0],
        "CFBundleVersion": numbers[0],
        "LSApplicationCategoryType": "public.app-category.business",
        "LSMinimumSystemVersion": floor,
        "NSHighResolutionCapable": True,
        "NSHumanReadableCopyright": f"{rights[0] if rights else project.publisher}, {project.licence} licence",
        "NSPrincipalClass": "NSApplication",
        # Said aloud: dark mode is welcome.
        "NSRequiresAquaSystemAppearance": False,
    }


def system_floor(site: Path) -> str:
    """The oldest macOS that every wheel installed in `site` promises to run on. Of several tags of a wheel the
    mildest counts: pip chose one that fits."""
    floors = []
    for file in site.glob("*.dist-info/WHEEL"):
        tags = re.findall(r"^Tag: .*-macosx_(\d+)_(\d+)_", file.read_text(encoding="utf-8"), re.MULTILINE)
        floors += [min((int(major), int(minor)) for major, minor in tags)] if tags else []
    if not floors:
        raise ValueError(f"{site} holds no wheel for macOS.")
    return ".".join(map(str, max(floors)))


def framework_links(rows: Iterable[Row], kept: Iterable[Row]) -> list[Row]:
    """The links inside each framework that one of the files `kept` belongs to. A framework without them is no framework
    to codesign, and most of them lead to a directory or to another link."""
    whole = {_framework(Path(row[0])) for row in kept} - {None}
    return [row for row in rows if row[2] == "SYMLINK" and _framework(Path(row[0])) in whole]


def signing_order(app: Path) -> list[Path]:
    """All code inside `app` but its own program, innermost first; a framework is signed as a whole.

    https://developer.apple.com/documentation/xcode/creating-distribution-signed-code-for-the-mac
    """
    files = (path for path in app.rglob("*") if path.is_file() and not path.is_symlink())
    code = [path for path in files if path.parent != app / "Contents" / "MacOS" and path.read_bytes()[:4] in _MACH_O]
    found = dict.fromkeys(_framework(path) or path for path in sorted(code))
    return sorted(found, key=lambda path: len(path.parts), reverse=True)


def _framework(path: Path) -> Path | None:
    return next((parent for parent in path.parents if parent.suffix == ".framework"), None)
