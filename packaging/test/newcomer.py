#!/usr/bin/env python3
"""Runs what the README tells newcomers to run, each command in a fresh clone on a Debian system that was never used.

    packaging/test/newcomer.py [--fresh] [SUITE...]

One line for each system and command; their output is in build/test-fresh. Exit status 1 if a command failed. What is
tried is the last commit, by root, without a display and with nothing installed but git, make and Python. Needs root,
debootstrap, a Debian mirror and a package index, as this computer's own apt and pip know them.
"""

import argparse
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from debian_report import Report, need
from debian_system import System, Systems, proxies
from debian_tools import Done, checked, need_tools, tool

ROOT = Path(__file__).resolve().parents[2]
WORK = ROOT / "build" / "test-fresh"
SUITES = ("bookworm", "trixie")
TOOLS = {"debootstrap": "debootstrap", "unshare": "util-linux", "git": "git"}
BUNDLE, CLONE = Path("root/confirmdesk.bundle"), Path("root/confirmdesk")
# Seconds for one command. Each test has a limit of its own, so this is for what is no test.
LIMIT = 3600


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Run the README's commands in fresh Debian systems.")
    parser.add_argument("--fresh", action="store_true", help="make the systems anew, even if today's are there")
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"default: {' '.join(SUITES)}")
    given = parser.parse_args()
    need_tools(TOOLS)
    # As for Ctrl+C: what runs inside ends, and its directory goes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    WORK.mkdir(parents=True, exist_ok=True)
    report = Report(WORK / "report.txt")
    report.file.unlink(missing_ok=True)
    began, systems = time.monotonic(), Systems(WORK, given.fresh)
    if _git("status", "--porcelain").output:
        print("What is not committed is not tried.", flush=True)
    for suite in given.suites or SUITES:
        for command in readme_commands():
            with systems.newcomer(suite) as system:
                report.prove(suite, command, lambda system=system, command=command: _try(system, command))
    print(f"{len(report.failures)} failed, {time.monotonic() - began:.0f} s; what was said is in {WORK}")
    return 1 if report.failures else 0


def readme_commands() -> list[str]:
    """The chores that the README shows as lines to type."""
    return re.findall(r"^    (make [a-z-]+)$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)


def _try(system: System, command: str) -> str:
    _git("bundle", "create", "--quiet", str(system.root / BUNDLE), "HEAD")
    checked(system.run("git", "clone", "--quiet", f"/{BUNDLE}", f"/{CLONE}", user="root"), "git clone")
    name = f"{system.suite}-{command.replace(' ', '-')}"
    done = _run(system, command)
    (WORK / f"{name}.log").write_text(done.output)
    _keep_pictures(system.root / CLONE / "build" / "tour", WORK / name)
    need(done.status == 0, f"status {done.status} after {done.seconds:.0f} s: {done.output.strip()}")
    said = done.output.strip().splitlines() or ["it said nothing"]
    return f"{said[-1].strip('= ')}; {done.seconds:.0f} s"


def _run(system: System, command: str) -> Done:
    settings = [f"{name}={value}" for name, value in proxies().items()]
    words = ("env", "-C", f"/{CLONE}", *settings, *command.split())
    try:
        return system.run(*words, user="root", network=True, limit=LIMIT)
    except subprocess.TimeoutExpired as late:
        said = late.output.decode(errors="replace") if isinstance(late.output, bytes) else late.output or ""
        return Done(124, said, LIMIT)


def _keep_pictures(made: Path, kept: Path) -> None:
    shutil.rmtree(kept, ignore_errors=True)
    if made.is_dir():
        shutil.copytree(made, kept)


def _git(*words: str) -> Done:
    return checked(tool("git", "-C", str(ROOT), *words), f"git {words[0]}")


if __name__ == "__main__":
    sys.exit(main())
