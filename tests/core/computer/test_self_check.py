import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

import certifi
import pytest
from keyring_session import KeyringSession

from confirmdesk.core.computer import paths
from confirmdesk.core.computer import self_check as selfcheck
from confirmdesk.core.computer.paths import Places
from confirmdesk.core.computer.self_check import QtFacts, SelfCheck, effective_endpoint, self_check
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.keychain import Keychain, KeychainState, SessionKeychain, SystemKeychain
from confirmdesk.core.connections.presets import PATIENCE, Preset, Presets
from confirmdesk.core.errors import Problem

QT = QtFacts("6.11.3", "offscreen")
SHOP = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "1example23456789")
OWN = Connection("Own", "eu-west-1", "eu-west-1_Ab12Cd34E", "c", endpoint="https://cognito.example.com")


@pytest.fixture(autouse=True)
def _icon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    icon = tmp_path / "tree" / "resources" / selfcheck.RESOURCES[0]
    icon.parent.mkdir(parents=True)
    icon.write_text("<svg/>")
    monkeypatch.setattr(
        paths, "__file__", str(tmp_path / "tree" / "gui" / "confirmdesk" / "core" / "computer" / "paths.py")
    )


def check(
    tmp_path: Path, keychain: Keychain | None = None, qt: QtFacts = QT, connection: Connection | None = None
) -> tuple[SelfCheck, Any]:
    result = self_check(Places(tmp_path / "data"), keychain or SessionKeychain(), qt, connection)
    return result, json.loads(result.text)


def test_a_working_installation(tmp_path: Path, keyring_unlocked: KeyringSession) -> None:
    result, report = check(tmp_path, SystemKeychain())
    assert (result.exit_code, report["ok"]) == (0, True)
    assert report["versions"]["python"] == sys.version.split()[0]
    assert report["versions"]["boto3"]
    assert report["qt"] == {"version": "6.11.3", "platform": "offscreen", "problem": ""}
    assert report["keyring"] == {"backend": "Secret Service", "state": "usable", "usable": True, "problem": ""}
    assert report["data"]["directory"] == str(tmp_path / "data")
    assert report["tls"]["file"] == certifi.where()
    assert report["tls"]["certificates"] > 100


