"""One page of ListUsers, parsed straight from its JSON.

botocore spends most of a listing walking shapes it then hands out as dicts; a hundred thousand users are read in half
the time by taking the body before its parser does.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from sys import intern
from typing import Any

from confirmdesk.core.aws.failures import refuse_pages_for_people
from confirmdesk.core.errors import failure
from confirmdesk.core.people.users import User, make_user

PAGE_KEY = "ConfirmdeskPage"
SHORT = 10


@dataclass(frozen=True, slots=True)
class Page:
    """`token` asks for the next page; "" on the last. A page may be short or empty and still have a next one."""

    users: tuple[User, ...]
    token: str


def take_page(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: object) -> None:
    """botocore's `before-parse` handler: puts a `Page` into the parsed answer and leaves nothing to parse."""
    # The handler of one operation runs before that of all, so the check for a page for people comes here too.
    refuse_pages_for_people(response_dict)
    if response_dict["status_code"] == 200:
        customized_response_dict[PAGE_KEY] = parse_page(response_dict["body"])
        response_dict["body"] = b"{}"


def parse_page(body: bytes) -> Page:
    """The page in `body`. Raises ConfirmdeskError where it is no ListUsers answer: never an empty pool by mistake."""
    try:
        answer = json.loads(body)
        rows = answer["Users"]
        if not isinstance(rows, list):
            raise TypeError
        # A row without a name is nobody: whatever was sent to it would reach nobody either.
        users = tuple(_user(row) for row in rows if row["Username"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise failure(
            "AWS's answer could not be read: it was not a list of users.",
            "Something on the way may have changed it. Try again; if it stays, show the details to an administrator.",
            f"ListUsers: {type(error).__name__}, {len(body)} bytes",
        ) from None
    return Page(users, str(answer.get("PaginationToken") or ""))


def _user(row: Mapping[str, Any]) -> User:
    # What is short is the same for many (verified or not, languages, first names): it is kept once for all of them.
    attributes = [
        (pair["Name"], intern(value) if len(value := str(pair.get("Value") or "")) <= SHORT else value)
        for pair in row.get("Attributes") or ()
    ]
    return make_user(
        _text(row["Username"]),
        _seconds(row.get("UserCreateDate")),
        bool(row.get("Enabled", True)),
        str(row.get("UserStatus") or ""),
        attributes,
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _seconds(value: object) -> float:
    """The service writes epoch seconds; other implementations write ISO 8601. 0 where there is no date."""
    if isinstance(value, int | float):
        return float(value)
    if not isinstance(value, str) or not value:
        return 0.0
    moment = datetime.fromisoformat(value)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
