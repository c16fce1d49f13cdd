import json
import os
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from confirmdesk.core.computer.settings import Settings, SettingsFile
from confirmdesk.core.connections import presets as module
from confirmdesk.core.connections.connection import PRODUCTION, Connection
from confirmdesk.core.connections.presets import (
    FILE_BYTES,
    FILES,
    Preset,
    Presets,
    beside,
    load_presets,
    preset_directories,
    preset_directory,
)

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "1example23456789")
SPELLED = {"name": "Shop", "region": "eu-west-1", "pool_id": "eu-west-1_Ab12Cd34E", "client_id": "1example23456789"}
EXAMPLE = Path(__file__).parents[3] / "packaging" / "presets" / "example.json.txt"
CANARY = "9example87654321"


def put(directory: Path, name: str, content: object) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def one(directory: Path, **changes: object) -> Presets:
    """What is read where the only file says `changes`."""
    put(directory, "10-shop.json", {**SPELLED, **changes})
    return load_presets([directory])


def names(presets: Presets) -> list[str]:
    return [preset.connection.name for preset in presets.found]


def told(presets: Presets) -> list[str]:
    return [problem.text() for problem in presets.problems]


def test_files_are_read_in_the_order_of_their_names_and_hold_one_connection_or_several(tmp_path: Path) -> None:
    put(tmp_path, "20-more.json", [{**SPELLED, "name": "B"}, {**SPELLED, "name": "A"}])
    put(tmp_path, "10-shop.json", SPELLED)
    presets = load_presets([tmp_path])
    assert [(p.connection.name, p.file) for p in presets.found] == [
        ("Shop", "10-shop.json"),
        ("B", "20-more.json"),
        ("A", "20-more.json"),
    ]
    assert presets.problems == ()
    assert presets.problem() is None


def test_every_field_of_a_connection_can_be_preset(tmp_path: Path) -> None:
    whole = {
        "profile": "support",
        "endpoint": "https://cognito.example.com",
        "pool_name": "shop-users",
        "client_name": "web",
        "environment": "Staging",
        "needs_secret": True,
        "per_second": 2.5,
        "confirm_above": 7,
        "read_only": True,
        "cool_down": 0.75,
        "largest_run": 20,
        "start_url": "https://example.awsapps.com/start",
        "sso_region": "eu-central-1",
        "account_id": "123456789012",
        "role_name": "Support",
        "device_code": False,
    }
    (preset,) = one(tmp_path, **whole).found
    assert preset.connection == Connection(**SPELLED, **whole)  # type: ignore[arg-type]


PORTAL = {
    "start_url": "https://example.awsapps.com/start",
    "sso_region": "eu-central-1",
    "account_id": "123456789012",
    "role_name": "Support",
}


@pytest.mark.parametrize("left_out", ["account_id", "role_name"])
def test_of_an_access_portal_all_is_set_or_the_field_that_is_missing_is_named(tmp_path: Path, left_out: str) -> None:
    """Nobody can choose in a preset: what is not set there stays unset."""
    presets = one(tmp_path, **{key: value for key, value in PORTAL.items() if key != left_out})
    assert presets.found == ()
    (sentence,) = told(presets)
    assert f"“{left_out}” is missing" in sentence


def test_a_region_that_the_portals_address_names_need_not_be_set(tmp_path: Path) -> None:
    spelled = {**PORTAL, "start_url": "https://ssoins-1234.portal.eu-north-1.app.aws"}
    (preset,) = one(tmp_path, **{key: value for key, value in spelled.items() if key != "sso_region"}).found
    assert preset.connection.sso_region == "eu-north-1"


def test_what_the_settings_save_can_be_preset_as_it_stands(tmp_path: Path) -> None:
    own = replace(SHOP, profile="support", needs_secret=True, cool_down=1.5)
    SettingsFile(tmp_path / "settings.json").save(Settings((own,)))
    saved = json.loads((tmp_path / "settings.json").read_text())
    put(tmp_path / "presets", "saved.json", saved["connections"])
    assert load_presets([tmp_path / "presets"]) == Presets((tmp_path / "presets",), (Preset(own, "saved.json"),))


