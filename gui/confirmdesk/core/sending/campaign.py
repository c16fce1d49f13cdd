"""Runs a plan: several calls in flight at one pace, each written down before and after; pause, resume, stop.

No Qt and no sleep that can't be woken. `Campaign.run` works in threads of its own and returns when the run is over and
the last call has come back. Watchers are told of each change from those threads.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from enum import Enum
from heapq import heappop, heappush
from typing import Protocol

from confirmdesk.core.errors import ConfirmdeskError, Kind, Problem
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
        results: Sequence[Result] = (),
        now: Callable[[], float] = time.time,
        retries: tuple[float, float] = (FIRST_RETRY, LAST_RETRY),
        renew_secret: Callable[[], bool] = lambda: False,
    ) -> None:
        """`results` are those of an interrupted run, in the plan's order; `now` is the time that is written down.
        `retries` are the seconds after which the run tries one person again while there is no network: at first, and at
        most. `renew_secret` is called where AWS refused the client secret, and tells whether there is another one."""
        self.plan = plan
        self.pace = pace or Pace()
        self.now = now
        self._clock = self.pace.clock
        self._journal = journal
        self._results = list(results or (Result(recipient, NOT_REACHED_YET) for recipient in plan.recipients))
        # A heap: who is put back is first again, as in the plan.
        self._queue = [place for place, result in enumerate(self._results) if result.verdict.outcome is Outcome.LEFT]
        # How many are neither in the queue nor settled, and those of them whose intent is written.
        self._taken = 0
        self._flying: set[int] = set()
        # The first call after a start goes alone: what is wrong for all shows with one.
        self._alone = True
        self._state = State.RUNNING
        self._taken_up = bool(results)
        self._reason: Problem | None = None
        self._quota: int | None = None
        self._breaker = Breaker()
        self._renew_secret, self._retries = renew_secret, retries
        self._retry_in, self._retry_at = retries[0], 0.0
        self._send: Send | None = None
        self._last_call = time.time()
        self._opening = threading.Lock()
        self._changed = threading.Condition()
        # Set whenever a thread that waits for its moment should look again.
        self._wake = threading.Event()
        self._crash: Exception | None = None

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
        """How many calls have begun whose answer is not back."""
        return len(self._flying)

    @property
    def waits_for_network(self) -> float:
        """Seconds until the run tries the network again by itself, 0 where it does not."""
        return max(0.0, self._retry_at - self._clock.now()) if self._retry_at else 0.0

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
            self._alone = True
            self._wake.clear()
        else:
            self._wake.set()
        self._changed.notify_all()

    # The run itself

    def run(self, open_send: OpenSend, watch: Callable[[], None]) -> None:
        """Send to everybody who is left. `open_send` gives what makes one call, anew after a long silence."""
        if self._taken_up:
            self._journal.tell(RunEvent.RESUMED, self._results)
        # Daemons: a program that ends does not wait for a call that never comes back, as it would for an executor's.
        number = max(1, min(CALLS_IN_FLIGHT, len(self._queue)))
        names = (f"send-{i + 1}" for i in range(number))
        threads = [threading.Thread(target=self._work, args=(open_send, watch), name=n, daemon=True) for n in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with self._changed:
            self._enter(State.OVER, self._reason)
        if self._crash:
            raise self._crash
        watch()

    def _work(self, open_send: OpenSend, watch: Callable[[], None]) -> None:
        try:
            while (position := self._take()) is not None:
                self._try(position, open_send)
                watch()
        except Exception as error:
            self._crash = error
            self.stop()

    def _take(self) -> int | None:
        """The next person's position, as soon as somebody may be sent to; None when the run is over."""
        with self._changed:
            while True:
                if self._state in (State.STOPPING, State.OVER) or not (self._queue or self._taken):
                    self._changed.notify_all()
                    return None
                if self._state is State.RUNNING and self._queue and self._may_take():
                    self._taken += 1
                    if self._quota is not None:
                        self._quota -= 1
                    return heappop(self._queue)
                self._changed.wait(self.waits_for_network or None)
                if self._retry_at and self._clock.now() >= self._retry_at and self._state is State.PAUSED:
                    # One person finds out for all whether the network is back: who is not reached was not sent to.
                    self._enter(State.RUNNING, None, by_itself=True)

    def _may_take(self) -> bool:
        return self._quota != 0 and not (self._alone and self._taken)

    def _try(self, position: int, open_send: OpenSend) -> None:
        """One person, as soon as the pace allows. What goes wrong before the call puts them back, after it nothing."""
        before = self._results[position]
        try:
            ready = self._ready(position, open_send) if self.pace.wait(self._wake) else None
        except Exception as error:
            self._put_back(position, before, _told(error, _broken))
            return
        if ready is None:
            self._put_back(position, before)
        elif isinstance(ready, Result):
            self._settle(position, ready)
        else:
            self._act_on(position, _ask(ready, self.plan.recipients[position], self.now), ready)

    def _ready(self, position: int, open_send: OpenSend) -> Send | Result | None:
        """What makes the call, to start now; the result of somebody who is spared it; None where it may not start."""
        recipient, now = self.plan.recipients[position], self.now()
        if (allowed := self._journal.allowed_at(position, now)) > now:
            return self._spare(position, Result(recipient, hourly_limit(allowed - now), at=now))
        send = self._sender(open_send)
        if send is None or self._state is not State.RUNNING:
            # Somebody pressed Pause or Stop while a connection was made.
            return None
        try:
            self._intend(position)
        except SentMeanwhileError:
            return self._spare(position, Result(recipient, SENT_MEANWHILE, at=now))
        if self.pace.start(self._wake):
            return send
        # Stopped, or later than the pace allows: whatever was lost to the client or the disk is not made up for.
        self._journal.withdraw(position)
        return None

    def _spare(self, position: int, result: Result) -> Result:
        """Nobody asks AWS about this person."""
        self._journal.settle(position, result)
        return result

    def _sender(self, open_send: OpenSend) -> Send | None:
        """None where whoever had a connection made or a secret read before has paused the run."""
        with self._opening:
            if self._state is not State.RUNNING:
                return None
            if self._send is None or time.time() - self._last_call > STALE:
                self._send = open_send()
            self._last_call = time.time()
            return self._send

    def _intend(self, position: int) -> None:
        with self._changed:
            self._flying.add(position)
        self._journal.intend(position, self.now())

    def _act_on(self, position: int, result: Result, send: Send) -> None:
        verdict, reply = result.verdict, result.reply
        kind = Kind.SECRET_WANTED if verdict.secret_refused else Kind.OTHER
        told = Problem(f"{verdict.cause}.", verdict.advice, f"{reply.code}: {reply.text}", kind)
        trouble: Problem | None = told
        problem = self._write_down(position, result)
        if verdict.secret_refused and self._renewed(send, told):
            # Nothing was sent for certain, and the next call may be taken.
            trouble, result = None, Result(result.recipient, NOT_REACHED_YET)
        with self._changed:
            # In one with whatever the answer pauses, or a second call begins beside the first.
            self._alone = False
            if is_throttle(reply):
                self.pace.slow_down()
                problem = problem or self._breaker.throttled(self._clock.now())
                self._put_back(position, Result(result.recipient, NOT_REACHED_YET), problem)
            elif verdict.outcome is Outcome.LEFT:
                self._put_back(position, result, problem or trouble)
            else:
                self._settle(position, result, problem or (trouble if verdict.stops else None))

    def _renewed(self, refused: Send, trouble: Problem) -> bool:
        """Whether there is another secret by now than the one that `refused` sends with; else the run is paused."""
        with self._opening:
            if self._send is not refused:
                # Somebody else in flight has learned of it first, and has seen to it.
                return True
            self._send = None
            found = self._renew_secret()
            if not found:
                # Before anybody else opens a connection with the secret that AWS has refused.
                self.pause(trouble)
            return found

    def _write_down(self, position: int, result: Result) -> Problem | None:
        """Why that was not possible. What came back stays in this run's memory, and the record has an unknown until it
        can be written."""
        nothing_sent = is_throttle(result.reply) or result.verdict.outcome is Outcome.LEFT
        try:
            if nothing_sent:
                self._journal.withdraw(position)
            else:
                self._journal.settle(position, result)
        except Exception as error:
            return _told(error, _unwritten)
        return None

    def _settle(self, position: int, result: Result, trouble: Problem | None = None) -> None:
        with self._changed:
            self._results[position] = result
            self._let_go(position)
            trouble = trouble or self._breaker.trips(result.verdict, result.reply)
            self._retry_in = self._retries[0]
            if self._state is State.RUNNING and (trouble or (self._quota == 0 and not self._taken)):
                self._enter(State.PAUSED, trouble)
            self._changed.notify_all()

    def _put_back(self, position: int, result: Result, trouble: Problem | None = None) -> None:
        """Nothing was sent for certain: this person is left, and first in the queue."""
        with self._changed:
            self._results[position] = result
            self._let_go(position)
            heappush(self._queue, position)
            if self._quota is not None:
                self._quota += 1
            if trouble and self._state is State.RUNNING:
                self._enter(State.PAUSED, trouble)
                if result.reply.code == NOT_REACHED:
                    self._retry_at = self._clock.now() + self._retry_in
                    self._retry_in = min(2 * self._retry_in, self._retries[1])
                    self._send = None
            self._changed.notify_all()

    def _let_go(self, position: int) -> None:
        self._taken -= 1
        self._flying.discard(position)


def _ask(send: Send, recipient: Recipient, now: Callable[[], float]) -> Result:
    try:
        reply = send(recipient.request)
        answered = now()
        return Result(recipient, judge(reply, recipient.user, answered), reply, answered)
    except Exception:
        # A fault of ours in mid-call: the request may have left, and only *unknown* never mails anybody twice.
        log.exception("A send failed")
        reply = Reply(NO_ANSWER)
        return Result(recipient, judge(reply, recipient.user), reply, now())


def _told(error: Exception, otherwise: Callable[[Exception], Problem]) -> Problem:
    return error.problem if isinstance(error, ConfirmdeskError) else otherwise(error)


def _unwritten(error: Exception) -> Problem:
    log.error("An outcome could not be written down", exc_info=error)
    return Problem(
        "What came of a code could not be written down, so the run waits.",
        "It is shown here, and stays unknown in the record. An administrator finds more in the log file.",
        type(error).__name__,
    )


def _broken(error: Exception) -> Problem:
    log.error("The run was interrupted", exc_info=error)
    return Problem(
        "Something went wrong inside the program, so the run waits.",
        "Nothing was sent to the person it happened with. Try *Resume*; an administrator finds more in the log file.",
        type(error).__name__,
    )
