import base64
import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confirmdesk.core.connections.redactor import LINE, Redactor
from confirmdesk.core.connections.secret import Secret

TEXT = "9example87654321+/example"
HASH = Secret(TEXT).secret_hash("mytestuser", "1example23456789")


@pytest.fixture
def redactor() -> Redactor:
    redactor = Redactor()
    redactor.hide(Secret(TEXT))
    return redactor


@pytest.mark.parametrize(
    "form",
    [
        TEXT,
        quote(TEXT, safe=""),
        urlencode({"a": TEXT}),
        base64.b64encode(TEXT.encode()).decode(),
        base64.urlsafe_b64encode(TEXT.encode()).decode(),
        repr({"odd key": TEXT}),
        json.dumps([TEXT]),
    ],
)
def test_a_registered_secret_is_hidden_in_every_form(form: str, redactor: Redactor) -> None:
    cleaned = redactor.clean(f"before {form} after")
    for plain in (TEXT, quote(TEXT, safe=""), base64.b64encode(TEXT.encode()).decode().rstrip("=")):
        assert plain not in cleaned
    assert cleaned.startswith("before ")
    assert cleaned.endswith(" after")


@pytest.mark.parametrize(
    "line",
    [
        '{"SecretHash": "%s", "Username": "u"}',
        "{'SecretHash': '%s', 'Username': 'u'}",
        '{\\"SecretHash\\": \\"%s\\"}',
        "SecretHash=%s&Username=u",
        "SecretHash: %s",
        "secret_hash='%s'",
        'ClientSecret: "%s"',
        "client_secret = %s",
        "Authorization: AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host, Signature=%s",
        "'Authorization': b'AWS4-HMAC-SHA256 Credential=x, Signature=%s'",
        "Authorization: Bearer %s",
        '{"Authorization":"Basic %s"}',
        "X-Amz-Security-Token: %s",
        "'X-Amz-Security-Token': '%s'",
        "aws_secret_access_key = %s",
        '"SecretAccessKey": "%s"',
        "aws_session_token=%s",
        "sent AWS4-HMAC-SHA256 Credential=x/y, Signature=%s",
        '"refreshToken": "%s"',
        "sent Bearer %s",
        '{"Session": {"SecretAccessKey":"%s"}}',
        "password='%s'",
        '"ClientSecret": "quote \\" inside %s"',
    ],
)
def test_an_unregistered_secret_is_hidden_by_its_name(line: str) -> None:
    assert "wJalrXUtnFEMI" not in Redactor().clean(line % "wJalrXUtnFEMI")


@pytest.mark.parametrize("line", ['"ConfirmationCode": "%s"', "code=%s", "{'code': %s}", "verification_code: %s"])
@pytest.mark.parametrize("code", ["1234", "123456", "00123456"])
def test_codes_are_hidden(line: str, code: str) -> None:
    assert code not in Redactor().clean(line % code)


def test_a_bare_hash_and_key_id_are_hidden() -> None:
    cleaned = Redactor().clean(f"got {HASH} and {quote(HASH, safe='')} with AKIAIOSFODNN7EXAMPLE")
    assert cleaned == "got ‹hidden› and ‹hidden› with ‹hidden›"


@pytest.mark.parametrize(
    "person",
    [
        "jane@example.com",
        "o'brien+tag@mail.example.org",
        "jane%40example.com",
        "жанна@example.com",
        "admin@localhost",
        "+447700900123",
        "+44 7700 900123",
        "%2B447700900123",
        "+44 (7700) 900-123",
    ],
)
@pytest.mark.parametrize("around", ["%s", "'%s'", '"%s",', "<%s>", "Username=%s&x", "(%s)"])
def test_addresses_are_hidden(person: str, around: str) -> None:
    cleaned = Redactor().clean("to " + around % person)
    assert "900" not in cleaned
    assert "example" not in cleaned
    assert "localhost" not in cleaned
    assert "jane" not in cleaned


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-23 05:18:00,123 INFO MainThread confirmdesk.core.aws.clients: 3,180 users in 53 pages, 12.4 s",
        "status code: 400, error code: LimitExceededException, RequestId: 0e5f1f2a-6f0c-4a9e-9d0e-7d5a6f3b2c1d",
        "eu-west-1_Ab12Cd34E, client 1example23456789, https://cognito-idp.eu-west-1.amazonaws.com/",
        'File "aws.py", line 120, in list_users',
        "2026-11-23T05:18:00+00:00",
    ],
)
def test_what_an_administrator_needs_stays(line: str, redactor: Redactor) -> None:
    assert redactor.clean(line) == line


@given(st.text(), st.text(alphabet="ABCdef123+/-_", min_size=8, max_size=64), st.text())
def test_no_surroundings_bring_a_registered_secret_back(before: str, secret: str, after: str) -> None:
    redactor = Redactor()
    redactor.hide(Secret(secret))
    assert secret not in redactor.clean(f"{before} {secret} {after}").replace("‹hidden›", "")


def test_long_names_do_not_hold_it_up(redactor: Redactor) -> None:
    # A quadratic pattern would take minutes for these, a linear one no time.
    for hostile in ("a" * 200_000, "SecretHash=" * 20_000, "+1 " * 70_000, 'token"' * 30_000, "'" * 100_000):
        assert len(redactor.clean(hostile)) <= LINE * 2


@pytest.mark.parametrize("login", ["user:p@ss/w#rd", "user:pass", "user:p ss", "user"])
def test_the_login_of_a_proxy_is_hidden_well_formed_or_not(login: str) -> None:
    cleaned = Redactor().clean(f"Failed to parse: http://{login}@proxy:1")
    assert cleaned == "Failed to parse: http://…@proxy:1"
