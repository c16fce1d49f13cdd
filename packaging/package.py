"""Makes the packages of Confirmdesk: `make package`, or a part of it. What comes out is in dist/.

    python packaging/package.py wheel | linux | windows [--version VERSION] [--out DIR]

Runs in the environment of packaging/requirements/tools.lock, which the Makefile makes.
"""

import argparse
import hashlib
import time
from collections.abc import Callable
from pathlib import Path

from project import DIST, Project, read_project
from steps import build_wheel

MEGABYTE = 1_000_000


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="+", choices=tuple(PARTS))
    for part in parser.parse_args().parts:
        began = time.monotonic()
        for made in PARTS[part](read_project()):
            print(f"{made.stat().st_size / MEGABYTE:6.1f} MB  {made.relative_to(DIST.parent)}")
        print(f"{part} took {time.monotonic() - began:.0f} s")
    _write_sums()


def wheel(project: Project) -> list[Path]:
    """What pipx installs."""
    return [build_wheel(project)]


def linux(project: Project) -> list[Path]:
    """.deb and .rpm."""
    from linux.build import build

    return build(project, build_wheel(project))


def windows(project: Project) -> list[Path]:
    """The installer and the .msi."""
    from windows.build import build

    return build(project, build_wheel(project))


PARTS: dict[str, Callable[[Project], list[Path]]] = {"wheel": wheel, "linux": linux, "windows": windows}


def _write_sums() -> None:
    files = sorted(path for path in DIST.iterdir() if path.is_file() and path.name != "SHA256SUMS")
    lines = (f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)
    (DIST / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
