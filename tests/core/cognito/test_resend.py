import socket
import threading
from dataclasses import replace

import pytest
from scripted_aws import accepted, close, cut, error, http, ok, reset

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.cognito.resend import open_sender, parameters
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.metadata import Advanced
from confirmdesk.core.sending.outcomes import NOT_AWS, NOT_SENDABLE, Outcome
from confirmdesk.core.sending.plan import Request
from confirmdesk.practice.launch import PracticeServer

JANE = make_user("5b1c-jane", 0, True, "UNCONFIRMED", [("email", "jane@example.com")])
REQUEST = Request("5b1c-jane", (("ticket", "HD-4711"),))


@pytest.fixture
def sender(aws, connection):
    return open_sender(aws, connection, Secret("9example87654321"))


def outcome_of(sender, request=REQUEST):
    return judge(sender.send(request), JANE).outcome


def test_an_accepted_send_keeps_what_the_service_said(sender, server):
    server.script = [accepted()]
    reply = sender.send(REQUEST)
    assert (reply.destination, reply.medium, reply.request_id) == ("j***@e***", "EMAIL", "request-1")


def test_the_request_is_unsigned_and_its_hash_is_over_the_name_that_is_sent(sender, server):
    sender.send(Request("mytestuser"))
    [seen] = server.seen
    assert "authorization" not in seen.headers
    assert seen.body == {
        "ClientId": "4f9k2client",
        "Username": "mytestuser",
        "SecretHash": Secret("9example87654321").secret_hash("mytestuser", "4f9k2client"),
    }


def test_all_six_parameters_reach_the_service(sender, server):
    sender.send(Request("jane", (("a", "1"),), Advanced("192.0.2.7", "fingerprint", "endpoint-1")))
    body = server.seen[0].body
    assert body["ClientMetadata"] == {"a": "1"}
    assert body["UserContextData"] == {"IpAddress": "192.0.2.7", "EncodedData": "fingerprint"}
    assert body["AnalyticsMetadata"] == {"AnalyticsEndpointId": "endpoint-1"}
    assert set(body) == {"ClientId", "Username", "SecretHash", "ClientMetadata", "UserContextData", "AnalyticsMetadata"}


def test_what_is_empty_is_not_sent_at_all():
    assert parameters(Request("jane"), "c", None) == {"ClientId": "c", "Username": "jane"}
    only_ip = parameters(Request("jane", (), Advanced("192.0.2.7")), "c", None)
    assert only_ip["UserContextData"] == {"IpAddress": "192.0.2.7"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (cut(200, b'{"CodeDeliveryDetails": {"Destination": "j***@e**', 400), Outcome.UNKNOWN),
        (cut(200, b"", 400), Outcome.UNKNOWN),
        (http(200, b"{garbled"), Outcome.UNKNOWN),
        (http(200, b"\xff\xfe\x00"), Outcome.UNKNOWN),
        (http(200, b"[1, 2]"), Outcome.UNKNOWN),
        (http(200, b'"text"'), Outcome.UNKNOWN),
        (http(200, b""), Outcome.UNKNOWN),
        (ok({}), Outcome.UNKNOWN),
        (ok({"CodeDeliveryDetails": None}), Outcome.UNKNOWN),
        (ok({"CodeDeliveryDetails": {"Destination": "j***@e***"}}), Outcome.UNKNOWN),
        (ok({"CodeDeliveryDetails": "yes"}), Outcome.UNKNOWN),
        (http(200, b"<html>sign in</html>", "text/html"), Outcome.UNKNOWN),
        (http(200, b"\n <!doctype html>", "application/x-amz-json-1.1"), Outcome.UNKNOWN),
        (http(502, b"<html>bad gateway</html>", "text/html"), Outcome.UNKNOWN),
        (http(302, b"<html>moved</html>", "text/html"), Outcome.LEFT),
        (http(403, b"<html>blocked</html>", "text/html"), Outcome.LEFT),
        (http(500, b""), Outcome.UNKNOWN),
        (error("InternalErrorException", "x", 500), Outcome.UNKNOWN),
        (error("ForbiddenException", "Request not allowed due to WAF block.", 403), Outcome.LEFT),
        (error("com.amazonaws#UserNotFoundException", "Username/client id combination not found."), Outcome.FAILED),
        (error("NeverSeenException", "?"), Outcome.FAILED),
        (http(403, b'{"message": "Blocked by policy 77"}', "application/json"), Outcome.LEFT),
        (http(405, b"Not allowed", "text/plain"), Outcome.LEFT),
        (http(503, b"Busy", "text/plain"), Outcome.UNKNOWN),
        (error("CognitoLocal#Unsupported", "Cognito Local unsupported feature: x", 500), Outcome.LEFT),
        (error("UnknownOperationException", ""), Outcome.LEFT),
        (error("InternalFailure", "API action 'ResendConfirmationCode' not yet implemented", 500), Outcome.LEFT),
        (http(404, b"<html>nothing here</html>", "text/html"), Outcome.LEFT),
        (http(404, b"nothing here", "text/plain"), Outcome.LEFT),
        (http(501, b"<html>not implemented</html>", "text/html"), Outcome.LEFT),
        (http(501, b""), Outcome.LEFT),
        (http(500, b"<html>oops</html>", "text/html"), Outcome.UNKNOWN),
        (http(500, b"oops", "text/plain"), Outcome.UNKNOWN),
        (close, Outcome.UNKNOWN),
        (reset, Outcome.UNKNOWN),
    ],
)
def test_no_answer_is_taken_for_more_than_it_is_and_no_call_is_repeated(sender, server, answer, outcome):
    server.script = [answer]
    assert outcome_of(sender) is outcome
    assert len(server.seen) == 1


