"""ResendConfirmationCode, which moto does not have, on moto's own pool, client and user objects.

Texts and rules: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html
and .../cognito/latest/developerguide/cognito-user-pool-managing-errors.html. Where AWS does not say in which order it
looks, the order is that of the methods here: client, pool, user, limit, delivery.
"""

import base64
import hashlib
import hmac
import secrets
import threading
from collections import deque
from collections.abc import Callable, Mapping
from itertools import cycle
from typing import Any, NamedTuple

from moto.cognitoidp.models import CognitoIdpUser, CognitoIdpUserPool, CognitoIdpUserPoolClient, cognitoidp_backends
from moto.cognitoidp.responses import CognitoIdpResponse
from moto.core.responses import ActionResult

from confirmdesk.practice.client_secrets import ClientSecrets
from confirmdesk.practice.outbox import Outbox
from confirmdesk.practice.refusals import refuse

# https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html: 5 an hour for one user. AWS does not say
# whether the hour slides nor what counts; here it slides, and every attempt to deliver counts.
ATTEMPTS, WINDOW = 5, 3600.0

# Nobody in the practice pools has an address that begins with these letters.
SIMULATED = {"Destination": "u***@y***", "DeliveryMedium": "EMAIL", "AttributeName": "email"}

Details = dict[str, str]


class Delivery(NamedTuple):
    """How a code travels: attribute, medium, the whole address."""

    attribute: str
    medium: str
    address: str


