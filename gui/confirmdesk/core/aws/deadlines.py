"""One deadline for a call over all, from the look-up of a name to the last byte, and a way to end calls at once.

The time limits of botocore count for each address, each attempt and each read: an answer that drips has no end there.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from contextlib import contextmanager, nullcontext, suppress
from contextvars import ContextVar
from enum import StrEnum

# In seconds. The service may wait three times five seconds for a Lambda before it answers a send.
# https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-identity-pools-working-with-aws-lambda-triggers.html
SEND_LIMIT = 60.0
LIMIT = 15.0


class OverdueError(Exception):
    """The call was ended from here: its time was up, or nobody waits for it any more. Its text is who was asked, and
    what it waited for."""


class WaitsFor(StrEnum):
    """What a call waits for."""

    BEGINNING = "its beginning"
    CONNECTION = "a connection"
    PROXY_CONNECTION = "a connection to the proxy"
    PROXY = "the proxy"
    ENCRYPTION = "encryption"
    ANSWER = "an answer"


class Call:
    """One call under way in one thread. Its connections tell it what they do: see `handed_over`.

    Its time begins with the first of them: before, a program of the profile's may ask somebody for a key's PIN.
    """

    def __init__(self, seconds: float, begun: Callable[[], None]) -> None:
        """`begun` is called when `ends` has changed."""
        # Both in seconds of the monotonic clock.
        self.made = time.monotonic()
        self.ends: float | None = None
        self._seconds, self._begun = seconds, begun
        # Whether a byte of the request was given to a connection: from then on only an answer says what became of it.
        self.handed_over = False
        # Whom it was waiting for, as the end of an address, and for what.
        self.host = ""
        self.waits_for = WaitsFor.BEGINNING
        # Is told each as it is entered, in whatever thread does that.
        self.entered: Callable[[WaitsFor], None] = lambda _: None
        self._shut: Future[None] = Future()
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    @property
    def is_shut(self) -> bool:
        return self._shut.done()

    def when_shut(self, action: Callable[[], object]) -> None:
        """Do `action` when the call is ended from here, in whatever thread does that."""
        self._shut.add_done_callback(lambda _: action())

    @property
    def left(self) -> float:
        """In seconds, of its time."""
        return self._seconds if self.ends is None else max(0.0, self.ends - time.monotonic())

    def begin(self) -> None:
        """From now on its time counts, if it does not yet."""
        if self.ends is None:
            self.ends = time.monotonic() + self._seconds
            self._begun()

    def rest(self) -> None:
        """Somebody is asked something: the time of the call begins anew with its next connection or request."""
        self.ends = None
        self._begun()

    def open(self, connect: Callable[[], object], close: Callable[[], object]) -> None:
        """Do `connect`, and raise what it raises, for as long as the call has time. The look-up of a name cannot be
        interrupted: one that ends too late is closed behind the scenes."""
        self.begin()
        opening: Future[None] = Future()
        threading.Thread(target=_settle, args=(opening, connect), name="connect", daemon=True).start()
        wait((opening, self._shut), return_when=FIRST_COMPLETED)
        if self.is_shut:
            opening.add_done_callback(lambda _: close())
            raise OverdueError
        opening.result()

    def connected(self, plain: socket.socket, waits_for: WaitsFor) -> None:
        """It goes on through `plain`, to what it `waits_for` then. Raises OverdueError where it may not any more."""
        with self._lock:
            if self.is_shut:
                raise OverdueError
            self._let_go()
            # Of its own, and of the same connection: whoever begins to encrypt takes the other one away.
            self._socket = socket.socket(fileno=socket.dup(plain.fileno()))
        self.enter(waits_for)

    def enter(self, waits_for: WaitsFor) -> None:
        """What it waited for before has come."""
        self.waits_for = waits_for
        self.entered(waits_for)

    def hand_over(self, plain: socket.socket) -> None:
        """The request is about to go out through `plain`. Raises OverdueError where it may not any more."""
        self.begin()
        self.connected(plain, WaitsFor.ANSWER)
        self.handed_over = True

    def shut(self) -> None:
        """End the call wherever it is. A body that is cut so comes back as if it were whole: `is_shut` decides."""
        with self._lock:
            if not self._shut.done():
                self._shut.set_result(None)
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def over(self) -> None:
        """Nothing more is called."""
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None


def _settle(opening: Future[None], connect: Callable[[], object]) -> None:
    try:
        connect()
        opening.set_result(None)
    except Exception as error:
        opening.set_exception(error)


# The call that this thread is in; a connection of botocore has no other way to learn whose it is.
_CALL: ContextVar[Call | None] = ContextVar("call", default=None)


class Stop:
    """Ends whatever is called under it, at once, and lets nothing else begin. From any thread."""

    def __init__(self) -> None:
        self._calls: set[Call] = set()
        self._stopped = False
        self._lock = threading.Lock()

    @property
    def is_set(self) -> bool:
        return self._stopped

    def set(self) -> None:
        """Stop it all; it returns at once."""
        with self._lock:
            self._stopped = True
            calls = list(self._calls)
        for call in calls:
            call.shut()

    @contextmanager
    def covers(self, call: Call) -> Iterator[None]:
        """`call` goes on inside, for as long as nobody stops it."""
        with self._lock:
            self._calls.add(call)
        if self._stopped:
            call.shut()
        try:
            yield
        finally:
            with self._lock:
                self._calls.discard(call)


_STOP: ContextVar[Stop | None] = ContextVar("stop", default=None)


@contextmanager
def stopped_by(stop: Stop) -> Iterator[None]:
    """All that this thread calls inside can be ended by `stop`."""
    before = _STOP.set(stop)
    try:
        yield
    finally:
        _STOP.reset(before)


def call_under_way() -> Call | None:
    """The call that this thread is in."""
    return _CALL.get()


def stop_when_overdue(**_: object) -> None:
    """botocore's `needs-retry` handler: it would wait and try again though nobody waits any more."""
    call = call_under_way()
    if call and call.is_shut:
        raise OverdueError


