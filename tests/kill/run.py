"""`make test-kill`: fifty kills; prints how many were unknown and how many were sent to twice."""

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support"), str(HERE.parents[1] / "gui")]

from killing import campaign  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--people", type=int, default=2400)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report = campaign(Path(folder) / "data", given.people, given.kills, given.seed)
    print(report.text())
    return 1 if report.twice or report.lost else 0


if __name__ == "__main__":
    sys.exit(main())
