"""Profiles that sign in by a portal share their sign-in with the AWS command line and whatever else uses it."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace

import pytest
from access_portal import REGION
from whole_aws import PORTAL

from confirmdesk.core.aws.ways_in import WayIn
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Kind
from confirmdesk.core.sign_in.accounts import roles
from confirmdesk.core.sign_in.leaving import sign_out
from confirmdesk.core.sign_in.steps import Stage

SESSION = f"""[profile shop]
sso_session = company
sso_account_id = 123456789012
sso_role_name = support
[profile above]
role_arn = arn:aws:iam::123456789012:role/r
source_profile = shop
[sso-session company]
sso_region = {REGION}
sso_start_url = {PORTAL}
sso_registration_scopes = sso:account:access
"""
OLD = f"""[profile shop]
sso_start_url = {PORTAL}
sso_region = {REGION}
sso_account_id = 123456789012
sso_role_name = support
"""
SHOP = Connection("Shop", "eu-west-1", "eu-west-1_A", "c", profile="shop")


@pytest.fixture
def config(tmp_path):
    def write(text):
        (tmp_path / ".aws").mkdir(mode=0o700)
        (tmp_path / ".aws" / "config").write_text(text)
        return tmp_path / ".aws"

    return write


def by_code(start, access_portal, way):
    """Signs in with a code: an older profile has no other way."""
    access_portal.interval = 1
    run = start(lambda address: setattr(access_portal.devices[-1], "allowed", True), way=way)
    assert run.end() is None
    return run


PLAIN = """import boto3, sys
session = boto3.Session(profile_name="shop", region_name="eu-west-1")
print(session.client("cognito-idp").list_users(UserPoolId="eu-west-1_A")["Users"], end="")
"""
# As the AWS command line keeps the keys of a role.
WITH_CACHE = """import botocore.session, sys
from botocore.utils import JSONFileCache
session = botocore.session.Session(profile="shop")
session.get_component("credential_provider").get_provider("sso").cache = JSONFileCache(sys.argv[1])
session.get_credentials().get_frozen_credentials()
"""


@pytest.mark.parametrize("text", [SESSION, OLD], ids=["session", "older"])
def test_plain_boto3_in_another_process_uses_the_sign_in(start, aws, config, access_portal, whole_aws, text):
    config(text)
    way = aws.way_in(SHOP)
    assert way.by_code_only is (text is OLD)
    if way.by_code_only:
        by_code(start, access_portal, way)
    else:
        assert start(way=way).end() is None
    whole_aws.asked.clear()
    plain = subprocess.run([sys.executable, "-c", PLAIN], env=dict(os.environ), capture_output=True, text=True)
    assert (plain.stdout, plain.stderr) == ("[]", "")
    assert whole_aws.services() == ["portal", "cognito-idp"]
    assert Control(aws, SHOP).page().users == ()


def test_the_file_is_the_command_lines_own_and_nobody_elses_to_read(start, aws, config, access_portal):
    folder = config(SESSION)
    assert start(way=aws.way_in(SHOP)).end() is None
    (file,) = (folder / "sso" / "cache").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {stat.S_IMODE(parent.stat().st_mode) for parent in (file.parent, file.parent.parent)} == {0o700}
    kept = json.loads(file.read_text())
    assert set(kept) == {
        "startUrl",
        "region",
        "accessToken",
        "expiresAt",
        "clientId",
        "clientSecret",
        "registrationExpiresAt",
        "refreshToken",
    }
    assert kept["expiresAt"].endswith("Z")


def test_a_role_that_stands_on_such_a_profile_is_signed_in_by_it(aws, config):
    config(SESSION)
    assert replace(aws.way_in(replace(SHOP, profile="above")), profile="shop") == aws.way_in(SHOP)


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        ("[profile shop]\naws_access_key_id = AKIA\naws_secret_access_key = x\n", "shop"),
        ("[profile shop]\nsso_session = gone\nsso_account_id = 1\nsso_role_name = r\n", "shop"),
        ("[profile shop]\nsource_profile = shop\nrole_arn = a\n", "shop"),
        ("", "shop"),
        ("", ""),
    ],
)
def test_other_profiles_have_no_sign_in_by_a_browser(aws, config, text, profile):
    config(text)
    assert aws.way_in(replace(SHOP, profile=profile)) is None
    assert aws.sign_in_of(replace(SHOP, profile=profile)) is None


def test_the_default_profile_is_the_one_that_the_environment_names(aws, config, monkeypatch):
    config(SESSION)
    monkeypatch.setenv("AWS_PROFILE", "shop")
    assert aws.way_in(replace(SHOP, profile="")) == aws.way_in(SHOP)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIA")
    assert aws.way_in(replace(SHOP, profile="")) is None


def test_signing_out_tells_the_portal_and_leaves_nothing_of_it_in_the_files(start, aws, config, access_portal):
    folder = config(SESSION)
    way = aws.way_in(SHOP)
    assert start(way=way).end() is None
    other = folder / "sso" / "cache" / "other.json"
    other.write_text("{}")
    token = aws.token(way)
    keys = folder / "cli" / "cache"
    keys.mkdir(parents=True)
    # As botocore names it for the role.
    plain = subprocess.run(
        [sys.executable, "-c", WITH_CACHE, keys], env=dict(os.environ), capture_output=True, text=True
    )
    assert plain.stderr == ""
    assert len(list(keys.iterdir())) == 1
    sign_out(aws, way)
    assert access_portal.logged_out == [token]
    assert list((folder / "sso" / "cache").iterdir()) == [other]
    assert list(keys.iterdir()) == []
    assert aws.sign_in_of(SHOP) is None
    with pytest.raises(Exception, match="Nobody has signed in"):
        Control(aws, SHOP).page()


def test_an_older_profile_shows_its_code_at_once_and_its_token_is_not_renewed(start, aws, config, access_portal):
    config(OLD)
    run = by_code(start, access_portal, aws.way_in(SHOP))
    assert Stage.IN_BROWSER not in run.stages
    assert not aws.sign_in_of(SHOP).renews_itself
    assert len(roles(aws, aws.way_in(SHOP))) == 1


def test_a_disk_that_keeps_nothing_is_told(start, aws, config):
    folder = config(SESSION)
    (folder / "sso").write_text("in the way")
    problem = start(way=aws.way_in(SHOP)).end()
    assert problem.kind is Kind.BROKEN_HERE
    assert problem.sentence.startswith("The sign-in could not be kept in your folder .aws")
    assert isinstance(aws.way_in(SHOP), WayIn)
