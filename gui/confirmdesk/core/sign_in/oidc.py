"""What the portal's sign-in service is asked: to know this program, and to give a token for a code.

https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/Welcome.html
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.failures import service_answer
from confirmdesk.core.aws.portals.tokens import written
from confirmdesk.core.cognito.portal_rows import ALLOW_IT, NOT_ALLOWED
from confirmdesk.core.errors import ConfirmdeskError, Kind, failure
from confirmdesk.core.product import NAME
from confirmdesk.core.sign_in.asking import Asking
from confirmdesk.core.sign_in.callback import REDIRECT_WITHOUT_PORT, Answer, Callback
from confirmdesk.core.text import plain

# In seconds, between two questions whether a code was allowed; and how much more each time that AWS wants fewer.
# https://datatracker.ietf.org/doc/html/rfc8628#section-3.5
INTERVAL = SLOWER = 5.0
_SELDOM = 60.0
# In seconds: the year 2286, as a moment or from now on.
_FAR = 1e10
# In characters. Registrations are long, for they hold what they stand for.
_LONGEST, _LONGEST_CODE = 20_000, 40
# How often in a row AWS may be out of reach meanwhile.
_UNREACHED = 3

_DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


@dataclass(frozen=True, slots=True)
class Registration:
    """This program, as AWS knows it for some weeks."""

    client_id: str
    client_secret: str = field(repr=False)
    ends: str


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """`code` is for people, and the `address` has it too; `device` is for AWS. `interval` in seconds."""

    registration: Registration
    address: str
    code: str
    device: str = field(repr=False)
    interval: float


class Oidc:
    """Of one sign-in. Each method may take 15 seconds, and raises ConfirmdeskError."""

    def __init__(self, aws: Aws, asking: Asking) -> None:
        self._asking, self._portal = asking, asking.way.portal
        self._scopes = list(asking.way.scopes)
        self._client: Any = aws.oidc_client(asking.way)
        self._unreached = 0

    def register_for_browser(self) -> Registration:
        return self._registered(
            grantTypes=["authorization_code", "refresh_token"],
            redirectUris=[REDIRECT_WITHOUT_PORT],
            issuerUrl=self._portal.start_url,
        )

    def register_for_code(self) -> Registration:
        return self._registered()

    def _registered(self, **more: Any) -> Registration:
        if self._scopes:
            more["scopes"] = self._scopes
        told = self._asking.ask(lambda: self._client.register_client(clientName=NAME, clientType="public", **more))
        ends = _number(told, "clientSecretExpiresAt", _FAR)
        return Registration(_text(told, "clientId"), _text(told, "clientSecret"), _moment(ends))

    def address(self, registration: Registration, callback: Callback) -> tuple[str, str]:
        """Where the browser asks the person, and what proves afterwards that it was asked from here (PKCE)."""
        verifier = secrets.token_urlsafe(64)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": registration.client_id,
            "redirect_uri": callback.address,
            "state": callback.state,
            "code_challenge_method": "S256",
            "scopes": " ".join(self._scopes),
            "code_challenge": challenge,
        }
        return f"{self._client.meta.endpoint_url}/authorize?{urlencode(asked, quote_via=quote)}", verifier

    def token_for(
        self, answer: Answer, registration: Registration, callback: Callback, verifier: str
    ) -> dict[str, str]:
        """What AWS gives for what the browser brought."""
        if answer.error:
            raise _not_allowed(answer.error)
        told = self._asking.ask(
            lambda: self._client.create_token(
                grantType="authorization_code",
                clientId=registration.client_id,
                clientSecret=registration.client_secret,
                redirectUri=callback.address,
                codeVerifier=verifier,
                code=answer.code,
            )
        )
        return self._kept(told, registration)

    def device_code(self, registration: Registration) -> DeviceCode:
        """A code that the person allows in any browser."""
        told = self._asking.ask(
            lambda: self._client.start_device_authorization(
                clientId=registration.client_id,
                clientSecret=registration.client_secret,
                startUrl=self._portal.start_url,
            )
        )
        code, device = _text(told, "userCode", _LONGEST_CODE), _text(told, "deviceCode")
        address = _text(told, "verificationUriComplete" if told.get("verificationUriComplete") else "verificationUri")
        if not address.startswith("https://"):
            # Somebody is about to open it, or to copy it into a browser.
            raise _unreadable("another kind of address")
        interval = _number(told, "interval", _SELDOM) if told.get("interval") else INTERVAL
        return DeviceCode(registration, address, code, device, interval)

    def token_for_code(self, device: DeviceCode) -> tuple[dict[str, str] | None, float]:
        """What AWS gives once the code was allowed, None before; and how many seconds more to wait from now on."""
        known = device.registration
        try:
            told = self._asking.ask(
                lambda: self._client.create_token(
                    grantType=_DEVICE,
                    clientId=known.client_id,
                    clientSecret=known.client_secret,
                    deviceCode=device.device,
                )
            )
        except ConfirmdeskError as error:
            return None, self._wait_after(error)
        return self._kept(told, known), 0.0

    def _wait_after(self, error: ConfirmdeskError) -> float:
        answer = service_answer(error.__cause__) if isinstance(error.__cause__, Exception) else None
        word = answer["Error"].get("Code") if answer else ""
        self._unreached = self._unreached + 1 if error.problem.kind is Kind.UNREACHED else 0
        if word == "AuthorizationPendingException":
            return 0.0
        if word == "SlowDownException" or 0 < self._unreached < _UNREACHED:
            return SLOWER
        raise error

    def _kept(self, told: Any, registration: Registration) -> dict[str, str]:
        """In the form of the AWS command line."""
        token = {
            "startUrl": self._portal.start_url,
            "region": self._portal.region,
            "accessToken": _text(told, "accessToken"),
            "expiresAt": _moment(time.time() + _number(told, "expiresIn", _FAR)),
            "clientId": registration.client_id,
            "clientSecret": registration.client_secret,
            "registrationExpiresAt": registration.ends,
        }
        if told.get("refreshToken"):
            token["refreshToken"] = _text(told, "refreshToken")
        return token


def _text(told: Any, name: str, most: int = _LONGEST) -> str:
    """Letters that a header may have, or the name of it stands with its value in whatever fails later."""
    value = told.get(name)
    if not (isinstance(value, str) and value and len(value) <= most and value.isascii() and value.isprintable()):
        raise _unreadable(f"no {name}")
    return value


def _number(told: Any, name: str, most: float) -> float:
    value = told.get(name)
    if not (isinstance(value, int | float) and 0 < value <= most):
        raise _unreadable(f"no {name}")
    return float(value)


def _unreadable(what: str) -> ConfirmdeskError:
    return failure("AWS's answer could not be read.", "Try again in a minute.", f"{what} in the answer")


def _moment(at: float) -> str:
    return written(datetime.fromtimestamp(at, UTC))


def _not_allowed(error: str) -> ConfirmdeskError:
    """The browser brings one of few words, or somebody's own."""
    if error == "access_denied":
        return failure(NOT_ALLOWED, ALLOW_IT, error, Kind.NO_SIGN_IN)
    sentence = "The access portal has not signed you in."
    hint = "Sign in again. If it stays so, check the start URL and the region of the portal with your IT department."
    return failure(sentence, hint, plain(error, 200), Kind.NO_SIGN_IN)
