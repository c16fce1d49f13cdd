"""The access portal of a connection: its address in all forms that people copy, and what a connection keeps of it."""

import json
from dataclasses import replace

import pytest

from confirmdesk.core.computer.settings import Settings, SettingsFile
from confirmdesk.core.connections.connection import Connection, connection_from, refused_fields, tidy
from confirmdesk.core.connections.portal import Portal, is_aws_page, region_in, start_url_problem, tidy_start_url
from confirmdesk.core.connections.presets import load_presets

SHOP = Connection(
    "Shop",
    "eu-west-1",
    "eu-west-1_Ab12Cd34E",
    "4f9k2client",
    start_url="https://x.awsapps.com/start",
    sso_region="eu-west-2",
    account_id="123456789012",
    role_name="support",
    device_code=False,
)
START = "https://d-9067f3c1a2.awsapps.com/start"
GOVERNMENT = "https://start.us-gov-home.awsapps.com/directory/d-9067f3c1a2"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (START, START),
        (f"{START}/", START),
        (f"{START}#", START),
        (f"{START}#/", START),
        (f"{START}/#/", START),
        (f"{START}/#/?tab=accounts", START),
        (f"{START}?x=y", START),
        ("HTTPS://D-9067F3C1A2.AwsApps.com/start", START),
        ("http://d-9067f3c1a2.awsapps.com/start", START),
        ("d-9067f3c1a2.awsapps.com/start", START),
        ("d-9067f3c1a2.awsapps.com", START),
        ("https://my-company.awsapps.com/", "https://my-company.awsapps.com/start"),
        (f"{GOVERNMENT}#/", GOVERNMENT),
        ("https://ssoins-7223.portal.us-east-1.app.aws/", "https://ssoins-7223.portal.us-east-1.app.aws"),
        ("https://ssoins-7223.us-east-1.portal.amazonaws.com", "https://ssoins-7223.us-east-1.portal.amazonaws.com"),
        ("https://sso.example.com/start", "https://sso.example.com/start"),
        ("", ""),
        ("#", ""),
    ],
)
def test_each_form_in_which_a_start_url_is_copied_is_taken(typed, meant):
    assert tidy_start_url(typed) == meant
    assert not meant or start_url_problem(meant) is None


@pytest.mark.parametrize(
    "typed",
    ["ftp://x.awsapps.com/start", "start", "https://", "my company", "https://user@x.com/", "https://x.com/<b>"],
)
def test_what_is_no_address_is_refused(typed):
    assert start_url_problem(tidy_start_url(typed)) is not None


@pytest.mark.parametrize(
    ("url", "region"),
    [
        ("https://ssoins-7223.portal.us-east-1.app.aws", "us-east-1"),
        ("https://ssoins-7223.us-gov-west-1.portal.amazonaws.com/start", "us-gov-west-1"),
        ("https://start.us-gov-west-1.us-gov-home.awsapps.com/directory/d-1", "us-gov-west-1"),
        (START, ""),
        (GOVERNMENT, ""),
        # A company may be called as it likes.
        ("https://acme-corp-1.awsapps.com/start", ""),
        ("https://x.eu-west-1.example.com", ""),
        ("https://[broken", ""),
    ],
)
def test_the_region_is_read_where_an_address_has_it(url, region):
    assert region_in(url) == region


def test_only_awss_own_pages_are_awss():
    assert is_aws_page(START)
    assert not is_aws_page("https://awsapps.com.example.com/start")
    assert not is_aws_page("https://evilawsapps.com/start")
    assert not is_aws_page("http://x.awsapps.com/start")
    assert not is_aws_page("https://x.awsapps.com:8443/start")


def test_a_connection_by_a_portal_is_tidied_and_its_region_found():
    typed = replace(
        SHOP,
        start_url=" ssoins-7223.portal.us-east-1.app.aws/#/ ",
        sso_region="",
        account_id="1234-5678-9012",
        role_name="“support” ",
    )
    found = tidy(typed)
    assert found.portal == Portal("https://ssoins-7223.portal.us-east-1.app.aws", "us-east-1", device_code=False)
    assert (found.account_id, found.role_name) == ("123456789012", "support")
    assert refused_fields(found) == {}


def test_what_a_portal_needs_is_refused_field_by_field():
    bare = replace(SHOP, start_url="nowhere", sso_region="Ireland", account_id="12", role_name="")
    assert list(refused_fields(bare)) == ["start_url", "sso_region", "account_id", "role_name"]
    assert refused_fields(replace(bare, start_url="")) == {}
    assert replace(bare, start_url="").portal is None


def test_the_settings_keep_it_and_older_ones_know_of_none(tmp_path):
    file = SettingsFile(tmp_path / "settings.json")
    file.save(Settings((SHOP,)))
    assert file.load()[0].connections == (SHOP,)
    raw = json.loads((tmp_path / "settings.json").read_text())
    for name in ("start_url", "sso_region", "account_id", "role_name", "device_code"):
        del raw["connections"][0][name]
    (tmp_path / "settings.json").write_text(json.dumps(raw))
    older, problem = file.load()
    assert problem is None
    assert older.connections[0].portal is None
    assert older.connections[0].device_code


@pytest.mark.parametrize(("name", "wrong"), [("device_code", "no"), ("start_url", 1), ("account_id", 123456789012)])
def test_a_field_of_another_kind_is_named(name, wrong):
    raw = {"name": "Shop", "region": "eu-west-1", "pool_id": "eu-west-1_A", "client_id": "c", name: wrong}
    with pytest.raises(ValueError, match=name):
        connection_from(raw)


def test_it_presets_a_portal(tmp_path):
    directory = tmp_path / "connections.d"
    directory.mkdir()
    fields = ("name", "region", "pool_id", "client_id", "start_url", "account_id", "role_name", "device_code")
    raw = {name: getattr(SHOP, name) for name in fields}
    (directory / "a.json").write_text(json.dumps({**raw, "sso_region": "eu-west-2"}))
    (directory / "b.json").write_text(json.dumps({**raw, "name": "Without a region"}))
    presets = load_presets([directory])
    assert [preset.connection for preset in presets.found] == [SHOP]
    assert "The region of the access portal is missing." in presets.problems[0].text()
