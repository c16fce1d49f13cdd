"""Makes the packages of Confirmdesk, in dist/. The Makefile calls it; packaging/README.md tells what comes out.

    python packaging/package.py PART...

Runs in the environment of packaging/requirements/tools.lock.
"""

import argparse
import hashlib
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from project import DIST, ROOT, Project, read_project
from steps import build_wheel, run

MEGABYTE = 1_000_000
PACKAGES = (".deb", ".rpm", ".whl", ".exe", ".msi")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make and check the packages, in dist/.")
    parser.add_argument("parts", nargs="+", choices=tuple(PARTS), metavar="PART", help=", ".join(PARTS))
    DIST.mkdir(exist_ok=True)
    for part in parser.parse_args().parts:
        began = time.monotonic()
        for line in PARTS[part](read_project()):
            print(line, flush=True)
        print(f"{part}: {time.monotonic() - began:.0f} s", flush=True)


def wheel(project: Project) -> Iterable[str]:
    """What pipx installs."""
    return _made([build_wheel(project)])


def check_wheel(project: Project) -> Iterable[str]:
    """Whether pipx could install it."""
    from check_wheel import check

    return check(project)


def linux(project: Project) -> Iterable[str]:
    """.deb and .rpm."""
    from linux.build import build

    return _made(build(project, build_wheel(project)))


def check_linux(project: Project) -> Iterable[str]:
    """Whether the .deb is well formed and its program works here."""
    from linux.check import check

    return check(project)


def windows(project: Project) -> Iterable[str]:
    """The installer and the .msi, cross-built."""
    from windows.build import build

    return _made(build(project, build_wheel(project)))


def macos(project: Project) -> Iterable[str]:
    """The .dmg; on a Mac only."""
    from macos.build import build

    return _made(build(project, build_wheel(project)))


def scan(project: Project) -> Iterable[str]:
    """Whether anything is in the packages of this version that should not be; then their sums."""
    from scan import scan as look_through

    packages = sorted(path for path in DIST.iterdir() if path.suffix in PACKAGES and project.version in path.name)
    found = [f"{package.name}: {problem}" for package in packages for problem in look_through(package)]
    if found or not packages:
        sys.exit("\n".join(found) or "There is no package to look through: make package-linux makes some.")
    _write_sums()
    return [f"{package.name}: clean" for package in packages]


def lock(_: Project) -> Iterable[str]:
    """The newest versions, with their hashes, of what ships and of the packaging tools."""
    uv = (
        sys.executable,
        "-m",
        "uv",
        "pip",
        "compile",
        "--quiet",
        "--upgrade",
        "--universal",
        "--python-version",
        "3.11",
    )
    said = ("--generate-hashes", "--custom-compile-command", "make lock")
    locks = ROOT / "packaging" / "requirements"
    run(*uv, *said, "pyproject.toml", "--extra", "practice", "-o", locks / "runtime.lock")
    tools = ("packaging/requirements/tools.in", "-c", locks / "runtime.lock", "--allow-unsafe")
    run(*uv, *said, *tools, "-o", locks / "tools.lock")
    return ["runtime.lock and tools.lock are new: run the tests and make the packages before you commit them"]


PARTS: dict[str, Callable[[Project], Iterable[str]]] = {
    "wheel": wheel,
    "check-wheel": check_wheel,
    "linux": linux,
    "check-linux": check_linux,
    "windows": windows,
    "macos": macos,
    "scan": scan,
    "lock": lock,
}


def _made(files: Iterable[Path]) -> list[str]:
    return [f"{file.stat().st_size / MEGABYTE:6.1f} MB  {file.relative_to(ROOT)}" for file in files]


def _write_sums() -> None:
    files = sorted(path for path in DIST.iterdir() if path.is_file() and path.name != "SHA256SUMS")
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    (DIST / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
