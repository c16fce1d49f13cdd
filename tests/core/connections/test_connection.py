from dataclasses import replace

import pytest
from botocore.utils import is_valid_endpoint_url, is_valid_ipv6_endpoint_url
from hypothesis import given
from hypothesis import strategies as st

from confirmdesk.core.connections.connection import (
    CONFIRM_ABOVE,
    COOL_DOWN,
    PER_SECOND,
    Connection,
    SecretSlot,
    endpoint_problem,
    is_aws,
    is_loopback,
    problems,
    tidy,
)

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client")


def test_a_good_connection_has_no_problems():
    assert problems(SHOP) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": "  "}, "The connection has no name."),
        ({"region": "Ireland"}, "“Ireland” is not a region."),
        ({"region": "eu-west"}, "“eu-west” is not a region."),
        ({"region": "eu-west-1.evil.example.com/"}, "“eu-west-1.evil.example.com/” is not a region."),
        ({"pool_id": "Practice shop"}, "The user pool is not a pool id."),
        ({"pool_id": "eu-west-1_Ab\n"}, "The user pool is not a pool id."),
        ({"client_id": "has blank"}, "The app client is not a client id."),
        ({"client_id": "ключ"}, "The app client is not a client id."),
        ({"client_id": "x" * 129}, "The app client is not a client id."),
        ({"endpoint": "http://cognito.example.com"}, "The endpoint URL is not encrypted."),
    ],
)
def test_what_keeps_a_connection_from_being_used(change, sentence):
    assert [problem.sentence for problem in problems(replace(SHOP, **change))] == [sentence]


@pytest.mark.parametrize(
    ("field", "pasted"),
    [
        ("pool_id", "\u200beu-west-1_Ab12Cd34E"),
        ("pool_id", " eu-west-1_Ab12\u200dCd34E\ufeff\n"),
        ("pool_id", "eu‑west‑1_Ab12Cd34E"),
        ("pool_id", "\u00a0“eu-west-1_Ab12Cd34E”,"),
        ("pool_id", "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Ab12Cd34E"),
        ("pool_id", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E"),
        ("client_id", "4f9k2client\u2060"),
        ("client_id", '"4f9k2client";'),
        ("region", "\u202aeu-west-1\u202c"),
        ("region", "EU-West–1 "),
        ("endpoint", "https://cognito.exam\u00adple.com/ "),
        ("endpoint", "<https://cognito.example.com>"),
        ("profile", "support\u200b"),
        ("name", "\u200bShop "),
    ],
)
def test_what_clings_to_a_pasted_field_falls_away(field, pasted):
    shop = replace(SHOP, endpoint="https://cognito.example.com", profile="support")
    assert tidy(replace(shop, **{field: pasted})) == shop


def test_names_and_what_is_wrong_stay_as_they_are_written():
    odd = Connection("Shop – “old” 店", "Ireland", "Practice shop", "a b", "é")
    assert tidy(odd) == odd


@pytest.mark.parametrize("field", ["region", "pool_id", "client_id", "endpoint"])
def test_a_letter_of_another_script_is_named(field):
    shop = replace(SHOP, endpoint="https://example.com")
    pasted = getattr(shop, field)[:2] + "\u0430" + getattr(shop, field)[3:]
    (problem,) = problems(replace(shop, **{field: pasted}))
    assert "cyrillic small letter a, U+0430, as the 3rd character" in problem.hint


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("", True),
        ("https://cognito-idp-fips.us-east-1.amazonaws.com", True),
        ("https://vpce-1.cognito-idp.eu-west-1.vpce.amazonaws.com", True),
        ("https://cognito-idp.cn-north-1.amazonaws.com.cn/", True),
        ("http://127.0.0.1:5000", False),
        ("https://amazonaws.com.example.com", False),
        ("https://myamazonaws.com", False),
    ],
)
def test_which_endpoints_are_awss_own(url, own):
    assert is_aws(url) is own


def test_a_new_connection_sends_gently_and_asks():
    assert (SHOP.per_second, SHOP.confirm_above, SHOP.read_only, SHOP.cool_down) == (5.0, 50, False, 24.0)


def test_nobody_is_faster_than_aws_nor_waits_longer_than_a_week():
    assert (PER_SECOND, COOL_DOWN) == ((0.5, 50.0), (0.0, 168.0))
    assert CONFIRM_ABOVE[0] == 0


def test_problems_come_in_the_order_of_the_form():
    found = [problem.sentence for problem in problems(Connection("", "", "", "", endpoint="ftp://x"))]
    assert [words.split()[-1] for words in found] == ["name.", "region.", "id.", "id.", "address."]


