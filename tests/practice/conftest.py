"""boto3 as the product uses it, unpatched, against the practice server."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError
from practice_fixtures import let_in

from confirmdesk.practice.launch import PracticeServer

WEB, SHOP = 0, 0


def hash_for(username: str, client_id: str, secret: str) -> str:
    digest = hmac.new(secret.encode(), (username + client_id).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


@dataclass(frozen=True)
class Clients:
    control: Any
    send: Any


@dataclass(frozen=True)
class Caller:
    """What a program does with the practice pool: look somebody up, resend, read the refusal."""

    server: PracticeServer
    control: Any
    send: Any

    def users(self, text: str = "", pool: int = SHOP) -> list[dict[str, Any]]:
        question = {"Filter": text} if text else {}
        pages = self.control.get_paginator("list_users").paginate(UserPoolId=self.pool_id(pool), **question)
        return [user for page in pages for user in page["Users"]]

    def pool_id(self, pool: int = SHOP) -> str:
        return self.server.pools[pool].pool_id

    def username(self, text: str, pool: int = SHOP) -> str:
        (user,) = self.users(text, pool)
        return user["Username"]

    def resend(self, username: str, client: int = WEB, pool: int = SHOP, **more: object) -> Mapping[str, str]:
        chosen = self.server.pools[pool].clients[client]
        if chosen.secret:
            more = {"SecretHash": hash_for(username, chosen.client_id, chosen.secret)} | more
        answer = self.send.resend_confirmation_code(ClientId=chosen.client_id, Username=username, **more)
        return answer["CodeDeliveryDetails"]

    def refusal(self, username: str, client: int = WEB, pool: int = SHOP, **more: object) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            self.resend(username, client, pool, **more)
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


@pytest.fixture(scope="session")
def clients(practice_server: PracticeServer) -> Clients:
    session = boto3.Session(region_name="us-east-1")
    control = session.client(
        "cognito-idp",
        endpoint_url=practice_server.endpoint,
        aws_access_key_id="practice",
        aws_secret_access_key="practice",
        config=Config(proxies={}, retries={"total_max_attempts": 1}),
    )
    send = session.client(
        "cognito-idp",
        endpoint_url=practice_server.endpoint,
        config=Config(signature_version=UNSIGNED, proxies={}, retries={"total_max_attempts": 1}),
    )
    for client in (control, send):
        let_in(client, practice_server.headers)
    return Clients(control, send)


@pytest.fixture
def caller(practice: PracticeServer, clients: Clients) -> Caller:
    return Caller(practice, clients.control, clients.send)


def attributes(user: Mapping[str, Any]) -> dict[str, str]:
    return {attribute["Name"]: attribute["Value"] for attribute in user["Attributes"]}


@pytest.fixture
def plain_user(caller: Caller) -> dict[str, Any]:
    """Somebody unconfirmed with an e-mail address, without a phone and without a lesson."""
    return next(
        user
        for user in caller.users('cognito:user_status = "UNCONFIRMED"')
        if user["Enabled"]
        and attributes(user).keys() >= {"email", "given_name"}
        and "phone_number" not in attributes(user)
    )
