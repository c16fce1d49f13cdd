"""Runs a plan: several calls in flight at one pace, each written down before and after; pause, resume, stop.

No Qt and no sleep that can't be woken. `Campaign.run` works in threads of its own and returns when the run is over and
the last call has come back. Watchers are told of each change from those threads.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from typing import Protocol

from confirmdesk.core.errors import ConfirmdeskError, Problem
from confirmdesk.core.quotas import CALLS_IN_FLIGHT
from confirmdesk.core.sending.breaker import Breaker
from confirmdesk.core.sending.events import RunEvent
from confirmdesk.core.sending.judging import hourly_limit, is_throttle, judge
from confirmdesk.core.sending.outcomes import NO_ANSWER, NOT_REACHED, Outcome, Reply
from confirmdesk.core.sending.pace import Pace
from confirmdesk.core.sending.plan import Plan, Recipient, Request
from confirmdesk.core.sending.results import NOT_REACHED_YET, SENT_MEANWHILE, Result, SentMeanwhileError

log = logging.getLogger(__name__)

# After a pause or a sleep of this many seconds connections are opened anew: what stands in between has forgotten them.
STALE = 20.0
# Without a network the run tries one person again after these seconds, then ever later.
FIRST_RETRY, LAST_RETRY = 5.0, 60.0

Send = Callable[[Request], Reply]
OpenSend = Callable[[], Send]


class Journal(Protocol):
    """Where a run writes down what it is about to do and what came of it. Raises ConfirmdeskError where it cannot."""

    def allowed_at(self, position: int, now: float) -> float: ...

    def intend(self, position: int, at: float) -> None:
        """Claim this person for a call. Raises SentMeanwhileError where another run has sent to this person."""

    def settle(self, position: int, result: Result) -> None: ...

    def withdraw(self, position: int) -> None: ...

    def tell(self, event: RunEvent, results: Sequence[Result], by_itself: bool = False) -> None: ...


class State(Enum):
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    OVER = "over"


_EVENTS = {State.RUNNING: RunEvent.RESUMED, State.PAUSED: RunEvent.PAUSED, State.OVER: RunEvent.ENDED}


class Campaign:
    """One run. Everybody starts as *left*, and the counters always add up to the recipients."""

    def __init__(
        self,
        plan: Plan,
        journal: Journal,
        pace: Pace | None = None,
        results: Sequence[Result] | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`results` are those of an interrupted run, in the plan's order; `now` is the time that is written down."""
        self.plan = plan
        self.pace = pace or Pace()
        self.now = now
        self._journal = journal
        self._results = list(results or (Result(recipient, NOT_REACHED_YET) for recipient in plan.recipients))
        left = (position for position, result in enumerate(self._results) if result.verdict.outcome is Outcome.LEFT)
        self._queue: deque[int] = deque(left)
        self._state = State.RUNNING
        self._taken_up = results is not None
        self._reason: Problem | None = None
        self._quota: int | None = None
        self._in_flight = 0
        self._breaker = Breaker()
        self._retry_in, self._retry_at = FIRST_RETRY, 0.0
        self._send: Send | None = None
        self._last_call = time.time()
        self._opening = threading.Lock()
        self._changed = threading.Condition()
        # Set whenever a thread that waits for its moment should look again.
        self._wake = threading.Event()

    # For whoever watches and steers

    @property
    def state(self) -> State:
        return self._state

    @property
    def reason(self) -> Problem | None:
        """Why the run is paused, None where somebody pressed *Pause* or it is not."""
        return self._reason

    @property
    def in_flight(self) -> int:
        return self._in_flight

    @property
    def waits_for_network(self) -> float:
        """Seconds until the run tries the network again by itself, 0 where it does not."""
        return max(0.0, self._retry_at - time.monotonic()) if self._retry_at else 0.0

    def results(self) -> list[Result]:
        """One result for each recipient, in the plan's order."""
        with self._changed:
            return list(self._results)

    def pause(self, reason: Problem | None = None) -> None:
        """Start no further call until `resume`. Those in flight finish."""
        with self._changed:
            if self._state is State.RUNNING:
                self._enter(State.PAUSED, reason)

    def pause_after(self, people: int) -> None:
        """Send to the first `people` and pause. Call it before `run`."""
        self._quota = people

    def resume(self) -> None:
        """Go on with those who are left."""
        with self._changed:
            if self._state is State.PAUSED:
                self._breaker.reset()
                self._quota = None
                self._enter(State.RUNNING, None)

    def stop(self) -> None:
        """Start no further call. Those in flight finish; the rest stays *left*."""
        with self._changed:
            if self._state is not State.OVER:
                self._enter(State.STOPPING, self._reason)

    def _enter(self, state: State, reason: Problem | None, by_itself: bool = False) -> None:
        if state is not self._state and state in _EVENTS:
            pressed = self._state is State.STOPPING if state is State.OVER else not (by_itself or reason)
            self._journal.tell(_EVENTS[state], self._results, by_itself=not pressed)
        self._state, self._reason, self._retry_at = state, reason, 0.0
        if state is State.RUNNING:
            self._wake.clear()
        else:
            self._wake.set()
        self._changed.notify_all()

    # The run itself

    def run(self, open_send: OpenSend, watch: Callable[[], None]) -> None:
        """Send to everybody who is left. `open_send` gives what makes one call, anew after a long silence."""
        if self._taken_up:
            self._journal.tell(RunEvent.RESUMED, self._results)
        threads = max(1, min(CALLS_IN_FLIGHT, len(self._queue)))
        try:
            with ThreadPoolExecutor(threads, thread_name_prefix="send") as pool:
                for thread in [pool.submit(self._work, open_send, watch) for _ in range(threads)]:
                    thread.result()
        finally:
            with self._changed:
                self._enter(State.OVER, self._reason)
        watch()

    def _work(self, open_send: OpenSend, watch: Callable[[], None]) -> None:
        while (position := self._take()) is not None:
            try:
                self._serve(position, open_send)
            except Exception as error:
                problem = error.problem if isinstance(error, ConfirmdeskError) else _broken(error)
                self._put_back(position, self._results[position], problem)
            watch()

    def _take(self) -> int | None:
        """The next person's position, as soon as the pace allows; None when the run is over for this thread."""
        while True:
            if not self._may_go_on():
                return None
            if not self.pace.wait(self._wake):
                continue
            with self._changed:
                if self._state is State.RUNNING and self._queue and self._quota != 0:
                    self._in_flight += 1
                    if self._quota is not None:
                        self._quota -= 1
                    return self._queue.popleft()

    def _may_go_on(self) -> bool:
        """Wait while the run is paused, or while all who are left are in flight and may come back."""
        with self._changed:
            while True:
                if self._state in (State.STOPPING, State.OVER) or not (self._queue or self._in_flight):
                    self._changed.notify_all()
                    return False
                if self._state is State.RUNNING and self._queue and self._quota != 0:
                    return True
                self._changed.wait(self.waits_for_network or None)
                if self._retry_at and time.monotonic() >= self._retry_at and self._state is State.PAUSED:
                    # One person finds out for all whether the network is back: who is not reached was not sent to.
                    self._enter(State.RUNNING, None, by_itself=True)

    def _serve(self, position: int, open_send: OpenSend) -> None:
        recipient = self.plan.recipients[position]
        now = self.now()
        if (allowed := self._journal.allowed_at(position, now)) > now:
            self._spare(position, Result(recipient, hourly_limit(allowed - now), at=now))
            return
        send = self._sender(open_send)
        if self._state is not State.RUNNING:
            # Somebody pressed Pause or Stop while a connection was made: this call has not begun.
            self._put_back(position, self._results[position], None)
            return
        try:
            self._journal.intend(position, now)
        except SentMeanwhileError:
            self._spare(position, Result(recipient, SENT_MEANWHILE, at=now))
            return
        self._act_on(position, _ask(send, recipient, self.now))

    def _spare(self, position: int, result: Result) -> None:
        """Nobody asks AWS about this person."""
        self._journal.settle(position, result)
        self._settle(position, result)

    def _sender(self, open_send: OpenSend) -> Send:
        with self._opening:
            if self._send is None or time.time() - self._last_call > STALE:
                self._send = open_send()
            self._last_call = time.time()
            return self._send

    def _act_on(self, position: int, result: Result) -> None:
        verdict, reply = result.verdict, result.reply
        trouble = Problem(f"{verdict.cause}.", verdict.advice, f"{reply.code}: {reply.text}")
        if is_throttle(reply):
            self.pace.slow_down()
            self._journal.withdraw(position)
            self._put_back(position, Result(result.recipient, NOT_REACHED_YET), None)
        elif verdict.outcome is Outcome.LEFT:
            self._journal.withdraw(position)
            self._put_back(position, result, trouble)
        else:
            problem = None
            try:
                self._journal.settle(position, result)
            except ConfirmdeskError as error:
                # What came back stays in this run's memory; the ledger has it as unknown, which mails nobody twice.
                problem = error.problem
            self._settle(position, result, problem or (trouble if verdict.stops else None))

    def _settle(self, position: int, result: Result, trouble: Problem | None = None) -> None:
        with self._changed:
            self._results[position] = result
            self._in_flight -= 1
            trouble = trouble or self._breaker.trips(result.verdict, result.reply)
            self._retry_in = FIRST_RETRY
            if self._state is State.RUNNING and (trouble or (self._quota == 0 and not self._in_flight)):
                self._enter(State.PAUSED, trouble)
            if not self._queue and not self._in_flight:
                # Nobody is left: threads that still wait for their moment may go home.
                self._wake.set()
            self._changed.notify_all()

    def _put_back(self, position: int, result: Result, trouble: Problem | None) -> None:
        """Nothing was sent for certain: this person is left, and first in the queue."""
        with self._changed:
            self._results[position] = result
            self._in_flight -= 1
            self._queue.appendleft(position)
            if trouble and self._state is State.RUNNING:
                self._enter(State.PAUSED, trouble)
                if result.reply.code == NOT_REACHED:
                    self._retry_at = time.monotonic() + self._retry_in
                    self._retry_in = min(2 * self._retry_in, LAST_RETRY)
                    self._send = None
            self._changed.notify_all()


def _ask(send: Send, recipient: Recipient, now: Callable[[], float]) -> Result:
    try:
        reply = send(recipient.request)
        return Result(recipient, judge(reply, recipient.user), reply, now())
    except Exception:
        # A fault of ours in mid-call: the request may have left, and only *unknown* never mails anybody twice.
        log.exception("A send failed")
        reply = Reply(NO_ANSWER)
        return Result(recipient, judge(reply, recipient.user), reply, now())


def _broken(error: Exception) -> Problem:
    log.error("The run was interrupted", exc_info=error)
    return Problem(
        "Something went wrong inside the program, so the run waits.",
        "Nothing was sent to the person it happened with. Try *Resume*; an administrator finds more in the log file.",
        type(error).__name__,
    )
