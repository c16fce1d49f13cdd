import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from connect_proxy import CLOSING, HANDSHAKE, REFUSING, SILENT
from scripted_aws import dated, error, http, ok, page
from waiting import until
from whole_aws import Told

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.deadlines import Deadlines, Stop
from confirmdesk.core.checks.connection import check_connection
from confirmdesk.core.checks.way import Answer
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.secret import Secret

POOL = ok({"UserPool": {"Id": "eu-west-1_Ab12Cd34E", "Name": "Shop", "AutoVerifiedAttributes": ["email"]}})
DENIED = error("AccessDeniedException", "not authorized to perform")
RIGHT = "the-right-secret"
NOT_TRIED = (None, "not tried.")


def client(secret=""):
    described = {"ClientId": "4f9k2client", "ClientName": "web", "UserPoolId": "eu-west-1_Ab12Cd34E"}
    return ok({"UserPoolClient": {**described, **({"ClientSecret": secret} if secret else {})}})


def by_operation(server, **answers):
    """The same answer to an operation however often and in whatever order it is asked."""
    everything = {"ListUsers": page([]), "DescribeUserPool": POOL, "DescribeUserPoolClient": client(), **answers}
    server.otherwise = lambda connection, seen: everything[seen.operation](connection, seen)


def found(checked):
    return {answer.what: (answer.good, answer.sentence) for answer in checked.answers}


def test_a_public_client_where_everything_may_be_read(server, connection, aws):
    by_operation(server)
    checked = check_connection(aws, connection, lambda: None)
    assert checked.answers == (
        Answer("Name", True, "127.0.0.1 is an address, not a name."),
        Answer("Proxy", True, "There is none on the way."),
        Answer("TLS", True, "Not encrypted, and it need not be: it is this computer."),
        Answer("Clock", True, "Practice has a time of its own."),
        Answer("Credentials", None, f"Not asked: this connection calls {server.endpoint} only."),
        Answer("Region", True, "eu-west-1 answers."),
        Answer("User pool", True, "“Shop”: its users can be listed."),
        Answer("App client", True, "“web” belongs to this pool."),
        Answer("Client secret", True, "This app client has none and needs none."),
    )
    assert checked.needs_secret is False


def test_nothing_is_ever_sent_to_anybody(server, connection, aws):
    by_operation(server, DescribeUserPoolClient=client(RIGHT))
    check_connection(aws, connection, lambda: Secret(RIGHT))
    assert set(server.operations()) == {"ListUsers", "DescribeUserPool", "DescribeUserPoolClient"}


@pytest.mark.parametrize(
    ("stored", "good", "words"),
    [
        (Secret(RIGHT), True, "The secret is this app client's."),
        (Secret("wrong"), None, "not the one that AWS shows"),
        (None, False, "needs its secret. Enter it, or read it from AWS."),
        (Secret(""), False, "needs its secret. Enter it, or read it from AWS."),
    ],
)
def test_the_secret_is_compared_in_memory(server, connection, aws, stored, good, words):
    by_operation(server, DescribeUserPoolClient=client(RIGHT))
    checked = check_connection(aws, connection, lambda: stored)
    verdict, sentence = found(checked)["Client secret"]
    assert verdict is good
    assert words in sentence
    assert checked.needs_secret is True
    assert RIGHT not in repr(checked)


def test_without_the_right_to_describe_the_list_is_enough(server, connection, aws):
    by_operation(server, DescribeUserPool=DENIED, DescribeUserPoolClient=DENIED)
    checked = check_connection(aws, connection, lambda: Secret("x"))
    assert found(checked)["User pool"] == (True, "eu-west-1_Ab12Cd34E: its users can be listed.")
    assert found(checked)["App client"] == (
        None,
        "Nobody here may look at the app client; the first send will tell whether it works.",
    )
    assert found(checked)["Client secret"] == (None, "One is stored; the first send will tell.")
    assert checked.needs_secret is None


def test_no_right_to_list(server, connection, aws):
    by_operation(server, ListUsers=DENIED)
    answers = found(check_connection(aws, connection, lambda: None))
    assert answers["Region"] == (True, "eu-west-1 answers.")
    good, sentence = answers["User pool"]
    assert good is False
    assert "cognito-idp:ListUsers" in sentence
    assert answers["App client"] == answers["Client secret"] == NOT_TRIED


