"""What the dialog asks for a button that was pressed: in the background, while typing goes on."""

from collections.abc import Callable
from operator import attrgetter
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QPushButton

from confirmdesk.core.cognito.control import Control
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Problem
from confirmdesk.ui.connections.answers import Answers
from confirmdesk.ui.session import Session

T = TypeVar("T")
CHANGED = "The fields were changed meanwhile; the answer was not taken over."
MARKS = {True: "✓", False: "✗", None: "–"}

# What an answer about a region's pools, a pool's app clients, or one app client depends on.
Subject = Callable[[Connection], object]
_WHO = ("profile", "start_url", "sso_region", "account_id", "role_name")
REGION: Subject = attrgetter(*_WHO, "region", "endpoint")
POOL: Subject = attrgetter(*_WHO, "region", "endpoint", "pool_id")
CLIENT: Subject = attrgetter(*_WHO, "slot")


class DialogQuestions(QObject):
    """`spelled` tells what the fields spell at the moment. `over` comes with each answer, before it is heeded."""

    over = Signal()

    def __init__(self, parent: QObject, session: Session, spelled: Callable[[], Connection], answers: Answers) -> None:
        super().__init__(parent)
        self.session = session
        self.spelled = spelled
        self._answers = answers
        self._count = 0

    def ask_aws(
        self, pressed: QPushButton, subject: Subject, question: Callable[[Control], T], done: Callable[[T], None]
    ) -> None:
        connection = self.spelled()
        self.ask(pressed, subject, lambda: question(Control(self.session.aws, connection)), done)

    def ask(self, pressed: QPushButton, subject: Subject, job: Callable[[], T], done: Callable[[T], None]) -> None:
        """An answer about something else than the fields spell by then is dropped, and so is its failure."""
        asked = subject(self.spelled())
        self._count += 1
        number = self._count
        window = pressed.window()
        had_focus = window.focusWidget() is pressed
        pressed.setEnabled(False)
        gone_to = window.focusWidget()

        def over(then: Callable[[], object]) -> None:
            pressed.setEnabled(True)
            # Qt has moved the focus on; whoever uses the keys still is where they pressed.
            if had_focus and window.focusWidget() is gone_to:
                pressed.setFocus()
            self.over.emit()
            if subject(self.spelled()) == asked:
                then()
            elif number == self._count:
                self.say(CHANGED)

        self.session.tasks.run(
            self, job, lambda found: over(lambda: done(found)), lambda p: over(lambda: self.say_problem(p))
        )

    def say(self, text: str, announced: bool = True) -> None:
        """Show `text` beside the buttons; it is not `announced` where it only tells that something began."""
        self._answers.show_text(text, announced)

    def say_good(self, text: str) -> None:
        self.say(f"{MARKS[True]} {text}")

    def say_problem(self, problem: Problem) -> None:
        self.say(f"{MARKS[False]} {problem.text()}")


def unimportant(problem: Problem) -> None:
    """What failed was a help for typing; the same question asked on purpose tells the problem."""
