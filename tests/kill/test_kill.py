"""The short form: five kills. `make test-kill` does fifty."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from killing import campaign


def test_killed_five_times_nobody_is_sent_to_twice_and_nothing_written_is_lost(tmp_path):
    report = campaign(tmp_path / "data", people=240, kills=5)
    assert report.kills == 5
    assert (report.twice, report.lost) == ([], [])
    assert set(report.outcomes) <= {"accepted", "unknown"}
    assert sum(report.outcomes.values()) == 240
    assert report.unknown <= 5 * 16
