"""What a page in a browser, or anybody else on this computer, can ask of the practice server: nothing gets through."""

import json
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

PATIENCE = 30.0
JSON = {"Content-Type": "application/json"}
AWS_JSON = {"Content-Type": "application/x-amz-json-1.1"}
LIST_POOLS = {"X-Amz-Target": "AWSCognitoIdentityProviderService.ListUserPools"} | AWS_JSON
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
TEXT = {"Content-Type": "text/plain"}
PAGE = {"Origin": "https://example.org"}


def ask(server, method, path, headers=None, body=None):
    """Status, headers and body of the answer to exactly these headers; Host and the body's length are added."""
    connection = HTTPConnection(urlsplit(server.endpoint).netloc, timeout=PATIENCE)
    try:
        connection.request(method, path, body, dict(headers or {}))
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read()
    finally:
        connection.close()


def raw(server, head, body=b""):
    """The status that a request gets which no library would write."""
    connection = HTTPConnection(urlsplit(server.endpoint).netloc, timeout=PATIENCE)
    try:
        connection.connect()
        connection.sock.sendall("\r\n".join([*head, "", ""]).encode() + body)
        with connection.sock.makefile("rb") as stream:
            return int(stream.readline().split()[1])
    finally:
        connection.close()


def is_as_new(server, user):
    """Nothing was reset and no clock was turned: the one message is there, and the next has today's time."""
    return [message.username for message in server.outbox()] == [user]


@pytest.fixture
def user(caller, plain_user):
    """Somebody who was sent a message, which a reset would take away."""
    caller.resend(plain_user["Username"])
    return plain_user["Username"]


@pytest.mark.parametrize(
    ("method", "path", "headers", "body"),
    [
        pytest.param("GET", "/practice/outbox", {}, None, id="picture"),
        pytest.param("GET", "/practice/outbox", PAGE, None, id="script that reads"),
        pytest.param("POST", "/practice/reset", FORM, b"", id="form without a field"),
        pytest.param("POST", "/practice/reset", PAGE | FORM, b"a=1", id="form"),
        pytest.param("POST", "/practice/reset", PAGE | TEXT, b"{}", id="plain text"),
        pytest.param("POST", "/practice/reset", PAGE | JSON, b"{}", id="JSON from another origin"),
        pytest.param("POST", "/practice/clock?seconds=99999", FORM, b"", id="clock"),
        pytest.param("POST", "/practice/clock?seconds=nan", FORM, b"", id="clock stopped for good"),
        pytest.param("POST", "/", PAGE | LIST_POOLS, b'{"MaxResults": 60}', id="Cognito"),
        pytest.param("POST", "/", {**LIST_POOLS, "Content-Type": "text/plain"}, b'{"MaxResults": 60}', id="as text"),
        pytest.param("OPTIONS", "/practice/reset", PAGE | {"Access-Control-Request-Method": "POST"}, None, id="asking"),
        pytest.param(
            "OPTIONS",
            "/",
            PAGE | {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-amz-target"},
            None,
            id="asking for Cognito",
        ),
        pytest.param("PUT", "/practice/reset", JSON, b"{}", id="another method"),
        pytest.param("HEAD", "/practice/outbox", {}, None, id="head"),
    ],
)
@pytest.mark.parametrize("token", ["without the token", "with it"])
def test_what_a_page_can_ask_is_refused(practice, user, token, method, path, headers, body):
    own = practice.headers if token == "with it" else {}
    # With the token what is left of each is the page itself: its origin, its kind of body, its method, its number.
    if own and method in ("GET", "HEAD") and not headers.keys() & {"Origin"}:
        method = "HEAD"
    status, answered, said = ask(practice, method, path, {**headers, **own}, body)
    assert 400 <= status < 500
    assert not [name for name in answered if name.lower().startswith("access-control-")]
    assert said in (b"", b"null")
    assert is_as_new(practice, user)


@pytest.mark.parametrize("host", ["rebound.example.org", "localhost", "[::1]", "127.1", ""])
def test_a_name_that_was_rebound_to_this_computer_reaches_nothing(practice, host):
    port = urlsplit(practice.endpoint).port
    hosts = [host, f"{host}:{port}", "127.0.0.1", f"127.0.0.1:{port}.{host or 'example.org'}"]
    given = [f"{name}: {value}" for name, value in practice.headers.items()]
    for spelled in hosts:
        assert raw(practice, ["GET /practice/outbox HTTP/1.1", f"Host: {spelled}", *given]) == 421
    right = f"Host: 127.0.0.1:{port}"
    assert raw(practice, ["GET /practice/outbox HTTP/1.1", right, f"Host: {host}:{port}", *given]) == 421
    assert raw(practice, ["GET /practice/outbox HTTP/1.1", *given]) == 421
    assert raw(practice, ["GET /practice/outbox HTTP/1.1", right, *given]) == 200


@pytest.mark.parametrize("path", ["/practice/outbox", "/moto-api/data.json", "/"])
def test_nobody_without_the_token_of_this_start_learns_even_what_is_there(practice, path):
    (name, token) = next(iter(practice.headers.items()))
    for wrong in ("", token[:-1], token + "x", token.swapcase(), "ä"):
        assert ask(practice, "GET", path, {name: wrong.encode("latin-1")})[0] == 403
    assert ask(practice, "GET", f"{path}?{name}={token}")[0] == 403


@pytest.mark.parametrize(
    ("length", "status"),
    [
        ("-1", 400),
        ("1e3", 400),
        ("+2", 400),
        ("2, 2", 400),
        ("²", 400),
        ("99999999999999999999", 400),
        ("4000001", 413),
    ],
)
def test_a_body_has_a_length_that_makes_sense(practice, user, length, status):
    own = [f"{name}: {value}" for name, value in practice.headers.items()]
    host = f"Host: {urlsplit(practice.endpoint).netloc}"
    head = ["POST /practice/reset HTTP/1.1", host, "Content-Type: application/json", *own]
    assert raw(practice, [*head, f"Content-Length: {length}"]) == status
    assert raw(practice, [*head, "Content-Length: 2", "Content-Length: 2"], b"{}") == 400
    assert raw(practice, [*head, "Transfer-Encoding: chunked"], b"2\r\n{}\r\n0\r\n\r\n") == 411
    assert raw(practice, head) == 411
    assert is_as_new(practice, user)


@pytest.mark.parametrize("seconds", ["nan", "inf", "-inf", "1e300", "soon"])
def test_the_clock_is_turned_by_a_number_of_seconds_only(practice, user, caller, seconds):
    status, _, _ = ask(practice, "POST", f"/practice/clock?seconds={seconds}", practice.headers | JSON, b"{}")
    assert status == 400
    caller.resend(user)
    first, second = practice.outbox()
    assert 0 <= second.sent_at - first.sent_at < 60


def test_a_refused_request_leaves_the_connection_usable(practice):
    connection = HTTPConnection(urlsplit(practice.endpoint).netloc, timeout=PATIENCE)
    connection.request("POST", "/practice/reset", b"x" * 100_000, TEXT)
    assert connection.getresponse().read() == b"null"
    connection.request("GET", "/practice/outbox", headers=practice.headers)
    assert json.load(connection.getresponse()) == []
    connection.close()
