"""The command itself, in a process of its own: it makes a Qt application."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from confirmdesk.core.computer.settings import Settings, SettingsFile
from confirmdesk.core.connections.connection import Connection

pytestmark = pytest.mark.slow

SOURCE = str(Path(__file__).parents[2] / "gui")


def run(tmp_path, *arguments, **environment):
    command = [sys.executable, "-m", "confirmdesk", "--self-check", "--data-dir", str(tmp_path / "data"), *arguments]
    given = {name: value for name, value in os.environ.items() if name != "QT_QPA_PLATFORM"}
    given |= {"PYTHONPATH": SOURCE, "DISPLAY": "", "WAYLAND_DISPLAY": "", **environment}
    return subprocess.run(command, env=given, capture_output=True, text=True, timeout=60)


def test_it_works_without_display_keyring_or_window(tmp_path, keyring_missing):
    done = run(tmp_path)
    report = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert report["ok"] is True
    assert report["qt"]["platform"] == "offscreen"
    assert report["qt"]["problem"] == ""
    assert report["keyring"]["usable"] is False
    assert report["data"]["directory"] == str(tmp_path / "data")


def test_practice_has_its_own_directory_and_a_keyring_that_always_works(tmp_path, keyring_missing):
    report = json.loads(run(tmp_path, "--practice").stdout)
    assert report["data"]["directory"] == str(tmp_path / "data" / "practice")
    assert report["keyring"]["usable"] is True


def test_the_endpoint_of_a_connection(tmp_path, keyring_missing):
    own = Connection("Own", "eu-west-1", "eu-west-1_Ab1", "c", endpoint="https://cognito.example.com")
    SettingsFile(tmp_path / "data" / "settings.json").save(Settings((own,)))
    done = run(tmp_path, "--connection", "Own", AWS_ENDPOINT_URL="https://elsewhere.example.com")
    assert "https://cognito.example.com" in done.stdout
    assert "elsewhere" not in done.stdout


def test_presets_are_counted_and_what_is_wrong_with_them_is_told(tmp_path, keyring_missing):
    own = Connection("Shop", "eu-west-1", "eu-west-1_Ab1", "c", endpoint="https://own.example.com")
    SettingsFile(tmp_path / "data" / "settings.json").save(Settings((own,)))
    directory = tmp_path / "data" / "connections.d"
    directory.mkdir()
    spelled = {"name": "Shop", "region": "eu-west-1", "pool_id": "eu-west-1_Ab1", "client_id": "c"}
    (directory / "10-shop.json").write_text(json.dumps({**spelled, "endpoint": "https://preset.example.com"}))
    (directory / "20-broken.json").write_text("{")
    done = run(tmp_path, "--connection", "Shop")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert report["presets"]["extra_directory"] == str(directory)
    assert report["presets"]["count"] == 1
    assert ["20-broken.json" in problem for problem in report["presets"]["problems"]] == [True]
    assert report["endpoint"]["url"] == "https://preset.example.com"
    lent = json.loads(run(tmp_path, "--connection", "Shop (own)").stdout)
    assert lent["endpoint"]["url"] == "https://own.example.com"
    assert json.loads(run(tmp_path, "--practice").stdout)["presets"]["count"] == 0


def test_a_data_directory_that_is_a_file_is_a_failure(tmp_path, keyring_missing):
    (tmp_path / "data").write_text("")
    done = run(tmp_path)
    assert done.returncode == 1
    assert json.loads(done.stdout)["ok"] is False
    assert "Traceback" not in done.stderr
