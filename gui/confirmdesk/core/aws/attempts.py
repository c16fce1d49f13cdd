"""Several calls need the same keys at once, and wait for the one of them that gets them, in botocore's lock. Where that
fails, each would try for itself: a program would run, or a person be asked, once for each of them."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Any

from confirmdesk.core.aws.deadlines import OverdueError, call_under_way
from confirmdesk.core.aws.failures import SignInCancelledError, SignInError, is_botocores, service_answer


class Attempt:
    """Gets the keys of one session with `fetch`. botocore calls it in a lock of that session's own."""

    def __init__(self, fetch: Callable[[], Any]) -> None:
        self._fetch = fetch
        self._failure: Exception | None = None
        self._failed_at = 0.0

    def __call__(self) -> Any:
        """What `fetch` gives. Whoever waited while that failed has failed with it; and after a Cancel nobody is asked
        any more: the next attempt has a session of its own."""
        if self._failure and (isinstance(self._failure, SignInCancelledError) or self._has_waited()):
            raise _fresh(self._failure)
        self._failure = None
        try:
            return self._fetch()
        except Exception as error:
            self._failure, self._failed_at = _kept(error), time.monotonic()
            raise

    def _has_waited(self) -> bool:
        call = call_under_way()
        return call is not None and call.made < self._failed_at


def _kept(error: Exception) -> Exception | None:
    """`error` for those who wait, if it says anything about them."""
    call = call_under_way()
    if call and call.is_shut:
        return OverdueError(f"//{call.host}" if call.host else "")
    told = isinstance(error, SignInError) or is_botocores(error) or service_answer(error)
    return _fresh(error) if told else None


def _fresh(error: Exception) -> Exception:
    # Its traceback would keep whatever the first one worked with.
    return copy.copy(error).with_traceback(None)
