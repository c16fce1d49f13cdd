"""The three practice pools, put straight into moto's backend: the same ids and secrets at every start."""

import string
from collections.abc import Iterable, Mapping
from copy import deepcopy
from datetime import UTC, datetime
from random import Random
from typing import Any

from moto.cognitoidp.models import (
    CognitoIdpUser,
    CognitoIdpUserPool,
    CognitoIdpUserPoolClient,
    UserStatus,
    cognitoidp_backends,
)
from moto.core.models import DEFAULT_ACCOUNT_ID

from confirmdesk.practice import people
from confirmdesk.practice.people import Person

# moto dispatches unsigned requests to this region.
REGION = "us-east-1"
ARN = f"arn:aws:{{}}:{REGION}:{DEFAULT_ACCOUNT_ID}:"

SHOP: Mapping[str, Any] = {
    "AutoVerifiedAttributes": ["email", "phone_number"],
    "UsernameAttributes": ["email"],
    # As the console sets it; the other pools are as old as the days when capital letters counted.
    "UsernameConfiguration": {"CaseSensitive": False},
    "LambdaConfig": {"CustomMessage": ARN.format("lambda") + "function:practice-shop-messages"},
    "EmailConfiguration": {
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": ARN.format("ses") + "identity/example.com",
        "From": "Practice shop <shop@example.com>",
    },
    "SmsConfiguration": {
        "SnsCallerArn": f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/practice-shop-sms",
        "ExternalId": "practice-shop",
        "SnsRegion": REGION,
    },
}


class SeededUser(CognitoIdpUser):
    """moto's user, of whom a hundred thousand fit: the list of attributes is made when asked for, not kept."""

    @property
    def attributes(self) -> list[dict[str, str]]:
        return [{"Name": name, "Value": value} for name, value in self.attribute_lookup.items()]

    @attributes.setter
    def attributes(self, attributes: Iterable[Mapping[str, str]]) -> None:
        self.attribute_lookup = {attribute["Name"]: attribute["Value"] for attribute in attributes}


def empty_pools() -> tuple[CognitoIdpUserPool, ...]:
    """The practice pools with their clients and nobody in them.

    The default pool comes first, and its client with a secret is its first client.
    """
    shop = _pool("Practice shop", SHOP)
    _client(shop, "web-app", {"PreventUserExistenceErrors": "ENABLED"}, secret=True)
    _client(shop, "mobile-app", {"PreventUserExistenceErrors": "LEGACY"})
    newsletter = _pool("Practice newsletter", {})
    _client(newsletter, "newsletter-page", {"PreventUserExistenceErrors": "ENABLED"})
    quiet = _pool("Practice quiet", {"AutoVerifiedAttributes": ["email"]})
    _client(quiet, "quiet-app", {"PreventUserExistenceErrors": "ENABLED"})
    return shop, newsletter, quiet


def seed(empty: Iterable[CognitoIdpUserPool], users: int, now: float) -> None:
    """Put copies of the `empty` pools in place of all pools, `users` people in the shop; `now` is in epoch seconds."""
    members = (people.shop(users, now), people.newsletter(now), people.quiet(now))
    pools = [_filled(pool, persons, now) for pool, persons in zip(empty, members, strict=True)]
    # One assignment, so that a request that runs meanwhile sees the old pools or the new ones.
    cognitoidp_backends[DEFAULT_ACCOUNT_ID][REGION].user_pools = {pool.id: pool for pool in pools}


def _letters(what: str, alphabet: str, length: int) -> str:
    return "".join(Random(what).choices(alphabet, k=length))  # noqa: S311 - the same at every start, on purpose


def _pool(name: str, settings: Mapping[str, Any]) -> CognitoIdpUserPool:
    pool = CognitoIdpUserPool(DEFAULT_ACCOUNT_ID, REGION, name, dict(settings))
    pool.id = f"{REGION}_{_letters(name, string.ascii_letters + string.digits, 9)}"
    pool.arn = ARN.format("cognito-idp") + f"userpool/{pool.id}"
    return pool


def _filled(empty: CognitoIdpUserPool, members: Iterable[Person], now: float) -> CognitoIdpUserPool:
    # All but the key that signs tokens: reading that one takes 70 ms, and nothing changes it.
    pool = deepcopy(empty, {id(empty.json_web_key): empty.json_web_key})
    pool.creation_date = pool.last_modified_date = _utc(now - 400 * people.DAY)
    for person in members:
        pool.users[person.username] = _user(pool.id, person)
    return pool


def _client(pool: CognitoIdpUserPool, name: str, settings: Mapping[str, Any], *, secret: bool = False) -> None:
    client = CognitoIdpUserPoolClient(pool.id, secret, {"ClientName": name, **settings})
    alphabet = string.ascii_lowercase + string.digits
    client.id = _letters(f"{pool.name} {name}", alphabet, 26)
    client.secret = _letters(f"{pool.name} {name} secret", alphabet, 51)
    pool.clients[client.id] = client


def _user(pool_id: str, person: Person) -> CognitoIdpUser:
    user = SeededUser(pool_id, person.username, None, _status(person.status), [])
    user.attribute_lookup = dict(person.attributes)
    user.id = user.attribute_lookup["sub"]
    user.enabled = person.enabled
    user.create_date = user.last_modified_date = _utc(person.created)
    return user


def _status(name: str) -> str:
    # moto's enumeration knows no EXTERNAL_PROVIDER; its own code compares the others by identity.
    return UserStatus[name] if name in UserStatus.__members__ else name


def _utc(seconds: float) -> datetime:
    """moto keeps naive UTC times."""
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
