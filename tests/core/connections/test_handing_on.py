"""A connection that is handed on comes out at the other end as it was, without its secret."""

import json
import sys
from dataclasses import fields, replace

import pytest

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.handing_on import preset_file_name, preset_text, where_it_goes
from confirmdesk.core.connections.presets import Preset, load_presets, preset_directory

SHOP = Connection("Shop, production", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client")
FULL = replace(
    SHOP,
    endpoint="https://cognito.example.com",
    pool_name="Kunden “Süd”",
    client_name="web",
    environment="Staging",
    needs_secret=True,
    per_second=2.5,
    confirm_above=0,
    read_only=True,
    cool_down=0.0,
    largest_run=20,
    start_url="https://example.awsapps.com/start",
    sso_region="eu-central-1",
    account_id="123456789012",
    role_name="Support",
    device_code=False,
)


@pytest.mark.parametrize("connection", [SHOP, FULL, replace(SHOP, profile="support", needs_secret=False)])
def test_it_comes_back_as_it_was(connection, tmp_path):
    name = preset_file_name(connection)
    (tmp_path / name).write_text(preset_text(connection), encoding="utf-8")
    presets = load_presets([tmp_path])
    assert presets.problems == ()
    assert presets.found == (Preset(connection, name),)


def test_every_field_that_may_be_set_is_handed_on():
    """Whatever field comes later, too."""
    unusual = {f.name for f in fields(Connection) if f.name != "profile"}
    assert json.loads(preset_text(FULL)).keys() == unusual


def test_what_is_as_usual_is_left_out():
    assert json.loads(preset_text(SHOP)) == {
        "name": "Shop, production",
        "region": "eu-west-1",
        "pool_id": "eu-west-1_Ab12Cd34E",
        "client_id": "4f9k2client",
        "environment": "Production",
    }


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("Shop, production", "50-shop-production.json"),
        ("../../etc/passwd", "50-etc-passwd.json"),
        ("顧客", "50-connection.json"),
        ("x" * 300, f"50-{'x' * 60}.json"),
    ],
)
def test_its_file_has_a_name_that_every_system_takes(name, file):
    assert preset_file_name(replace(SHOP, name=name)) == file


def test_whoever_gets_it_is_told_where_it_goes(tmp_path):
    told = where_it_goes(tmp_path / "50-shop.json")
    assert str(tmp_path / "50-shop.json") in told
    assert "%PROGRAMDATA%" in told
    assert sys.platform == "win32" or str(preset_directory()) in told
    assert "secret is not in it" in told
