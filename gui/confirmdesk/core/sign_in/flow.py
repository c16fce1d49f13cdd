"""Signing in by an access portal, from the first question to the token: by the browser, or with a code."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.deadlines import Call
from confirmdesk.core.aws.ways_in import WayIn
from confirmdesk.core.cognito.problems import explain
from confirmdesk.core.errors import ConfirmdeskError, Kind, Problem, failure
from confirmdesk.core.patience import Asked
from confirmdesk.core.sign_in.asking import CANCELLED, Asking, connection_of
from confirmdesk.core.sign_in.bell import Bell
from confirmdesk.core.sign_in.callback import Answer, Callback
from confirmdesk.core.sign_in.last_page import failed_page, signed_in_page
from confirmdesk.core.sign_in.oidc import DeviceCode, Oidc
from confirmdesk.core.sign_in.steps import Stage, Step

# In seconds: how long somebody may take, and when they may wonder.
LIMIT, SILENCE = 600.0, 60.0

_OVERDUE = Problem(
    "Nobody has signed in within ten minutes.",
    "Sign in again: the browser opens anew, and what is still open there can be closed.",
    "",
    Kind.NO_SIGN_IN,
)
_WAITING = "Your web browser is open: sign in there, and allow it. This window goes on by itself."
_SILENT = "Does the browser show an error? Most often the region of the portal is wrong."
_UNOPENED = "No web browser could be opened. Copy the address and open it in a browser of this computer."
_BY_CODE = "Check that the browser shows this code, and allow it there. This window goes on by itself."
_BY_CODE_UNOPENED = "Copy the address, open it in any web browser, and allow it where it shows this code."


class SignIn:
    """One sign-in by `way`. `run` is for a worker; all else may be called from any thread and never waits.

    `open_browser` is given an address, and raises ConfirmdeskError where no browser can be opened. `tell` is given each
    step. Both are called by workers.
    """

    def __init__(
        self,
        aws: Aws,
        way: WayIn,
        open_browser: Callable[[str], None],
        tell: Callable[[Step], None],
        limit: float = LIMIT,
        silence: float = SILENCE,
    ) -> None:
        self.way = way
        self._aws, self._asking = aws, Asking(aws, way)
        self._open_browser, self._tellers = open_browser, [tell]
        self._limit, self._silence = limit, silence
        self._step = Step(Stage.ASKING, "Asking the access portal…")
        self._beginning, self._telling = threading.Lock(), threading.RLock()
        self._begun = False
        self._by_code = way.by_code_only
        self._ended: Future[Problem | None] = Future()
        self._bell: Bell | None = None

    @property
    def step(self) -> Step:
        """The last one, for whoever joins in."""
        return self._step

    @property
    def address(self) -> str:
        """What the browser shows, to be opened again or copied; "" before that."""
        return self._step.address

    @property
    def can_use_code(self) -> bool:
        """Whether there is a second way that is not taken yet."""
        return self.way.portal.device_code and not self._by_code

    @property
    def can_be_joined(self) -> bool:
        """Whether it may still sign somebody in: one that is cancelled comes to its end, though perhaps not at once."""
        return not (self.has_ended or self._asking.cancelled)

    @property
    def has_ended(self) -> bool:
        return self._ended.done()

    def tell_also(self, tell: Callable[[Step], None]) -> None:
        """Somebody joins in: `tell` is given each step from now on."""
        with self._telling:
            self._tellers.append(tell)

    def use_code(self) -> None:
        """From now on with a code, which any browser takes; nothing where the company forbids that."""
        if self.can_use_code:
            self._by_code = True
            self._ring()

    def cancel(self) -> None:
        """Nobody wants it any more: `run` ends at once, for all who wait in it."""
        self._asking.cancel()
        self._ring()

    def run(self) -> None:
        """Returns when somebody is signed in. Whoever calls it while it runs waits for the same end.

        Raises ConfirmdeskError, after `cancel` one of Kind.CANCELLED.
        """
        with self._beginning:
            first, self._begun = not self._begun, True
        if first:
            self._ended.set_result(self._outcome())
        if problem := self._ended.result():
            raise ConfirmdeskError(problem)

    def _outcome(self) -> Problem | None:
        whole: Call | None = None
        try:
            with Bell() as bell, self._aws.deadlines.within(self._limit) as whole:
                self._bell = bell
                # So that closing the window ends it, too.
                whole.when_shut(bell.ring)
                whole.begin()
                self._sign_in(bell, whole)
        except Exception as error:
            if self._asking.cancelled:
                return CANCELLED
            if whole and whole.is_shut:
                return _OVERDUE
            return explain(error, connection_of(self.way), asked=True).problem
        finally:
            self._bell = None
        return None

    def _sign_in(self, bell: Bell, whole: Call) -> None:
        oidc = Oidc(self._aws, self._asking)
        token = None if self._by_code else self._token_by_browser(oidc, bell, whole)
        while token is None:
            self._asking.check()
            if whole.is_shut:
                return
            token = self._token_by_code(oidc, bell, whole)
        self._tell(Step(Stage.SIGNED_IN, "You are signed in."))

    def _token_by_browser(self, oidc: Oidc, bell: Bell, whole: Call) -> dict[str, str] | None:
        """None where it is to go on with a code, or not at all."""
        with self._callback() as callback:
            registration = oidc.register_for_browser()
            if self._by_code:
                return None
            address, verifier = oidc.address(registration, callback)
            self._open(Step(Stage.IN_BROWSER, _WAITING, address), _UNOPENED)
            answer = callback.wait(bell, self._silence)
            if not answer and not (self._by_code or self._asking.cancelled or whole.is_shut):
                self._tell(Step(Stage.SILENT, _SILENT, address))
                answer = callback.wait(bell, None)
            if not answer:
                return None
            self._tell(Step(Stage.FINISHING, "Signing in…", address))
            return self._exchanged(answer, lambda: oidc.token_for(answer, registration, callback, verifier))

    def _exchanged(self, answer: Answer, exchange: Callable[[], dict[str, str]]) -> dict[str, str]:
        """The browser waits for what became of it: its last page never says more than is true."""
        page = failed_page()
        try:
            token = exchange()
            self._keep(token)
            page = signed_in_page()
            return token
        finally:
            answer.visitor.answer("200 OK", page)

    def _token_by_code(self, oidc: Oidc, bell: Bell, whole: Call) -> dict[str, str] | None:
        registration = oidc.register_for_code()
        device = oidc.device_code(registration)
        self._open(Step(Stage.BY_CODE, _BY_CODE, device.address, device.code), _BY_CODE_UNOPENED)
        token = self._polled(oidc, device, bell, whole)
        if token:
            self._keep(token)
        return token

    def _polled(self, oidc: Oidc, device: DeviceCode, bell: Bell, whole: Call) -> dict[str, str] | None:
        interval = device.interval
        # Whoever wanted a code has rung as well, and may be heard here only.
        while not (bell.wait(interval) and (self._asking.cancelled or whole.is_shut)):
            token, slower = oidc.token_for_code(device)
            if token:
                return token
            interval += slower
        return None

    def _keep(self, token: dict[str, str]) -> None:
        self._asking.check()
        try:
            self._aws.keep_sign_in(self.way, token)
        except OSError as error:
            sentence = "The sign-in could not be kept in your folder .aws, where AWS's programs look for it."
            hint = "Make sure that the disk is not full and that this account may write there, then sign in again."
            raise failure(sentence, hint, error.strerror or "", Kind.BROKEN_HERE) from None

    def _callback(self) -> Callback:
        try:
            return Callback()
        except OSError as error:
            sentence = "The browser's answer cannot be waited for: this computer gives no address for it."
            raise failure(sentence, "Use a code instead.", error.strerror or "", Kind.BROKEN_HERE) from None

    def _open(self, step: Step, otherwise: str) -> None:
        self._tell(step)

        def open_it() -> None:
            try:
                self._open_browser(step.address)
            except ConfirmdeskError:
                self._tell(Step(Stage.NO_BROWSER, otherwise, step.address, step.code), after=step)

        # Some desktops take seconds for it, and somebody may cancel meanwhile.
        Asked(open_it)

    def _tell(self, step: Step, after: Step | None = None) -> None:
        """Nothing where it has gone on since the step `after`."""
        with self._telling:
            if after in (None, self._step):
                self._step = step
                for tell in self._tellers:
                    tell(step)

    def _ring(self) -> None:
        if bell := self._bell:
            bell.ring()


class SignIns:
    """Of one program: one at a time by each way, and whoever wants one meanwhile joins in."""

    def __init__(self, aws: Aws, open_browser: Callable[[str], None]) -> None:
        self._aws, self._open_browser = aws, open_browser
        self._under_way: dict[str, SignIn] = {}
        self._lock = threading.Lock()

    def begin(self, way: WayIn, tell: Callable[[Step], None]) -> SignIn:
        """The sign-in by `way`, to be run: one that is under way, or a new one."""
        with self._lock:
            found = self._under_way.get(way.key)
            if found and found.can_be_joined:
                found.tell_also(tell)
                return found
            made = self._under_way[way.key] = SignIn(self._aws, way, self._open_browser, tell)
            return made

    def cancel_all(self) -> None:
        """The window closes."""
        with self._lock:
            under_way = list(self._under_way.values())
        for sign_in in under_way:
            sign_in.cancel()
