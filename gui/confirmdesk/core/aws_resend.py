"""One ResendConfirmationCode: from a request to a neutral reply. Never raises, never repeats, never logs a secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from confirmdesk.core.aws import Aws, NotAwsAnsweredError
from confirmdesk.core.aws_problems import explain
from confirmdesk.core.connections import Connection
from confirmdesk.core.outcomes import NO_ANSWER, NOT_AWS, NOT_REACHED, NOT_SENDABLE, Reply
from confirmdesk.core.plan import Request
from confirmdesk.core.quotas import CALLS_IN_FLIGHT
from confirmdesk.core.secret import Secret

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends through one app client. The secret was read once, for the whole run; None for a public client."""

    client: CognitoIdentityProviderClient
    client_id: str
    secret: Secret | None

    def send(self, request: Request) -> Reply:
        """Ask Cognito to send `request`'s code. Whatever happens comes back as a reply; several threads may call."""
        from botocore.exceptions import ClientError, ParamValidationError

        try:
            # Half a character has no UTF-8: it can neither be hashed nor be the name that AWS knows.
            request.username.encode()
            asked = parameters(request, self.client_id, self.secret)
        except ValueError as error:
            return Reply(NOT_SENDABLE, _kind(error))
        try:
            answer = self.client.resend_confirmation_code(**asked)
        except ClientError as error:
            return _refused(error.response, self.secret)
        except NotAwsAnsweredError as page:
            return Reply(NOT_AWS, str(page), page.status)
        except ParamValidationError as error:
            return Reply(NOT_SENDABLE, str(error))
        except Exception as error:
            return Reply(NOT_REACHED if _never_left(error) else NO_ANSWER, _kind(error))
        details = answer.get("CodeDeliveryDetails") or {}
        return Reply(
            status=200,
            request_id=answer.get("ResponseMetadata", {}).get("RequestId", ""),
            destination=str(details.get("Destination") or ""),
            medium=str(details.get("DeliveryMedium") or ""),
        )


def open_sender(aws: Aws, connection: Connection, secret: Secret | None) -> Sender:
    """A sender for a run over `connection`. Raises ConfirmdeskError where no client can be made."""
    try:
        client = aws.send_client(connection, CALLS_IN_FLIGHT)
    except Exception as error:
        raise explain(error, connection) from None
    return Sender(client, connection.client_id, secret)


def parameters(request: Request, client_id: str, secret: Secret | None) -> Any:
    """The call's keyword arguments. What is empty is left out; the hash is taken over the very user name that is sent.

    https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html#cognito-user-pools-computing-secret-hash
    """
    context = {"IpAddress": request.advanced.ip_address, "EncodedData": request.advanced.encoded_data}
    analytics = {"AnalyticsEndpointId": request.advanced.analytics_endpoint_id}
    optional = {
        "SecretHash": secret.secret_hash(request.username, client_id) if secret else "",
        "ClientMetadata": dict(request.metadata),
        "UserContextData": {name: value for name, value in context.items() if value},
        "AnalyticsMetadata": {name: value for name, value in analytics.items() if value},
    }
    return {
        "ClientId": client_id,
        "Username": request.username,
        **{name: value for name, value in optional.items() if value},
    }


def _refused(response: Any, secret: Secret | None) -> Reply:
    error, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    return Reply(
        str(error.get("Code") or "Unknown"),
        _without(secret, str(error.get("Message") or "")),
        int(metadata.get("HTTPStatusCode") or 0),
        str(metadata.get("RequestId") or ""),
    )


def _without(secret: Secret | None, text: str) -> str:
    # AWS does not echo secrets, but whatever stands behind an endpoint of its own might, and this text is exported.
    return text.replace(secret.reveal(), "…") if secret else text


def _never_left(error: Exception) -> bool:
    """Whether it is certain that no request reached AWS: no connection, or no trust in whom it was made to."""
    from botocore import exceptions

    if isinstance(error, exceptions.SSLError | exceptions.ReadTimeoutError):
        return any(words in cause for cause in _causes(error) for words in _HANDSHAKE)
    never = (exceptions.EndpointConnectionError, exceptions.ConnectTimeoutError, exceptions.ProxyConnectionError)
    return isinstance(error, never)


# TLS can also break while the answer is read. These words belong to the handshake, before anything was sent.
_HANDSHAKE = (
    "CERTIFICATE_VERIFY_FAILED",
    "WRONG_VERSION_NUMBER",
    "_ALERT_",
    "UNSUPPORTED_PROTOCOL",
    "NO_PROTOCOLS",
    "handshake operation timed out",
)


def _causes(error: BaseException) -> list[str]:
    texts: list[str] = []
    following: BaseException | None = error
    while following is not None and len(texts) < 10:
        texts.append(str(following))
        inner = getattr(following, "kwargs", {}).get("error")
        following = inner if isinstance(inner, BaseException) else following.__cause__ or following.__context__
    return texts


def _kind(error: Exception) -> str:
    # Only the kind: botocore's text may quote the request.
    return type(error).__name__