class Deadlines:
    """Of all calls of one program: one watchdog, which is there while there are calls. Threads may share it."""

    def __init__(self, send_limit: float = SEND_LIMIT, limit: float = LIMIT) -> None:
        """Both in seconds: for a send and for every other call."""
        self.send_limit, self.limit = send_limit, limit
        self._calls: set[Call] = set()
        self._changed = threading.Condition()
        self._watched = False

    @contextmanager
    def within(self, seconds: float) -> Iterator[Call]:
        """All that is called inside is one call. Raises OverdueError at the end of one that was shut."""
        call = Call(seconds, self._look_again)
        before = _CALL.set(call)
        self._watch(call)
        try:
            with stop.covers(call) if (stop := _STOP.get()) else nullcontext():
                yield call
        except Exception:
            # What breaks when a socket is shut says nothing.
            if not call.is_shut:
                raise
        finally:
            call.over()
            _CALL.reset(before)
            with self._changed:
                self._calls.discard(call)
                self._changed.notify_all()
        if call.is_shut:
            raise OverdueError(f"//{call.host}, waiting for {call.waits_for}" if call.host else "")

    def shut_all(self) -> None:
        """End every call that is under way, at once."""
        with self._changed:
            calls = list(self._calls)
        for call in calls:
            call.shut()

    def _look_again(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _watch(self, call: Call) -> None:
        with self._changed:
            self._calls.add(call)
            if not self._watched:
                self._watched = True
                threading.Thread(target=self._keep, name="deadlines", daemon=True).start()

    def _keep(self) -> None:
        with self._changed:
            while self._calls:
                now = time.monotonic()
                limited = [(call, call.ends - now) for call in self._calls if call.ends is not None]
                for call, left in limited:
                    if left <= 0:
                        call.shut()
                self._changed.wait(min((left for _, left in limited if left > 0), default=None))
            self._watched = False
