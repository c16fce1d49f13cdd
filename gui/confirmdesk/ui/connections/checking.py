"""*Check connection*: each step as it is decided, and *Stop checking* while it goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton

from confirmdesk.core.aws.deadlines import Stop
from confirmdesk.core.checks.connection import STEPS, Checked, check_connection
from confirmdesk.core.checks.way import NOT_TRIED, Answer
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.secret import Secret, secret_problem
from confirmdesk.core.errors import ConfirmdeskError, Problem
from confirmdesk.core.text import plain
from confirmdesk.ui.connections.questions import CHANGED, CLIENT, MARKS, DialogQuestions
from confirmdesk.ui.connections.secret_part import SecretPart
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.tasks import Stream


@dataclass(slots=True, eq=False)
class _Run:
    """One check under way, of what the fields spelled then."""

    subject: object
    stop: Stop = field(default_factory=Stop)
    answers: list[Answer] = field(default_factory=list)


class Checking(QObject):
    """Owns the two buttons, of which one is shown; what it finds stands beside the buttons of the dialog."""

    def __init__(self, questions: DialogQuestions, secret: SecretPart) -> None:
        super().__init__(questions)
        self._questions = questions
        self._session = questions.session
        self._secret = secret
        self._run: _Run | None = None
        self.button: QPushButton = button("Check connection", "Check connection")
        self.stop_button: QPushButton = button("Stop checking", "Stop checking")
        self.stop_button.hide()
        self.button.clicked.connect(self._check)
        self.stop_button.clicked.connect(self._stop_now)

    def stop(self, why: str = "") -> None:
        """Leave the check that is under way, if there is one: its calls end at once, what comes of it is dropped."""
        if run := self._run:
            run.stop.set()
            self._over()
            if why:
                self._questions.say(why)

    def _stop_now(self) -> None:
        if run := self._run:
            self.stop(_lines(_with_rest(run.answers), "Stopped."))

    def _check(self) -> None:
        connection, typed = self._questions.spelled(), self._secret.typed()
        if wrong := secret_problem(typed, connection.endpoint) if typed else None:
            self._questions.say_problem(wrong)
            return
        run = self._run = _Run(self._subject())
        self._show_button(self.stop_button, self.button)
        self._questions.say(_lines([], _begun(0)), announced=False)
        stream: Stream[Answer] = self._session.tasks.stream(self, lambda found: self._take(run, found))

        def job() -> Checked:
            def find() -> Secret | None:
                return Secret(typed) if typed else self._kept(connection)

            return check_connection(self._session.aws, connection, find, stream.put, run.stop)

        self._session.tasks.run(self, job, lambda done: self._end(run, done), lambda p: self._fail(run, p))

    def _subject(self) -> object:
        return CLIENT(self._questions.spelled()), self._secret.typed()

    def _kept(self, connection: Connection) -> Secret | None:
        try:
            return self._session.vault.read(connection.slot)
        except ConfirmdeskError:
            return None

    def _take(self, run: _Run, found: list[Answer]) -> None:
        if self._is_wanted(run):
            run.answers += found
            self._questions.say(_lines(run.answers, _begun(len(run.answers))), announced=False)

    def _is_wanted(self, run: _Run) -> bool:
        if run is self._run and run.subject != self._subject():
            self.stop(CHANGED)
        return run is self._run

    def _end(self, run: _Run, checked: Checked) -> None:
        if self._is_wanted(run):
            self._over()
            if checked.needs_secret is not None:
                self._secret.learn_need(checked.needs_secret)
            worked = self._secret.last_worked() if checked.needs_secret is not False else ""
            # Only a code that was sent proves it; a check sends none.
            self._questions.say(_lines(checked.answers, f"{MARKS[None]} Client secret: {worked}" if worked else ""))

    def _fail(self, run: _Run, problem: Problem) -> None:
        if self._is_wanted(run):
            self._over()
            self._questions.say_problem(problem)

    def _over(self) -> None:
        self._run = None
        self._show_button(self.button, self.stop_button)

    def _show_button(self, shown: QPushButton, hidden: QPushButton) -> None:
        """The one in place of the other, with its focus."""
        had_focus = hidden.hasFocus()
        shown.show()
        if had_focus:
            shown.setFocus()
        hidden.hide()


def _begun(number: int) -> str:
    return f"… {STEPS[number]}" if number < len(STEPS) else ""


def _with_rest(answers: Sequence[Answer]) -> list[Answer]:
    return [*answers, *(Answer(step, None, NOT_TRIED) for step in STEPS[len(answers) :])]


def _lines(answers: Sequence[Answer], last: str = "") -> str:
    told = [f"{MARKS[answer.good]} {answer.what}: {plain(answer.sentence, 400)}" for answer in answers]
    return "\n".join([*told, last] if last else told)
