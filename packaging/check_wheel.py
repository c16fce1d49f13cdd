"""Whether the wheel works where pipx puts it: in an environment of its own, with the practice pool."""

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

from project import BUILD, DIST, Project
from steps import LOCK, run

PATIENCE = 60


def check(project: Project) -> list[str]:
    """A line for what holds; SystemExit where it does not."""
    room = BUILD / "wheel"
    venv.create(room, clear=True, with_pip=True)
    pip = (room / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    # What ships elsewhere is what is tried here; then nothing is left to choose.
    run(*pip, "--require-hashes", "-r", LOCK)
    wheel = DIST / f"{project.command}-{project.version}-py3-none-any.whl"
    run(*pip, "--no-index", f"{wheel}[practice]")
    return [_self_check(room / "bin" / project.command, room)]


def _self_check(program: Path, room: Path) -> str:
    bare = {"PATH": os.environ["PATH"], "HOME": str(room), "XDG_DATA_HOME": str(room / "data")}
    done = subprocess.run(
        [program, "--self-check"], env=bare, cwd=room, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if done.returncode or not json.loads(done.stdout)["ok"]:
        sys.exit(f"The installed wheel does not work:\n{done.stdout}{done.stderr}")
    return "the wheel works in an environment of its own"