def secret_hash(username: str, client_id: str, secret: str) -> str:
    """https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html"""
    # Not moto's check_secret_hash: that one encodes as Latin-1 and falls over a Japanese username.
    digest = hmac.new(secret.encode(), (username + client_id).encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def mask(delivery: Delivery) -> str:
    """`j***@e***` or `+********0112`: what Cognito tells the caller of an address."""
    if delivery.medium == "SMS":
        return "+" + "*" * max(len(delivery.address) - 5, 0) + delivery.address[-4:]
    local, _, domain = delivery.address.rpartition("@")
    return f"{local[:1]}***@{domain[:1]}***"


def delivery_for(pool: CognitoIdpUserPool, user: CognitoIdpUser) -> Delivery | None:
    """A phone number wins over an e-mail address where the pool verifies both."""
    verified = pool.extended_config.get("AutoVerifiedAttributes") or []
    for attribute, medium in (("phone_number", "SMS"), ("email", "EMAIL")):
        address = user.attribute_lookup.get(attribute)
        if attribute in verified and address:
            return Delivery(attribute, medium, address)
    return None


def find_client(client_id: str) -> tuple[CognitoIdpUserPool, CognitoIdpUserPoolClient]:
    """The pool and the client of `client_id`, in whatever region: an unsigned request does not name one."""
    backends = [backend for account in list(cognitoidp_backends.values()) for backend in list(account.values())]
    pools = (pool for backend in backends for pool in list(backend.user_pools.values()))
    found = next(((pool, pool.clients[client_id]) for pool in pools if client_id in pool.clients), None)
    if found is None:
        refuse("ResourceNotFoundException", f"User pool client {client_id} does not exist.")
    return found


def check_secret(client: CognitoIdpUserPoolClient, valid: list[str], username: str, given: str | None) -> None:
    """Refuse a hash that is missing, made with none of the `valid` secrets, or sent by a client that has none."""
    if valid and not given:
        refuse(
            "NotAuthorizedException", f"Client {client.id} is configured with secret but SECRET_HASH was not received"
        )
    wanted = [secret_hash(username, client.id, secret) for secret in valid] or [""]
    if not any(hmac.compare_digest((given or "").encode(), one.encode()) for one in wanted):
        refuse("NotAuthorizedException", f"Unable to verify secret hash for client {client.id}")


def check_status(user: CognitoIdpUser) -> None:
    """Only those who signed up themselves and never confirmed are served."""
    status = str(getattr(user.status, "value", user.status))
    if status == "CONFIRMED":
        refuse("InvalidParameterException", "User is already confirmed.")
    if status != "UNCONFIRMED":
        refuse("InvalidParameterException", f"Cannot resend confirmation code: the user's status is {status}.")


def lesson_of(delivery: Delivery) -> None:
    """Refuse those whose address is made for a lesson in what goes wrong."""
    local = delivery.address.rpartition("@")[0]
    if "bounce" in local:
        refuse("CodeDeliveryFailureException", "Invalid email provided/Unable to send the email")
    if "pending" in local:
        refuse("UserLambdaValidationException", "CustomMessage failed with error Pending for approval.")


def trigger_event(
    pool: CognitoIdpUserPool, client: CognitoIdpUserPoolClient, user: CognitoIdpUser, metadata: Mapping[str, str] | None
) -> dict[str, Any]:
    """What a CustomMessage Lambda receives.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
    """
    request: dict[str, Any] = {
        "userAttributes": {**user.attribute_lookup, "cognito:user_status": "UNCONFIRMED"},
        "codeParameter": "####",
        "usernameParameter": None,
    }
    if metadata is not None:
        request["clientMetadata"] = dict(metadata)
    return {
        "version": "1",
        "triggerSource": "CustomMessage_ResendCode",
        "region": pool.region,
        "userPoolId": pool.id,
        "userName": user.username,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": client.id},
        "request": request,
        "response": {"smsMessage": None, "emailMessage": None, "emailSubject": None},
    }


class ResendDesk:
    """Answers ResendConfirmationCode. `clock` gives seconds since the epoch."""

    def __init__(self, outbox: Outbox, clock: Callable[[], float], secrets: ClientSecrets) -> None:
        self._outbox = outbox
        self._secrets = secrets
        self._clock = clock
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget every attempt."""
        with self._lock:
            self._attempts: dict[tuple[str, str], deque[float]] = {}
            self._disguise = cycle((True, False))

    def answer(self, request: Mapping[str, Any], signed: bool) -> Details:
        """The CodeDeliveryDetails for `request`; raises moto's JsonRESTError where the service refuses."""
        username = request["Username"]
        pool, client = find_client(request["ClientId"])
        check_secret(client, self._secrets.valid(client), username, request.get("SecretHash"))
        if not pool.extended_config.get("AutoVerifiedAttributes"):
            refuse("NotAuthorizedException", "Cannot resend codes. Auto verification not turned on.")
        # By exact username only: an address is no alias before it is verified, and moto's own lookup would take it.
        user = pool.users.get(username)
        discreet = client.extended_config.get("PreventUserExistenceErrors") == "ENABLED"
        if user is None:
            return self._unknown(discreet)
        if not user.enabled:
            return dict(SIMULATED) if discreet else refuse("NotAuthorizedException", "User is disabled.")
        check_status(user)
        self._count(pool.id, username)
        return self._deliver(pool, client, user, request, signed)

    def _unknown(self, discreet: bool) -> Details:
        if not discreet:
            refuse("UserNotFoundException", "Username/client id combination not found.")
        with self._lock:
            simulated = next(self._disguise)
        return dict(SIMULATED) if simulated else refuse("InvalidParameterException", "A parameter is not valid.")

    def _count(self, pool_id: str, username: str) -> None:
        now = self._clock()
        with self._lock:
            attempts = self._attempts.setdefault((pool_id, username), deque(maxlen=ATTEMPTS))
            if len(attempts) == ATTEMPTS and now - attempts[0] < WINDOW:
                refuse("LimitExceededException", "Attempt limit exceeded, please try after some time.")
            attempts.append(now)

    def _deliver(
        self,
        pool: CognitoIdpUserPool,
        client: CognitoIdpUserPoolClient,
        user: CognitoIdpUser,
        request: Mapping[str, Any],
        signed: bool,
    ) -> Details:
        delivery = delivery_for(pool, user)
        if delivery is None:
            refuse("CodeDeliveryFailureException", "Invalid email provided/Unable to send the email")
        lesson_of(delivery)
        user.confirmation_code = f"{secrets.randbelow(1_000_000):06}"
        template = pool.extended_config["VerificationMessageTemplate"]
        text = template["SmsMessage" if delivery.medium == "SMS" else "EmailMessage"]
        self._outbox.add(
            sent_at=self._clock(),
            medium=delivery.medium,
            destination=delivery.address,
            subject="" if delivery.medium == "SMS" else template["EmailSubject"],
            body=text.replace("{####}", user.confirmation_code).strip(),
            trigger_event=trigger_event(pool, client, user, request.get("ClientMetadata")),
            signed=signed,
            request=request,
        )
        return {
            "Destination": mask(delivery),
            "DeliveryMedium": delivery.medium,
            "AttributeName": delivery.attribute,
        }


def install(desk: ResendDesk) -> None:
    """Teach moto's server the call."""

    def resend_confirmation_code(self: CognitoIdpResponse) -> ActionResult:
        details = desk.answer(self.parameters, "Authorization" in self.headers)
        return ActionResult({"CodeDeliveryDetails": details})

    setattr(CognitoIdpResponse, "resend_confirmation_code", resend_confirmation_code)  # noqa: B010 - mypy knows no such method
