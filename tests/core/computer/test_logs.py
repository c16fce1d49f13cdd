import logging
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import botocore.session
import pytest
from botocore import UNSIGNED
from botocore.config import Config

from confirmdesk.core.computer.logs import LOG_BYTES, start_logging
from confirmdesk.core.computer.paths import Places
from confirmdesk.core.connections.redactor import Redactor
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import ConfirmdeskError, Problem

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


@pytest.mark.slow
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
    with pytest.raises(ConfirmdeskError, match="cannot be written"):
        start_logging(Places(tmp_path / "missing"), redactor)
