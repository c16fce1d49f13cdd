"""*Check connection*, step by step from this computer to the app client's secret. The first that is broken is told in
words, and what comes after it is not tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.deadlines import Stop, stopped_by
from confirmdesk.core.checks.way import CLOCK, ENCRYPTION, LOOK_UP, NOT_TRIED, PROXY, Answer, answers_of_way
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import ConfirmdeskError, Kind

CREDENTIALS, REGION, POOL, CLIENT, SECRET = "Credentials", "Region", "User pool", "App client", "Client secret"
STEPS = (LOOK_UP, PROXY, ENCRYPTION, CLOCK, CREDENTIALS, REGION, POOL, CLIENT, SECRET)


@dataclass(frozen=True, slots=True)
class Checked:
    """`needs_secret` is None where the app client could not be described."""

    answers: tuple[Answer, ...]
    needs_secret: bool | None = None


def check_connection(
    aws: Aws,
    connection: Connection,
    find_secret: Callable[[], Secret | None],
    tell: Callable[[Answer], None] = lambda _: None,
    stop: Stop | None = None,
) -> Checked:
    """Ask about each part of `connection`, and never send anything to anybody. Takes seconds; raises nothing.

    `tell` is given each answer as it is decided, in order; `stop` ends it. The secret that `find_secret` gives is the
    one that would be used. It is compared in memory with the app client's own, where that may be read.
    """
    stop = stop or Stop()
    told: list[Answer] = []

    def decide(answer: Answer) -> None:
        told.append(answer)
        tell(answer)

    check = _Check(aws, connection, find_secret)
    with stopped_by(stop):
        for answer in check.answers(lambda answer: None if stop.is_set else decide(answer)):
            # What broke because it was stopped says nothing.
            if stop.is_set:
                break
            decide(answer)
            if answer.good is False:
                break
    for step in STEPS[len(told) :]:
        decide(Answer(step, None, NOT_TRIED))
    return Checked(tuple(told), check.needs_secret)


class _Check:
    def __init__(self, aws: Aws, connection: Connection, find_secret: Callable[[], Secret | None]) -> None:
        self._aws, self._connection, self._find_secret = aws, connection, find_secret
        self.needs_secret: bool | None = None

    def answers(self, decide: Callable[[Answer], None]) -> Iterator[Answer]:
        """One for each step, until one is broken. Some of the way are given to `decide` while it is gone."""
        yield from answers_of_way(self._aws, self._connection, decide)
        try:
            control = Control(self._aws, self._connection)
        except ConfirmdeskError as error:
            yield Answer(CREDENTIALS, False, error.problem.text())
            return
        yield self._credentials(control)
        yield from _pool(control)
        yield from self._client(control)

    def _credentials(self, control: Control) -> Answer:
        """Whatever gives them is asked here, the access portal too: an answer of STS proves them all."""
        if control.connection.endpoint:
            return Answer(CREDENTIALS, None, f"Not asked: this connection calls {control.connection.endpoint} only.")
        try:
            return Answer(CREDENTIALS, True, f"Signed in as {control.identity().person}.")
        except ConfirmdeskError as error:
            return Answer(CREDENTIALS, False, error.problem.text())

    def _client(self, control: Control) -> Iterator[Answer]:
        at = control.connection
        try:
            facts = control.client_facts()
        except ConfirmdeskError as error:
            if error.problem.kind is not Kind.DENIED:
                yield Answer(CLIENT, False, error.problem.text())
                return
            hint = "Nobody here may look at the app client; the first send will tell whether it works."
            yield Answer(CLIENT, None, hint)
            stored = self._find_secret()
            yield Answer(SECRET, None, f"{'One is stored' if stored else 'None is stored'}; the first send will tell.")
            return
        self.needs_secret = facts.secret is not None
        yield Answer(CLIENT, True, f"“{facts.name or at.client_id}” belongs to this pool.")
        yield _secret(facts.secret, self._find_secret())


def _pool(control: Control) -> Iterator[Answer]:
    """Region and user pool: one page of users proves both."""
    at = control.connection
    try:
        control.page()
    except ConfirmdeskError as error:
        reached = error.problem.kind not in (Kind.UNREACHED, Kind.BROKEN_HERE)
        if reached:
            yield Answer(REGION, True, f"{at.region} answers.")
        yield Answer(POOL if reached else REGION, False, error.problem.text())
        return
    yield Answer(REGION, True, f"{at.region} answers.")
    try:
        name = f"“{control.pool_facts().name}”"
    except ConfirmdeskError:
        name = at.pool_id
    yield Answer(POOL, True, f"{name}: its users can be listed.")


def _secret(needed: Secret | None, stored: Secret | None) -> Answer:
    if needed is None:
        return Answer(SECRET, True, "This app client has none and needs none.")
    if not stored:
        return Answer(SECRET, False, "This app client needs its secret. Enter it, or read it from AWS.")
    if needed != stored:
        # The pool may hold two valid secrets and shows one of them.
        # https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html
        return Answer(SECRET, None, "The secret is not the one that AWS shows. If it was replaced, read it again.")
    return Answer(SECRET, True, "The secret is this app client's.")