def test_an_answer_that_never_comes_is_unknown_and_the_person_is_asked_once(aws, server, connection, monkeypatch):
    monkeypatch.setattr("confirmdesk.core.aws.clients.SEND_READ_TIMEOUT", 0.2)
    server.script = [server.hang]
    assert outcome_of(open_sender(aws, connection, None)) is Outcome.UNKNOWN
    assert len(server.seen) == 1


def test_a_closed_port_a_lost_name_and_a_stranger_to_tls_sent_nothing(aws):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    for endpoint in (f"http://127.0.0.1:{port}", "https://cognito.invalid"):
        sender = open_sender(aws, Connection("T", "eu-west-1", "eu-west-1_A", "c", endpoint=endpoint), None)
        assert outcome_of(sender) is Outcome.LEFT


def test_a_server_that_finishes_no_handshake_got_nothing(aws, server, monkeypatch):
    monkeypatch.setattr("confirmdesk.core.aws.clients.CONNECT_TIMEOUT", 0.3)
    connection = Connection("T", "eu-west-1", "eu-west-1_A", "c", endpoint=server.endpoint.replace("http:", "https:"))
    assert outcome_of(open_sender(aws, connection, None)) is Outcome.LEFT


def test_a_server_that_speaks_no_tls_got_nothing(aws):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_in_clear():
            caller, _ = listener.accept()
            with caller:
                caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                caller.recv(65536)

        talk = threading.Thread(target=answer_in_clear)
        talk.start()
        endpoint = f"https://127.0.0.1:{listener.getsockname()[1]}"
        sender = open_sender(aws, Connection("T", "eu-west-1", "eu-west-1_A", "c", endpoint=endpoint), None)
        assert outcome_of(sender) is Outcome.LEFT
        talk.join()


def test_a_practice_pool_that_has_ended_is_told_as_such(aws):
    with PracticeServer.start(3) as ended:
        at = ended.connection()
    sender = open_sender(aws, at, None)
    verdict = judge(sender.send(Request("jane")), JANE)
    assert (verdict.outcome, verdict.stops) == (Outcome.LEFT, True)
    assert "The practice pool has ended" in verdict.advice
    with pytest.raises(ConfirmdeskError, match="The practice pool has ended"):
        Control(aws, at).page()


def test_of_what_an_endpoint_writes_2000_characters_are_kept(sender, server):
    server.script = [error("Own" + "x" * 5000, "y" * 1_000_000), accepted("j" * 5000)]
    refused, taken = sender.send(REQUEST), sender.send(REQUEST)
    assert (len(refused.code), len(refused.text), len(taken.destination)) == (2000, 2000, 2000)


def test_what_aws_would_never_take_does_not_leave(sender, server):
    reply = sender.send(Request(""))
    assert (reply.code, server.seen) == (NOT_SENDABLE, [])


@pytest.mark.parametrize("secret", [Secret("9example87654321"), None])
def test_a_name_with_half_a_character_does_not_leave_and_is_not_in_doubt(aws, connection, server, secret):
    reply = open_sender(aws, connection, secret).send(Request("x\ud83dy"))
    assert (reply.code, server.seen) == (NOT_SENDABLE, [])
    assert judge(reply, JANE).outcome is Outcome.FAILED


@pytest.mark.parametrize(("chosen", "of_environment"), [("gone", ""), ("", "gone"), ("gone", "gone-too")])
def test_a_profile_that_is_gone_keeps_nobody_from_sending(server, connection, monkeypatch, chosen, of_environment):
    if of_environment:
        monkeypatch.setenv("AWS_PROFILE", of_environment)
    assert outcome_of(open_sender(Aws(), replace(connection, profile=chosen), None)) is Outcome.ACCEPTED
    assert "authorization" not in server.seen[0].headers


def test_where_no_sender_can_be_made_there_is_a_sentence(connection):
    with pytest.raises(ConfirmdeskError, match="not an AWS region"):
        open_sender(Aws(), replace(connection, endpoint="", region="eu west"), None)


@pytest.mark.parametrize(
    "config",
    [
        b"[[[ broken",
        "[default]\nregion = eu-west-1\n".encode("utf-16"),
        b"[default]\ncredential_process = sh -c 'touch started; sleep 600'\n",
        b"[default]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n"
        b"sso_account_id = 1\nsso_role_name = r\n",
    ],
    ids=["broken", "utf-16", "hanging", "never signed in"],
)
def test_nothing_about_signing_in_keeps_anybody_from_sending(config, server, connection, monkeypatch, tmp_path):
    (tmp_path / "config").write_bytes(config)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    assert outcome_of(open_sender(Aws(), connection, None)) is Outcome.ACCEPTED
    assert "authorization" not in server.seen[0].headers
    assert not (tmp_path / "started").exists()


def test_a_page_for_people_is_told_apart(sender, server):
    server.script = [http(200, b"<html></html>", "text/html")]
    assert sender.send(REQUEST).code == NOT_AWS


def test_neither_proxy_nor_endpoint_nor_profile_of_the_environment_is_followed(aws, server, connection, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_PROFILE", "gone")
    assert outcome_of(open_sender(aws, connection, None)) is Outcome.ACCEPTED


def test_without_an_endpoint_of_its_own_a_connection_calls_aws_whatever_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    sender = open_sender(Aws(), Connection("T", "eu-west-1", "eu-west-1_A", "c"), None)
    assert sender.client.meta.endpoint_url == "https://cognito-idp.eu-west-1.amazonaws.com"


def test_an_unencrypted_endpoint_elsewhere_is_refused(aws):
    with pytest.raises(ConfirmdeskError, match="not encrypted"):
        open_sender(aws, Connection("T", "eu-west-1", "eu-west-1_A", "c", endpoint="http://example.com"), None)
