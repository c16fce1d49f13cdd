"""Who is signed in for the open connection, through what and until when, as far as it is known, in the strip."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Kind, Problem
from confirmdesk.core.text import plain
from confirmdesk.core.times import moment
from confirmdesk.ui.connections.strip import ConnectionStrip
from confirmdesk.ui.session import Session

if TYPE_CHECKING:
    from confirmdesk.core.aws.ways_in import SignedIn
    from confirmdesk.core.cognito.control import Identity

# In seconds: from when on the end of a sign-in is near.
NEAR = 600.0
LOOK_AGAIN_MS = 15_000
IN_PRACTICE = "Nothing leaves this computer"


@dataclass(frozen=True, slots=True)
class Known:
    """`asking` while AWS is asked who it is. `by_browser` is whether one can sign in from here, and `refused` whether
    AWS has refused what is kept of the last time."""

    asking: bool = True
    identity: Identity | None = None
    by_browser: bool = False
    signed_in: SignedIn | None = None
    refused: bool = False

    def is_signed_in(self, now: float) -> bool:
        """By the browser. What renews itself has no end that is known."""
        kept = self.signed_in
        return bool(kept and not self.refused and (kept.renews_itself or kept.until.timestamp() > now))

    def ends_soon(self, now: float) -> bool:
        kept = self.signed_in
        return bool(kept and not kept.renews_itself and kept.until.timestamp() - now <= NEAR)

    def words(self, now: float, tz: tzinfo | None = None) -> str:
        """One line for the strip."""
        person = self.identity.person if self.identity else ""
        if self.identity and not person:
            return "custom endpoint"
        if self.by_browser and self.is_signed_in(now) and self.signed_in:
            ends = self.signed_in.until.timestamp()
            until = f"until {moment(ends, now, tz)}" if ends > now else ""
            renewed = "renews itself" if self.signed_in.renews_itself else ""
            last = ", ".join(filter(None, (until, renewed)))
            return " · ".join(filter(None, (f"Signed in as {person}" if person else "Signed in", last)))
        if self.by_browser and self.signed_in and not self.asking:
            return "Your sign-in has ended"
        if self.asking:
            return "Connecting…"
        return f"Signed in as {person}" if person else "Not signed in"


def way_words(connection: Connection) -> str:
    """Through what one signs in for `connection`."""
    if connection.portal:
        role = f"account {connection.account_id}, role {connection.role_name}"
        return f"By the access portal {plain(connection.start_url, 200)}: {plain(role, 120)}."
    if connection.profile:
        return f"By the AWS profile “{plain(connection.profile, 100)}”."
    return "By the default AWS credentials of this computer."


class SignInState(QObject):
    """Keeps the strip true: the time goes on, and tokens renew themselves. `now` is in seconds since the epoch."""

    def __init__(
        self, session: Session, strip: ConnectionStrip, parent: QObject, now: Callable[[], float] = time.time
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._strip = strip
        self._now = now
        self._connection: Connection | None = None
        self._known = Known()
        timer = QTimer(self, interval=LOOK_AGAIN_MS)
        timer.timeout.connect(self.look)
        timer.start()

    def begin(self, connection: Connection) -> None:
        """`connection` is asked for its people; who is signed in comes to be known."""
        same = connection == self._connection
        self._connection = connection
        self._known = replace(self._known, asking=True, refused=False) if same else Known()
        self._strip.show_way("" if self._session.practice else way_words(connection))
        self._show()
        self.look()

    def end(self) -> None:
        """No connection is open."""
        self._connection = None
        self._strip.show_sign_in_state("")
        self._strip.show_way("")

    def learn_identity(self, identity: Identity | None) -> None:
        """Whose credentials it uses; None where that could not be learned."""
        refused = self._known.refused and identity is None
        self._known = replace(self._known, asking=False, identity=identity, refused=refused)
        self._show()

    def learn_failure(self, problem: Problem) -> None:
        """Its people could not be read."""
        if problem.kind in (Kind.NO_SIGN_IN, Kind.EXPIRED):
            self._known = replace(self._known, asking=False, refused=True)
            self._show()

    def look(self) -> None:
        """Look at what is kept of the last sign-in; nobody is asked for that."""
        connection, aws = self._connection, self._session.aws
        if connection is None or connection.endpoint or self._session.practice:
            return

        def job() -> tuple[bool, SignedIn | None]:
            return aws.way_in(connection) is not None, aws.sign_in_of(connection)

        def seen(found: tuple[bool, SignedIn | None]) -> None:
            if connection == self._connection:
                by_browser, signed_in = found
                # What came after AWS had refused the last one is another one.
                before = self._known
                refused = before.refused and signed_in == before.signed_in
                # Who has signed out is nobody any more.
                identity = None if before.signed_in and not signed_in else before.identity
                self._known = Known(before.asking, identity, by_browser, signed_in, refused)
                self._show()

        self._session.tasks.run(self, job, seen, lambda _: None)

    def _show(self) -> None:
        if self._session.practice:
            self._strip.show_sign_in_state(IN_PRACTICE)
            return
        now, known = self._now(), self._known
        signed_in, soon = known.is_signed_in(now), known.ends_soon(now)
        wanted = known.by_browser and (soon or not signed_in)
        self._strip.show_sign_in_state(
            known.words(now), amber=known.by_browser and signed_in and soon, sign_in=wanted, sign_out=signed_in
        )
