"""`make test-kill`: kills in mid-run, two programs at one ledger, the ledger removed; prints what became of whom."""

import argparse
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "support"), str(HERE.parents[1] / "gui")]

from killing import campaign  # noqa: E402
from records import Report, both_resume, ledger_removed, second_start  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--people", type=int, default=2400)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kills = campaign(Path(folder) / "data", given.people, given.kills, given.seed)
        print(f"killed in mid-run              {kills.text()}", flush=True)
        both = both_resume(Path(folder), people=40, rounds=given.rounds, seed=given.seed)
        print(f"two programs, no locks         {row(both)}", flush=True)
        second = second_start(Path(folder) / "second", people=600)
        print(f"lock file deleted, as shipped  {row(second)}", flush=True)
        removal = ledger_removed(Path(folder) / "removed", people=300)
        print(f"ledger removed                 {removal.text()}", flush=True)
    return 1 if kills.twice or kills.lost or both.twice or second.twice or removal.requests_there else 0


def row(report: Report) -> str:
    ends = ", ".join(f"{number} {word}" for word, number in sorted(report.ends.items()))
    return f"{report.rounds} rounds, {report.requests} requests, {len(report.twice)} twice; programs: {ends}"


if __name__ == "__main__":
    sys.exit(main())
