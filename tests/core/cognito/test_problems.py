import json
import re

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    UnknownServiceError,
)

from confirmdesk.core.cognito.problems import ROWS, explain
from confirmdesk.core.connections.connection import PRACTICE, Connection
from confirmdesk.core.errors import Kind

AT = ("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client")
NAMED = Connection(*AT, profile="support", endpoint="https://cognito.example.com")
DEFAULT = Connection(*AT)
BY_PORTAL = Connection(
    *AT,
    start_url="https://x.awsapps.com/start",
    sso_region="eu-west-2",
    account_id="123456789012",
    role_name="support",
)
IN_PRACTICE = Connection(*AT, environment=PRACTICE)
ODD_CODES = {r"[34]\d\d": "403", "(Forbidden|ResourceNotFound|AccessDenied)(Exception)?": "ForbiddenException"}
ODD_TEXTS = {
    "failed: [45]..": "failed: 403",
    "failed: 50[234]": "failed: 503",
    "(?i)hostname mismatch|not valid for|does(n't| not) match": "certificate is not valid for",
}


def problem(code, text="", connection=NAMED, right="", of=""):
    error = ClientError({"Error": {"Code": code, "Message": text}}, of or "ListUsers")
    return explain(error, connection, right).problem


def connection_for(row):
    return IN_PRACTICE if row.practice else DEFAULT if row.defaults else BY_PORTAL if row.portal else NAMED


def example(row):
    """A code and a text that this row is for."""
    code = ODD_CODES.get(row.code) or row.code.split("|")[0].removesuffix("(Exception)?")
    return code, ODD_TEXTS.get(row.text) or row.text.rpartition("|")[2].removeprefix("(?i)")


@pytest.mark.parametrize("right", ["", "cognito-idp:ListUsers"])
@pytest.mark.parametrize("connection", [NAMED, DEFAULT, BY_PORTAL], ids=["named", "default", "portal"])
@pytest.mark.parametrize("row", ROWS, ids=[f"{row.code[:30]}-{row.defaults}" for row in ROWS])
def test_every_row_reads_as_english_for_a_named_profile_and_for_none(row, connection, right):
    told = problem(*example(row), connection, right, row.of.split("|")[0])
    assert not told.sentence.startswith("AWS answered")
    for words in (told.sentence, told.hint):
        assert words.endswith(".")
        assert not words.lstrip("“")[0].islower() or words.startswith("“eu-west-1")
        assert not set("{}") & set(words)
        assert (
            re.search(r"(?i)\b(\w+) \1\b|profile the|the the|^the default credentials (has|is|was)\b|“”|  ", words)
            is None
        )
    assert len(re.findall("credentials", told.sentence)) <= 1
    assert len(re.findall("support", told.sentence)) <= 1


def test_every_row_is_reached():
    told = {problem(*example(row), connection_for(row), of=row.of.split("|")[0]).sentence for row in ROWS}
    assert len(told) == len(ROWS)


@pytest.mark.parametrize(
    ("code", "connection", "sentence"),
    [
        ("ProfileNotFound", NAMED, "The AWS profile “support” is not on this computer."),
        (
            "AccessDenied",
            BY_PORTAL,
            "The sign-in of the role “support” in account 123456789012 has no right to do this.",
        ),
        ("SSOTokenLoadError", BY_PORTAL, "You are not signed in at the access portal."),
        ("ProfileNotFound", DEFAULT, "The AWS profile that AWS_PROFILE names is not on this computer."),
        ("AccessDenied", NAMED, "The sign-in of the profile “support” has no right to do this."),
        ("AccessDenied", DEFAULT, "The sign-in of the default credentials has no right to do this."),
        ("InvalidClientTokenId", NAMED, "AWS does not know the credentials of the profile “support”."),
        ("InvalidClientTokenId", DEFAULT, "AWS does not know the default credentials."),
        ("ConfigParseError", NAMED, "The AWS profile “support” could not be used."),
        ("ConfigParseError", DEFAULT, "The default credentials could not be used."),
        ("EndpointConnectionError", NAMED, "The endpoint https://cognito.example.com could not be reached."),
        ("EndpointConnectionError", DEFAULT, "AWS in eu-west-1 could not be reached."),
    ],
)
def test_who_is_meant_is_named_once(code, connection, sentence):
    assert problem(code, "", connection).sentence == sentence


