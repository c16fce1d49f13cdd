"""One line per proof, on the screen and in a file; and whether all of them held."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


class DisprovedError(Exception):
    """What was to be shown is not so; the text says what was seen instead."""


def need(held: bool, seen: str) -> None:
    """Raise DisprovedError with `seen` unless `held`."""
    if not held:
        raise DisprovedError(seen)


@dataclass(slots=True)
class Report:
    """Where the lines go. `failures` are the names of the proofs that did not hold."""

    file: Path
    failures: list[str] = field(default_factory=list)

    def line(self, where: str, proof: str, held: bool, detail: str) -> None:
        """Write down one proof. Of a long detail the end is kept: that is where tools say what went wrong."""
        if not held:
            self.failures.append(f"{where}: {proof}")
        text = f"{'ok  ' if held else 'FAIL'}  {where:9} {proof}{': ' if detail else ''}{detail[-1500:]}"
        print(text, flush=True)
        with self.file.open("a", encoding="utf-8") as out:
            out.write(f"{text}\n")

    def prove(self, where: str, proof: str, job: Callable[[], str]) -> bool:
        """Run `job`, which returns a detail for the line or raises DisprovedError."""
        try:
            detail, held = job(), True
        except DisprovedError as error:
            detail, held = str(error), False
        except (OSError, subprocess.SubprocessError) as error:
            detail, held = f"{type(error).__name__}: {error}", False
        self.line(where, proof, held, detail)
        return held