def test_the_example_works_and_is_never_loaded_from_where_it_lies(tmp_path: Path) -> None:
    put(tmp_path, "example.json", EXAMPLE.read_bytes())
    presets = load_presets([tmp_path])
    assert names(presets) == ["Shop, tickets", "Shop, campaigns", "Shop, staging, look only"]
    assert presets.problems == ()
    assert load_presets([EXAMPLE.parent]).found == ()


def test_no_directory_and_an_empty_one_are_normal(tmp_path: Path) -> None:
    for directory in (tmp_path, tmp_path / "missing"):
        assert load_presets([directory]) == Presets((directory,))


def test_copies_of_editors_and_file_systems_are_no_presets(tmp_path: Path) -> None:
    for name in (".10-shop.json", "._10-shop.json", "10-shop.json~", "10-shop.json.bak", "README"):
        put(tmp_path, name, b"{")
    assert load_presets([tmp_path]) == Presets((tmp_path,))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_windows_editors_save_is_read(tmp_path: Path, encoding: str) -> None:
    put(tmp_path, "shop.json", json.dumps({**SPELLED, "name": "Übung"}, ensure_ascii=False).encode(encoding))
    assert names(load_presets([tmp_path])) == ["Übung"]


@pytest.mark.parametrize(
    ("content", "mend"),
    [
        (b"", "line 1, column 1"),
        (b'{\n"name": "Shop"\n"region": "eu-west-1"}', "line 3, column 1"),
        (b'{"name": "Sh\xf6p"}', "UTF-8"),
        (b"[" * 100_000, "brackets"),
        (b'{"per_second": ' + b"9" * 5000 + b"}", "not used"),
        (b" " * (FILE_BYTES + 1), "larger than 256 KB"),
        (b'"Shop"', "not an object"),
        (b"[[]]", "Entry 1"),
    ],
)
def test_a_broken_file_is_named_and_the_others_work(tmp_path: Path, content: bytes, mend: str) -> None:
    put(tmp_path, "10-broken.json", content)
    put(tmp_path, "20-shop.json", SPELLED)
    presets = load_presets([tmp_path])
    assert names(presets) == ["Shop"]
    (sentence,) = told(presets)
    assert "10-broken.json" in sentence
    assert mend in sentence
    problem = presets.problem()
    assert problem is not None
    assert sentence in problem.text()


@pytest.mark.parametrize(
    ("changes", "mend"),
    [
        ({"region": "Ireland"}, "“Ireland” is not a region"),
        ({"pool_id": "shop"}, "pool is not a pool id"),
        ({"client_id": "no client"}, "not a client id"),
        ({"endpoint": "http://cognito.example.com"}, "not encrypted"),
        ({"name": "  "}, "“name” is empty"),
        ({"region": 7}, "“region” is not a text"),
        ({"needs_secret": "yes"}, "“needs_secret” is neither true nor false"),
        ({"read_only": 1}, "“read_only” is neither true nor false"),
        ({"per_second": "5"}, "“per_second” is not a number"),
        ({"confirm_above": 12.5}, "“confirm_above” is not a whole number"),
        ({"largest_run": 12.5}, "“largest_run” is not a whole number"),
        ({"largest_run": -1}, "“largest_run” is less than 0; 0 means that there is no limit"),
    ],
)
def test_a_broken_entry_says_which_field_and_costs_itself_only(
    tmp_path: Path, changes: dict[str, object], mend: str
) -> None:
    put(tmp_path, "shops.json", [{**SPELLED, **changes}, {**SPELLED, "name": "Good"}])
    presets = load_presets([tmp_path])
    assert names(presets) == ["Good"]
    (sentence,) = told(presets)
    assert "shops.json is not used" in sentence
    assert mend in sentence


