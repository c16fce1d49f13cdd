from dataclasses import replace

import pytest

from confirmdesk.core.connections import Connection, SecretSlot, endpoint_problem, is_loopback, problems

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


def test_problems_come_in_the_order_of_the_form():
    found = [problem.sentence for problem in problems(Connection("", "", "", "", endpoint="ftp://x"))]
    assert [words.split()[-1] for words in found] == ["name.", "region.", "address.", "id.", "id."]


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
        ("https://user:pass@cognito.example.com", "holds more than a host"),
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


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:5000", True),
        ("http://127.8.9.1", True),
        ("http://[::1]", True),
        ("http://localhost@example.com", False),
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
    assert replace(SHOP, name="Other", profile="p", environment="Staging", pool_name="n").slot == SHOP.slot


def test_the_label_names_region_and_client():
    assert SHOP.label == "eu-west-1 · 4f9k2client"
    assert replace(SHOP, client_name="web").label == "eu-west-1 · web"
