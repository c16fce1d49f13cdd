"""The short form of two programs at one ledger, and of a ledger that is taken away."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from records import both_resume, ledger_removed, second_start


def test_two_programs_without_any_lock_that_resume_one_run_at_once_send_nobody_two_codes(tmp_path):
    report = both_resume(tmp_path, people=40, rounds=2)
    assert (report.twice, report.requests) == ([], 80)


def test_with_its_lock_file_deleted_a_second_program_does_not_open_the_record(tmp_path):
    report = second_start(tmp_path / "data", people=600)
    assert report.ends == {"told": 1, "sent": 1}
    assert "Another program has the record of sent codes open" in report.words[0]
    assert (report.twice, report.requests) == ([], 600)


def test_a_ledger_that_is_removed_pauses_the_run_within_seconds_and_is_missed_at_the_next_start(tmp_path):
    removal = ledger_removed(tmp_path / "data", people=300)
    assert "The record of sent codes was removed or replaced" in removal.said
    assert removal.requests < 200
    assert "The record of sent codes is gone" in removal.at_the_next_start
    assert removal.requests_there == 0
