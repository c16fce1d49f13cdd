"""The tour in one look, as `make tour` plays it; and that it tells when the job was not done."""

import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

sys.path.insert(0, str(Path(__file__).parent))

from outbox_check import differences
from people import WANTED, Wanted

from confirmdesk.practice.messages import OutboxMessage

RUN = Path(__file__).parent / "run.py"
STEPS = ("list", "search", "pick", "metadata", "review", "run", "results", "outbox", "history")


@dataclass
class Tour:
    """One in the dark look, in `out`; `lines` are there when it has ended."""

    process: subprocess.Popen[str]
    out: Path

    def lines(self) -> list[str]:
        return self.process.communicate(timeout=300)[0].splitlines()


def start(out: Path, *arguments: str) -> Tour:
    command = [sys.executable, str(RUN), "--looks", "dark", "--out", str(out), *arguments]
    # The window comes off screen whatever the environment says.
    given = os.environ | {"QT_QPA_PLATFORM": "nonsense", "QT_SCALE_FACTOR": "2"}
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return Tour(subprocess.Popen(command, env=given, text=True, **both), out)


@pytest.fixture(scope="module")
def tours(tmp_path_factory):
    """The whole one and the one without the send, at the same time: most of each is waiting."""
    made = tmp_path_factory.mktemp("tours")
    unsent = start(made / "unsent", "--leave-out", "run", "results", "outbox", "history")
    return start(made / "whole"), unsent


def message(person: Wanted) -> OutboxMessage:
    event = {"request": {"clientMetadata": person.metadata}}
    return OutboxMessage(1, 0.0, "u", "c", "EMAIL", person.destination, "", "", event, False, {})


def test_the_job_is_done_and_each_step_has_a_line_and_a_picture(tours):
    whole, _ = tours
    lines = whole.lines()
    assert whole.process.returncode == 0, lines
    assert [line.split()[:3] for line in lines[:-1]] == [[f"{n:02}", step, "dark"] for n, step in enumerate(STEPS, 1)]
    assert str(whole.out) in lines[-1]
    pictures = [QImage(str(whole.out / f"{n:02}-{step}-dark.png")) for n, step in enumerate(STEPS, 1)]
    assert {(picture.width(), picture.height()) for picture in pictures} == {(1280, 800)}
    assert all(picture.pixelColor(2, 400).lightness() < 64 for picture in pictures)


def test_with_the_send_taken_out_the_job_is_not_done(tours):
    """Everything that is played goes well: only the outbox tells."""
    _, unsent = tours
    lines = unsent.lines()
    assert unsent.process.returncode == 1
    assert not [line for line in lines if "FAILED" in line]
    assert "OUTBOX: No message for Justine Now at just.now@example.com." in lines
    assert "The job was NOT done" in lines[-1]


def test_an_outbox_with_all_of_them_and_nobody_else_is_the_job_done():
    assert differences([message(person) for person in WANTED]) == []


def test_whatever_else_lies_in_the_outbox_is_told():
    messages = [message(person) for person in WANTED]
    assert len(differences([])) == len(WANTED)
    assert differences(messages[1:]) == ["No message for Justine Now at just.now@example.com."]
    assert differences([*messages, messages[0]]) == ["2 messages to just.now@example.com."]
    stranger = replace(messages[0], destination="x@example.com")
    assert differences([*messages, stranger]) == ["A message to x@example.com, who was not picked."]
    assert "was signed" in " ".join(differences([replace(messages[0], signed=True), *messages[1:]]))
    bare = replace(messages[0], trigger_event={"request": {}})
    assert "carries None, not" in " ".join(differences([bare, *messages[1:]]))
