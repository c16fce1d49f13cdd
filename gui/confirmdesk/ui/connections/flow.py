"""The life of connections: which one is open, and how it comes to be another: chosen, made, edited, deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.ui.connections.strip import ConnectionStrip
from confirmdesk.ui.session import Session

if TYPE_CHECKING:
    from confirmdesk.core.cognito.control import Identity


class ConnectionFlow(QObject):
    """`opened` carries the connection whose people are to be shown, `none_left` comes where there is none, `renamed`
    carries the names before and after. While it is `held`, because a run is on the screen, nothing is opened.
    """

    opened = Signal(object)
    none_left = Signal()
    renamed = Signal(str, str)

    def __init__(self, window: QWidget, session: Session, strip: ConnectionStrip) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._strip = strip
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
            self._strip.show_status("")
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
        self._strip.show_connecting()

    def show_identity(self, identity: Identity | None) -> None:
        """Whose credentials it uses; None where that could not be learned."""
        self._session.identity = identity.name if identity else ""
        self._strip.show_identity(identity)

    # In the dialog

    def make(self) -> None:
        self._open_dialog(None)

    def edit(self) -> None:
        self._open_dialog(self.current)

    def _open_dialog(self, connection: Connection | None) -> None:
        # It brings the form and the checks; the first paint needs neither.
        from confirmdesk.ui.connections.dialog import ConnectionDialog

        dialog = ConnectionDialog(self._window, self._session, connection)
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
