"""The first steps of *Check connection*: the way to the endpoint, before anybody knows who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.deadlines import OverdueError, WaitsFor
from confirmdesk.core.aws.network.route import Route
from confirmdesk.core.cognito.problems import explain
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Problem
from confirmdesk.core.quotas import CLOCK_SKEW
from confirmdesk.core.text import count, plain

NOT_TRIED = "not tried."
LOOK_UP, PROXY, ENCRYPTION, CLOCK = "Name", "Proxy", "TLS", "Clock"


@dataclass(frozen=True, slots=True)
class Answer:
    """`good` is None where nobody may look, or nothing was tried."""

    what: str
    good: bool | None
    sentence: str


def answers_of_way(aws: Aws, connection: Connection, decide: Callable[[Answer], None]) -> Iterator[Answer]:
    """Name, proxy, TLS and clock, until one is broken. What is decided while one question is under way goes straight to
    `decide`."""
    try:
        route = aws.route(connection)
    except Exception as error:
        yield Answer(LOOK_UP, False, explain(error, connection).problem.text())
        return
    if problem := route.problem_of_proxy():
        # An address that is none has no name that could be looked up.
        yield Answer(LOOK_UP, None, NOT_TRIED)
        yield _broken(PROXY, problem)
        return
    yield _name(aws, connection, route)
    if problem := route.problem_of_certificates():
        yield _proxy(route)
        yield _broken(ENCRYPTION, problem)
        return
    yield from _Knock(aws, connection, route, decide).answers()


def _broken(what: str, problem: Problem) -> Answer:
    return Answer(what, False, problem.text())


def _name(aws: Aws, connection: Connection, route: Route) -> Answer:
    host = plain(route.host, 120)
    try:
        with aws.deadlines.within(aws.deadlines.limit) as call:
            call.open(route.look_up, lambda: None)
    except OverdueError:
        hint = "Check the network connection and the VPN, then try again."
        return _broken(LOOK_UP, Problem(f"Nobody told in time where {host} is.", hint))
    except (OSError, UnicodeError):
        if route.proxy:
            hint = "Check the VPN, and the proxy in Settings (under More) or of this computer."
            return _broken(LOOK_UP, Problem(f"The network proxy {host} is not known in this network.", hint))
        hint = f"Check the network connection and the VPN, and that the region {connection.region} is spelled right."
        return _broken(LOOK_UP, Problem(f"{host} is not known in this network.", hint))
    found = "is an address, not a name" if _is_address(route.host) else "is known in this network"
    return Answer(LOOK_UP, True, f"{'The network proxy ' if route.proxy else ''}{host} {found}.")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _proxy(route: Route) -> Answer:
    if not route.proxy:
        return Answer(PROXY, True, "There is none on the way.")
    return Answer(PROXY, True, f"{plain(route.proxy, 120)} leads to AWS ({route.said_by}).")


class _Knock:
    """One question to the endpoint, which proves all of the way. How far it has got is known at any time."""

    def __init__(self, aws: Aws, connection: Connection, route: Route, decide: Callable[[Answer], None]) -> None:
        self._aws, self._connection, self._route, self._decide = aws, connection, route, decide
        self._reached = WaitsFor.BEGINNING

    def answers(self) -> Iterator[Answer]:
        limit = self._aws.deadlines.limit
        try:
            with self._aws.deadlines.within(limit) as call:
                call.entered = self._enter
                date = self._route.knock()
        except Exception as error:
            yield from self._failed(error)
            return
        self._aws.clock.hear(date)
        yield self._clock(date)

    def _enter(self, waits_for: WaitsFor) -> None:
        """Each piece of the way is decided when the next one is entered."""
        if waits_for is WaitsFor.ENCRYPTION:
            self._decide(_proxy(self._route))
        elif waits_for is WaitsFor.ANSWER:
            self._decide(Answer(ENCRYPTION, True, self._words_on_encryption()))
        self._reached = waits_for

    def _words_on_encryption(self) -> str:
        if self._route.is_encrypted:
            return "The connection is encrypted and the certificate is trusted."
        return "Not encrypted, and it need not be: it is this computer."

    def _failed(self, error: Exception) -> Iterator[Answer]:
        problem = explain(error, self._connection).problem
        if self._reached is WaitsFor.ANSWER:
            silent = isinstance(error, OverdueError)
            yield _broken(CLOCK, problem) if silent else Answer(CLOCK, None, "The answer told no time.")
        elif self._route.proxy and self._reached is not WaitsFor.ENCRYPTION:
            yield _broken(PROXY, problem)
        else:
            if self._reached is not WaitsFor.ENCRYPTION:
                yield _proxy(self._route)
            yield _broken(ENCRYPTION, problem)

    def _clock(self, date: str) -> Answer:
        if self._aws.practice:
            return Answer(CLOCK, True, "Practice has a time of its own.")
        if not date:
            return Answer(CLOCK, None, "The answer told no time.")
        ahead = self._aws.clock.ahead
        told = f"{count(round(abs(ahead) / 60), 'minute')} {'ahead' if ahead > 0 else 'behind'}"
        if abs(ahead) >= CLOCK_SKEW:
            hint = "Have the clock and the time zone of this computer set: AWS takes nothing that is signed so."
            return _broken(CLOCK, Problem(f"This computer's clock is wrong: it is {told}.", hint))
        return Answer(CLOCK, True, f"It is {told}, which AWS bears." if ahead else "It is right.")
