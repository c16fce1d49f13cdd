"""What may not be in a package is found there."""

import zipfile

import pytest

import scan
from project import ROOT

KEY = b"AKIA" + b"Q" * 16


@pytest.fixture
def package(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "program.py").write_bytes(b"print('hello')")
    return tmp_path


def put(package, name, data=b"x"):
    file = package / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def test_a_clean_package_is_clean(package):
    assert list(scan.look(package)) == []


def test_an_empty_one_is_not(tmp_path):
    assert list(scan.look(tmp_path)) == ["there is nothing in it"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("lib/confirmdesk/tests/test_users.py", b"", "is a test"),
        ("lib/conftest.py", b"", "is a test"),
        ("lib/botocore/data/ec2/2016-11-15/service-2.json.gz", b"", "service of AWS that is not used"),
        ("lib/moto/ec2/models.pyc", b"", "service of moto that is not used"),
        ("etc/presets.json", KEY, "holds a secret"),
        ("lib/key.pem", b"-----BEGIN RSA PRIVATE KEY-----\n" + b"M" * 60, "holds a secret"),
        ("lib/config", b"aws_secret_access_key = " + b"a" * 40, "holds a secret"),
        ("lib/direct_url.json", f"file://{ROOT}/dist/x.whl".encode(), "tells the path"),
    ],
)
def test_what_has_no_business_there_is_named(package, name, data, said):
    put(package, name, data)
    (problem,) = scan.look(package)
    assert name in problem
    assert said in problem


def test_the_keys_of_amazons_own_documents_are_no_secrets(package):
    put(package, "lib/moto/sts/responses.py", b"<AccessKeyId>AKIAIOSFODNN7EXAMPLE</AccessKeyId>")
    assert list(scan.look(package)) == []


def test_a_zip_inside_is_looked_through(package):
    with zipfile.ZipFile(package / "lib" / "library.zip", "w") as archive:
        archive.writestr("moto/ec2/models.py", "")
    (problem,) = scan.look(package)
    assert "lib/library.zip/moto/ec2/models.py" in problem


def test_a_package_above_its_budget_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(scan, "BUDGETS", {".whl": 10})
    wheel = tmp_path / "a.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("a.py", "pass")
    monkeypatch.setattr(scan, "BUILD", tmp_path)
    assert "are the most" in scan.scan(wheel)[0]
