"""What the practice pool sent, as the window and the tests read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class OutboxMessage:
    """One message of the practice pool.

    `number` counts from 1, `sent_at` is in seconds since the epoch by the practice pool's clock, `medium` is EMAIL or
    SMS and `destination` the whole address. `trigger_event` is the CustomMessage_ResendCode event that the pool's
    Lambda would have received. `signed` tells whether the request carried an Authorization header, which it must not.
    `request` is the body as received; it may hold a SecretHash, so it stays out of `repr` and is never shown.
    """

    number: int
    sent_at: float
    username: str
    client_id: str
    medium: str
    destination: str
    subject: str
    body: str
    trigger_event: Mapping[str, Any]
    signed: bool
    request: Mapping[str, Any] = field(repr=False)

    @property
    def client_metadata(self) -> Mapping[str, str] | None:
        """What the Lambda sees as `request.clientMetadata`; None where the caller gave none."""
        metadata: Mapping[str, str] | None = self.trigger_event["request"].get("clientMetadata")
        return metadata


def message_from_json(row: Mapping[str, Any]) -> OutboxMessage:
    """The message that `asdict` was made from on the server's side. Raises TypeError for anything else."""
    return OutboxMessage(**row)
