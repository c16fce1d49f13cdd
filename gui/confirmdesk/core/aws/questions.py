"""What somebody in front of the program is asked, or told, while credentials come about.

It is asked in the worker that needs the answer, and only that worker waits for it.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Protocol

from confirmdesk.core.aws.failures import MfaCodeNeededError


class CodeQuestion:
    """The code of the MFA device `device`, which AWS wants for `profile`. `refused` are AWS's own words on the code
    before, "" at first. Whoever asks somebody answers from any thread."""

    def __init__(self, profile: str, device: str) -> None:
        self.profile, self.device = profile, device
        self.refused = ""
        self._answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def answer(self, code: str) -> None:
        self._answers.put(code)

    def cancel(self) -> None:
        """Nobody will answer."""
        self._answers.put(None)

    def wait(self) -> str | None:
        """In the worker that asks: the code, or None where nobody will tell one."""
        return self._answers.get()


class ProgramWait:
    """The program `name`, which a profile gets its keys from, takes its time."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """End it, with all that it has started. From any thread; returns at once."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()


class Questions(Protocol):
    """Whoever can ask somebody. All of it is called in workers, and returns at once."""

    def ask(self, question: CodeQuestion) -> None:
        """Ask it, or ask again the very same, which AWS has refused the code of."""

    def tell_waiting(self, wait: ProgramWait) -> None:
        """A program is waited for, and may be cancelled."""

    def take_back(self, asked: CodeQuestion | ProgramWait) -> None:
        """It is answered, or of no interest any more: what is shown of it goes."""


class NobodyThere:
    """In a shell, or before there is a window."""

    def ask(self, question: CodeQuestion) -> None:  # noqa: ARG002 (nobody hears it)
        raise MfaCodeNeededError

    def tell_waiting(self, wait: ProgramWait) -> None:
        """There is nobody to tell."""

    def take_back(self, asked: CodeQuestion | ProgramWait) -> None:
        """Nothing is shown."""


# Who is asked may change while the program runs: looked up when there is something to ask.
FindQuestions = Callable[[], Questions]
