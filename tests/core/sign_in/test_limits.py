"""A network that takes everything and says nothing: whatever the portal is asked ends."""

import threading

import pytest
from whole_aws import HANG_UP

from confirmdesk.core.errors import ConfirmdeskError, Kind
from confirmdesk.core.sign_in.accounts import roles
from confirmdesk.core.sign_in.flow import SignIn
from confirmdesk.core.sign_in.leaving import sign_out
from confirmdesk.core.sign_in.region import find_region


@pytest.fixture
def fall_silent(whole_aws, aws):
    """From now on the services of the portal take what they are asked, and say nothing."""
    over = threading.Event()

    def answer(asked):
        over.wait()
        return HANG_UP

    def fall():
        whole_aws.answers.update(dict.fromkeys(("oidc", "portal", "x"), answer))
        aws.deadlines.limit = 4.0

    yield fall
    over.set()


def by_browser(aws, way, browser):
    SignIn(aws, way, browser.open, lambda step: None).run()
    browser.end()


QUESTIONS = {
    "registering": lambda aws, way, browser: by_browser(aws, way, browser),
    "roles": lambda aws, way, browser: roles(aws, way),
    "leaving": lambda aws, way, browser: sign_out(aws, way),
    "page": lambda aws, way, browser: find_region(aws, way.portal.start_url),
}
PAGE = "The page of the access portal could not be reached."


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_question_ends_and_is_told(aws, way, browser, fall_silent, question):
    by_browser(aws, way, browser)
    fall_silent()
    with pytest.raises(ConfirmdeskError) as told:
        QUESTIONS[question](aws, way, browser)
    assert told.value.problem.kind is Kind.UNREACHED
    assert told.value.problem.sentence.endswith(PAGE if question == "page" else ".amazonaws.com did not answer.")


def test_a_renewal_ends_too(aws, way, browser, access_portal, fall_silent):
    access_portal.lives = 1
    by_browser(aws, way, browser)
    fall_silent()
    with pytest.raises(ConfirmdeskError) as told:
        roles(aws, way)
    assert told.value.problem.kind is Kind.UNREACHED