@pytest.mark.parametrize("field", ["name", "region", "pool_id", "client_id"])
def test_what_is_missing_is_named(tmp_path: Path, field: str) -> None:
    put(tmp_path, "shop.json", {key: value for key, value in SPELLED.items() if key != field})
    assert f"“{field}” is missing." in told(load_presets([tmp_path]))[0]


@pytest.mark.parametrize(
    "key", ["secret", "client_secret", "ClientSecret", "client-secret", "password", "token", "aws_secret_access_key"]
)
def test_a_secret_is_refused_and_its_value_goes_nowhere(tmp_path: Path, key: str) -> None:
    presets = one(tmp_path, **{key: CANARY})
    assert presets.found == ()
    (sentence,) = told(presets)
    assert "“Shop” in 10-shop.json is not used" in sentence
    assert "keyring" in sentence
    assert key in sentence
    assert CANARY not in repr(presets) + str(presets.problem())


def test_an_unknown_field_is_told_and_the_connection_works(tmp_path: Path) -> None:
    presets = one(tmp_path, colour=CANARY)
    assert names(presets) == ["Shop"]
    (sentence,) = told(presets)
    assert "“Shop” in 10-shop.json" in sentence
    assert "“colour” is no field" in sentence
    assert CANARY not in sentence


def test_a_number_out_of_range_is_brought_back_and_told(tmp_path: Path) -> None:
    presets = one(tmp_path, per_second=500, cool_down=-1)
    assert (presets.found[0].connection.per_second, presets.found[0].connection.cool_down) == (50.0, 0.0)
    assert [sentence.partition(": ")[2] for sentence in told(presets)] == [
        "“per_second” is out of range; 50 is used.",
        "“cool_down” is out of range; 0 is used.",
    ]


def test_texts_are_taken_as_the_form_takes_them(tmp_path: Path) -> None:
    (preset,) = one(tmp_path, name=" Shop ", endpoint="https://cognito.example.com/", environment=" ").found
    assert preset.connection == replace(SHOP, endpoint="https://cognito.example.com", environment=PRODUCTION)


def test_the_first_of_a_name_has_it(tmp_path: Path) -> None:
    put(tmp_path, "10.json", SPELLED)
    put(tmp_path, "20.json", {**SPELLED, "client_id": "other"})
    presets = load_presets([tmp_path])
    assert presets.found == (Preset(SHOP, "10.json"),)
    assert "“Shop” in 20.json" in told(presets)[0]


def test_a_pipe_does_not_keep_it_waiting_and_a_directory_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "10-pipe.json")
    (tmp_path / "20-directory.json").mkdir()
    (tmp_path / "30-gone.json").symlink_to(tmp_path / "nowhere")
    put(tmp_path, "40-shop.json", SPELLED)
    presets = load_presets([tmp_path])
    assert names(presets) == ["Shop"]
    assert [sentence.split()[0] for sentence in told(presets)] == ["10-pipe.json", "20-directory.json", "30-gone.json"]
    assert "It is not a file." in told(presets)[0]


def test_a_file_in_place_of_the_directory_is_told(tmp_path: Path) -> None:
    (tmp_path / "connections.d").write_text("")
    presets = load_presets([tmp_path / "connections.d"])
    assert str(tmp_path / "connections.d") in told(presets)[0]


POSIX = pytest.mark.skipif(os.name != "posix", reason="Windows tells rights otherwise")
AS_ROOT = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
STRANGER = 4711


@POSIX
@pytest.mark.parametrize("which", ["it/presets/shop.json", "it/presets", "it"])
@pytest.mark.parametrize(("right", "who"), [(0o002, "Anybody on this computer"), (0o020, "A whole group")])
def test_what_others_may_write_or_what_lies_below_it_is_not_believed(
    tmp_path: Path, which: str, right: int, who: str
) -> None:
    path = put(tmp_path / "it" / "presets", "shop.json", SPELLED)
    open_one = tmp_path / which
    open_one.chmod(open_one.stat().st_mode | right)
    presets = load_presets([path.parent])
    assert presets.found == ()
    (sentence,) = told(presets)
    assert sentence.endswith(f"{who} may write to {open_one}. Take the right to write away from others.")
    open_one.chmod(open_one.stat().st_mode & ~right)
    assert load_presets([path.parent]).problems == ()


