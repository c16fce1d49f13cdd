"""One ResendConfirmationCode: from a request to a neutral reply. Never raises, never repeats, never logs a secret."""

from dataclasses import dataclass
from typing import Any

from confirmdesk.core.aws.clients import Aws, CognitoClient
from confirmdesk.core.aws.failures import NotAwsAnsweredError, is_unsendable, never_left, service_answer
from confirmdesk.core.cognito.problems import explain
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.quotas import CALLS_IN_FLIGHT
from confirmdesk.core.sending.outcomes import NO_ANSWER, NOT_AWS, NOT_REACHED, NOT_SENDABLE, Reply
from confirmdesk.core.sending.plan import Request


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends through one app client. The secret was read once, for the whole run; None for a public client."""

    client: CognitoClient
    client_id: str
    secret: Secret | None

    def send(self, request: Request) -> Reply:
        """Ask Cognito to send `request`'s code. Whatever happens comes back as a reply; several threads may call."""
        try:
            # Half a character has no UTF-8: it can neither be hashed nor be the name that AWS knows.
            request.username.encode()
            asked = parameters(request, self.client_id, self.secret)
        except ValueError as error:
            return Reply(NOT_SENDABLE, _kind(error))
        try:
            answer = self.client.resend_confirmation_code(**asked)
        except NotAwsAnsweredError as page:
            return Reply(NOT_AWS, str(page), page.status)
        except Exception as error:
            return _failed(error, self.secret)
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


def _failed(error: Exception, secret: Secret | None) -> Reply:
    if (answer := service_answer(error)) is not None:
        return _refused(answer, secret)
    if is_unsendable(error):
        return Reply(NOT_SENDABLE, str(error))
    return Reply(NOT_REACHED if never_left(error) else NO_ANSWER, _kind(error))


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


def _kind(error: Exception) -> str:
    # Only the kind: botocore's text may quote the request.
    return type(error).__name__
