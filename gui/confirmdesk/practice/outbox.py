"""The practice pool's own state beside moto's: what was sent, and a clock that lessons and tests can put forward."""

import threading
import time
from collections.abc import Mapping
from typing import Any

from confirmdesk.practice.messages import OutboxMessage


class Clock:
    """The wall clock, in seconds since the epoch, plus what it was put forward by."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


class Outbox:
    """Every message since the last reset, in order. Safe to use from several request threads."""

    def __init__(self) -> None:
        self._messages: list[OutboxMessage] = []
        self._lock = threading.Lock()

    def add(
        self,
        *,
        sent_at: float,
        medium: str,
        destination: str,
        subject: str,
        body: str,
        trigger_event: Mapping[str, Any],
        signed: bool,
        request: Mapping[str, Any],
    ) -> None:
        with self._lock:
            self._messages.append(
                OutboxMessage(
                    number=len(self._messages) + 1,
                    sent_at=sent_at,
                    username=request["Username"],
                    client_id=request["ClientId"],
                    medium=medium,
                    destination=destination,
                    subject=subject,
                    body=body,
                    trigger_event=trigger_event,
                    signed=signed,
                    request=request,
                )
            )

    def after(self, number: int) -> list[OutboxMessage]:
        """The messages with a higher number than `number`."""
        with self._lock:
            return self._messages[max(number, 0) :]

    def clear(self) -> None:
        with self._lock:
            self._messages.clear()
