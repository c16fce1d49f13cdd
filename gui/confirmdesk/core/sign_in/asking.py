"""The questions of a sign-in: each ends in time, and all of them at once when nobody wants to know any more."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.deadlines import Stop, stopped_by
from confirmdesk.core.aws.ways_in import WayIn
from confirmdesk.core.cognito.problems import explain
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError, Kind, Problem

T = TypeVar("T")

CANCELLED = Problem("The sign-in was cancelled.", "", "", Kind.CANCELLED)


class Asking:
    """Of one portal. Threads may share it."""

    def __init__(self, aws: Aws, way: WayIn) -> None:
        self.way = way
        self._deadlines = aws.deadlines
        self._stop = Stop()

    @property
    def cancelled(self) -> bool:
        return self._stop.is_set

    def cancel(self) -> None:
        self._stop.set()

    def ask(self, call: Callable[[], T]) -> T:
        """What `call` gives; 15 seconds at most. Raises ConfirmdeskError, whose cause is botocore's."""
        self.check()
        asked = False
        try:
            with stopped_by(self._stop), self._deadlines.within(self._deadlines.limit) as under_way:
                try:
                    return call()
                finally:
                    asked = under_way.handed_over
        except Exception as error:
            self.check()
            raise explain(error, connection_of(self.way), asked=asked) from error

    def check(self) -> None:
        """Raises ConfirmdeskError once it is cancelled."""
        if self.cancelled:
            raise ConfirmdeskError(CANCELLED)


def connection_of(way: WayIn) -> Connection:
    """What is said of a connection is said of the portal alone, before there is one."""
    at = way.portal
    start_url = at.start_url if way.in_memory else ""
    return Connection("", at.region, "", "", profile=way.profile, start_url=start_url, sso_region=at.region)
