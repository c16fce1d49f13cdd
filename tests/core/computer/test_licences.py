import sys
from importlib.metadata import PathDistribution

import pytest

from confirmdesk.core.computer import licences
from confirmdesk.core.computer.licences import licence_of, licence_text, own_licence, requirements, third_party


def install(site, name, version="1.0", requires=(), **fields):
    """A distribution as an installer leaves it behind."""
    place = site / f"{name.replace('-', '_')}-{version}.dist-info"
    place.mkdir(parents=True)
    lines = [f"Name: {name}", f"Version: {version}", *(f"Requires-Dist: {one}" for one in requires)]
    lines += [f"{key.replace('_', '-')}: {value}" for key, values in fields.items() for value in values]
    (place / "METADATA").write_text("Metadata-Version: 2.4\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return PathDistribution(place)


@pytest.fixture
def site(tmp_path, monkeypatch):
    """Nothing is installed but what a test installs."""
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    return tmp_path


def test_the_own_licence_is_there_in_full():
    text = own_licence()
    assert text.startswith("MIT License\n\nCopyright (c)")
    assert text.endswith("OTHER DEALINGS IN THE\nSOFTWARE.")


def test_the_own_licence_as_a_wheel_installs_it(site):
    install(site, "confirmdesk")
    (site / "confirmdesk-1.0.dist-info" / "licenses").mkdir()
    (site / "confirmdesk-1.0.dist-info" / "licenses" / "LICENSE").write_text("MIT, as installed\n")
    assert own_licence() == "MIT, as installed"


def test_a_source_tree_that_nobody_installed_has_it_too(site):
    assert own_licence().startswith("MIT License")


def test_here_it_lists_what_is_installed():
    text = licence_text()
    assert "Permission is hereby granted" in text
    assert "LGPL-3.0" in text
    for start in ("Python: PSF-2.0", "boto3 ", "botocore ", "keyring ", "PySide6_Essentials ", "shiboken6 "):
        assert f"\n{start}" in text
    assert "\npytest " not in text
    assert "\nruff " not in text


def test_what_an_installer_ships_is_shown_instead_word_for_word(tmp_path, monkeypatch):
    shipped = tmp_path / "THIRD-PARTY.txt"
    paragraph = "Redistribution and use " * 300
    shipped.write_bytes(f"Qt: <b>LGPL-3.0</b>\n\tindented\x0c\n{paragraph}\nrid\u202eden\n".encode() + b"\xff\n")
    monkeypatch.setattr(licences, "resource", lambda name: {"licences/THIRD-PARTY.txt": shipped}[name])
    shown = third_party().split("\n")
    assert shown[0] == "Qt: <b>LGPL-3.0</b>"
    assert shown[1] == "        indented"
    assert paragraph.strip() in [line.strip() for line in shown]
    assert shown[-2:] == ["rid⟨U+202E⟩den", "\ufffd"]
    assert "Permission is hereby granted" in licence_text()


def test_requirements_of_requirements_each_once_in_circles_too(site):
    install(site, "root", requires=["late", "A-one>=2", "b_two[fast] (>=1) ; python_version < '99'", "gone"])
    install(site, "a.one", requires=["b-two"])
    install(site, "late", requires=["b-two[extra-late]"])
    install(
        site,
        "B-Two",
        requires=["root", "quick; extra == 'fast'", "slow; extra == 'thorough'", "last; extra == 'extra-late'"],
    )
    install(site, "last")
    install(site, "quick")
    install(site, "slow")
    install(site, "unrelated")
    names = [one.name for one in requirements("root")]
    assert names[0] == "root"
    assert sorted(names) == ["B-Two", "a.one", "last", "late", "quick", "root"]


def test_the_practice_pool_counts_and_the_tools_of_developers_do_not(site):
    install(site, "confirmdesk", requires=["boto3", "moto[x]; extra == 'practice'", 'pytest>=8; extra == "dev"'])
    for name in ("boto3", "moto", "pytest"):
        install(site, name, License_Expression=["MIT"])
    text = third_party()
    assert "\nboto3 1.0: MIT" in text
    assert "\nmoto 1.0: MIT" in text
    assert "pytest" not in text
    assert "\nconfirmdesk" not in text


def test_without_metadata_of_its_own_the_program_lists_what_it_is_known_to_need(site):
    install(site, "boto3", requires=["botocore"], License_Expression=["Apache-2.0"])
    install(site, "botocore", License_Expression=["Apache-2.0"])
    assert third_party().endswith("Python: PSF-2.0\nboto3 1.0: Apache-2.0\nbotocore 1.0: Apache-2.0")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"License_Expression": ["MIT"], "License": ["other"]}, "MIT"),
        (
            {"License": ["Dual License"], "Classifier": ["License :: OSI Approved :: BSD License", "Topic :: Office"]},
            "BSD License",
        ),
        ({"Classifier": ["License :: OSI Approved", "License :: OSI Approved :: MIT License"]}, "MIT License"),
        ({"License": ["Apache License 2.0"], "Classifier": ["License :: OSI Approved"]}, "Apache License 2.0"),
        ({"License": ["MIT\n        Permission is hereby granted"]}, "MIT"),
        ({}, "not stated"),
        ({"License_Expression": ["<b>MIT\u202e</b>"]}, "<b>MIT⟨U+202E⟩</b>"),
    ],
)
def test_a_licence_as_its_authors_state_it(site, fields, said):
    assert licence_of(install(site, "some", **fields)) == said
