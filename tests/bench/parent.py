"""What a measuring process hears from the one that started it, and tells it. No Qt, no boto3."""

import json
import os
import sys

from confirmdesk.core.connections.connection import Connection

HEADERS = "BENCH_HEADERS"


def given_connections() -> tuple[Connection, Connection]:
    """The large pool and the small one, from the command line."""
    large, small = (Connection(**row) for row in json.loads(sys.argv[1]))
    return large, small


def given_headers() -> dict[str, str]:
    """What lets a request in at their server."""
    headers: dict[str, str] = json.loads(os.environ.get(HEADERS, "{}"))
    return headers


def answer(value: object) -> None:
    print(json.dumps(value), flush=True)