def test_an_error_of_botocore_that_is_only_a_value_error_is_a_sentence_and_not_an_answer_of_aws():
    told = explain(ValueError("Invalid endpoint: https://user:pass@x"), NAMED).problem
    assert told.sentence == "AWS cannot be called as the connection stands."
    assert "pass" not in told.text() + told.details


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("AccessDeniedException", Kind.DENIED),
        ("NotAuthorizedException", Kind.DENIED),
        ("ResourceNotFoundException", Kind.NOT_FOUND),
        ("ExpiredTokenException", Kind.EXPIRED),
        ("UnauthorizedSSOTokenError", Kind.EXPIRED),
        ("NoCredentialsError", Kind.NO_SIGN_IN),
        ("ProxyConnectionError", Kind.UNREACHED),
        ("ReadTimeoutError", Kind.UNREACHED),
        ("NotAwsAnsweredError", Kind.UNREACHED),
        ("407", Kind.UNREACHED),
        ("TooManyRequestsException", Kind.OTHER),
        ("NeverSeenException", Kind.OTHER),
    ],
)
def test_what_went_wrong_is_known_to_the_program_without_reading_the_sentence(code, kind):
    assert problem(code).kind is kind


@pytest.mark.parametrize("fault", [KeyError("Jane"), RuntimeError("Jane"), json.JSONDecodeError("Jane", "Jane", 0)])
def test_a_fault_of_the_programs_own_is_no_answer_of_aws(fault):
    for asked, words in ((False, "AWS was not asked"), (True, "AWS's answer could not be read")):
        told = explain(fault, NAMED, "cognito-idp:ListUsers", asked).problem
        assert told.sentence.startswith(words)
        assert told.details.startswith(f"{type(fault).__name__}: ")
        assert "Jane" not in told.text() + told.details


def test_a_fault_of_the_programs_own_says_where_it_was():
    with pytest.raises(KeyError) as fault:
        raise KeyError
    assert "in test_problems.py, line" in explain(fault.value, NAMED).problem.details


def test_an_error_of_botocore_that_nobody_knows_is_no_answer_of_aws():
    told = explain(UnknownServiceError(service_name="x", known_service_names="y"), NAMED).problem
    assert told.sentence.startswith("AWS was not asked")
    assert "UnknownServiceError: Unknown service" in told.details


def test_no_details_have_the_password_of_a_proxy():
    for proxy in ("http://user:p@ss/w#rd@proxy:1", "http://user:pass@proxy:1", "http://user:p ss@proxy:1"):
        told = explain(ProxyConnectionError(proxy_url=proxy, error=OSError(f"{proxy} is gone")), NAMED).problem
        assert "proxy:1" in told.details
        assert not any(part in told.details for part in ("user", "pass", "p@ss", "w#rd", "ss@"))


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (EndpointConnectionError, "could not be reached."),
        (ConnectTimeoutError, "could not be reached."),
        (ReadTimeoutError, "did not answer."),
        (ConnectionClosedError, "did not answer."),
        (SSLError, "was not trusted."),
    ],
)
@pytest.mark.parametrize("host", ["portal.sso.eu-west-1", "oidc.eu-west-1", "sts.eu-west-1", "eu-west-1.signin"])
def test_the_service_that_was_not_reached_is_named_and_not_cognitos_region(fault, words, host):
    error = fault(endpoint_url=f"https://{host}.amazonaws.com/x?y", error="certificate verify failed")
    told = explain(error, DEFAULT).problem
    assert f"AWS's sign-in service {host}.amazonaws.com {words}" in told.sentence
    assert "AWS in" not in told.text()
    assert "IT department" in told.hint
