"""Whoever is asked, an answer tells the time."""

import time
from email.utils import formatdate

import pytest
from scripted_aws import accepted, dated, error, http, page

from confirmdesk.core.cognito.control import Control, pages
from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.sending.plan import Request

LATE = 3600.0


@pytest.mark.parametrize(
    "answer", [accepted(), error("UserNotFoundException", "no"), error("InternalErrorException", "", 500)]
)
def test_the_answer_of_a_send_puts_the_clock_right(aws, connection, server, answer):
    server.script.append(dated(formatdate(time.time() - LATE, usegmt=True), answer))
    open_sender(aws, connection, None).send(Request("jane"))
    assert aws.clock.is_sure
    assert aws.clock.now() == pytest.approx(time.time() - LATE, abs=30)
    assert aws.clock.ahead == pytest.approx(LATE, abs=30)


def test_the_answer_of_a_listing_puts_the_clock_right(aws, connection, server):
    server.script.append(dated(formatdate(time.time() - LATE, usegmt=True), page([])))
    list(pages(Control(aws, connection), "", lambda: False))
    assert aws.clock.ahead == pytest.approx(LATE, abs=30)


def test_a_page_of_somebody_in_between_does_not(aws, connection, server):
    html = http(200, b"<html>Sign in</html>", "text/html")
    server.script.append(dated(formatdate(time.time() - LATE, usegmt=True), html))
    open_sender(aws, connection, None).send(Request("jane"))
    assert not aws.clock.is_sure
