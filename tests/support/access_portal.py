"""A company's access portal, as AWS's documents and models tell it: registration, browser, codes, tokens that end and
are renewed, accounts and roles in pages, keys of a role. And a browser, which follows an address through the proxy."""

import hashlib
import json
import ssl
import threading
import time
import urllib.request
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from whole_aws import PORTAL, Asked, Told, WholeAws, refused, told

REGION = "eu-west-1"
DEVICE_PAGE = "https://device.sso.eu-west-1.amazonaws.com/"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
# Rows of a page, whatever is asked for.
ROWS = 10


@dataclass
class Client:
    secret: str
    scopes: list[str]
    redirects: list[str]


@dataclass
class Asking:
    """Somebody asked for by the browser."""

    client_id: str
    challenge: str
    redirect: str


@dataclass
class Device:
    client_id: str
    code: str
    allowed: bool | None = None
    # How often it answers that it is asked too often.
    slow_downs: int = 0
    expired: bool = False


@dataclass
class AccessPortal:
    """`roles` by account id. `lives` is how long a token does, in seconds; `denies` whether the person refuses in the
    browser; `slow_downs` how often the next code's owner is told to ask less often; `accounts` their names."""

    at: WholeAws
    roles: dict[str, list[str]] = field(default_factory=lambda: {"123456789012": ["support"]})
    accounts: dict[str, str] = field(default_factory=lambda: {"123456789012": "Shop"})
    start_url: str = PORTAL
    lives: float = 3600
    denies: bool = False
    slow_downs: int = 0
    interval: int = 1
    code: dict[str, bool] = field(default_factory=dict)
    # Every token, refresh token, code and secret that was ever given.
    given: list[str] = field(default_factory=list)
    polls: list[float] = field(default_factory=list)
    devices: list[Device] = field(default_factory=list)
    clients: dict[str, Client] = field(default_factory=dict)
    logged_out: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._number = count(1)
        self._codes: dict[str, Asking] = {}
        self._tokens: dict[str, float] = {}
        self._refresh: dict[str, str] = {}
        self.at.answers |= {"oidc": self._oidc, "portal": self._portal}

    def end_all(self) -> None:
        """All tokens end now, as when somebody signs out elsewhere; they can be renewed."""
        self._tokens.clear()

    def end_sessions(self) -> None:
        """Nothing is renewed any more either."""
        self.end_all()
        self._refresh.clear()

    def asked(self, path: str) -> list[Asked]:
        return [asked for asked in self.at.asked if asked.path == path]

    def _new(self, what: str) -> str:
        made = f"{what}-{next(self._number)}-{hashlib.sha256(what.encode()).hexdigest()[:20]}"
        self.given.append(made)
        return made

    # Signing in

    def _oidc(self, asked: Asked) -> Told:
        answers = {
            "/client/register": self._register,
            "/authorize": self._authorize,
            "/token": self._token,
            "/device_authorization": self._device,
        }
        return answers[asked.path](asked)

    def _register(self, asked: Asked) -> Told:
        body = asked.body
        if "issuerUrl" in body and body["issuerUrl"] != self.start_url:
            return _refused("InvalidRequestException", "invalid_request", "no such issuer")
        made = self._new("client")
        self.clients[made] = Client(self._new("secret"), body.get("scopes", []), body.get("redirectUris", []))
        ends = int(time.time()) + 90 * 24 * 3600
        return told({"clientId": made, "clientSecret": self.clients[made].secret, "clientSecretExpiresAt": ends})

    def _authorize(self, asked: Asked) -> Told:
        query = asked.query
        client = self.clients[query["client_id"]]
        redirect = urlsplit(query["redirect_uri"])
        assert f"{redirect.scheme}://{redirect.hostname}{redirect.path}" in client.redirects
        assert query["scopes"].split() == client.scopes
        assert (query["response_type"], query["code_challenge_method"]) == ("code", "S256")
        code = self._new("code")
        self._codes[code] = Asking(query["client_id"], query["code_challenge"], query["redirect_uri"])
        brought = {"error": "access_denied"} if self.denies else {"code": code}
        return Told(302, "", leads_to=f"{query['redirect_uri']}?{urlencode({**brought, 'state': query['state']})}")

    def _token(self, asked: Asked) -> Told:
        body = asked.body
        client = self.clients.get(body["clientId"])
        if not client or client.secret != body["clientSecret"]:
            return _refused("InvalidClientException", "invalid_client", "unknown", 401)
        if body["grantType"] == "authorization_code":
            return self._for_code(body)
        if body["grantType"] == "refresh_token":
            if not self._refresh.pop(body["refreshToken"], ""):
                return _refused("InvalidGrantException", "invalid_grant", "no")
            return self._given(body["clientId"])
        return self._for_device(body)

    def _for_code(self, body: dict[str, str]) -> Told:
        known = self._codes.pop(body["code"], None)
        proof = urlsafe_b64encode(hashlib.sha256(body["codeVerifier"].encode()).digest()).decode().rstrip("=")
        if not known or known != Asking(body["clientId"], proof, body["redirectUri"]):
            return _refused("InvalidGrantException", "invalid_grant", "no")
        return self._given(body["clientId"])

    def _given(self, client_id: str) -> Told:
        token = self._new("token")
        self._tokens[token] = time.time() + self.lives
        answer: dict[str, object] = {"accessToken": token, "tokenType": "Bearer", "expiresIn": int(self.lives)}
        # Without a scope nothing renews it.
        if self.clients[client_id].scopes:
            answer["refreshToken"] = self._new("refresh")
            self._refresh[str(answer["refreshToken"])] = token
        return told(answer)

    # Codes

    def _device(self, asked: Asked) -> Told:
        if asked.body["startUrl"] != self.start_url:
            return _refused("InvalidRequestException", "invalid_request", "no such start url")
        made = Device(asked.body["clientId"], self._new("device"), slow_downs=self.slow_downs, **self.code)
        self.devices.append(made)
        answer = {
            "deviceCode": made.code,
            "userCode": "ABCD-EFGH",
            "verificationUri": DEVICE_PAGE,
            "verificationUriComplete": f"{DEVICE_PAGE}?user_code=ABCD-EFGH",
            "expiresIn": 600,
            "interval": self.interval,
        }
        return told(answer)

    def _for_device(self, body: dict[str, str]) -> Told:
        self.polls.append(time.monotonic())
        assert body["grantType"] == DEVICE
        device = next(known for known in self.devices if known.code == body["deviceCode"])
        assert device.client_id == body["clientId"]
        if device.slow_downs:
            device.slow_downs -= 1
            return _refused("SlowDownException", "slow_down", "too fast")
        if device.expired:
            return _refused("ExpiredTokenException", "expired_token", "too late")
        if device.allowed is None:
            return _refused("AuthorizationPendingException", "authorization_pending", "not yet")
        if not device.allowed:
            return _refused("AccessDeniedException", "access_denied", "refused")
        return self._given(body["clientId"])

    # Signed in

    def _portal(self, asked: Asked) -> Told:
        if self._tokens.get(asked.token, 0) <= time.time():
            return refused("UnauthorizedException", "Session token not found or invalid", 401)
        if asked.path == "/logout":
            self.logged_out.append(asked.token)
            del self._tokens[asked.token]
            return told({})
        if asked.path == "/assignment/accounts":
            rows = [{"accountId": known, "accountName": self.accounts.get(known, "")} for known in self.roles]
            return _page("accountList", rows, asked)
        account = asked.query["account_id"]
        if asked.path == "/assignment/roles":
            rows = [{"roleName": role, "accountId": account} for role in self.roles[account]]
            return _page("roleList", rows, asked)
        assert asked.path == "/federation/credentials"
        return self._keys(account, asked.query["role_name"])

    def _keys(self, account: str, role: str) -> Told:
        if role not in self.roles.get(account, ()):
            return refused("ForbiddenException", "No access")
        keys = {
            "accessKeyId": "ASIAPORTAL",
            "secretAccessKey": self._new("key"),
            "sessionToken": self._new("session"),
            "expiration": int((time.time() + 3600) * 1000),
        }
        return told({"roleCredentials": keys})


