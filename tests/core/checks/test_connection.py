from dataclasses import replace

import pytest
from scripted_aws import error, http, ok, page

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.checks.connection import Answer, check_connection
from confirmdesk.core.connections.secret import Secret

POOL = ok({"UserPool": {"Id": "eu-west-1_Ab12Cd34E", "Name": "Shop", "AutoVerifiedAttributes": ["email"]}})
DENIED = error("AccessDeniedException", "not authorized to perform")
RIGHT = "the-right-secret"


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
    checked = check_connection(aws, connection, None)
    assert checked.answers == (
        Answer("Credentials", None, f"Not asked: this connection calls {server.endpoint} only."),
        Answer("Region", True, "eu-west-1 answers."),
        Answer("User pool", True, "“Shop”: its users can be listed."),
        Answer("App client", True, "“web” belongs to this pool."),
        Answer("Client secret", True, "This app client has none and needs none."),
    )
    assert checked.needs_secret is False


def test_nothing_is_ever_sent_to_anybody(server, connection, aws):
    by_operation(server, DescribeUserPoolClient=client(RIGHT))
    check_connection(aws, connection, Secret(RIGHT))
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
    checked = check_connection(aws, connection, stored)
    verdict, sentence = found(checked)["Client secret"]
    assert verdict is good
    assert words in sentence
    assert checked.needs_secret is True
    assert RIGHT not in repr(checked)


def test_without_the_right_to_describe_the_list_is_enough(server, connection, aws):
    by_operation(server, DescribeUserPool=DENIED, DescribeUserPoolClient=DENIED)
    checked = check_connection(aws, connection, Secret("x"))
    assert found(checked)["User pool"] == (True, "eu-west-1_Ab12Cd34E: its users can be listed.")
    assert found(checked)["App client"] == (
        None,
        "Nobody here may look at the app client; the first send will tell whether it works.",
    )
    assert "Client secret" not in found(checked)
    assert checked.needs_secret is None


def test_no_right_to_list(server, connection, aws):
    by_operation(server, ListUsers=DENIED)
    answers = found(check_connection(aws, connection, None))
    assert answers["Region"] == (True, "eu-west-1 answers.")
    good, sentence = answers["User pool"]
    assert good is False
    assert "cognito-idp:ListUsers" in sentence
    assert answers["App client"][0] is True


def test_no_such_pool(server, connection, aws):
    missing = error("ResourceNotFoundException", "User pool eu-west-1_Ab12Cd34E does not exist.")
    by_operation(server, ListUsers=missing, DescribeUserPool=missing, DescribeUserPoolClient=missing)
    good, sentence = found(check_connection(aws, connection, None))["User pool"]
    assert good is False
    assert "There is no user pool eu-west-1_Ab12Cd34E in eu-west-1." in sentence


def test_no_such_client(server, connection, aws):
    by_operation(
        server, DescribeUserPoolClient=error("ResourceNotFoundException", "User pool client x does not exist.")
    )
    good, sentence = found(check_connection(aws, connection, None))["App client"]
    assert good is False
    assert "does not exist in the pool" in sentence


def test_a_place_that_cannot_be_reached(server, connection, aws):
    nobody = replace(connection, endpoint="http://127.0.0.1:9")
    answers = found(check_connection(aws, nobody, None))
    good, sentence = answers["Region"]
    assert good is False
    assert "could not be reached" in sentence
    assert "User pool" not in answers


def test_a_sign_in_page_of_the_network(server, connection, aws):
    server.otherwise = http(200, b"<html>Welcome to the hotel</html>", "text/html")
    answers = check_connection(aws, connection, None).answers
    assert any(answer.good is False and "Wi-Fi sign-in page" in answer.sentence for answer in answers)
    assert not any(answer.good for answer in answers if answer.what != "Region")


def test_a_sign_in_page_of_the_network_is_not_the_region(server, connection, aws):
    server.otherwise = http(200, b"<html>Welcome to the hotel</html>", "text/html")
    assert not any(answer.good for answer in check_connection(aws, connection, None).answers)


def test_an_endpoint_that_may_not_be_called_is_not(server, connection, aws):
    checked = check_connection(aws, replace(connection, endpoint="http://cognito.example.com"), None)
    assert [(a.what, a.good) for a in checked.answers] == [("Credentials", False)]
    assert "not encrypted" in checked.answers[0].sentence


def test_no_credentials_ends_the_check(connection):
    checked = check_connection(Aws(), replace(connection, endpoint="", profile=""), None)
    assert [(a.what, a.good) for a in checked.answers] == [("Credentials", False)]
    assert "This computer has no AWS sign-in for the default credentials." in checked.answers[0].sentence


def test_a_profile_that_is_not_there_ends_the_check(connection):
    checked = check_connection(Aws(), replace(connection, endpoint="", profile="gone"), None)
    assert [(a.what, a.good) for a in checked.answers] == [("Credentials", False)]
    assert "“gone”" in checked.answers[0].sentence


def test_a_missing_profile_is_named_once(connection):
    (answer,) = check_connection(Aws(), replace(connection, endpoint="", profile="gone"), None).answers
    assert answer.sentence.count("profile “gone”") == 1
    assert "profile the profile" not in answer.sentence
