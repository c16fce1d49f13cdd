"""Errors that carry the sentence a person reads."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What went wrong, for code that acts on it: nothing is read out of the sentences."""

    OTHER = "other"
    # AWS gave no answer: the next question would fare no better, but a later one may.
    UNREACHED = "unreached"
    # AWS was not even asked: something on this computer has to be mended first.
    BROKEN_HERE = "broken here"
    NO_SIGN_IN = "no sign-in"
    # Somebody pressed Cancel.
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    DENIED = "denied"
    NOT_FOUND = "not found"
    # A run goes on as soon as somebody enters the client secret, or unlocks the keyring that has it.
    SECRET_WANTED = "secret wanted"  # noqa: S105 a word, and no secret
    # The record of sent codes that was known is missing, empty, older than it was or another one: a person decides.
    RECORD_LOST = "record lost"


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, told to the person in front of the program.

    `sentence` says what happened and what it means, `hint` what to do now; `details` is for an administrator and
    shown only on request. None of the three ever holds a secret. `kind` is for the program itself.
    """

    sentence: str
    hint: str = ""
    details: str = ""
    kind: Kind = Kind.OTHER

    def text(self) -> str:
        """Sentence and hint as one paragraph."""
        return f"{self.sentence} {self.hint}".strip()


class ConfirmdeskError(Exception):
    """Raised by core for everything a user must be told; nothing else leaves core on purpose."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.text())
        self.problem = problem


def failure(sentence: str, hint: str = "", details: str = "", kind: Kind = Kind.OTHER) -> ConfirmdeskError:
    """The short way to raise a `Problem`."""
    return ConfirmdeskError(Problem(sentence, hint, details, kind))
