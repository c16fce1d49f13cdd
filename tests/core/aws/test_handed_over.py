"""Whether somebody may have got a code is decided by what left this computer, not by the words of an exception."""

import socket
import threading

import pytest
from certificates import HOST, Authority
from connect_proxy import ANSWER, BEFORE, HANDSHAKE, NEVER, REFUSING, REQUEST, RESET, ConnectProxy
from scripted_aws import ScriptedAws, accepted, close

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.core.sending.plan import Request

JANE = make_user("jane", 0, True, "UNCONFIRMED", [("email", "jane@example.com")])


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def trusted(authority, monkeypatch):
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.bundle))


@pytest.fixture
def tls_server(authority):
    made = ScriptedAws(tls=authority.server_side())
    yield made
    made.stop()


@pytest.fixture
def proxy(tls_server, trusted, monkeypatch):
    made = ConnectProxy(tls_server.port)
    monkeypatch.setenv("HTTPS_PROXY", f"http://{made.address}")
    yield made
    made.stop()


def accept_and_hang_up(connection, seen):
    accepted()(connection, seen)
    # The plain way, without a word of TLS; whoever looks afterwards finds the connection closed.
    socket.socket.shutdown(connection, socket.SHUT_RDWR)


def at(endpoint):
    return Connection("Shop", "eu-west-1", "eu-west-1_A", "client", endpoint=endpoint)


def send(endpoint):
    sender = open_sender(Aws(), at(endpoint), None)
    verdict = judge(sender.send(Request("jane")), JANE)
    return verdict.outcome, verdict.advice


@pytest.mark.parametrize(
    ("breaks", "outcome", "arrived"),
    [
        (NEVER, Outcome.ACCEPTED, 1),
        (BEFORE, Outcome.LEFT, 0),
        (REFUSING, Outcome.LEFT, 0),
        (HANDSHAKE, Outcome.LEFT, 0),
        (RESET, Outcome.LEFT, 0),
        (REQUEST, Outcome.UNKNOWN, 0),
        (ANSWER, Outcome.UNKNOWN, 1),
    ],
)
def test_behind_a_proxy_it_counts_what_was_handed_to_the_tunnel(proxy, tls_server, breaks, outcome, arrived):
    proxy.breaks = breaks
    assert send(f"https://{HOST}:8443")[0] is outcome
    assert len(tls_server.seen) == arrived
    # In the words of this Python: older ones speak HTTP/1.0 here.
    assert [line.rpartition(" ")[0] for line in proxy.asked] == [f"CONNECT {HOST}:8443"]


@pytest.mark.parametrize("rudely", [False, True])
def test_tls_that_ends_in_the_handshake_sent_nothing(trusted, rudely):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up():
            caller, _ = listener.accept()
            with caller:
                # What is not read makes a reset of the end.
                caller.recv(1 if rudely else 65536)

        talk = threading.Thread(target=hang_up)
        talk.start()
        assert send(f"https://127.0.0.1:{listener.getsockname()[1]}")[0] is Outcome.LEFT
        talk.join()


def test_a_server_that_nobody_here_trusts_gets_nothing_and_the_sentence_is_that_of_the_list(tls_server):
    outcome, advice = send(tls_server.endpoint)
    assert (outcome, tls_server.seen) == (Outcome.LEFT, [])
    assert f"The encrypted connection to the endpoint {tls_server.endpoint} was not trusted." in advice
    assert "as CA bundle in Settings" in advice


def test_a_kept_connection_that_the_server_has_closed_is_opened_anew(tls_server, trusted):
    sender, closed = open_sender(Aws(), at(tls_server.endpoint), None), threading.Event()
    tls_server.script = [lambda connection, seen: (accept_and_hang_up(connection, seen), closed.set())]
    assert judge(sender.send(Request("jane")), JANE).outcome is Outcome.ACCEPTED
    assert closed.wait(20)
    assert judge(sender.send(Request("jane")), JANE).outcome is Outcome.ACCEPTED


def test_a_kept_connection_that_closes_after_the_next_request_is_in_doubt(tls_server, trusted):
    sender = open_sender(Aws(), at(tls_server.endpoint), None)
    tls_server.script = [tls_server.otherwise, close]
    outcomes = [judge(sender.send(Request("jane")), JANE).outcome for _ in range(2)]
    assert outcomes == [Outcome.ACCEPTED, Outcome.UNKNOWN]
    assert len(tls_server.seen) == 2


def test_what_one_call_handed_over_is_not_counted_for_the_next(authority, trusted):
    server = ScriptedAws(tls=authority.server_side())
    server.script = [accept_and_hang_up]
    sender = open_sender(Aws(), at(server.endpoint), None)
    assert judge(sender.send(Request("jane")), JANE).outcome is Outcome.ACCEPTED
    server.stop()
    assert judge(sender.send(Request("jane")), JANE).outcome is Outcome.LEFT


@pytest.mark.parametrize(
    ("event", "outcome", "arrived"), [("before-send", Outcome.LEFT, 0), ("response-received", Outcome.UNKNOWN, 1)]
)
def test_a_fault_of_the_programs_own_counts_by_what_was_handed_over_too(
    aws, connection, server, event, outcome, arrived
):
    def break_down(**_):
        raise KeyError(event)

    sender = open_sender(aws, connection, None)
    sender.client.meta.events.register(event, break_down)
    verdict = judge(sender.send(Request("jane")), JANE)
    assert (verdict.outcome, len(server.seen)) == (outcome, arrived)
    assert ("AWS was not asked" in verdict.advice) is (outcome is Outcome.LEFT)
