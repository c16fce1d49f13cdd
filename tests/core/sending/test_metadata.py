import json

import pytest

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.people.users import make_user
from confirmdesk.core.quotas import LONGEST_TEXT
from confirmdesk.core.sending.metadata import check, fill, trigger_event

JANE = make_user(
    "5b1c-jane", 0, True, "UNCONFIRMED", [("sub", "5b1c-jane"), ("email", "jane@example.com"), ("locale", "en-GB")]
)


def value(text, user=JANE):
    return fill([("k", text)], user).pairs[0][1]


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("plain", "plain"),
        ("{username}", "5b1c-jane"),
        ("to {email} in {attr:locale}", "to jane@example.com in en-GB"),
        ("{{email}}", "{email}"),
        ("{{{email}}}", "{jane@example.com}"),
        ("{", "{"),
        ("{attr:nickname}", ""),
    ],
)
def test_placeholders_are_filled_for_each_user(text, filled):
    assert value(text) == filled


def test_an_attribute_that_looks_like_a_placeholder_is_not_filled_again():
    mallory = make_user("m", 0, True, "UNCONFIRMED", [("name", "{email}"), ("email", "m@example.org")])
    assert value("{name}", mallory) == "{email}"


def test_a_placeholder_that_is_empty_for_somebody_is_named():
    assert fill([("a", "{attr:nickname}"), ("b", "{phone}{attr:nickname}")], JANE).empty == (
        "{attr:nickname}",
        "{phone}",
    )


def test_keys_are_never_filled():
    assert fill([("{email}", "x")], JANE).pairs == (("{email}", "x"),)


@pytest.mark.parametrize(
    ("rows", "row", "words"),
    [
        ([("", "x")], 0, "no key"),
        ([("   ", "x")], 0, "no key"),
        ([("a", "1"), ("b", "2"), ("a", "3")], 2, "twice"),
        ([("a", "{emial}")], 0, "not a placeholder"),
        ([("a", "{attr:}")], 0, "not a placeholder"),
        ([("a", "x" * (LONGEST_TEXT + 1))], 0, "131,072"),
        ([("k" * (LONGEST_TEXT + 1), "x")], 0, "131,072"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_its_row(rows, row, words):
    [flaw] = [flaw for flaw in check(rows) if flaw.refused]
    assert flaw.row == row
    assert words in flaw.sentence


def test_a_value_of_exactly_the_limit_is_fine():
    assert check([("a", "x" * LONGEST_TEXT)]) == []


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("password", "hunter2"),
        ("api_key", "x"),
        ("note", "eyJhbGciOiJIUzI1NiJ9.abc.def"),
        ("note", "card 4111 1111 1111 1111"),
    ],
)
def test_what_looks_like_a_secret_is_flagged_but_not_refused(key, text):
    [flaw] = check([(key, text)])
    assert not flaw.refused
    assert "leave it out" in flaw.sentence


@pytest.mark.parametrize(("key", "text"), [("ticket", "4111 1111 1111 1112"), ("passenger", "7"), ("password", "")])
def test_harmless_values_are_not_flagged(key, text):
    assert check([(key, text)]) == []


def test_the_preview_is_the_documented_event_with_exactly_the_metadata_that_is_sent():
    connection = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2")
    pairs = fill([("ticket", "HD-4711"), ("locale", "{attr:locale}")], JANE).pairs
    event = json.loads(trigger_event(connection, JANE, pairs))
    assert event["triggerSource"] == "CustomMessage_ResendCode"
    assert event["userName"] == "5b1c-jane"
    assert event["callerContext"]["clientId"] == "4f9k2"
    assert event["request"]["clientMetadata"] == {"ticket": "HD-4711", "locale": "en-GB"}
    assert event["request"]["userAttributes"]["email"] == "jane@example.com"
