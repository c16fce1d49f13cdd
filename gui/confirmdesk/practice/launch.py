"""Starting the practice pool and talking to it. Imports neither moto nor boto3 nor Qt."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from confirmdesk.core.connections.connection import PRACTICE, Connection
from confirmdesk.core.errors import ConfirmdeskError, failure
from confirmdesk.core.product import COMMAND
from confirmdesk.practice.messages import OutboxMessage, message_from_json

INSTALL_COMMAND = f"pip install '{COMMAND}[practice]'"
# Not inherited by the child: nobody's keys or settings have any business in a practice pool.
FOREIGN = ("AWS_", "BOTO", "MOTO_", "TEST_", "INITIAL_NO_AUTH")
STOP_TIMEOUT = 5.0
ANSWER_TIMEOUT = 30.0
TAIL = 4000


@dataclass(frozen=True, slots=True)
class PracticeClient:
    """An app client of a practice pool. `secret` is "" for a public client."""

    client_id: str
    name: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PracticePool:
    """A pool of the practice server, the client to use first being the first of `clients`."""

    pool_id: str
    name: str
    region: str
    clients: tuple[PracticeClient, ...]


def available() -> bool:
    """Whether what the practice pool needs is installed. Looks without importing."""
    return all(find_spec(module) for module in ("moto", "joserfc", "flask", "flask_cors"))


def server_command(users: int) -> list[str]:
    """The command that starts the server with `users` people: this very program, in a process of its own."""
    # An installer's executable is the program itself, not a Python that could be told what to run.
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-P", "-m", COMMAND]
    return [*program, "--practice-server", str(users)]


def server_environment() -> dict[str, str]:
    """The child's environment: this one without AWS, with this very package first on the path."""
    environment = {name: value for name, value in os.environ.items() if not name.upper().startswith(FOREIGN)}
    source = str(Path(__file__).resolve().parents[2])
    return environment | {
        "PYTHONPATH": os.pathsep.join(filter(None, (source, environment.get("PYTHONPATH")))),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


class PracticeServer:
    """A running practice server, made with `start`. It ends with `stop`, with the `with` block or with this process.

    `headers` let a request in; they are this start's own, came through the pipe from the server, and are kept in memory
    only: whoever shows, logs or saves something takes `endpoint`.
    """

    def __init__(self, process: subprocess.Popen[bytes], errors: IO[bytes], announcement: Mapping[str, Any]) -> None:
        # Not at the top: HTTP and TLS take their time, and the first window only asks whether a practice pool is there.
        from urllib.request import ProxyHandler, build_opener

        self._process = process
        self._errors = errors
        # The proxy of the environment would be asked for 127.0.0.1 too.
        self._opener = build_opener(ProxyHandler({}))
        self.endpoint = f"http://127.0.0.1:{announcement['port']}"
        self.headers: Mapping[str, str] = announcement["headers"]
        self.pools: tuple[PracticePool, ...] = tuple(_pool(row) for row in announcement["pools"])

    @classmethod
    def start(cls, users: int = 240, ready_timeout: float = 60) -> Self:
        """Start a server with `users` people in its shop and wait until it answers, at most `ready_timeout` seconds.

        Blocks for a second or two: not for the GUI thread. Raises ConfirmdeskError where it cannot be started.
        """
        if not available():
            raise failure("The practice pool is not installed.", f"An administrator can add it with: {INSTALL_COMMAND}")
        errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        try:
            process = _spawn(server_command(users), errors)
        except OSError as error:
            errors.close()
            raise _not_started(str(error)) from error
        try:
            return cls(process, errors, _wait_until_ready(process, ready_timeout))
        except ValueError as error:
            process.kill()
            _close(process)
            raise _not_started(_tail(errors)) from error

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def connection(self) -> Connection:
        """The connection to the default pool through its client with a secret."""
        pool = self.pools[0]
        client = next(client for client in pool.clients if client.secret)
        return Connection(
            name=pool.name,
            region=pool.region,
            pool_id=pool.pool_id,
            client_id=client.client_id,
            endpoint=self.endpoint,
            pool_name=pool.name,
            client_name=client.name,
            environment=PRACTICE,
            needs_secret=True,
        )

    def outbox(self, after: int = 0) -> list[OutboxMessage]:
        """The messages with a number above `after`, oldest first. Raises ConfirmdeskError where nobody answers."""
        return [message_from_json(row) for row in self._ask("GET", f"outbox?after={after}")]

    def reset(self) -> None:
        """Pools, outbox, limits and clock as they were at the start."""
        self._ask("POST", "reset")

    def put_clock_forward(self, seconds: float) -> None:
        """Let `seconds` pass for the hourly limit and the time stamps of messages."""
        self._ask("POST", f"clock?seconds={seconds}")

    def stop(self) -> None:
        """End the server. Harmless when it has ended already."""
        _close(self._process)
        self._errors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _ask(self, method: str, what: str) -> Any:
        from http.client import HTTPException
        from urllib.request import Request

        body, kind = (b"{}", {"Content-Type": "application/json"}) if method == "POST" else (None, {})
        headers = {**self.headers, **kind}
        request = Request(f"{self.endpoint}/practice/{what}", body, headers, method=method)  # noqa: S310 - loopback
        try:
            with self._opener.open(request, timeout=ANSWER_TIMEOUT) as answer:
                return json.load(answer)
        except (OSError, HTTPException, ValueError) as error:
            raise failure(
                "The practice pool does not answer.", "Leave it and try the practice pool again.", str(error)
            ) from error


def _spawn(command: list[str], errors: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own command, no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        # A file, not a pipe: nobody has to drain it, and its end tells why a start failed.
        stderr=errors,
        env=server_environment(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _wait_until_ready(process: subprocess.Popen[bytes], timeout: float) -> Mapping[str, Any]:
    """The announcement; ValueError where the process ends or says something else first."""
    assert process.stdout is not None
    # Pipes cannot be polled on Windows: past the timeout the process dies, and that ends the read.
    timer = threading.Timer(timeout, process.kill)
    timer.start()
    try:
        announcement: Mapping[str, Any] = json.loads(process.stdout.readline())
    finally:
        timer.cancel()
    return announcement


def _close(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(STOP_TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _tail(errors: IO[bytes]) -> str:
    errors.seek(0)
    text = errors.read().decode(errors="replace")
    errors.close()
    return text[-TAIL:].strip()


def _not_started(details: str) -> ConfirmdeskError:
    return failure(
        "The practice pool could not be started.", "Try again; if it fails again, show the details to IT.", details
    )


def _pool(row: Mapping[str, Any]) -> PracticePool:
    clients = tuple(PracticeClient(**client) for client in row["clients"])
    return PracticePool(row["pool_id"], row["name"], row["region"], clients)
