"""All of AWS that signing in asks, on this computer: services told apart by their host, behind TLS and a proxy that
leads every host here. Nothing else of the way is put right: names, certificates and proxy are botocore's."""

import hashlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qsl, urlsplit

import pytest
from certificates import Authority
from connect_proxy import ConnectProxy

HOSTS = (
    "*.eu-west-1.amazonaws.com",
    "*.eu-central-1.amazonaws.com",
    "*.sso.eu-west-1.amazonaws.com",
    "*.awsapps.com",
    "*.eu-west-1.portal.amazonaws.com",
)
LATER, EARLIER = "2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z"

LOGIN_SESSION = "arn:aws:iam::123456789012:user/jane"
PORTAL = "https://x.awsapps.com/start"
# The lines of a profile that signs in by it.
SSO = f"sso_start_url = {PORTAL}\nsso_region = eu-west-1\nsso_account_id = 123456789012\nsso_role_name = support\n"


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: status, its text, and headers beside those of every answer."""

    status: int
    text: str
    kind: str = "application/json"
    error: str = ""
    leads_to: str = ""


HANG_UP = Told(0, "")


def told(answer: object, status: int = 200, error: str = "") -> Told:
    return Told(status, json.dumps(answer), error=error)


def refused(code: str, text: str = "no", status: int = 403) -> Told:
    """As a service of JSON refuses."""
    return told({"__type": code, "message": text}, status, code)


def refused_by_sts(code: str, text: str = "no", status: int = 403) -> Told:
    return Told(
        status,
        f"<ErrorResponse><Error><Code>{code}</Code><Message>{text}</Message></Error></ErrorResponse>",
        "text/xml",
    )


def role(operation: str = "AssumeRole") -> Told:
    keys = "<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>x</SecretAccessKey><SessionToken>y</SessionToken>"
    return Told(
        200,
        f'<{operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{operation}Result><Credentials>{keys}'
        f"<Expiration>{LATER}</Expiration></Credentials></{operation}Result></{operation}Response>",
        "text/xml",
    )


class StsWithMfa:
    """STS that gives a role only with a code. It takes each of `right` once, as AWS does; `codes` are those tried."""

    def __init__(self, *right: str) -> None:
        self._right = list(right)
        self.codes: list[str] = []

    def __call__(self, asked: "Asked") -> Told:
        if asked.form["Action"] == "GetCallerIdentity":
            return IDENTITY
        code = asked.form.get("TokenCode", "")
        self.codes.append(code)
        if code not in self._right:
            return refused_by_sts("AccessDenied", WRONG_CODE)
        self._right.remove(code)
        return role()


WRONG_CODE = "MultiFactorAuthentication failed with invalid MFA one time pass code. "
IDENTITY = Told(
    200,
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    "<Arn>arn:aws:sts::123456789012:assumed-role/support/jane</Arn></GetCallerIdentityResult>"
    "</GetCallerIdentityResponse>",
    "text/xml",
)
PORTAL_KEYS = told(
    {
        "roleCredentials": {
            "accessKeyId": "ASIAPORTAL",
            "secretAccessKey": "x",
            "sessionToken": "y",
            "expiration": 4_070_908_800_000,
        }
    }
)


@dataclass(frozen=True, slots=True)
class Asked:
    """`service` is the first part of its host; `query`, `form` and `body` (JSON) have what was asked."""

    service: str
    authorization: str
    token: str
    host: str = ""
    path: str = ""
    query: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)


Answering: TypeAlias = Told | Callable[[Asked], Told]


class WholeAws:
    """`answers` by service: cognito-idp, sts, portal, oidc; or what gives one for what is asked. `asked` has what
    came, and `proxy` may be told to break."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = Authority(folder, *HOSTS)
        self._sign_in = folder / ".aws" / "sso" / "cache" / f"{hashlib.sha1(PORTAL.encode()).hexdigest()}.json"
        self.answers: dict[str, Answering] = {
            "cognito-idp": told({"Users": []}),
            "sts": role(),
            "portal": PORTAL_KEYS,
            "oidc": refused("InvalidGrantException", status=400),
        }
        self.asked: list[Asked] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._answer))
        self._server.socket = self.authority.server_side().wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.proxy = ConnectProxy(self._server.server_port)

    def stop(self) -> None:
        self.proxy.stop()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def keep_sign_in(self, text: str = json.dumps({"accessToken": "token", "expiresAt": LATER})) -> None:
        """What the AWS command line keeps after a sign-in by the portal."""
        self._sign_in.parent.mkdir(parents=True, exist_ok=True)
        self._sign_in.write_text(text)

    def keep_login(self, text: str) -> None:
        """What the AWS command line keeps after `aws login` as LOGIN_SESSION."""
        kept = self.folder / ".aws" / "login" / "cache" / f"{hashlib.sha256(LOGIN_SESSION.encode()).hexdigest()}.json"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(text)

    def services(self) -> list[str]:
        return [asked.service for asked in self.asked]

    def _answer(self, asked: Asked) -> Told:
        self.asked.append(asked)
        answer = self.answers.get(asked.service, Told(404, ""))
        return answer if isinstance(answer, Told) else answer(asked)


def _handler(answer: Callable[[Asked], Told]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.do_POST()

        def do_POST(self) -> None:
            given = answer(_asked(self))
            if given is HANG_UP:
                self.close_connection = True
                return
            body = given.text.encode()
            self.send_response(given.status)
            self.send_header("Content-Type", given.kind)
            self.send_header("Content-Length", str(len(body)))
            for name, value in (("x-amzn-ErrorType", given.error), ("Location", given.leads_to)):
                if value:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    return Handler


def _asked(request: BaseHTTPRequestHandler) -> Asked:
    body = request.rfile.read(int(request.headers.get("content-length") or 0)).decode()
    headers = {name.lower(): value for name, value in request.headers.items()}
    parts = urlsplit(request.path)
    return Asked(
        headers["host"].partition(".")[0],
        headers.get("authorization", ""),
        headers.get("x-amz-sso_bearer_token", ""),
        headers["host"],
        parts.path,
        dict(parse_qsl(parts.query)),
        {} if body.startswith("{") else dict(parse_qsl(body)),
        json.loads(body) if body.startswith("{") else {},
    )


@pytest.fixture
def whole_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """AWS, the one that this computer's settings lead to. The person's folder and AWS's two files are new ones."""
    made = WholeAws(tmp_path)
    monkeypatch.setenv("HTTPS_PROXY", f"http://{made.proxy.address}")
    monkeypatch.setenv("AWS_CA_BUNDLE", str(made.authority.bundle))
    monkeypatch.setenv("HOME", str(tmp_path))
    yield made
    made.stop()