@POSIX
def test_in_a_sticky_folder_others_cannot_touch_what_is_ours(tmp_path: Path) -> None:
    path = put(tmp_path / "it" / "presets", "shop.json", SPELLED)
    (tmp_path / "it").chmod(0o1777)
    assert names(load_presets([path.parent])) == ["Shop"]


@AS_ROOT
@pytest.mark.parametrize("which", ["it/presets/shop.json", "it/presets", "it"])
def test_what_belongs_to_somebody_else_is_not_believed(tmp_path: Path, which: str) -> None:
    path = put(tmp_path / "it" / "presets", "shop.json", SPELLED)
    os.chown(tmp_path / which, STRANGER, STRANGER)
    presets = load_presets([path.parent])
    assert presets.found == ()
    (sentence,) = told(presets)
    assert f"{tmp_path / which} belongs " in sentence


@POSIX
def test_the_directory_of_the_computer_is_an_administrators_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For another world than the computer's, this account may preset connections too."""
    path = put(tmp_path, "shop.json", SPELLED)
    if os.getuid() == 0:
        os.chown(path, STRANGER, STRANGER)
        monkeypatch.setattr(os, "getuid", lambda: STRANGER)
    assert names(load_presets([tmp_path])) == ["Shop"]
    monkeypatch.setattr(module, "preset_directory", lambda: tmp_path)
    presets = load_presets([tmp_path])
    assert presets.found == ()
    assert "belongs to no administrator." in told(presets)[0]


@POSIX
@pytest.mark.parametrize("absolute", [True, False])
def test_a_link_is_believed_as_far_as_where_it_leads(tmp_path: Path, absolute: bool) -> None:
    target = put(tmp_path / "elsewhere", "shop.json", SPELLED)
    link = put(tmp_path / "presets", "other.json", {**SPELLED, "name": "Other"}).with_name("shop.json")
    link.symlink_to(target if absolute else Path("..", "elsewhere", "shop.json"))
    assert names(load_presets([link.parent])) == ["Other", "Shop"]
    target.parent.chmod(0o777)
    presets = load_presets([link.parent])
    assert names(presets) == ["Other"]
    assert told(presets)[0].startswith("shop.json is not used: Anybody on this computer may write to")
    linked = tmp_path / "linked"
    linked.symlink_to(target.parent)
    assert load_presets([linked]).found == ()


@POSIX
def test_links_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "shop.json").symlink_to("shop.json")
    (sentence,) = told(load_presets([tmp_path]))
    assert sentence.startswith("shop.json could not be read: ")


@POSIX
def test_where_nothing_is_preset_nobody_has_to_mend_anything(tmp_path: Path) -> None:
    put(tmp_path, "README", b"")
    tmp_path.chmod(0o777)
    assert load_presets([tmp_path]).problems == ()


def test_capitals_make_no_difference(tmp_path: Path) -> None:
    put(tmp_path, "20-NEWS.JSON", {**SPELLED, "name": "News"})
    put(tmp_path, "10-shop.Json", SPELLED)
    assert names(load_presets([tmp_path])) == ["Shop", "News"]


def test_too_many_files_are_told(tmp_path: Path) -> None:
    for number in range(FILES + 1):
        put(tmp_path, f"{number:03}.json", {**SPELLED, "name": f"Shop {number}"})
    presets = load_presets([tmp_path])
    assert len(presets.found) == FILES
    assert str(FILES) in told(presets)[0]


