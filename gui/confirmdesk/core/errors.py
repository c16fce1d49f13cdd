"""Errors that carry the sentence a person reads."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, told to the person in front of the program.

    `sentence` says what happened and what it means, `hint` what to do now; `details` is for an administrator and
    shown only on request. None of the three ever holds a secret.
    """

    sentence: str
    hint: str = ""
    details: str = ""

    def text(self) -> str:
        """Sentence and hint as one paragraph."""
        return f"{self.sentence} {self.hint}".strip()


class ConfirmdeskError(Exception):
    """Raised by core for everything a user must be told; nothing else leaves core on purpose."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text())
        self.problem = problem


def failure(sentence: str, hint: str = "", details: str = "") -> ConfirmdeskError:
    """The short way to raise a `Problem`."""
    return ConfirmdeskError(Problem(sentence, hint, details))