@pytest.mark.parametrize(("where", "state"), [("keyring_locked", "locked"), ("keyring_missing", "missing")])
def test_without_a_keyring_it_still_works(
    where: str, state: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(where)
    result, report = check(tmp_path, SystemKeychain())
    assert result.exit_code == 0
    assert (report["keyring"]["state"], report["keyring"]["usable"]) == (state, False)
    assert report["keyring"]["problem"]


def test_without_qt_it_cannot_work(tmp_path: Path) -> None:
    result, report = check(tmp_path, qt=QtFacts("", "", "Qt cannot be loaded."))
    assert (result.exit_code, report["ok"], report["qt"]["problem"]) == (1, False, "Qt cannot be loaded.")


def test_without_a_data_directory_it_cannot_work(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    result, report = check(tmp_path)
    assert (result.exit_code, report["data"]["writable"]) == (1, False)
    assert str(tmp_path / "data") in report["data"]["problem"]


def test_without_resources_it_cannot_work(tmp_path: Path) -> None:
    (tmp_path / "tree" / "resources" / selfcheck.RESOURCES[0]).unlink()
    result, report = check(tmp_path)
    assert (result.exit_code, report["resources"]["missing"]) == (1, [selfcheck.RESOURCES[0]])


@pytest.mark.parametrize("content", [None, b"", b"no certificate"])
def test_without_tls_roots_it_cannot_work(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "company.pem"
    if content is not None:
        bundle.write_bytes(content)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    result, report = check(tmp_path)
    assert (result.exit_code, report["tls"]) == (1, {"file": str(bundle), "certificates": 0})


def test_the_endpoint_is_the_connections_own_or_aws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://elsewhere.example.com")
    shop = check(tmp_path, connection=SHOP)[1]["endpoint"]
    own = check(tmp_path, connection=OWN)[1]["endpoint"]
    assert shop == {"connection": "Shop", "url": "https://cognito-idp.eu-west-1.amazonaws.com", "custom": False}
    assert own == {"connection": "Own", "url": "https://cognito.example.com", "custom": True}
    assert check(tmp_path)[1]["endpoint"]["connection"] == ""


@pytest.mark.parametrize("region", ["us-east-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1", "xx-nowhere-9"])
def test_the_endpoint_is_the_one_botocore_calls(region: str) -> None:
    import botocore.session

    client = botocore.session.Session().create_client(
        "cognito-idp", region_name=region, aws_access_key_id="x", aws_secret_access_key="x"
    )
    assert effective_endpoint(Connection("n", region, f"{region}_x", "c")) == client.meta.endpoint_url


def test_it_does_not_load_what_it_reports_on(tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from confirmdesk.core.connections.keychain import SessionKeychain
from confirmdesk.core.errors import Problem
from confirmdesk.core.computer.paths import Places
from confirmdesk.core.connections.presets import PATIENCE, Preset, Presets
from confirmdesk.core.computer.self_check import QtFacts, self_check
self_check(Places(Path({str(tmp_path / "data")!r})), SessionKeychain(), QtFacts("", ""))
print(sorted({{"boto3", "botocore", "PySide6", "certifi", "keyring"}} & set(sys.modules)))
"""
    source = Path(selfcheck.__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    result = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_never_longer_than_its_promise() -> None:
    assert max(selfcheck.KEYRING_PATIENCE, selfcheck.DISK_PATIENCE) + PATIENCE < 5


def test_a_busy_disk_has_the_time_that_the_keyring_takes_as_well(tmp_path: Path) -> None:
    """It answers only when the keyring has been asked: one after the other would be too late."""
    keyring_asked = threading.Event()

    class Busy(Places):
        def create(self) -> None:
            assert keyring_asked.wait(60)
            Places.create(self)

    class Asked(SessionKeychain):
        def state(self, patience: float) -> KeychainState:
            keyring_asked.set()
            return super().state(patience)

    result = self_check(Busy(tmp_path / "data"), Asked(), QT)
    data = json.loads(result.text)["data"]
    assert (data["directory"], data["writable"], data["problem"]) == (str(tmp_path / "data"), True, "")


def test_a_disk_that_never_answers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    never = threading.Event()

    class Gone(Places):
        def create(self) -> None:
            never.wait()

    monkeypatch.setattr(selfcheck, "DISK_PATIENCE", 0.01)
    result = self_check(Gone(tmp_path / "data"), SessionKeychain(), QT)
    never.set()
    assert not result.ok
    assert "does not answer" in json.loads(result.text)["data"]["problem"]


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such files")
@pytest.mark.parametrize("name", ["lock", "ledger.sqlite3", "confirmdesk.log"])
def test_a_pipe_in_place_of_a_file_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "data").mkdir()
    os.mkfifo(tmp_path / "data" / name)
    result, report = check(tmp_path)
    assert not result.ok
    assert f"{tmp_path / 'data' / name} is a pipe" in report["data"]["problem"]


@pytest.mark.skipif(sys.platform != "linux", reason="the directories are Linux's")
def test_a_data_directory_that_is_emptied_is_told_and_no_failure(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/tmp") as emptied:
        result = self_check(Places(Path(emptied) / "data"), SessionKeychain(), QT)
    data = json.loads(result.text)["data"]
    assert result.ok
    assert data["place"] == "temporary directory"
    assert "a second one" in data["advice"]


def test_presets_are_reported_and_a_broken_one_is_no_failure(tmp_path: Path) -> None:
    problem = Problem("05-broken.json is not JSON: see line 1, column 2.")
    presets = Presets((tmp_path / "etc", tmp_path / "own"), (Preset(SHOP, "10-shop.json"),), (problem,))
    result = self_check(Places(tmp_path / "data"), SessionKeychain(), QT, None, presets)
    assert result.ok
    assert json.loads(result.text)["presets"] == {
        "directory": str(tmp_path / "etc"),
        "extra_directory": str(tmp_path / "own"),
        "count": 1,
        "problems": [problem.sentence],
    }
