"""The table of sentences in ADMINISTRATORS.md, and how what a test was told stands in it."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from confirmdesk.core.errors import Problem

PAGE = Path(__file__).parents[2] / "ADMINISTRATORS.md"
BEGIN, END = "<!-- sentences -->\n", "<!-- end of sentences -->\n"
HEAD = "| The program says | Set-ups that lead to it | What to do | Who |\n|---|---|---|---|\n"
# By whom the hint has it mended, in its own words.
WHO = {
    "IT department": "IT",
    "AWS administrator": "AWS administrator",
    "whoever set it up": "IT",
    "your administrator": "IT",
    "this computer's environment": "IT",
    "settings of this computer": "IT",
    "Have the clock": "IT",
    "security team": "security team",
}


@dataclass
class Sentences:
    """What was told so far: the set-ups of each sentence with its hint."""

    folder: Path = Path()
    told: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(self, name: str, problem: Problem, folder: Path) -> tuple[str, str]:
        """The sentence and its hint as the page has them, without what belongs to one computer."""
        key = _general(problem.sentence, folder), _general(problem.hint, folder)
        self.told.setdefault(key, []).append(name)
        return key

    def table(self) -> str:
        rows = ((*key, names) for key, names in self.told.items())
        lines = (f"| {sentence} | {'; '.join(names)} | {hint} | {_who(hint)} |\n" for sentence, hint, names in rows)
        return HEAD + "".join(lines)


def table_on_the_page() -> str:
    return PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]


def rows_on_the_page() -> dict[tuple[str, str], list[str]]:
    """The set-ups of each sentence with its hint."""
    rows = [line.strip("| ").split(" | ") for line in table_on_the_page().splitlines()[2:]]
    return {(sentence, hint): names.split("; ") for sentence, names, hint, _ in rows}


def write(table: str) -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}{table}{END}{rest.partition(END)[2]}", encoding="utf-8")


def wanted() -> bool:
    """Whether the page is to be written anew, by `make sentences`."""
    return "WRITE_SENTENCES" in os.environ


def _general(text: str, folder: Path) -> str:
    text = text.replace(str(folder), "HOME").replace("“x”", "“NAME”").replace("“gone”", "“NAME”")
    text = re.sub(r"--profile x\b", "--profile NAME", text)
    assert "|" not in text
    assert "\n" not in text
    return text


def _who(hint: str) -> str:
    others = dict.fromkeys(name for words, name in WHO.items() if words in hint)
    return ", ".join(["the person", *others])