def test_a_directory_that_never_answers_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released = threading.Event()

    def hang(_: Any) -> list[str]:
        released.wait()
        return []

    # What a network share does whose server is gone.
    monkeypatch.setattr(module.os, "listdir", hang)
    monkeypatch.setattr(module, "PATIENCE", 0.01)
    presets = load_presets([tmp_path])
    released.set()
    assert presets.found == ()
    assert str(tmp_path) in told(presets)[0]
    assert "does not answer" in told(presets)[0]


def test_many_problems_are_one_message_with_everything_in_the_details(tmp_path: Path) -> None:
    for number in range(5):
        put(tmp_path, f"{number}-broken.json", b"{")
    problem = load_presets([tmp_path]).problem()
    assert problem is not None
    assert "2-broken.json" in problem.hint
    assert "3-broken.json" not in problem.hint
    assert "And 2 more" in problem.hint
    assert all(f"{number}-broken.json" in problem.details for number in range(5))
    assert str(tmp_path) in problem.details


def test_a_hostile_name_and_a_long_value_stay_one_short_line(tmp_path: Path) -> None:
    put(tmp_path, "a\u202eb\nc.json", {**SPELLED, "name": "x" * 900, "region": "y" * 90_000})
    (sentence,) = told(load_presets([tmp_path]))
    assert len(sentence) < 500
    assert "\u202e" not in sentence
    assert "\n" not in sentence


# Where they are


@pytest.mark.parametrize(
    ("platform", "directory"),
    [
        ("linux", "/etc/confirmdesk/connections.d"),
        ("darwin", "/Library/Application Support/Confirmdesk/connections.d"),
    ],
)
def test_the_directory_of_each_system(platform: str, directory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert preset_directory() == Path(directory)


def test_the_directory_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "program_data", lambda: Path("ProgramData"))
    monkeypatch.setattr(sys, "platform", "win32")
    assert preset_directory() == Path("ProgramData") / "Confirmdesk" / "connections.d"


def test_no_variable_leads_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = preset_directories()
    for name in ("HOME", "PROGRAMDATA", "ALLUSERSPROFILE", "XDG_CONFIG_DIRS", "XDG_CONFIG_HOME", "XDG_DATA_DIRS"):
        monkeypatch.setenv(name, str(tmp_path))
    assert preset_directories() == before == (preset_directory(),)


def test_a_second_world_brings_its_own_after_the_computers(tmp_path: Path) -> None:
    assert preset_directories(tmp_path) == (preset_directory(), tmp_path / "connections.d")
    put(tmp_path / "etc", "10.json", SPELLED)
    put(tmp_path / "own", "05.json", [{**SPELLED, "region": "us-east-1"}, {**SPELLED, "name": "Second"}])
    presets = load_presets([tmp_path / "etc", tmp_path / "own"])
    assert [(p.connection.name, p.connection.region) for p in presets.found] == [
        ("Shop", "eu-west-1"),
        ("Second", "eu-west-1"),
    ]


# Beside own connections


def called(presets: list[str], own: list[str]) -> list[str]:
    found = [Preset(replace(SHOP, name=name), "x.json") for name in presets]
    return [c.name for c in beside(found, [replace(SHOP, name=name) for name in own])]


def test_presets_come_first_and_keep_their_names() -> None:
    assert called([], ["B", "A"]) == ["B", "A"]
    assert called(["Z"], []) == ["Z"]
    assert called(["Z", "B"], ["B", "A"]) == ["Z", "B", "B (own)", "A"]


def test_a_lent_name_is_nobody_elses() -> None:
    assert called(["A", "A (own)"], ["A", "A (own 2)"]) == ["A", "A (own)", "A (own 3)", "A (own 2)"]
    assert called(["A"], ["A", "A"]) == ["A", "A (own)", "A (own 2)"]
    assert called(["A"], ["A (own)", "A"]) == ["A", "A (own)", "A (own 2)"]


def test_an_own_connection_keeps_all_but_its_name() -> None:
    own = replace(SHOP, profile="mine", read_only=True)
    assert beside([Preset(SHOP, "x.json")], [own]) == (SHOP, replace(own, name="Shop (own)"))
