"""The steps that every package is made of: the wheel, and the directory of libraries that ships with it."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from packaging.markers import Marker

from project import BUILD, DIST, ROOT, Project, source_date

LOCK = ROOT / "packaging" / "requirements" / "runtime.lock"
_PIN = re.compile(
    r"^(?P<pin>[\w.-]+(?:\[[\w,-]+\])?==[\w.+!-]+)(?: ; (?P<marker>[^\\]+?))?(?P<hashes>(?: \\\n +--hash=\S+)+)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a package is made for: `markers` as PEP 508 sees the system, `pip` the options that choose its wheels."""

    markers: Mapping[str, str]
    pip: tuple[str, ...] = ()


HERE = Target({})


def run(*command: str | Path, cwd: Path = ROOT, **environment: str) -> None:
    """Run a tool of the build, alike every time; SystemExit with its output where it fails."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=build_environment() | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        sys.exit(f"{done.stdout[-8000:]}\n{' '.join(map(str, command))} failed ({done.returncode}).")


def build_environment() -> dict[str, str]:
    """What makes two builds the same: one date for all files, one order of all sets, English, UTC."""
    return os.environ | {
        "SOURCE_DATE_EPOCH": str(int(source_date().timestamp())),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


def empty(directory: Path) -> Path:
    """`directory`, there and with nothing in it."""
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    return directory


def build_wheel(project: Project) -> Path:
    """The wheel, in dist/: what pipx installs, and what every installer carries."""
    DIST.mkdir(exist_ok=True)
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", DIST)
    return DIST / f"{project.command}-{project.version}-py3-none-any.whl"


def wanted(lock: str, target: Target) -> str:
    """The part of a lock file that `target` needs, hashes and all. pip itself would ask this computer's markers."""
    return "\n".join(
        match["pin"] + match["hashes"]
        for match in _PIN.finditer(lock)
        if not match["marker"] or Marker(match["marker"]).evaluate(dict(target.markers))
    )


def fill_site(wheel: Path, site: Path, target: Target = HERE) -> None:
    """Install `wheel` and the locked libraries, by their hashes, into the new directory `site`. Runs none of them."""
    needed = BUILD / f"{site.parent.name}-requirements.txt"
    needed.write_text(wanted(LOCK.read_text(encoding="utf-8"), target), encoding="utf-8")
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
    into = ("--no-compile", "--target", site)
    run(*pip, "--require-hashes", "--only-binary=:all:", *target.pip, *into, "-r", needed)
    run(*pip, *into, wheel)


def stamp(files: Iterable[Path]) -> None:
    """Give `files` the one date of this build."""
    moment = source_date().timestamp()
    for file in files:
        os.utime(file, (moment, moment), follow_symlinks=False)
