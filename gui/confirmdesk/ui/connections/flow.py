"""The life of connections: which one is open, and how it comes to be another: chosen, made, edited, deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Kind, Problem
from confirmdesk.ui.connections.sign_in_state import SignInState
from confirmdesk.ui.connections.strip import ConnectionStrip
from confirmdesk.ui.session import Session
from confirmdesk.ui.sign_in.flow import SignInFlow

if TYPE_CHECKING:
    from confirmdesk.core.cognito.control import Identity


WANTS_SIGN_IN = (Kind.NO_SIGN_IN, Kind.EXPIRED)
WANTS_CHANGE = (*WANTS_SIGN_IN, Kind.DENIED, Kind.NOT_FOUND, Kind.BROKEN_HERE)


class ConnectionFlow(QObject):
    """`opened` carries the connection whose people are to be shown, `none_left` comes where there is none, `renamed`
    carries the names before and after. `mending_known` carries whether signing in helps against the last failure, and
    whether editing the connection does. While it is `held`, because a run is on the screen, nothing is opened.
    """

    opened = Signal(object)
    none_left = Signal()
    renamed = Signal(str, str)
    mending_known = Signal(bool, bool)

    def __init__(self, window: QWidget, session: Session, strip: ConnectionStrip, sign_ins: SignInFlow) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._strip = strip
        self._sign_ins = sign_ins
        self._sign_in_state = SignInState(session, strip, self)
        for signal in (sign_ins.signed_in, sign_ins.signed_out):
            signal.connect(self._sign_in_state.look)
        self.current: Connection | None = None
        self.held = False

    def open_first(self) -> None:
        """The connection that was open last, else any."""
        offered = self._session.connections
        if offered:
            last = self._session.connection(self._session.settings.last_connection)
            self.open((last or offered[0]).name)
        else:
            self.current = None
            self._strip.show_connections([], "")
            self._sign_in_state.end()
            self.none_left.emit()

    def open(self, name: str) -> None:
        """The one called `name`; nothing happens where there is none, or while a run is on the screen."""
        connection = self._session.connection(name)
        if connection is None or self.held:
            return
        if self._session.settings.last_connection != name:
            self._session.change(replace(self._session.settings, last_connection=name))
        self._choose(connection)
        self.opened.emit(connection)

    def open_again(self) -> None:
        """The current one as it is by now: it may have been edited or deleted beside a run."""
        if self.current and self._session.connection(self.current.name):
            self.open(self.current.name)
        else:
            self.open_first()

    def _choose(self, connection: Connection | None) -> None:
        self.current = connection
        self._strip.show_connections(self._session.connections, connection.name if connection else "")

    def show_connecting(self) -> None:
        """Its people are being asked for; who is signed in comes to be known."""
        self._session.identity = ""
        if self.current:
            self._sign_in_state.begin(self.current)

    def show_identity(self, identity: Identity | None) -> None:
        """Whose credentials it uses; None where that could not be learned."""
        self._session.identity = identity.name if identity else ""
        self._sign_in_state.learn_identity(identity)

    def learn_failure(self, problem: Problem) -> None:
        """Its people could not be read."""
        self._sign_in_state.learn_failure(problem)
        if connection := self.current:
            aws = self._session.aws
            self._session.tasks.run(
                self, lambda: aws.way_in(connection) is not None, lambda can: self._mend(problem, can), lambda _: None
            )

    def _mend(self, problem: Problem, can_sign_in: bool) -> None:
        """Which buttons help: sign in where that is missing and can be done here, else change the connection, where it
        is one's own."""
        signing_in = can_sign_in and problem.kind in WANTS_SIGN_IN
        own = self.current is not None and self._session.preset(self.current.name) is None
        editing = own and not self._session.practice and not signing_in and problem.kind in WANTS_CHANGE
        self.mending_known.emit(signing_in, editing)

    # Signing in

    def sign_in(self) -> None:
        if self.current:
            self._sign_ins.sign_in(self._window, self.current)

    def sign_out(self) -> None:
        if self.current:
            self._sign_ins.sign_out(self._window, self.current)

    # In the dialog

    def make(self) -> None:
        self._open_dialog(None)

    def edit(self) -> None:
        self._open_dialog(self.current)

    def _open_dialog(self, connection: Connection | None) -> None:
        # It brings the form and the checks; the first paint needs neither.
        from confirmdesk.ui.connections.dialog import ConnectionDialog

        dialog = ConnectionDialog(self._window, self._session, self._sign_ins, connection)
        dialog.saved.connect(self._saved)
        dialog.deleted.connect(self._deleted)
        dialog.open()

    def _saved(self, connection: Connection, before: str) -> None:
        self._session.put_connection(connection, before)
        self.renamed.emit(before, connection.name)
        if self.held:
            # The results stay on the screen; the mended connection is for *Send again*, and opened when they close.
            self._choose(connection)
        else:
            self.open(connection.name)

    def _deleted(self, name: str) -> None:
        self._session.delete_connection(name)
        if self.held:
            self._choose(None)
        else:
            self.current = None
            self.open_first()