def test_no_such_pool(server, connection, aws):
    missing = error("ResourceNotFoundException", "User pool eu-west-1_Ab12Cd34E does not exist.")
    by_operation(server, ListUsers=missing, DescribeUserPool=missing, DescribeUserPoolClient=missing)
    good, sentence = found(check_connection(aws, connection, lambda: None))["User pool"]
    assert good is False
    assert "There is no user pool eu-west-1_Ab12Cd34E in eu-west-1." in sentence


def test_no_such_client(server, connection, aws):
    by_operation(
        server, DescribeUserPoolClient=error("ResourceNotFoundException", "User pool client x does not exist.")
    )
    good, sentence = found(check_connection(aws, connection, lambda: None))["App client"]
    assert good is False
    assert "does not exist in the pool" in sentence


def broken(checked):
    """The one that is, with its sentence; before it none is, and after it nothing is tried."""
    (number,) = [number for number, answer in enumerate(checked.answers) if answer.good is False]
    after = checked.answers[number + 1 :]
    assert [(answer.good, answer.sentence) for answer in after] == [NOT_TRIED] * len(after)
    assert len(checked.answers) == 9
    return checked.answers[number].what, checked.answers[number].sentence


def test_a_place_that_cannot_be_reached(connection, aws):
    what, sentence = broken(check_connection(aws, replace(connection, endpoint="http://127.0.0.1:9"), lambda: None))
    assert what == "TLS"
    assert "could not be reached" in sentence


def test_a_sign_in_page_of_the_network_is_not_the_region(server, connection, aws):
    server.otherwise = http(200, b"<html>Welcome to the hotel</html>", "text/html")
    what, sentence = broken(check_connection(aws, connection, lambda: None))
    assert what == "Region"
    assert "Wi-Fi sign-in page" in sentence


def test_an_endpoint_that_may_not_be_called_is_not(server, connection, aws):
    checked = check_connection(aws, replace(connection, endpoint="http://cognito.example.com"), lambda: None)
    assert broken(checked)[0] == "Name"
    assert "not encrypted" in broken(checked)[1]
    assert server.seen == []


# All of AWS, behind a proxy


@pytest.fixture
def shop(whole_aws, tmp_path):
    (tmp_path / ".aws").mkdir(exist_ok=True)
    keys = "aws_access_key_id = AKIAKEYS\naws_secret_access_key = x\n"
    (tmp_path / ".aws" / "config").write_text(f"[profile x]\n{keys}")
    arn = "arn:aws:sts::123456789012:assumed-role/support/jane"
    whole_aws.answers["sts"] = Told(
        200,
        "<GetCallerIdentityResponse><GetCallerIdentityResult>"
        f"<Arn>{arn}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>",
        "text/xml",
    )
    return Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client", profile="x")


def checked(connection, aws=None, **how):
    return check_connection(aws or Aws(), connection, lambda: None, **how)


def test_each_step_is_told_as_it_is_decided_in_the_order_of_the_way(whole_aws, shop):
    told = []
    answers = checked(shop, tell=told.append).answers
    assert list(answers) == told
    assert [answer.what for answer in told] == [
        *("Name", "Proxy", "TLS", "Clock", "Credentials", "Region", "User pool", "App client", "Client secret")
    ]
    sentences = [answer.sentence for answer in told]
    assert sentences[0] == "The network proxy 127.0.0.1 is an address, not a name."
    assert sentences[1] == f"{whole_aws.proxy.address} leads to AWS (HTTPS_PROXY, HTTP_PROXY or the system's settings)."
    assert sentences[2] == "The connection is encrypted and the certificate is trusted."
    assert sentences[3] == "It is right."
    assert sentences[4] == "Signed in as support."


def test_without_a_sign_in_the_way_is_fine_and_the_credentials_are_not(shop):
    what, sentence = broken(checked(replace(shop, profile="")))
    assert what == "Credentials"
    assert "This computer has no AWS sign-in for the default credentials." in sentence


def test_a_profile_that_is_not_there_is_named_once(shop):
    what, sentence = broken(checked(replace(shop, profile="gone")))
    assert what == "Credentials"
    assert sentence.count("profile “gone”") == 1
    assert "profile the profile" not in sentence


