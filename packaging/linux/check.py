"""The cheap half of the proof: is the Linux package well formed, and does the program in it work on this computer?
The other half, in fresh systems, is `make package-test`."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from linux.build import TREE
from project import DIST, Project
from steps import run

PATIENCE = 60


def check(project: Project) -> list[str]:
    """A line for each thing that holds; SystemExit at the first that does not."""
    share = TREE / "usr" / "share"
    run("desktop-file-validate", share / "applications" / f"{project.app_id}.desktop")
    run("appstreamcli", "validate", "--no-net", share / "metainfo" / f"{project.app_id}.metainfo.xml")
    deb = next(DIST.glob(f"{project.command}_{project.version}_*.deb"))
    run("lintian", "--fail-on", "error", "--allow-root", deb)
    program = TREE / "usr" / "bin" / project.command
    return [
        "desktop entry, metainfo and .deb are well formed",
        _version(program, project),
        _self_check(program),
        _practice(program),
    ]


def _version(program: Path, project: Project) -> str:
    said = _run(program, "--version").stdout.strip()
    if said != f"{project.name} {project.version}":
        sys.exit(f"The program says that it is {said!r}.")
    return f"it is {said}"


def _self_check(program: Path) -> str:
    with tempfile.TemporaryDirectory() as home:
        done = _run(program, "--self-check", HOME=home, XDG_DATA_HOME=f"{home}/data")
    report = json.loads(done.stdout)
    if done.returncode or not report["ok"]:
        sys.exit(f"The self-check fails:\n{done.stdout}")
    return f"the self-check is well: Qt {report['qt']['version']} {report['qt']['platform']}"


def _practice(program: Path) -> str:
    """The practice server announces itself, and ends with its stdin."""
    with subprocess.Popen(
        [program, "--practice-server", "20"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdin
        assert server.stdout
        announcement = json.loads(server.stdout.readline() or b"{}")
        server.stdin.close()
        server.wait(PATIENCE)
    if not announcement.get("pools"):
        sys.exit("The practice pool does not start.")
    return "the practice pool starts and ends"


def _run(program: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")
    }
    return subprocess.run(
        [program, *words], env=bare | environment, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
