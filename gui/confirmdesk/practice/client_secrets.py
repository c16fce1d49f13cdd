"""Secrets of app clients, two of which may be valid at a time, so that one takes the place of the other without a gap.

moto knows one, and none of the calls. What AWS does not say (which of two DescribeUserPoolClient tells, and with which
words the last one is kept) is chosen here: the older one, and words of our own.
https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html
"""

import re
import secrets
import string
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from moto.cognitoidp.models import CognitoIdpUserPoolClient, cognitoidp_backends
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult

from confirmdesk.practice.refusals import refuse

MOST, LENGTH = 2, 51
FORM = re.compile(r"[\w+]{24,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kept:
    """`id` is all that is ever told of it again."""

    id: str
    value: str
    made_at: float


class ClientSecrets:
    """Of all app clients. `clock` gives seconds since the epoch. A client that nobody has touched has the one secret
    that moto knows."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        # With a pool that is made anew its clients are others, and so are their secrets.
        self._kept: WeakKeyDictionary[CognitoIdpUserPoolClient, list[Kept]] = WeakKeyDictionary()

    def valid(self, client: CognitoIdpUserPoolClient) -> list[str]:
        """Those that a hash may be made with, the oldest first; none of a public client."""
        with self._lock:
            return [kept.value for kept in self._of(client)]

    def add(self, client: CognitoIdpUserPoolClient, value: str | None) -> dict[str, Any]:
        """AddUserPoolClientSecret: the value is told once where it was made here, and never where it was brought."""
        with self._lock:
            kept = self._of(client)
            if not kept:
                refuse("InvalidParameterException", "A public client cannot have a client secret.")
            if len(kept) == MOST:
                refuse("LimitExceededException", f"A client can have {MOST} client secrets.")
            if value and not FORM.fullmatch(value):
                refuse("InvalidParameterException", "The client secret must have 24 to 64 letters and digits.")
            new = self._made(client, value or _random())
            kept.append(new)
        return _told(new) | ({} if value else {"ClientSecretValue": new.value})

    def told(self, client: CognitoIdpUserPoolClient) -> list[dict[str, Any]]:
        """ListUserPoolClientSecrets: never a value."""
        with self._lock:
            return [_told(kept) for kept in self._of(client)]

    def delete(self, client: CognitoIdpUserPoolClient, id_: str) -> None:
        """DeleteUserPoolClientSecret: hashes made with it are refused from now on."""
        with self._lock:
            kept = self._of(client)
            left = [one for one in kept if one.id != id_]
            if len(left) == len(kept):
                refuse("ResourceNotFoundException", f"Client secret {id_} does not exist.")
            if not left:
                refuse("InvalidParameterException", "The last client secret cannot be deleted.")
            self._kept[client] = left
            client.secret = left[0].value

    def _of(self, client: CognitoIdpUserPoolClient) -> list[Kept]:
        if not client.generate_secret:
            return []
        if client not in self._kept:
            self._kept[client] = [self._made(client, client.secret)]
        return self._kept[client]

    def _made(self, client: CognitoIdpUserPoolClient, value: str) -> Kept:
        now = self._clock()
        taken = {kept.id for kept in self._kept.get(client, [])}
        numbers = (f"{client.id}--{int(now) + later}" for later in range(MOST))
        return Kept(next(number for number in numbers if number not in taken), value, now)


def _told(kept: Kept) -> dict[str, Any]:
    return {"ClientSecretId": kept.id, "ClientSecretCreateDate": kept.made_at}


def _random() -> str:
    return "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(LENGTH))


def _client(request: Mapping[str, Any], account: str, region: str) -> CognitoIdpUserPoolClient:
    pool = cognitoidp_backends[account][region].user_pools.get(request["UserPoolId"])
    client = pool.clients.get(request["ClientId"]) if pool else None
    if client is None:
        refuse("ResourceNotFoundException", f"User pool client {request['ClientId']} does not exist.")
    return client


def install(kept: ClientSecrets) -> None:
    """Teach moto's server the calls."""

    def add(self: CognitoIdpResponse) -> ActionResult:
        client = _client(self.parameters, self.current_account, self.region)
        return ActionResult({"ClientSecretDescriptor": kept.add(client, self.parameters.get("ClientSecret"))})

    def list_(self: CognitoIdpResponse) -> ActionResult:
        return ActionResult({"ClientSecrets": kept.told(_client(self.parameters, self.current_account, self.region))})

    def delete(self: CognitoIdpResponse) -> ActionResult:
        client = _client(self.parameters, self.current_account, self.region)
        kept.delete(client, self.parameters["ClientSecretId"])
        return ActionResult({})

    answers = {"add_user_pool_client_secret": add, "list_user_pool_client_secrets": list_}
    for name, answer in {**answers, "delete_user_pool_client_secret": delete}.items():
        setattr(CognitoIdpResponse, name, answer)
