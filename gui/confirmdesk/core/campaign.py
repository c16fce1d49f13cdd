"""Runs a plan: several calls in flight at one pace, an outcome for everybody, an honest stop.

No Qt and no sleep that can't be woken: `Campaign.run` works through the plan in threads of its own and returns when the
last call has come back. Watchers are told of each result from those threads.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from confirmdesk.core.judging import judge
from confirmdesk.core.outcomes import NO_ANSWER, Again, Outcome, Reply, Verdict
from confirmdesk.core.pace import Pace
from confirmdesk.core.plan import Plan, Recipient, Request

log = logging.getLogger(__name__)

# Enough that an answer which takes a second does not slow a run of five a second down.
CALLS_IN_FLIGHT = 8

Send = Callable[[Request], Reply]

NOT_REACHED_YET = Verdict(
    Outcome.LEFT,
    "Not sent yet",
    "The run did not get to this person. Nothing was sent; send again when ready.",
    Again.YES,
)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one recipient. `at` is in seconds since the epoch, 0 where no call was made."""

    recipient: Recipient
    verdict: Verdict
    reply: Reply = Reply()
    at: float = 0.0

    def may_go_again(self, now: float) -> bool:
        """Whether *Send again* takes this person without a question. `now` is in seconds since the epoch."""
        if self.verdict.again is Again.LATER:
            return now >= self.at + self.verdict.wait
        return self.verdict.again is Again.YES


class Campaign:
    """One run over one plan. Everybody starts as *left*, and the counters always add up to the recipients."""

    def __init__(self, plan: Plan, pace: Pace | None = None) -> None:
        self.plan = plan
        self._pace = pace or Pace()
        self._results = [Result(recipient, NOT_REACHED_YET) for recipient in plan.recipients]
        self._next = 0
        self._in_flight = 0
        self._trouble: Result | None = None
        self._halt = threading.Event()
        self._lock = threading.Lock()

    def run(self, send: Send, watch: Callable[[Result], None]) -> None:
        """Send to everybody, and return when nobody is in flight any more. Several threads call `send` and `watch`."""
        calls = min(CALLS_IN_FLIGHT, len(self._results))
        with ThreadPoolExecutor(max(calls, 1), thread_name_prefix="send") as pool:
            for lane in [pool.submit(self._work, send, watch) for _ in range(calls)]:
                lane.result()

    def stop(self) -> None:
        """Start no further call. Those in flight finish; the rest stays *left*."""
        self._halt.set()

    @property
    def stopping(self) -> bool:
        return self._halt.is_set()

    @property
    def in_flight(self) -> int:
        return self._in_flight

    @property
    def trouble(self) -> Result | None:
        """The result that ended the run because it was nobody's own fault, or None."""
        return self._trouble

    def results(self) -> list[Result]:
        """One result for each recipient, in the plan's order."""
        with self._lock:
            return list(self._results)

    def _work(self, send: Send, watch: Callable[[Result], None]) -> None:
        while (at := self._take()) is not None:
            recipient = self.plan.recipients[at]
            reply = _call(send, recipient.request)
            result = Result(recipient, judge(reply, recipient.user), reply, time.time())
            self._settle(at, result)
            watch(result)

    def _take(self) -> int | None:
        if not self._pace.wait(self._halt):
            return None
        with self._lock:
            if self._halt.is_set() or self._next >= len(self._results):
                return None
            self._next += 1
            self._in_flight += 1
            return self._next - 1

    def _settle(self, at: int, result: Result) -> None:
        with self._lock:
            self._results[at] = result
            self._in_flight -= 1
            if result.verdict.stops:
                self._trouble = self._trouble or result
                self._halt.set()


def _call(send: Send, request: Request) -> Reply:
    try:
        return send(request)
    except Exception:
        # A fault of ours in mid-call: the request may have left, and only *unknown* never mails anybody twice.
        log.exception("A send failed")
        return Reply(NO_ANSWER)


def tally(results: list[Result]) -> dict[Outcome, int]:
    """How many people of each outcome, all seven in their order."""
    counts = dict.fromkeys(Outcome, 0)
    for result in results:
        counts[result.verdict.outcome] += 1
    return counts


def summary(counts: dict[Outcome, int]) -> str:
    """`accepted 40 · doubtful 0 · …`: these words, this order, digits without grouping; automation reads it."""
    return " · ".join(f"{outcome} {number}" for outcome, number in counts.items())
