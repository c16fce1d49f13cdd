"""The region of a portal, by its address or its page."""

import pytest
from whole_aws import PORTAL, Told

from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.sign_in.region import find_region


def page(text, leads_to=""):
    return Told(302 if leads_to else 200, text, "text/html", leads_to=leads_to)


def test_an_address_that_has_it_is_not_asked(aws, whole_aws):
    assert find_region(aws, "https://ssoins-1.portal.eu-central-1.app.aws") == "eu-central-1"
    assert whole_aws.asked == []


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ('<html><head><meta charset="utf-8"><meta name="region" content="eu-central-1"></head>', "eu-central-1"),
        ("<META content='us-gov-west-1' data-x name='region'/>", "us-gov-west-1"),
        ('<meta name="region" content="somewhere">', ""),
        ('<meta name="regions" content="eu-central-1">', ""),
        ("", ""),
        # A search that looks at each beginning anew would take minutes, and the window stands still meanwhile.
        ("<meta " * 60_000 + '<meta name="region" content="eu-north-1">', "eu-north-1"),
    ],
)
def test_the_page_tells_it(aws, whole_aws, text, region):
    whole_aws.answers["x"] = page(text)
    assert find_region(aws, PORTAL) == region


def test_redirects_are_followed_among_aws_own_pages(aws, whole_aws):
    whole_aws.answers["x"] = page("", "https://y.awsapps.com/start/")
    whole_aws.answers["y"] = page('<meta name="region" content="eu-north-1">')
    assert find_region(aws, PORTAL) == "eu-north-1"


def test_a_redirect_may_have_it_in_its_address(aws, whole_aws):
    whole_aws.answers["x"] = page("", "https://ssoins-1.eu-south-1.portal.amazonaws.com/start")
    assert find_region(aws, PORTAL) == "eu-south-1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/start",
        "http://y.awsapps.com/start",
        "https://awsapps.com.evil.example/",
        "//evil.example/x",
        "https://y.awsapps.com:8443/",
        # Whom this names depends on who reads it.
        "https://evil.example\\@y.awsapps.com/",
    ],
)
def test_nobody_is_led_elsewhere(aws, whole_aws, elsewhere):
    whole_aws.answers["x"] = page("", elsewhere)
    assert find_region(aws, PORTAL) == ""
    assert [asked.host for asked in whole_aws.asked] == ["x.awsapps.com"]
    assert len(whole_aws.proxy.asked) == 1


def test_a_page_that_leads_to_itself_is_left(aws, whole_aws):
    whole_aws.answers["x"] = page("", PORTAL)
    assert find_region(aws, PORTAL) == ""
    assert len(whole_aws.asked) < 10


def test_a_host_that_is_not_aws_is_never_asked(aws, whole_aws):
    assert find_region(aws, "https://sso.example.com/start") == ""
    assert whole_aws.proxy.asked == []


def test_a_page_that_cannot_be_read_is_told_with_what_to_do(aws, whole_aws):
    whole_aws.proxy.breaks = "answer"
    with pytest.raises(ConfirmdeskError) as told:
        find_region(aws, PORTAL)
    assert "proxy" in told.value.problem.sentence
