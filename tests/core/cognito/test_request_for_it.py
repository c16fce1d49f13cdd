"""The text for IT of somebody who has nothing yet."""

import json
import re

from confirmdesk.core.cognito.request_for_it import request_for_it
from confirmdesk.core.cognito.rights import policy
from confirmdesk.core.connections.connection import Connection, connection_from
from confirmdesk.core.connections.presets import preset_directory

NOTHING = Connection("", "", "", "")


def objects(text):
    """The JSON in it, as somebody pastes it."""
    decoder = json.JSONDecoder()
    return [decoder.raw_decode(text[found.start() :])[0] for found in re.finditer(r"^\{", text, re.MULTILINE)]


def test_who_knows_nothing_asks_for_everything():
    text = request_for_it(NOTHING)
    asked = [line for line in text.splitlines() if line.endswith("(please tell me)")]
    assert [line[2:].partition(":")[0] for line in asked] == [
        "Region of the user pool",
        "User pool",
        "App client, the one where people sign up",
        "Start URL of our AWS access portal",
        "Region of the access portal",
        "AWS account",
        "Role (permission set)",
    ]


def test_what_is_known_is_in_it_and_in_the_policy():
    known = Connection(
        "Shop",
        "eu-west-1",
        "eu-west-1_Ab12Cd34E",
        "4f9k2client",
        start_url="https://example.awsapps.com/start",
        sso_region="eu-central-1",
        account_id="123456789012",
        role_name="Support",
    )
    text = request_for_it(known)
    assert "please tell me" not in text
    granted, preset = objects(text)
    assert granted == json.loads(policy("eu-west-1", "123456789012", "eu-west-1_Ab12Cd34E"))
    assert connection_from(preset) == known
    for host in ("cognito-idp.eu-west-1.", "oidc.eu-central-1.", "portal.sso.eu-central-1.", "example.awsapps.com"):
        assert f"\n- {host}" in text


def test_the_rights_and_the_file_are_json_also_where_nothing_is_known():
    granted, preset = objects(request_for_it(NOTHING))
    assert granted["Statement"]
    assert {"start_url", "sso_region", "account_id", "role_name"} <= preset.keys()
    assert str(preset_directory()) in request_for_it(NOTHING)


def test_whoever_has_a_profile_is_not_asked_for_a_portal_in_the_file():
    text = request_for_it(Connection("", "eu-west-1", "", "", profile="support"))
    assert "start_url" not in objects(text)[1]
    assert "the AWS profile: support" in text


def test_nobody_is_told_to_put_a_secret_into_it():
    text = request_for_it(NOTHING)
    assert "Never put the client\nsecret into it" in text
    assert not any("secret" in key.lower() for key in objects(text)[1])
