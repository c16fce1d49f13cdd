"""One ResendConfirmationCode: from a request to a neutral reply. Never raises, never repeats, never logs a secret."""

import logging
from dataclasses import dataclass
from typing import Any

from confirmdesk.core.aws.clients import Aws, CognitoClient
from confirmdesk.core.aws.deadlines import Deadlines, OverdueError
from confirmdesk.core.aws.failures import NotAwsAnsweredError, is_unsendable, service_answer
from confirmdesk.core.cognito.problems import explain
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import Kind
from confirmdesk.core.quotas import CALLS_IN_FLIGHT
from confirmdesk.core.sending.outcomes import NO_ANSWER, NOT_AWS, NOT_CALLED, NOT_REACHED, NOT_SENDABLE, Reply
from confirmdesk.core.sending.plan import Request

log = logging.getLogger(__name__)

# Characters of what AWS or an endpoint writes; the record of a run keeps them for everybody.
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends over one connection. The secret was read once, for the whole run; None for a public client."""

    client: CognitoClient
    connection: Connection
    secret: Secret | None
    deadlines: Deadlines

    def send(self, request: Request) -> Reply:
        """Ask Cognito to send `request`'s code. Whatever happens comes back as a reply; several threads may call."""
        try:
            # Half a character has no UTF-8: it can neither be hashed nor be the name that AWS knows.
            request.username.encode()
            asked = parameters(request, self.connection.client_id, self.secret)
        except ValueError as error:
            return Reply(NOT_SENDABLE, _kind(error))
        try:
            with self.deadlines.within(self.deadlines.send_limit) as call:
                try:
                    return _taken(self.client.resend_confirmation_code(**asked))
                except Exception as error:
                    return self._failed(error, call.handed_over)
        except OverdueError as overdue:
            return self._failed(overdue, call.handed_over)

    def _failed(self, error: Exception, handed_over: bool) -> Reply:
        if isinstance(error, NotAwsAnsweredError):
            return Reply(NOT_AWS, str(error), error.status)
        if (answer := service_answer(error)) is not None:
            return _refused(answer, self.secret)
        if is_unsendable(error):
            return Reply(NOT_SENDABLE, _kept(str(error)))
        if handed_over:
            return Reply(NO_ANSWER, _kind(error))
        problem = explain(error, self.connection).problem
        log.warning("A call did not reach AWS: %s", problem.details)
        return Reply(NOT_REACHED if problem.kind is Kind.UNREACHED else NOT_CALLED, problem.text())


def open_sender(aws: Aws, connection: Connection, secret: Secret | None) -> Sender:
    """A sender for a run over `connection`. Raises ConfirmdeskError where no client can be made."""
    try:
        client = aws.send_client(connection, CALLS_IN_FLIGHT)
    except Exception as error:
        raise explain(error, connection) from None
    return Sender(client, connection, secret, aws.deadlines)


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


def _taken(answer: Any) -> Reply:
    details = answer.get("CodeDeliveryDetails") or {}
    return Reply(
        status=200,
        request_id=_kept(answer.get("ResponseMetadata", {}).get("RequestId", "")),
        destination=_kept(details.get("Destination") or ""),
        medium=_kept(details.get("DeliveryMedium") or ""),
    )


def _refused(response: Any, secret: Secret | None) -> Reply:
    error, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    return Reply(
        _kept(error.get("Code") or "Unknown"),
        _kept(_without(secret, str(error.get("Message") or ""))),
        int(metadata.get("HTTPStatusCode") or 0),
        _kept(metadata.get("RequestId") or ""),
    )


def _kept(text: object) -> str:
    return str(text)[:LONGEST]


def _without(secret: Secret | None, text: str) -> str:
    # AWS does not echo secrets, but whatever stands behind an endpoint of its own might, and this text is exported.
    return text.replace(secret.reveal(), "…") if secret else text


def _kind(error: Exception) -> str:
    # Only the kind: botocore's text may quote the request.
    return type(error).__name__