@pytest.mark.parametrize(
    ("breaks", "what", "words"),
    [
        (REFUSING, "Proxy", "wants a user name and a password"),
        (CLOSING, "Proxy", "found no way to AWS"),
        (SILENT, "Proxy", "did not answer"),
        (HANDSHAKE, "TLS", "no encrypted connection came about"),
    ],
)
def test_a_proxy_that_breaks_is_told_where_it_does(whole_aws, shop, breaks, what, words):
    whole_aws.proxy.breaks = breaks
    aws = Aws(deadlines=Deadlines(limit=3.0 if breaks == SILENT else 20.0))
    found_what, sentence = broken(checked(shop, aws))
    assert found_what == what
    assert words in sentence


def test_an_address_of_a_proxy_that_is_none_is_told_before_anything_is_looked_up(whole_aws, shop, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:port")
    answers = checked(shop)
    assert (answers.answers[0].good, answers.answers[0].sentence) == NOT_TRIED
    assert broken(answers)[0] == "Proxy"


def test_a_name_that_nobody_knows_is_told_with_whose_it_is(shop, monkeypatch):
    find = socket.getaddrinfo

    def unknown(host, *more, **named):
        if not host[0].isdigit():
            raise socket.gaierror("no such name")
        return find(host, *more, **named)

    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:8080")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert broken(checked(shop)) == (
        "Name",
        "The network proxy proxy.example.com is not known in this network. Check the VPN, and the proxy in Settings "
        "(under More) or of this computer.",
    )
    monkeypatch.delenv("HTTPS_PROXY")
    what, sentence = broken(checked(replace(shop, region="eu-wset-1")))
    assert what == "Name"
    assert sentence.startswith("cognito-idp.eu-wset-1.amazonaws.com is not known in this network.")
    assert "region eu-wset-1" in sentence


def test_a_certificate_that_nobody_trusts_and_a_file_of_them_that_is_gone_are_both_of_tls(whole_aws, shop, monkeypatch):
    monkeypatch.delenv("AWS_CA_BUNDLE")
    assert broken(checked(shop))[0] == "TLS"
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere")
    what, sentence = broken(checked(shop))
    assert what == "TLS"
    assert "/nowhere" in sentence


@pytest.mark.parametrize(
    ("ahead", "good", "words"),
    [
        (1_200, False, "This computer's clock is wrong: it is 20 minutes ahead."),
        (-1_200, False, "This computer's clock is wrong: it is 20 minutes behind."),
        (180, True, "It is 3 minutes ahead, which AWS bears."),
        (20, True, "It is right."),
    ],
)
def test_a_clock_that_is_wrong_is_told_before_anything_is_signed(shop, server, ahead, good, words):
    date = format_datetime(datetime.now(UTC) - timedelta(seconds=ahead), usegmt=True)
    server.knocked, server.otherwise = dated(date, http(404, b"{}")), page([])
    (clock,) = [a for a in checked(replace(shop, endpoint=server.endpoint)).answers if a.what == "Clock"]
    assert clock.good is good
    assert words in clock.sentence
    assert bool(server.seen) is good


# Stopped


def test_it_is_stopped_at_once_wherever_it_is_and_tells_what_was_not_tried(whole_aws, shop):
    whole_aws.proxy.breaks = SILENT
    stop, told = Stop(), []
    worker = threading.Thread(target=lambda: told.append(checked(shop, stop=stop)))
    worker.start()
    until(lambda: whole_aws.proxy.broken)
    stop.set()
    worker.join(10)
    assert not worker.is_alive()
    (stopped,) = told
    assert stopped.answers[0].good is True
    assert [(answer.good, answer.sentence) for answer in stopped.answers[1:]] == [NOT_TRIED] * 8


def test_one_that_was_stopped_before_it_began_asks_nobody(whole_aws, shop):
    stop = Stop()
    stop.set()
    assert {(a.good, a.sentence) for a in checked(shop, stop=stop).answers} == {NOT_TRIED}
    assert whole_aws.proxy.asked == []


def test_others_go_on_when_one_is_stopped(whole_aws, shop):
    stop = Stop()
    stop.set()
    checked(shop, stop=stop)
    assert checked(shop).answers[4].good is True
