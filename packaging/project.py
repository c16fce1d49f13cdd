"""What every package says of itself. Nothing here is decided: pyproject.toml has version, command and description,
core/product.py the name and the id that the running program uses too, CHANGELOG.md the releases."""

import os
import re
import runpy
import subprocess
import tomllib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD, DIST = ROOT / "build", ROOT / "dist"

_RELEASE = re.compile(r"^## \[(?P<version>\d[^]]*)\] - (?P<day>\d{4}-\d\d-\d\d)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Release:
    """A dated heading of CHANGELOG.md with its bullet points, Markdown taken off."""

    version: str
    day: date
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """The facts that package names, control files, desktop entries and installers are filled with."""

    name: str
    command: str
    app_id: str
    version: str
    summary: str
    licence: str
    url: str
    publisher: str
    releases: tuple[Release, ...]


def read_project(root: Path = ROOT, version: str = "") -> Project:
    """The project at `root`; `version` stands in for its own where an older or newer package is made for a test."""
    # Run, not imported: a build must find the package of its site directory, and never this one.
    product = runpy.run_path(str(root / "gui" / "confirmdesk" / "core" / "product.py"))
    table = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return Project(
        name=product["NAME"],
        command=table["name"],
        app_id=product["APP_ID"],
        version=version or table["version"],
        summary=table["description"],
        licence=table["license"],
        url=table["urls"]["Homepage"],
        publisher=table["authors"][0]["name"],
        releases=read_releases((root / "CHANGELOG.md").read_text(encoding="utf-8")),
    )


def read_releases(changelog: str) -> tuple[Release, ...]:
    """The dated releases, newest first as they stand there. What is not released yet is nobody's release."""
    found = list(_RELEASE.finditer(changelog))
    ends = [match.start() for match in found[1:]] + [len(changelog)]
    return tuple(
        Release(match["version"], date.fromisoformat(match["day"]), _changes(changelog[match.end() : end]))
        for match, end in zip(found, ends, strict=True)
    )


def _changes(section: str) -> tuple[str, ...]:
    points = re.findall(r"^- (.*(?:\n  .*)*)", section, re.MULTILINE)
    return tuple(" ".join(re.sub(r"[*`]", "", point).split()) for point in points)


def source_date() -> datetime:
    """The one moment that every file of a package bears, so that two builds of one source are the same bytes:
    SOURCE_DATE_EPOCH, else the last commit, else (from a tarball) the newest release.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return datetime.fromtimestamp(int(given), UTC)
    git = subprocess.run(
        ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"],
        capture_output=True,
        text=True,
        check=False,
    )
    if git.returncode == 0 and git.stdout.strip():
        return datetime.fromtimestamp(int(git.stdout), UTC)
    newest = read_project().releases[0].day
    return datetime(newest.year, newest.month, newest.day, tzinfo=UTC)
