"""Campaigns without a network and without a disk: what is sent and written stays in memory, and can be looked at."""

import threading

from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.campaign import Campaign
from confirmdesk.core.sending.outcomes import Reply
from confirmdesk.core.sending.pace import Pace, Stopwatch
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.core.sending.results import summary, tally

ACCEPTED = Reply(status=200, destination="u***@e***", medium="EMAIL")
THROTTLED = Reply("TooManyRequestsException", "Rate exceeded", 400)
UNPACED = 0.0


def plan_for(number):
    users = [make_user(f"user-{i}", 0, True, "UNCONFIRMED", [("email", f"u{i}@example.com")]) for i in range(number)]
    return make_plan(users, [("ticket", "{username}")], frozenset({"email"}))


class Notes:
    """A journal in memory that keeps every entry."""

    def __init__(self):
        self.entries = []
        self.events = []
        self.later = {}
        self.held = {}

    def allowed_at(self, position, now):
        return self.later.get(position, 0.0)

    def intend(self, position, at):
        self.entries.append(("intend", position))
        if error := self.held.get(position):
            raise error

    def settle(self, position, result):
        self.entries.append(("settle", position))

    def withdraw(self, position):
        self.entries.append(("withdraw", position))

    def tell(self, event, results, by_itself=False):
        self.events.append((str(event), "program" if by_itself else "person", summary(tally(results))))


class Desk:
    """A campaign whose sends are answered by `answer`, run in a thread of its own."""

    def __init__(self, number, answer=lambda request: ACCEPTED, pace=None, notes=None, **options):
        self.plan = plan_for(number)
        self.notes = notes or Notes()
        self.campaign = Campaign(self.plan, self.notes, pace or Pace(UNPACED), **options)
        self.answer = answer
        self.sent = []
        self.opened = 0
        self.thread = threading.Thread(target=self.campaign.run, args=(self.open, lambda: self.news.set()))
        self.news = threading.Event()

    def open(self):
        self.opened += 1
        return self.send

    def send(self, request):
        self.sent.append(request.username)
        return self.answer(request)

    def start(self):
        self.thread.start()
        return self

    def run(self):
        self.start().thread.join(20)
        assert not self.thread.is_alive()
        return self

    def until(self, condition):
        for _ in range(2000):
            if condition():
                return
            self.news.wait(0.01)
            self.news.clear()
        raise AssertionError("it never came")

    def end(self):
        self.campaign.stop()
        self.thread.join(20)
        assert not self.thread.is_alive()

    @property
    def counts(self):
        return tally(self.campaign.results())


class HeldStopwatch(Stopwatch):
    """Time that passes only when it is told to, while as many threads as are told of wait for it: so the moment of each
    call is exact, and a thread that sleeps here is one that a client or a disk holds up."""

    def __init__(self):
        self.time = 1000.0
        self._waiting = {}
        self._changed = threading.Condition()

    def now(self):
        return self.time

    def wait(self, wake, seconds):
        if seconds <= 0:
            return wake.is_set()
        me = object()
        with self._changed:
            self._waiting[me] = until = self.time + seconds + 1e-9
            self._changed.notify_all()
            while self.time < until and not wake.is_set():
                self._changed.wait(0.01)  # it is not told of `wake`
            del self._waiting[me]
            self._changed.notify_all()
            return wake.is_set()

    def sleep(self, seconds):
        self.wait(threading.Event(), seconds)

    def go_on(self, threads, seconds=0.0):
        """To the first moment that one of so many waiting `threads` waits for, or for at least that many `seconds`."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self._waiting) == threads, 20), self._waiting
            self.time = max(min(self._waiting.values()), self.time + seconds)
            due = [me for me, until in self._waiting.items() if until <= self.time]
            self._changed.notify_all()
            self._changed.wait_for(lambda: not any(me in self._waiting for me in due))


class HurriedStopwatch(Stopwatch):
    """Whoever waits has waited at once, and everybody is so much later."""

    def __init__(self):
        self.time = 1000.0
        self._lock = threading.Lock()

    def now(self):
        return self.time

    def wait(self, wake, seconds):
        with self._lock:
            self.time += max(seconds, 0.0)
        return wake.is_set()


def fullest(moments, seconds):
    """The most of `moments` that lie within any such stretch of time."""
    return max(sum(first <= moment < first + seconds for moment in moments) for first in moments)
