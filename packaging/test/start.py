"""How long an installed program takes to its first painted window, against the same program run from its source.

    python packaging/test/start.py INSTALLED SOURCE

Both are whole commands, watched from outside: Qt says on stderr when it flushes a window to the screen. In turns, so
that whatever else the computer does is shared; the first of each warms up.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STARTS = 21
PAINTED = b"Flushing QRegion"
CONNECTION = {
    "name": "Shop",
    "region": "eu-west-1",
    "pool_id": "eu-west-1_Ab12Cd34E",
    "client_id": "1example23456789",
    "endpoint": "http://127.0.0.1:9",
}


def main() -> None:
    """Print the medians and their ratio."""
    commands = [Path(word).absolute() for word in sys.argv[1:]]
    with tempfile.TemporaryDirectory() as directory:
        settings = {"version": 1, "connections": [CONNECTION], "last_connection": CONNECTION["name"]}
        Path(directory, "settings.json").write_text(json.dumps(settings), encoding="utf-8")
        rounds = [[seconds(command, directory) for command in commands] for _ in range(STARTS + 1)][1:]
    installed, source = (statistics.median(column) for column in zip(*rounds, strict=True))
    ratio = statistics.median(mine / its for mine, its in rounds)
    print(f"installed {installed * 1000:.0f} ms, from source {source * 1000:.0f} ms, ratio {ratio:.2f}")


def seconds(command: Path, directory: str) -> float:
    """From the start of the process until its first window is painted."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_LOGGING_RULES": "qt.widgets.painting=true"}
    began = time.perf_counter()
    with subprocess.Popen([command, "--data-dir", directory], env=environment, stderr=subprocess.PIPE) as process:
        assert process.stderr
        painted = any(PAINTED in line for line in process.stderr)
        took = time.perf_counter() - began
        process.kill()
    if not painted:
        sys.exit(f"{command} ended without a window.")
    return took


if __name__ == "__main__":
    main()
