"""The real program at a Cognito of its own, both told to a process: who is listed, and a book of every request."""

import json
import os
import random
import threading
from pathlib import Path

from scripted_aws import ScriptedAws, Seen, accepted, error, ok

ROOT = Path(__file__).resolve().parents[2]
PAGE = 60
PER_SECOND = 50


class Book:
    """A Cognito that lists its people and writes down everybody it was asked to send to, answering in its own time."""

    def __init__(self, people: int, chance: random.Random) -> None:
        self.people = [f"user-{i:05}" for i in range(people)]
        self.sent: list[str] = []
        self._chance = chance
        self._lock = threading.Lock()
        self.server = ScriptedAws(otherwise=self._answer)

    def _answer(self, connection: object, seen: Seen) -> None:
        answers = {"ListUsers": self._page, "ResendConfirmationCode": self._send}
        described = ok({"UserPool": {"Name": "Shop", "AutoVerifiedAttributes": ["email"]}})
        make = answers.get(seen.operation)
        if seen.operation == "DescribeUserPool":
            described(connection, seen)  # type: ignore[arg-type]
        elif make:
            make(connection, seen)
        else:
            error("AccessDeniedException", "no")(connection, seen)  # type: ignore[arg-type]

    def _page(self, connection: object, seen: Seen) -> None:
        first = int(seen.body.get("PaginationToken", "0"))
        rows = [
            {
                "Username": name,
                "UserStatus": "UNCONFIRMED",
                "UserCreateDate": 1_790_000_000,
                "Enabled": True,
                "Attributes": [{"Name": "email", "Value": f"{name}@example.com"}],
            }
            for name in self.people[first : first + PAGE]
        ]
        more = {"PaginationToken": str(first + PAGE)} if first + PAGE < len(self.people) else {}
        ok({"Users": rows, **more})(connection, seen)  # type: ignore[arg-type]

    def _send(self, connection: object, seen: Seen) -> None:
        if "Username" not in seen.body:
            return  # the caller was killed before its request was whole
        with self._lock:
            self.sent.append(seen.body["Username"])
            wait = self._chance.uniform(0, 0.15)
        threading.Event().wait(wait)
        accepted("u***@e***")(connection, seen)  # type: ignore[arg-type]


def prepare(data: Path, endpoint: str) -> None:
    """Settings with one connection to `endpoint`, as the dialog saves them."""
    connection = {
        "name": "Shop",
        "region": "eu-west-1",
        "pool_id": "eu-west-1_Ab12Cd34E",
        "client_id": "4f9k2client",
        "endpoint": endpoint,
        "environment": "Staging",
        "needs_secret": False,
        "per_second": PER_SECOND,
    }
    data.mkdir(parents=True, exist_ok=True)
    settings = {"version": 1, "connections": [connection], "last_connection": "Shop", "theme": "light"}
    (data / "settings.json").write_text(json.dumps(settings))


def environment() -> dict[str, str]:
    """For a process that shows the program off screen, with credentials and without this computer's AWS files."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return clean | {
        "QT_QPA_PLATFORM": "offscreen",
        "AWS_ACCESS_KEY_ID": "AKIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "example",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "PYTHONPATH": os.pathsep.join((str(ROOT / "gui"), str(ROOT / "tests" / "support"))),
    }
