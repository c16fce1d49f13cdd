"""Signing in with a code, which any browser takes."""

import json
import threading
from itertools import pairwise

import pytest
from access_portal import DEVICE_PAGE
from waiting import until
from whole_aws import told

from confirmdesk.core.aws.ways_in import WayIn
from confirmdesk.core.connections.portal import Portal
from confirmdesk.core.errors import ConfirmdeskError, Kind, failure
from confirmdesk.core.sign_in.asking import Asking
from confirmdesk.core.sign_in.flow import SignIn
from confirmdesk.core.sign_in.oidc import Oidc
from confirmdesk.core.sign_in.steps import Stage


def nobody(address):
    """A browser in which nothing happens."""


def none(address):
    raise failure("No web browser could be opened.")


@pytest.fixture
def by_code(start):
    """A sign-in that has come to its code."""

    def begin(open_browser=nobody):
        run = start(open_browser)
        run.until(Stage.IN_BROWSER)
        run.sign_in.use_code()
        run.until(Stage.BY_CODE)
        return run

    return begin


def test_a_code_is_shown_and_signs_in_once_it_is_allowed(by_code, access_portal, aws, way):
    opened = []
    run = by_code(opened.append)
    step = run.sign_in.step
    assert step.code == "ABCD-EFGH"
    assert step.address == f"{DEVICE_PAGE}?user_code=ABCD-EFGH"
    until(lambda: opened[-1:] == [step.address])
    assert not run.sign_in.can_use_code
    until(lambda: access_portal.polls)
    access_portal.devices[0].allowed = True
    assert run.end() is None
    assert aws.token(way) == access_portal.given[-2]
    assert [asked.body.get("redirectUris") for asked in access_portal.asked("/client/register")][-1] is None


def test_who_is_told_to_ask_less_often_does_so_from_then_on(by_code, access_portal):
    access_portal.slow_downs = 1
    run = by_code()
    until(lambda: access_portal.polls)
    access_portal.devices[0].allowed = True
    assert run.end() is None
    assert [later - earlier >= 6.0 for earlier, later in pairwise(access_portal.polls)] == [True]


def test_a_code_that_is_not_allowed_yet_is_asked_for_again_and_a_slow_one_later(aws, way, access_portal):
    oidc = Oidc(aws, Asking(aws, way))
    code = oidc.device_code(oidc.register_for_code())
    assert oidc.token_for_code(code) == (None, 0.0)
    access_portal.devices[0].slow_downs = 1
    assert oidc.token_for_code(code) == (None, 5.0)


def test_who_wants_a_code_before_a_browser_opens_gets_one_page_and_one_code(aws, way, access_portal, whole_aws):
    answer, opened = whole_aws.answers["oidc"], []
    sign_in = SignIn(aws, way, opened.append, lambda step: None)

    def wanted_meanwhile(asked):
        if asked.path == "/client/register":
            sign_in.use_code()
        return answer(asked)

    whole_aws.answers["oidc"] = wanted_meanwhile
    running = threading.Thread(target=sign_in.run)
    running.start()
    until(lambda: access_portal.polls)
    for device in access_portal.devices:
        device.allowed = True
    running.join()
    assert opened == [f"{DEVICE_PAGE}?user_code=ABCD-EFGH"]
    assert len(access_portal.devices) == 1


@pytest.mark.parametrize(
    "strange",
    [
        {"verificationUriComplete": "javascript:alert(1)"},
        {"verificationUriComplete": "", "verificationUri": "file:///etc/passwd"},
        {"verificationUriComplete": "http://device.example.com/"},
        {"userCode": "<b>A</b>\u202e"},
        {"userCode": "A" * 10_000},
        {"interval": -5},
        {"interval": 1e12},
    ],
)
def test_nothing_strange_is_shown_or_opened(aws, way, access_portal, whole_aws, strange):
    answer, opened = whole_aws.answers["oidc"], []

    def changed(asked):
        given = answer(asked)
        return told({**json.loads(given.text), **strange}) if asked.path == "/device_authorization" else given

    whole_aws.answers["oidc"] = changed
    sign_in = SignIn(aws, way, opened.append, lambda step: None)
    sign_in.use_code()
    with pytest.raises(ConfirmdeskError) as failed:
        sign_in.run()
    assert failed.value.problem.sentence == "AWS's answer could not be read."
    assert opened == []
    assert not access_portal.polls


@pytest.mark.parametrize(
    ("becomes", "sentence"),
    [
        ({"allowed": False}, "The sign-in was not allowed in the browser."),
        ({"expired": True}, "The code was not allowed in time."),
    ],
)
def test_a_code_that_is_refused_or_too_old_is_told(by_code, access_portal, becomes, sentence):
    run = by_code()
    for name, value in becomes.items():
        setattr(access_portal.devices[0], name, value)
    problem = run.end()
    assert problem.sentence == sentence
    assert problem.kind is Kind.NO_SIGN_IN
    assert "Sign in again" in problem.hint


def test_a_network_that_is_gone_for_a_moment_does_not_end_it(aws, way, access_portal, whole_aws):
    oidc = Oidc(aws, Asking(aws, way))
    code = oidc.device_code(oidc.register_for_code())
    whole_aws.proxy.breaks, whole_aws.proxy.times = "503", 1
    aws_again = Oidc(aws, Asking(aws, way))
    assert aws_again.token_for_code(code) == (None, 5.0)
    access_portal.devices[0].allowed = True
    token, _ = aws_again.token_for_code(code)
    assert token["accessToken"] in access_portal.given
    whole_aws.proxy.times = 100
    gone = Oidc(aws, Asking(aws, way))
    assert [gone.token_for_code(code)[0] for _ in range(2)] == [None, None]
    with pytest.raises(ConfirmdeskError) as failed:
        gone.token_for_code(code)
    assert failed.value.problem.kind is Kind.UNREACHED


def test_cancel_ends_the_wait_for_a_code_at_once(by_code):
    run = by_code()
    run.sign_in.cancel()
    assert run.end().kind is Kind.CANCELLED


def test_where_no_browser_opens_the_code_is_told_with_the_address(by_code):
    run = by_code(none)
    until(lambda: run.sign_in.step.stage is Stage.NO_BROWSER and run.sign_in.step.code)
    assert run.sign_in.step.code == "ABCD-EFGH"
    assert "this code" in run.sign_in.step.sentence


def test_where_the_company_forbids_codes_there_is_none(start, access_portal, browser):
    run = start(nobody, way=WayIn(Portal(access_portal.start_url, "eu-west-1", device_code=False)))
    run.until(Stage.IN_BROWSER)
    assert not run.sign_in.can_use_code
    run.sign_in.use_code()
    browser.open(run.sign_in.address)
    assert run.end() is None
    assert access_portal.devices == []
