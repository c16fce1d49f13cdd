"""The client secret of one run. Cognito keeps two at a time, so that one can take the place of the other; when the old
one goes in mid-run, somebody who may read the new one is not even asked.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html
"""

import threading
from collections.abc import Callable
from dataclasses import replace

from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import ConfirmdeskError, Kind, Problem
from confirmdesk.core.sending.outcomes import Reply
from confirmdesk.core.sending.plan import Request

NONE_STORED = Problem(
    "This app client needs its client secret, and none is stored on this computer.",
    "Enter it here; the run goes on with it.",
    kind=Kind.SECRET_WANTED,
)

ReadSecret = Callable[[], Secret | None]
# The secret that AWS has just taken for the first time in this run, and whether it was not the stored one.
TellWorked = Callable[[Secret, bool], None]


class RunSecret:
    """Threads share it. `stored` reads the keyring and `shown` asks AWS; both may take long, and raise
    ConfirmdeskError."""

    def __init__(
        self, secret: Secret | None, needed: bool | None, stored: ReadSecret, shown: ReadSecret, worked: TellWorked
    ) -> None:
        """`secret` is the stored one where it has been read already. `needed` None: whether the app client needs one is
        not known."""
        self._secret, self._needed = secret, needed
        self._stored, self._shown, self._tell_worked = stored, shown, worked
        self._is_new = self._was_renewed = False
        self._told: set[Secret] = set()
        self._lock = threading.Lock()

    def bind(
        self, open_send: Callable[[Secret | None], Callable[[Request], Reply]]
    ) -> Callable[[], Callable[[Request], Reply]]:
        """What opens a connection that sends with the secret of that moment. Raises ConfirmdeskError where there is
        none and one is needed."""

        def open_with_secret() -> Callable[[Request], Reply]:
            secret, is_new = self._to_send_with()
            send = open_send(secret)

            def watched(request: Request) -> Reply:
                reply = send(request)
                if secret and reply.destination:
                    self._has_worked(secret, is_new)
                return reply

            return watched

        return open_with_secret

    def enter(self, secret: Secret) -> None:
        """Somebody has typed it."""
        with self._lock:
            self._secret, self._is_new, self._was_renewed = secret, True, False

    def renew(self) -> bool:
        """AWS has refused the secret. Whether there is another one to try: the one that AWS shows, where that may be
        read, but only once until one has worked. Else the keyring is read anew as soon as somebody resumes: there may
        be a new one by then."""
        with self._lock:
            refused, self._secret, self._is_new, self._needed = self._secret, None, False, True
            if self._was_renewed:
                return False
            self._was_renewed = True
        # No lock is held while somebody is asked: what came of a call is written down meanwhile.
        try:
            found = self._shown()
        except ConfirmdeskError:
            return False
        if not found or found == refused:
            return False
        with self._lock:
            self._secret, self._is_new = found, True
        return True

    def _to_send_with(self) -> tuple[Secret | None, bool]:
        with self._lock:
            wanted = self._secret is None and self._needed is not False
        stored = self._read_stored() if wanted else None
        with self._lock:
            # What somebody has typed meanwhile is newer.
            self._secret = self._secret or stored
            return self._secret, self._is_new

    def _read_stored(self) -> Secret | None:
        try:
            found = self._stored()
        except ConfirmdeskError as error:
            if not self._needed:
                return None
            raise ConfirmdeskError(replace(error.problem, kind=Kind.SECRET_WANTED)) from None
        if not found and self._needed:
            raise ConfirmdeskError(NONE_STORED)
        return found

    def _has_worked(self, secret: Secret, is_new: bool) -> None:
        with self._lock:
            if secret == self._secret:
                self._was_renewed = False
            if secret in self._told:
                return
            self._told.add(secret)
        self._tell_worked(secret, is_new)
