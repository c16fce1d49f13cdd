import base64
import json
import logging
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from hypothesis import given
from hypothesis import strategies as st

from confirmdesk.core.errors import ConfirmdeskError, Problem
from confirmdesk.core.logs import LINE, LOG_BYTES, Redactor, start_logging
from confirmdesk.core.paths import Places
from confirmdesk.core.secret import Secret

TEXT = "9example87654321+/example"
HASH = Secret(TEXT).secret_hash("mytestuser", "1example23456789")


@pytest.fixture
def redactor() -> Redactor:
    redactor = Redactor()
    redactor.hide(Secret(TEXT))
    return redactor


@pytest.fixture
def places(tmp_path: Path, redactor: Redactor) -> Iterator[Places]:
    places = Places(tmp_path)
    before = {name: logging.getLogger(name).level for name in ("", "botocore", "boto3", "urllib3", "s3transfer")}
    file = start_logging(places, redactor)
    yield places
    file.stop()
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


def logged(places: Places) -> str:
    return places.log_file.read_text(encoding="utf-8")


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
        "2026-11-23 05:18:00,123 INFO MainThread confirmdesk.core.aws: 3,180 users in 53 pages, 12.4 s",
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


def test_arguments_and_tracebacks_are_cleaned(places: Places) -> None:
    log = logging.getLogger("confirmdesk.test")
    try:
        raise ValueError(f"cannot send to jane@example.com with {TEXT}")
    except ValueError:
        log.exception("Sending to %s failed", "+447700900123")
    text = logged(places)
    assert "Traceback" in text
    assert "cannot send to ‹e-mail› with ‹hidden›" in text
    assert "Sending to ‹phone› failed" in text
    assert TEXT not in text


def test_strangers_cannot_forge_a_line(places: Places) -> None:
    logging.getLogger("confirmdesk.test").warning("name %s", "x\n2026-01-01 CRITICAL forged\r\x1b[31m\u202e\u2028end")
    lines = logged(places).splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [lines[0]]
    assert not {"\x1b", "\u202e", "\u2028", "\r"} & set(logged(places))


def test_botocore_cannot_be_made_to_tell(places: Places) -> None:
    """The real client at DEBUG, to a port where nobody listens: its request, SecretHash included, is logged first."""
    logging.getLogger().setLevel(logging.DEBUG)
    assert not logging.getLogger("botocore.endpoint").isEnabledFor(logging.DEBUG)
    for name in ("botocore", "urllib3"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    client = botocore.session.Session().create_client(
        "cognito-idp",
        region_name="us-east-1",
        endpoint_url="http://127.0.0.1:9",
        config=Config(signature_version=UNSIGNED, proxies={}, retries={"total_max_attempts": 1}),
    )
    with pytest.raises(botocore.exceptions.EndpointConnectionError):
        client.resend_confirmation_code(ClientId="c", Username="jane@example.com", SecretHash=HASH)
    logging.getLogger("botocore.endpoint").info("still speaks")
    text = logged(places)
    assert "still speaks" in text
    assert "Username" not in text
    assert HASH not in text


def test_only_the_owner_reads_it(places: Places) -> None:
    logging.getLogger("confirmdesk.test").info("hello")
    assert stat.S_IMODE(places.log_file.stat().st_mode) == 0o600


def test_three_files_and_no_more(places: Places) -> None:
    log = logging.getLogger("confirmdesk.test")
    line = "long " * 700
    for number in range(4 * LOG_BYTES // len(line)):
        log.info("%s%s", line, number)
    files = sorted(places.data.iterdir())
    assert [file.name for file in files] == ["confirmdesk.log", "confirmdesk.log.1", "confirmdesk.log.2"]
    assert all(file.stat().st_size <= LOG_BYTES for file in files)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_log_that_cannot_be_written_says_nothing_on_the_terminal(
    places: Places, capfd: pytest.CaptureFixture[str]
) -> None:
    (handler,) = (h for h in logging.getLogger().handlers if getattr(h, "baseFilename", "") == str(places.log_file))
    handler.handle(
        logging.makeLogRecord(
            {"msg": "%d users of jane@example.com", "args": ("not a number",), "levelno": logging.INFO}
        )
    )
    assert capfd.readouterr() == ("", "")


def test_a_crash_is_logged_and_told_not_printed(
    tmp_path: Path, redactor: Redactor, capfd: pytest.CaptureFixture[str]
) -> None:
    told: list[Problem] = []
    hooks = sys.excepthook, threading.excepthook
    file = start_logging(Places(tmp_path), redactor, told.append)
    sys.excepthook(ValueError, ValueError(f"bad {TEXT}"), None)
    thread = threading.Thread(target=lambda: int("no number"))
    thread.start()
    thread.join()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    file.stop()
    assert (sys.excepthook, threading.excepthook) == hooks
    text = logged(Places(tmp_path))
    assert "ValueError: bad ‹hidden›" in text
    assert "invalid literal" in text
    assert len(told) == 2
    assert "log" in told[0].sentence
    assert capfd.readouterr() == ("", "")


def test_says_where_it_cannot_log(tmp_path: Path, redactor: Redactor) -> None:
    Places(tmp_path).log_file.mkdir()
    with pytest.raises(ConfirmdeskError, match="cannot be written"):
        start_logging(Places(tmp_path), redactor)
