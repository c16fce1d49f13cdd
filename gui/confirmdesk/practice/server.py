"""moto's server for Cognito user pools on a loopback port, with the practice pool's own pages beside it."""

import json
import threading
import traceback
from collections.abc import Callable, Iterable
from dataclasses import asdict
from email.utils import formatdate
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
from werkzeug.datastructures import Headers
from werkzeug.serving import ThreadedWSGIServer
from werkzeug.test import run_wsgi_app

from confirmdesk.practice import client_secrets, listing, resend
from confirmdesk.practice.gate import Gate, length_problem
from confirmdesk.practice.listing import AWS_JSON
from confirmdesk.practice.outbox import Clock, Outbox
from confirmdesk.practice.seed import REGION, empty_pools, seed

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

HOST = "127.0.0.1"
# Seconds. Further off, the times of messages would be none that a calendar knows.
FURTHEST = 100 * 365 * 86_400.0


class World:
    """Everything that changes while somebody practises."""

    def __init__(self, users: int) -> None:
        self.users = users
        self.clock = Clock()
        self.outbox = Outbox()
        kept = client_secrets.ClientSecrets(self.clock)
        self.desk = resend.ResendDesk(self.outbox, self.clock, kept)
        self.listing = listing.Listing()
        resend.install(self.desk)
        listing.install(self.listing)
        client_secrets.install(kept)
        self._lock = threading.Lock()
        self.pools = empty_pools()
        self.reset()

    def reset(self) -> None:
        """The pools as at the start, no message, no attempt, the clock right again."""
        with self._lock:
            self.clock.ahead = 0.0
            seed(self.pools, self.users, self.clock())
            self.listing.reset()
            self.desk.reset()
            self.outbox.clear()


class PracticeApp:
    """The WSGI application: Cognito calls go to moto, `/practice/…` is answered here, nothing else exists."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._moto = create_backend_app("cognito-idp")

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("HTTP_X_AMZ_TARGET", "").startswith("AWSCognitoIdentityProviderService."):
            return self._moto(environ, start_response)
        pages = {
            ("GET", "/practice/outbox"): self._outbox,
            ("POST", "/practice/reset"): self._reset,
            ("POST", "/practice/clock"): self._put_forward,
        }
        page = pages.get((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        question = {name: values[-1] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
        try:
            status, answer = ("200 OK", page(question)) if page else ("404 Not Found", None)
        except ValueError:
            status, answer = "400 Bad Request", None
        body = json.dumps(answer).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]

    def _outbox(self, question: dict[str, str]) -> list[dict[str, Any]]:
        return [asdict(message) for message in self._world.outbox.after(int(question.get("after", "0")))]

    def _reset(self, _: dict[str, str]) -> None:
        self._world.reset()

    def _put_forward(self, question: dict[str, str]) -> None:
        ahead = self._world.clock.ahead + float(question.get("seconds", "0"))
        if not abs(ahead) <= FURTHEST:  # so that "nan" is refused too
            raise ValueError
        self._world.clock.ahead = ahead


class QuietHandler(MotoRequestHandler):
    """No access log; connections stay open and an answer leaves in one piece.

    werkzeug's own handler closes each connection and waits 10 ms for more: AWS does neither.
    """

    disable_nagle_algorithm = True
    server: "PracticeHttpServer"

    def run_wsgi(self) -> None:
        refused = self.server.gate.refusal(self.command, self.headers)
        if length_problem(self.command, self.headers):
            # Where this request ends is not known, nor where the next begins.
            self.close_connection, body = True, b""
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if refused:
            self._say(f"{refused.value} {refused.phrase}", Headers({"Content-Type": "application/json"}), b"null")
            return
        self.environ = environ = {**self.make_environ(), "wsgi.input": BytesIO(body)}
        self._say(*answer_to(self.server.app, environ))

    def _say(self, status: str, headers: Headers, payload: bytes) -> None:
        headers["Content-Length"] = str(len(payload))
        headers["Date"] = formatdate(self.server.now(), usegmt=True)
        if self.close_connection:
            headers["Connection"] = "close"
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        shown = b"" if self.command == "HEAD" else payload
        self.wfile.write(f"{self.protocol_version} {status}\r\n{head}\r\n".encode("latin-1") + shown)


def answer_to(app: "WSGIApplication", environ: Environ) -> tuple[str, Headers, bytes]:
    """Status, headers and body. What moto cannot do gets an answer too: silence would look like a lost send."""
    try:
        chunks, status, headers = run_wsgi_app(app, environ, buffered=True)
        return status, headers, b"".join(chunks)
    except Exception:
        traceback.print_exc()
        body = {"__type": "InternalErrorException", "message": "The practice pool cannot answer this call."}
        return "500 Internal Server Error", Headers({"Content-Type": AWS_JSON}), json.dumps(body).encode()


class PracticeHttpServer(ThreadedWSGIServer):
    """A server that listens on a port the system chose; `serve_forever` starts it."""

    def __init__(self, world: World) -> None:
        super().__init__(HOST, 0, PracticeApp(world), QuietHandler)
        self.gate = Gate(f"{HOST}:{self.server_port}")
        self.now = world.clock


def announcement(server: PracticeHttpServer, world: World) -> dict[str, Any]:
    """What the parent is told on stdout. It holds secrets: this start's own, and those of a pool that exists nowhere
    else."""
    return {
        "port": server.server_port,
        "headers": server.gate.headers,
        "pools": [
            {
                "pool_id": pool.id,
                "name": pool.name,
                "region": REGION,
                "clients": [
                    {
                        "client_id": client.id,
                        "name": client.extended_config["ClientName"],
                        "secret": client.secret if client.generate_secret else "",
                    }
                    for client in pool.clients.values()
                ],
            }
            for pool in world.pools
        ],
    }
