"""Tools of this computer: run, looked for, and heard when they fail."""

import os
import shutil
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended; `output` is both of its streams."""

    status: int
    output: str
    seconds: float


def tool(*command: str, limit: float = 600) -> Done:
    """Run `command`; past `limit` seconds it is killed and subprocess.TimeoutExpired is raised."""
    began = time.monotonic()
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=limit,
        check=False,
    )
    return Done(done.returncode, done.stdout, time.monotonic() - began)


def checked(done: Done, what: str) -> Done:
    """`done`, or SystemExit with its output where it failed: then nothing can be tested here."""
    if done.status:
        raise SystemExit(f"{done.output[-4000:]}\n{what} failed ({done.status}).")
    return done


def need_tools(packages: Mapping[str, str]) -> None:
    """SystemExit unless this is root and each tool is here; `packages` says which package brings which tool."""
    if os.geteuid() != 0:
        raise SystemExit("Fresh systems can only be made by root: run this with sudo.")
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    if missing := {package for name, package in packages.items() if shutil.which(name, path=path) is None}:
        raise SystemExit(f"Please install: apt-get install {' '.join(sorted(missing))}")