@pytest.mark.parametrize(
    "region", ["eu-west-1", "us-gov-west-1", "cn-north-1", "ap-southeast-4", "eusc-de-east-1", "us-iso-east-1"]
)
def test_regions_of_every_partition_are_taken(region):
    assert problems(replace(SHOP, region=region)) == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://cognito.example.com",
        "https://cognito.example.com:8443/base",
        "http://127.0.0.1:5000",
        "http://[::1]:5000",
        "http://localhost",
    ],
)
def test_endpoints_that_may_be_used(url):
    assert endpoint_problem(url) is None


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("cognito.example.com", "not a web address"),
        ("ftp://cognito.example.com", "not a web address"),
        ("https://", "not a web address"),
        ("https://[::1", "not a web address"),
        ("https://example.com:99999", "not a web address"),
        ("https://exa mple.com", "not a web address"),
        ("https://example.com/a b", "not a web address"),
        ("https://example.com/a\tb", "not a web address"),
        ("https://my_host.example.com", "not a web address"),
        ("https://-a.example.com", "not a web address"),
        ("https://exämple.com", "not a web address"),
        ("https://example.com\\base", "not a web address"),
        ("https://%65xample.com", "not a web address"),
        ("http://[::1].evil.example", "not a web address"),
        ("http://[::1]evil.example:80", "not a web address"),
        ("http://evil.example[::1]", "not a web address"),
        ("https://[::1%25eth0]", "not a web address"),
        ("https://[127.0.0.1]", "not a web address"),
        ("http://127.0.0.1:80.evil.example", "not a web address"),
        ("http://127.0.0.1:80:80", "not a web address"),
        ("http://127.0.0.1%2eevil.example", "not a web address"),
        ("http://127.0.0.1%00.evil.example", "not a web address"),
        ("http://127.0.0.1\\@evil.example", "not a web address"),
        ("http://localhost\t.evil.example", "not a web address"),
        (" http://localhost", "not a web address"),
        ("http://localhost\n", "not a web address"),
        ("http:/localhost", "not a web address"),
        ("http:////localhost", "not a web address"),
        # The resolver would take these for numbers: two of them are this computer, which nobody could tell.
        ("https://2130706433", "not a web address"),
        ("https://0x7f.1", "not a web address"),
        ("https://127.1", "not a web address"),
        ("https://999.0.0.1", "not a web address"),
        ("https://user:pass@cognito.example.com", "holds more than a host"),
        ("http://localhost@evil.example", "holds more than a host"),
        ("http://127.0.0.1:80@evil.example", "holds more than a host"),
        ("http://evil.example#@localhost", "holds more than a host"),
        ("http://evil.example?@localhost/", "holds more than a host"),
        ("https://cognito.example.com?x=1", "holds more than a host"),
        ("https://cognito.example.com#x", "holds more than a host"),
        ("http://cognito.example.com", "not encrypted"),
        ("http://localhost.example.com", "not encrypted"),
        ("http://127.0.0.1.example.com", "not encrypted"),
        ("http://192.0.2.1", "not encrypted"),
    ],
)
def test_endpoints_that_may_not(url, words):
    problem = endpoint_problem(url)
    assert problem is not None
    assert words in problem.sentence
    assert problem.hint


URLS = st.text("aK1-._~:/?#[]@!%\\ \t\nä\u212a{|}", max_size=20) | st.text(max_size=10)


@given(st.sampled_from(["https://", "http://", "https://a", "https://[::1]", "http://localhost", ""]), URLS)
def test_botocore_takes_every_endpoint_that_may_be_used(start, rest):
    url = start + rest
    assert not url or endpoint_problem(url) or is_valid_endpoint_url(url) or is_valid_ipv6_endpoint_url(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:5000", True),
        ("http://127.8.9.1", True),
        ("http://[::1]", True),
        ("http://LOCALHOST:80/base", True),
        ("http://localhost@example.com", False),
        ("http://[::1].evil.example", False),
        ("http://[::1]@evil.example", False),
        ("http://localhost\\.evil.example", False),
        ("http://evil.example#http://localhost", False),
        ("https://127.0.0.1.example.com", False),
        ("", False),
    ],
)
def test_loopback_is_this_computer_only(url, expected):
    assert is_loopback(url) is expected


def test_a_secret_belongs_to_endpoint_region_pool_and_client():
    changes = ({"endpoint": "https://x.example.com"}, {"region": "eu-west-2"}, {"pool_id": "p_1"}, {"client_id": "c"})
    slots = {replace(SHOP, **change).slot for change in changes} | {SHOP.slot}
    assert len(slots) == 5
    assert len({slot.account() for slot in slots}) == 5
    assert SHOP.slot == SecretSlot("", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client")
    assert SHOP.slot.account() == "aws eu-west-1 eu-west-1_Ab12Cd34E 4f9k2client"


def test_the_same_place_under_another_name_has_the_same_secret():
    assert (
        replace(SHOP, name="Other", profile="p", environment="Staging", pool_name="n", per_second=9.0).slot == SHOP.slot
    )


def test_the_label_names_region_and_client():
    assert SHOP.label == "eu-west-1 · 4f9k2client"
    assert replace(SHOP, client_name="web").label == "eu-west-1 · web"
