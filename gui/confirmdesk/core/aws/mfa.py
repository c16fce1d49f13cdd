"""Roles that want the code of an MFA device: botocore asks once, on a terminal, and takes a wrong code for an end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from confirmdesk.core.aws.deadlines import call_under_way
from confirmdesk.core.aws.failures import SignInCancelledError, service_answer
from confirmdesk.core.aws.questions import CodeQuestion, FindQuestions


class RoleWithMfa:
    """One role of one session."""

    def __init__(self, profile: str, device: str, questions: FindQuestions, fetch: Callable[[], Any]) -> None:
        """`fetch` gets the keys from AWS, and asks `code` for the code on its way."""
        self._profile, self._device = profile, device
        self._questions, self._fetch = questions, fetch
        self._question: CodeQuestion | None = None

    def keys(self) -> Any:
        """What botocore wants to know of the role's keys. Where AWS refuses a code somebody is asked for another."""
        try:
            while True:
                try:
                    return self._fetch()
                except Exception as error:
                    words = _refused_code(error)
                    if not (words and self._question):
                        raise
                    self._question.refused = words
        finally:
            asked, self._question = self._question, None
            if asked:
                self._questions().take_back(asked)

    def code(self, _prompt: str) -> str:
        """What somebody types. Raises SignInCancelledError where nobody will."""
        question = self._question = self._question or CodeQuestion(self._profile, self._device)
        if call := call_under_way():
            # Nobody waits any more: the window closes.
            call.when_shut(question.cancel)
            call.rest()
        self._questions().ask(question)
        code = question.wait()
        if code is None:
            raise SignInCancelledError
        return code


def _refused_code(error: Exception) -> str:
    """AWS's words where it was the code that it did not take; it takes each code only once. "" otherwise."""
    answer = service_answer(error)
    words = str(answer["Error"].get("Message") or "").strip() if answer else ""
    return words if "invalid MFA one time pass code" in words else ""
