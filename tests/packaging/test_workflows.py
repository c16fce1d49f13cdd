"""What nobody sees of a workflow before it fails in a release, or worse, does not."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")}


def test_the_workflows_are_there() -> None:
    assert set(WORKFLOWS) == {"ci", "release"}


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_cannot_change_under_us(name: str) -> None:
    used = re.findall(r"uses: *(.+)", WORKFLOWS[name])
    assert used
    assert [action for action in used if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)] == []


def test_one_action_has_one_hash() -> None:
    used = {action for text in WORKFLOWS.values() for action in re.findall(r"uses: *(.+)", text)}
    assert len(used) == len({action.partition("@")[0] for action in used})


def test_what_a_pull_request_runs_sees_no_secret() -> None:
    assert "pull_request" in WORKFLOWS["ci"]
    assert "pull_request_target" not in WORKFLOWS["ci"]
    assert "secrets." not in WORKFLOWS["ci"]
    assert "pull_request" not in WORKFLOWS["release"]


def test_every_job_has_an_end_and_the_least_rights() -> None:
    for text in WORKFLOWS.values():
        jobs = text.partition("\njobs:\n")[2]
        assert jobs.count("runs-on:") == jobs.count("timeout-minutes:")
        assert "\npermissions: {}\n" in text or "\npermissions:\n  contents: read\n" in text


def test_the_chores_and_parts_that_are_called_exist() -> None:
    chores = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    driver = (ROOT / "packaging" / "package.py").read_text(encoding="utf-8")
    parts = set(re.findall(r'^    "([a-z-]+)": \w+,$', driver, re.MULTILINE))
    text = "\n".join(WORKFLOWS.values())
    called = {word for line in re.findall(r"\bmake ([a-z -]+)$", text, re.MULTILINE) for word in line.split()}
    asked = set(re.findall(r"packaging/package\.py ([a-z-]+)", text))
    assert called
    assert called <= chores
    assert asked
    assert asked <= parts
