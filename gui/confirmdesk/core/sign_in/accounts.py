"""What the person who is signed in may choose from: accounts, and the roles that were assigned in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.ways_in import WayIn
from confirmdesk.core.errors import failure
from confirmdesk.core.sign_in.asking import Asking

# Rows of a page, and questions in all: a portal has thousands of accounts at most, and few are one person's.
PAGE, QUESTIONS = 100, 2_000


@dataclass(frozen=True, slots=True)
class AccountRole:
    """`account_name` may be ""; the id is what a connection keeps."""

    account_id: str
    account_name: str
    role_name: str


def roles(aws: Aws, way: WayIn, stop: Callable[[], bool] = lambda: False) -> list[AccountRole]:
    """All roles of whoever is signed in by `way`, by account and name; those found so far where `stop` says so.

    In a worker: a question for each account, and for each page. Raises ConfirmdeskError, of Kind.NO_SIGN_IN or
    Kind.EXPIRED where signing in helps.
    """
    reading = _Reading(aws, way, stop)
    found = [
        AccountRole(account["accountId"], str(account.get("accountName") or ""), role["roleName"])
        for account in reading.rows("list_accounts", "accountList", ("accountId",))
        for role in reading.rows("list_account_roles", "roleList", ("roleName",), accountId=account["accountId"])
    ]
    return sorted(found, key=lambda one: (one.account_name.casefold(), one.account_id, one.role_name.casefold()))


class _Reading:
    def __init__(self, aws: Aws, way: WayIn, stop: Callable[[], bool]) -> None:
        self._asking, self._stop = Asking(aws, way), stop
        self._client = self._asking.ask(lambda: aws.portal_client(way))
        self._aws, self._way = aws, way
        self._questions = 0

    def rows(self, operation: str, name: str, needed: tuple[str, ...], **more: Any) -> Iterator[Any]:
        page: dict[str, str] = {}
        seen: set[str] = set()
        while not self._stop() and self._questions < QUESTIONS:
            self._questions += 1
            answer = self._asking.ask(partial(self._page, operation, {**more, **page}))
            if name not in answer:
                raise failure("AWS's answer could not be read.", "Try again in a minute.", f"no {name} in the answer")
            yield from (row for row in answer[name] if all(_is_text(row, part) for part in needed))
            following = answer.get("nextToken")
            if not following or following in seen:
                return
            seen.add(following)
            page = {"nextToken": following}

    def _page(self, operation: str, more: dict[str, Any]) -> Any:
        # Anew for each page: it may have to be renewed on the way.
        ask: Any = getattr(self._client, operation)
        return ask(accessToken=self._aws.token(self._way), maxResults=PAGE, **more)


def _is_text(row: Any, part: str) -> bool:
    return isinstance(row, dict) and isinstance(row.get(part), str) and row[part] != ""
