"""`make tour`: does the main job on the practice pool where nobody sees it, by mouse and keys, in light and dark.

Prints a line for each step and leaves a picture of it in `build/tour`. The exit status is 0 only if the practice outbox
then holds what was to be sent, and nothing else.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from screen import off_screen

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LOOKS = ("light", "dark")


def main() -> int:
    given = _given()
    out = given.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    for old in out.glob("[0-9][0-9]-*.png"):
        old.unlink()
    began = time.monotonic()
    held = [play(look, out, given.leave_out) for look in given.looks]
    done = "The job was done" if all(held) else "The job was NOT done"
    print(f"{done} in {' and '.join(given.looks)}, in {time.monotonic() - began:.0f} seconds. Pictures: {_shown(out)}")
    return 0 if all(held) else 1


def play(look: str, out: Path, left_out: Sequence[str]) -> bool:
    """The job in one look, in a process of its own as the program is."""
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(off_screen(Path(folder)))
        environment["PYTHONPATH"] = os.pathsep.join([str(ROOT / "gui"), environment.get("PYTHONPATH", "")])
        command = [sys.executable, str(HERE / "play.py"), look, str(out)]
        if left_out:
            command += ["--leave-out", *left_out]
        return subprocess.run(command, env=environment, cwd=folder, check=False).returncode == 0


def _shown(out: Path) -> Path:
    """As short as it goes from where the command was given."""
    return out.relative_to(Path.cwd()) if out.is_relative_to(Path.cwd()) else out


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "tour", metavar="DIR")
    parser.add_argument("--looks", nargs="+", choices=LOOKS, default=LOOKS)
    # To see that it fails then.
    parser.add_argument("--leave-out", nargs="+", default=(), metavar="STEP", help="steps that are not played")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