def _page(name: str, rows: list[dict[str, str]], asked: Asked) -> Told:
    begin = int(asked.query.get("next_token", "0"))
    following = {"nextToken": str(begin + ROWS)} if rows[begin + ROWS :] else {}
    return told({name: rows[begin : begin + ROWS], **following})


def _refused(code: str, error: str, words: str, status: int = 400) -> Told:
    """As OAuth refuses."""
    return Told(status, json.dumps({"error": error, "error_description": words}), error=code)


class Browser:
    """It follows what it is told to `open`, in a thread of its own as a real one is a process, through the proxy and
    trusting the test's authority. `pages` are the last ones, `opened` the addresses."""

    def __init__(self, at: WholeAws) -> None:
        context = ssl.create_default_context(cafile=str(at.authority.bundle))
        proxies = urllib.request.ProxyHandler({"https": f"http://{at.proxy.address}"})
        self._opener = urllib.request.build_opener(proxies, urllib.request.HTTPSHandler(context=context))
        self.opened: list[str] = []
        self.pages: list[str] = []
        self._threads: list[threading.Thread] = []

    def open(self, address: str) -> None:
        self.opened.append(address)
        thread = threading.Thread(target=self.visit, args=(address,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def visit(self, address: str) -> str:
        """The last page, at once."""
        try:
            with self._opener.open(address) as answer:
                page = str(answer.read().decode())
        except OSError as error:
            page = f"no page: {error}"
        self.pages.append(page)
        return page

    def end(self) -> None:
        for thread in self._threads:
            thread.join()


def asked_in(address: str) -> dict[str, str]:
    """What an address asks for."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@pytest.fixture
def access_portal(whole_aws: WholeAws) -> AccessPortal:
    return AccessPortal(whole_aws)


@pytest.fixture
def browser(whole_aws: WholeAws) -> Iterator[Browser]:
    made = Browser(whole_aws)
    yield made
    made.end()
