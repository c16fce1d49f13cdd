"""Signing in with a browser, and out again: in a dialog, while everything else goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from confirmdesk.core.computer.desktop import open_browser
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Kind, Problem
from confirmdesk.ui.kit.messages import show_problem
from confirmdesk.ui.kit.theme import Theme
from confirmdesk.ui.session import Session

# They bring sockets and dialogs, and nobody signs in before the first paint.
if TYPE_CHECKING:
    from confirmdesk.core.aws.ways_in import WayIn
    from confirmdesk.core.sign_in.flow import SignIn, SignIns
    from confirmdesk.core.sign_in.steps import Step
    from confirmdesk.ui.sign_in.dialog import SignInDialog


class SignInFlow(QObject):
    """Whoever wants a sign-in while it is under way joins in: `signed_in` is for all who wait for it."""

    signed_in = Signal()
    signed_out = Signal()

    def __init__(self, session: Session, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._theme = theme
        self._sign_ins: SignIns | None = None
        self._dialogs: dict[str, SignInDialog] = {}

    def sign_in(self, parent: QWidget, connection: Connection) -> None:
        """Have whoever sits here sign in for `connection`, in a dialog over `parent`."""
        aws = self._session.aws

        def job() -> WayIn | None:
            # Here, for the window would stand still meanwhile.
            import confirmdesk.core.sign_in.flow  # noqa: F401 (only that it is there)

            return aws.way_in(connection)

        self._session.tasks.run(parent, job, lambda way: self._begin(parent, way))

    def sign_out(self, parent: QWidget, connection: Connection) -> None:
        """Nobody is signed in for `connection` any more, whether or not its portal could be told."""
        aws = self._session.aws

        from confirmdesk.core.sign_in.leaving import sign_out

        def job() -> None:
            if way := aws.way_in(connection):
                sign_out(aws, way)

        def left(problem: Problem | None = None) -> None:
            self.signed_out.emit()
            if problem:
                show_problem(parent, problem)

        self._session.tasks.run(parent, job, lambda _: left(), left)

    def cancel(self) -> None:
        """The window closes: nobody waits any more."""
        if self._sign_ins:
            self._sign_ins.cancel_all()

    def _begin(self, parent: QWidget, way: WayIn | None) -> None:
        from confirmdesk.ui.sign_in.dialog import SignInDialog

        if way is None:
            return
        if dialog := self._dialogs.get(way.key):
            dialog.activateWindow()
            return
        dialog = self._dialogs[way.key] = SignInDialog(parent, self._theme, way.portal.start_url)
        dialog.finished.connect(lambda: self._forget(way, dialog))
        # Where the dialog below goes, this one goes with it.
        dialog.destroyed.connect(lambda: self._forget(way, dialog))
        dialog.browser_wanted.connect(lambda address: self._open(dialog, address))
        dialog.again_wanted.connect(lambda by_code: self._run(dialog, way, by_code))
        self._run(dialog, way, by_code=False)
        dialog.open()

    def _run(self, dialog: SignInDialog, way: WayIn, by_code: bool) -> None:
        from confirmdesk.core.sign_in.flow import SignIns

        self._sign_ins = self._sign_ins or SignIns(self._session.aws, open_browser)

        def show(come: list[Step]) -> None:
            # What became of it is told by its end.
            if not sign_in.has_ended:
                dialog.show_step(come[-1], sign_in.can_use_code)

        steps = self._session.tasks.stream(dialog, show)
        sign_in = self._sign_ins.begin(way, steps.put)
        if by_code:
            sign_in.use_code()
        dialog.follow(sign_in)
        dialog.destroyed.connect(sign_in.cancel)
        # Not the dialog's own task: who signs in while it closes is signed in all the same.
        self._session.tasks.run(
            self, sign_in.run, lambda _: self._end(way), lambda problem: self._fail(way, sign_in, problem)
        )

    def _forget(self, way: WayIn, dialog: SignInDialog) -> None:
        if self._dialogs.get(way.key) is dialog:
            del self._dialogs[way.key]

    def _open(self, dialog: SignInDialog, address: str) -> None:
        self._session.tasks.run(dialog, lambda: open_browser(address), lambda _: dialog.say(""), dialog.say_problem)

    def _end(self, way: WayIn) -> None:
        if dialog := self._dialogs.get(way.key):
            dialog.accept()
        self.signed_in.emit()

    def _fail(self, way: WayIn, sign_in: SignIn, problem: Problem) -> None:
        dialog = self._dialogs.get(way.key)
        if dialog and problem.kind is not Kind.CANCELLED:
            dialog.show_failed(problem, sign_in.can_use_code)
