"""ListUsers over moto's own users, fast enough for a hundred thousand.

moto filters all users anew for each page, looks for the token's user from the start, and serialises through the service
model: 0.1 s and more a page at 100,000 users. Here the filter runs once for a chain of tokens. The filter is also
parsed as the service documents it (escaped quotes), which moto's regular expression does not do.
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
"""

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, NoReturn

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool
from moto.cognitoidp.responses import CognitoIdpResponse

from confirmdesk.practice.refusals import refuse

PAGE = 60
FILTER_LENGTH = 256
AWS_JSON = "application/x-amz-json-1.1"
CHAINS_KEPT = 32
FILTER = re.compile(r'\s*([\w:]+)\s*(\^?=)\s*"((?:[^"\\]|\\.)*)"\s*')
ATTRIBUTES = ["email", "phone_number", "name", "given_name", "family_name", "preferred_username", "sub"]

# What people sign in with: without case where the pool is set so.
# https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-case-sensitivity.html
ALIASES = ("email", "phone_number", "preferred_username")

Getter = Callable[[CognitoIdpUser], str | None]


@dataclass(frozen=True, slots=True)
class Chain:
    """The users of one listing, frozen at its first page: a chain of tokens holds nobody twice and loses nobody."""

    question: tuple[str, str | None]
    users: Sequence[CognitoIdpUser]


def status_of(user: CognitoIdpUser) -> str:
    return str(getattr(user.status, "value", user.status))


def _getter(name: str, any_case: bool) -> Getter:
    inherent: dict[str, Getter] = {
        "username": lambda user: user.username.casefold() if any_case else user.username,
        "cognito:user_status": lambda user: status_of(user).casefold(),
        "status": lambda user: "Enabled" if user.enabled else "Disabled",
    }
    if name in inherent:
        return inherent[name]
    if name not in ATTRIBUTES:
        refuse("InvalidParameterException", f"Invalid search attribute: {name}")
    if any_case and name in ALIASES:
        return lambda user: user.attribute_lookup.get(name, "").casefold()
    return lambda user: user.attribute_lookup.get(name)


def matching(pool: CognitoIdpUserPool, text: str | None) -> list[CognitoIdpUser]:
    """The users that the filter `text` finds, in moto's order; raises JsonRESTError where it cannot be read."""
    users = list(pool.users.values())
    if not text:
        return users
    match = FILTER.fullmatch(text)
    if match is None:
        refuse("InvalidParameterException", "Error while parsing filter")
    name, operator, value = match.groups()
    value = re.sub(r"\\(.)", r"\1", value)
    any_case = pool.extended_config.get("UsernameConfiguration", {}).get("CaseSensitive") is False
    get = _getter(name, any_case)
    if name == "cognito:user_status" or (any_case and name in ("username", *ALIASES)):
        value = value.casefold()
    if operator == "=":
        return [user for user in users if get(user) == value]
    return [user for user in users if (get(user) or "").startswith(value)]


def epoch(moment: datetime) -> float:
    """Seconds since the epoch of one of moto's naive UTC times, cut to the millisecond as moto does."""
    return int(moment.replace(tzinfo=UTC, microsecond=0).timestamp()) + moment.microsecond // 1000 / 1000


def user_json(user: CognitoIdpUser, wanted: Sequence[str] | None) -> dict[str, Any]:
    """`user` as ListUsers tells of them, with the attributes in `wanted` or all."""
    lookup = user.attribute_lookup
    if wanted and not lookup.keys() >= set(wanted):
        refuse("InvalidParameterException", "One or more requested attributes do not exist.")
    return {
        "Username": user.username,
        "Attributes": [{"Name": name, "Value": lookup[name]} for name in lookup if not wanted or name in wanted],
        "UserCreateDate": epoch(user.create_date),
        "UserLastModifiedDate": epoch(user.last_modified_date),
        "Enabled": user.enabled,
        "UserStatus": status_of(user),
        "MFAOptions": [],
    }


def refuse_value(name: str, value: object, rule: str) -> NoReturn:
    """End the call as the service does when a parameter breaks the rule of its shape."""
    text = f"Value '{value}' at '{name}' failed to satisfy constraint: Member must have {rule}"
    refuse("InvalidParameterException", f"1 validation error detected: {text}")


class Listing:
    """Answers ListUsers. Keeps the last chains of tokens; an older or foreign token is refused."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._chains: OrderedDict[str, Chain] = OrderedDict()
        self._numbers = count(1)

    def reset(self) -> None:
        with self._lock:
            self._chains.clear()

    def page(self, pool: CognitoIdpUserPool, request: Mapping[str, Any]) -> dict[str, Any]:
        """The answer to one ListUsers request, ready for JSON."""
        limit = request.get("Limit") or PAGE
        if limit > PAGE:
            refuse_value("limit", limit, f"value less than or equal to {PAGE}")
        if len(request.get("Filter") or "") > FILTER_LENGTH:
            refuse_value("filter", request["Filter"], f"length less than or equal to {FILTER_LENGTH}")
        number, start, chain = self._chain(pool, request.get("Filter"), request.get("PaginationToken"))
        users = chain.users[start : start + limit]
        answer: dict[str, Any] = {"Users": [user_json(user, request.get("AttributesToGet")) for user in users]}
        if start + limit < len(chain.users):
            self._keep(number, chain)
            answer["PaginationToken"] = f"practice-{number}-{start + limit}"
        return answer

    def _chain(self, pool: CognitoIdpUserPool, text: str | None, token: str | None) -> tuple[str, int, Chain]:
        question = (pool.id, text)
        if token is None:
            return str(next(self._numbers)), 0, Chain(question, matching(pool, text))
        _, number, start = token.split("-") if re.fullmatch(r"practice-\d+-\d+", token) else ("", "", "0")
        with self._lock:
            chain = self._chains.get(number)
        if chain is None or chain.question != question:
            refuse("InvalidParameterException", f"Paging marker {token} is invalid for request")
        return number, int(start), chain

    def _keep(self, number: str, chain: Chain) -> None:
        with self._lock:
            self._chains[number] = chain
            self._chains.move_to_end(number)
            if len(self._chains) > CHAINS_KEPT:
                self._chains.popitem(last=False)


def install(listing: Listing) -> None:
    """Have moto's server answer ListUsers with `listing`."""

    def list_users(self: CognitoIdpResponse) -> str:
        request = self.parameters
        pool = self.backend.describe_user_pool(request["UserPoolId"])
        self.response_headers["Content-Type"] = AWS_JSON
        return json.dumps(listing.page(pool, request))

    setattr(CognitoIdpResponse, "list_users", list_users)  # noqa: B010 - mypy: it returns another type than moto's
