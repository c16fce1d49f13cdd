"""What workers ask on their way to credentials comes here, into the GUI thread, one question after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from confirmdesk.core.aws.questions import CodeQuestion, NobodyThere, ProgramWait
from confirmdesk.ui.kit.tasks import Stream
from confirmdesk.ui.session import Session

# The first paint needs neither.
if TYPE_CHECKING:
    from confirmdesk.ui.sign_in.mfa_dialog import MfaDialog

Asked = CodeQuestion | ProgramWait
News = Callable[[], None]


class Asking(QObject):
    """Shows what the session's AWS asks, over whatever is on top of `window`."""

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        # What is shown, and the questions that wait for their turn: nobody looks at two devices at once.
        self._dialogs: dict[Asked, QDialog] = {}
        self._waiting: list[CodeQuestion] = []
        session.aws.questions = _FromWorkers(self, session.tasks.stream(self, self._take))

    def close(self) -> None:
        """The window goes: who waits for an answer gets none, and nobody asks here any more."""
        self._session.aws.questions = NobodyThere()
        waiting, self._waiting = self._waiting, []
        for question in waiting:
            question.cancel()
        for dialog in list(self._dialogs.values()):
            dialog.reject()

    def ask(self, question: CodeQuestion) -> None:
        """Show it; where it is shown already, AWS has refused the code."""
        shown: MfaDialog | None = self._dialogs.get(question)  # type: ignore[assignment] # codes have no other dialog
        if shown:
            shown.ask_again()
        else:
            self._waiting.append(question)
            self._show_next()

    def show_waiting(self, wait: ProgramWait) -> None:
        from confirmdesk.ui.sign_in.waiting import WaitingDialog

        dialog = WaitingDialog(self._top(), wait)
        self._hold(wait, dialog)
        dialog.show()

    def take_back(self, asked: Asked) -> None:
        """It is of no interest any more."""
        self._waiting = [question for question in self._waiting if question is not asked]
        if dialog := self._dialogs.get(asked):
            dialog.accept()

    def _take(self, news: list[News]) -> None:
        for tell in news:
            tell()

    def _show_next(self) -> None:
        from confirmdesk.ui.sign_in.mfa_dialog import MfaDialog

        if not self._waiting or any(isinstance(asked, CodeQuestion) for asked in self._dialogs):
            return
        question = self._waiting.pop(0)
        dialog = MfaDialog(self._top(), question)
        self._hold(question, dialog)
        dialog.open()

    def _hold(self, asked: Asked, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda: self._over(asked))
        self._dialogs[asked] = dialog
        # Where the dialog below goes, this one goes with it, and nobody can answer.
        dialog.destroyed.connect(asked.cancel)
        dialog.destroyed.connect(lambda: self._over(asked))

    def _over(self, asked: Asked) -> None:
        self._dialogs.pop(asked, None)
        self._show_next()

    def _top(self) -> QWidget:
        return QApplication.activeModalWidget() or self._window


class _FromWorkers:
    """The questions of core. Called in workers, which touch no window."""

    def __init__(self, asking: Asking, news: Stream[News]) -> None:
        self._asking, self._news = asking, news

    def ask(self, question: CodeQuestion) -> None:
        self._news.put(lambda: self._asking.ask(question))

    def tell_waiting(self, wait: ProgramWait) -> None:
        self._news.put(lambda: self._asking.show_waiting(wait))

    def take_back(self, asked: Asked) -> None:
        self._news.put(lambda: self._asking.take_back(asked))
