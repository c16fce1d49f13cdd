import json
import re
import stat
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from confirmdesk.core.computer.settings import VERSION, RecordMark, Settings, SettingsFile, Template, WorkedSecret
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "1example23456789", profile="support", needs_secret=True)
PRACTICE = Connection(
    "Übung", "us-east-1", "us-east-1_x", "c", endpoint="http://127.0.0.1:5000", environment="Practice"
)
FULL = Settings(
    (SHOP, PRACTICE), "Shop", "dark", (Template("Ticket", (("ticket", "{username}"), ("note", "ä\n⟨x⟩"))),), "AdnQywAD"
)


def test_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    SettingsFile(tmp_path / "new" / "settings.json").save(FULL)
    assert SettingsFile(tmp_path / "new" / "settings.json").load() == (FULL, None)


def test_no_file_is_a_first_start(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path / "settings.json").load() == (Settings(), None)


def test_only_the_owner_reads_it_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text("{}")
    path.chmod(0o644)
    SettingsFile(path).save(FULL)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"version": 1, "connections": [{"name": "Sho',
        b"\xff\xfe\x00",
        b"[]",
        b"{}",
        b'{"version": "1"}',
        b'{"version": true}',
        b"[" * 100_000,
    ],
)
def test_a_broken_file_is_kept_and_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    settings, problem = SettingsFile(path).load()
    assert settings == Settings()
    (kept,) = tmp_path.iterdir()
    assert re.fullmatch(r"settings\.json\.broken-\d{8}-\d{6}", kept.name)
    assert kept.read_bytes() == content
    assert problem is not None
    assert str(kept) in problem.text()


def test_two_broken_files_in_one_second_are_both_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    contents = [f"broken {number}" for number in range(5)]
    for content in contents:
        path.write_text(content)
        SettingsFile(path).load()
    assert sorted(kept.read_text() for kept in tmp_path.iterdir()) == contents


LATER: dict[str, object] = {
    "version": 99,
    "mood": {"colour": "green"},
    "theme": "sepia",
    "last_connection": "Shop",
    "connections": [
        {"name": "Shop", "region": "eu-west-1", "pool_id": "eu-west-1_A", "client_id": "c", "hologram": [1, 2]},
        {"name": "Not of this world", "galaxy": "far-away-1"},
        {"name": "News", "region": "eu-west-1", "pool_id": "eu-west-1_B", "client_id": "d", "hologram": [3]},
    ],
    "templates": [{"name": "Ticket", "rows": [["ticket", "1"]], "shared": True}],
    "record": {"id": "r", "steps": 7, "place": "moon"},
}


@pytest.fixture
def later(tmp_path: Path) -> Path:
    """What a later version saved."""
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(LATER))
    return path


def test_settings_of_a_later_version_are_used_as_far_as_they_are_known(later: Path) -> None:
    settings, problem = SettingsFile(later).load()
    assert [(c.name, c.pool_id) for c in settings.connections] == [("Shop", "eu-west-1_A"), ("News", "eu-west-1_B")]
    assert settings.templates == (Template("Ticket", (("ticket", "1"),)),)
    assert (settings.theme, settings.record) == ("system", RecordMark("r", 7))
    assert problem is not None
    assert "later version" in problem.sentence
    assert json.loads(later.read_text()) == LATER


def test_saving_loses_nothing_that_a_later_version_wrote(later: Path) -> None:
    file = SettingsFile(later)
    settings, _ = file.load()
    file.save(replace(settings, window="AdnQ"))
    written = json.loads(later.read_text())
    assert written == {**written, **LATER, "window": "AdnQ"}


def test_nor_does_changing_what_both_versions_know(later: Path) -> None:
    """A connection that is renamed, edited, deleted and made anew."""
    file = SettingsFile(later)
    settings, _ = file.load()
    shop, news = settings.connections
    file.save(replace(settings, connections=(replace(shop, name="Market"), news, SHOP)))
    file.save(replace(settings, connections=(replace(shop, name="Market", client_id="e"), SHOP), theme="dark"))
    written = json.loads(later.read_text())
    names = {entry["name"]: entry for entry in written["connections"]}
    assert names["Market"]["hologram"] == [1, 2]
    assert (names["Market"]["client_id"], names["Market"]["pool_id"]) == ("e", "eu-west-1_A")
    assert names["Not of this world"] == LATER["connections"][1]  # type: ignore[index]
    assert "News" not in names
    assert "hologram" not in names["Shop"]
    file.save(replace(settings, record=RecordMark("r", 8)))
    assert json.loads(later.read_text())["record"] == {"id": "r", "steps": 8, "place": "moon"}
    assert (written["theme"], written["mood"], written["version"]) == ("dark", {"colour": "green"}, 99)


def test_the_person_is_told_once_of_a_later_version_and_again_of_a_still_later_one(later: Path) -> None:
    file = SettingsFile(later)
    settings, problem = file.load()
    assert problem is not None
    (copy,) = later.parent.glob("settings.json.*")
    assert str(copy) in problem.hint
    assert json.loads(copy.read_text()) == LATER
    file.save(settings)
    assert SettingsFile(later).load() == (settings, None)
    later.write_text(json.dumps({**json.loads(later.read_text()), "version": 100}))
    assert SettingsFile(later).load()[1] is not None


def test_settings_from_before_are_read_and_saved_as_those_of_this_version(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    old = {"name": "Shop", "region": "eu-west-1", "pool_id": "eu-west-1_A", "client_id": "c"}
    path.write_text(json.dumps({"version": 1, "connections": [old], "templates": [], "theme": "dark"}))
    file = SettingsFile(path)
    settings, problem = file.load()
    assert (problem, settings.theme, settings.connections[0].name) == (None, "dark", "Shop")
    file.save(settings)
    assert json.loads(path.read_text())["version"] == VERSION
    assert SettingsFile(path).load() == (settings, None)


def test_settings_of_a_later_version_whose_copy_finds_no_room_are_used_all_the_same(
    later: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.fsync", _refused)
    settings, problem = SettingsFile(later).load()
    assert problem is not None
    assert "No copy" in problem.hint
    assert len(settings.connections) == 2


def test_one_broken_connection_does_not_cost_the_others(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    SettingsFile(path).save(FULL)
    content = json.loads(path.read_text())
    content["connections"][1:1] = [
        {"name": "No pool"},
        "text",
        {**content["connections"][0], "region": 7},
        {**content["connections"][0], "needs_secret": "yes"},
        {**content["connections"][0], "endpoint": "http://example.com"},
    ]
    content["templates"].append({"name": "Odd", "rows": [["one"]]})
    original = json.dumps(content)
    path.write_text(original)

    settings, problem = SettingsFile(path).load()
    assert settings == FULL
    assert problem is not None
    assert problem.sentence.startswith("6 saved entries")
    (kept,) = tmp_path.glob("*.broken-*")
    assert kept.read_text() == original
    assert SettingsFile(path).load() == (FULL, None)


def _with(tmp_path: Path, **changes: object) -> tuple[Settings, bool]:
    """What is loaded where the first connection's file says `changes`, and whether a person must be told."""
    path = tmp_path / "settings.json"
    SettingsFile(path).save(Settings((SHOP,)))
    content = json.loads(path.read_text())
    content["connections"][0].update(changes)
    path.write_text(json.dumps(content))
    settings, problem = SettingsFile(path).load()
    return settings, problem is not None


def test_how_a_connection_sends_comes_back(tmp_path: Path) -> None:
    careful = replace(SHOP, per_second=0.5, confirm_above=0, read_only=True, cool_down=1.5)
    SettingsFile(tmp_path / "settings.json").save(Settings((careful,)))
    assert SettingsFile(tmp_path / "settings.json").load() == (Settings((careful,)), None)


def test_a_file_from_before_these_settings_loads(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    old = {"name": "Shop", "region": "eu-west-1", "pool_id": "eu-west-1_A", "client_id": "c"}
    path.write_text(json.dumps({"version": 1, "connections": [old]}))
    settings, problem = SettingsFile(path).load()
    assert problem is None
    (shop,) = settings.connections
    assert (shop.per_second, shop.confirm_above, shop.read_only, shop.cool_down) == (5.0, 50, False, 24.0)


@pytest.mark.parametrize(
    ("key", "written", "used"),
    [
        ("per_second", 500, 50.0),
        ("per_second", float("inf"), 50.0),
        ("per_second", 0, 0.5),
        ("per_second", -3, 0.5),
        ("per_second", 7, 7.0),
        ("confirm_above", -1, 0),
        ("confirm_above", 10**30, 100_000),
        ("cool_down", -1, 0.0),
        ("cool_down", 10**400, 168.0),
        ("largest_run", 10**30, 1_000_000),
        ("largest_run", 0, 0),
    ],
)
def test_numbers_that_are_too_much_become_the_most_that_is_allowed(
    tmp_path: Path, key: str, written: float, used: float
) -> None:
    settings, told = _with(tmp_path, **{key: written})
    assert not told
    value = getattr(settings.connections[0], key)
    assert value == used
    assert type(value) is type(used)


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("per_second", "5"),
        ("per_second", True),
        ("per_second", None),
        ("per_second", float("nan")),
        ("confirm_above", 12.5),
        ("confirm_above", False),
        ("cool_down", [24]),
        # The nearest that is allowed would lift the limit.
        ("largest_run", -1),
        ("largest_run", True),
        ("cool_down", float("nan")),
        # Somebody who wrote "yes" must not get a connection that sends.
        ("read_only", "yes"),
        ("read_only", 1),
        ("read_only", None),
    ],
)
def test_what_is_no_number_or_no_answer_breaks_the_entry(tmp_path: Path, key: str, written: object) -> None:
    settings, told = _with(tmp_path, **{key: written})
    assert told
    assert settings.connections == ()


def test_what_it_does_not_know_it_does_not_trip_over_and_keeps_but_for_secrets(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    SettingsFile(path).save(FULL)
    content = json.loads(path.read_text())
    content["zoom"] = 2
    content["theme"] = "sepia"
    content["connections"][0]["client_secret"] = "9example87654321"
    content["portal"] = {"accessToken": ["9example87654321"]}
    path.write_text(json.dumps(content))
    file = SettingsFile(path)
    settings, problem = file.load()
    assert (settings.connections, settings.theme, problem) == (FULL.connections, "system", None)
    file.save(settings)
    assert "9example87654321" not in path.read_text()
    assert json.loads(path.read_text())["zoom"] == 2
    assert SettingsFile(path).load()[0].connections[0].needs_secret is True


def test_a_file_that_can_be_neither_read_nor_moved_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "settings.json"
    path.write_text("precious")
    settings_file = SettingsFile(path)
    # What Windows does while a backup program holds the file open.
    monkeypatch.setattr(Path, "rename", _refused)
    settings, problem = settings_file.load()
    monkeypatch.undo()
    assert settings == Settings()
    assert problem is not None
    assert str(path) in problem.text()
    with pytest.raises(ConfirmdeskError, match="overwrite"):
        settings_file.save(FULL)
    assert path.read_text() == "precious"


def test_what_nests_too_deep_to_be_written_back_is_kept_aside_and_the_program_starts(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"version": 9, "deep": ' + '{"a":' * 600 + "0" + "}" * 601)
    file = SettingsFile(path)
    settings, problem = file.load()
    assert settings == Settings()
    assert problem
    assert "Nothing is lost" in problem.hint
    file.save(settings)


def test_a_failed_save_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.json"
    SettingsFile(path).save(FULL)
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", _refused)
    with pytest.raises(ConfirmdeskError) as error:
        SettingsFile(path).save(Settings())
    assert str(path) in error.value.problem.sentence
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_says_where_it_cannot_save(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfirmdeskError, match="could not be saved"):
        SettingsFile(tmp_path / "file" / "settings.json").save(FULL)


def _refused(*args: object) -> None:
    raise PermissionError(13, "in use")


def test_when_a_secret_last_worked_is_kept_with_nothing_of_the_secret(tmp_path):
    path = tmp_path / "settings.json"
    settings = Settings((SHOP,), worked=(WorkedSecret(SHOP.slot, 1_790_000_000.5),))
    SettingsFile(path).save(settings)
    assert SettingsFile(path).load() == (settings, None)
    assert json.loads(path.read_text())["worked"] == [{"slot": asdict(SHOP.slot), "at": 1_790_000_000.5}]


@pytest.mark.parametrize("garbage", [None, 5, [5], [{"slot": {}, "at": 1}], [{"slot": 1, "at": 1}], [{"at": "x"}]])
def test_a_date_that_cannot_be_read_is_forgotten_without_a_word(tmp_path, garbage):
    path = tmp_path / "settings.json"
    SettingsFile(path).save(Settings((SHOP,)))
    path.write_text(json.dumps(json.loads(path.read_text()) | {"worked": garbage}))
    assert SettingsFile(path).load() == (Settings((SHOP,)), None)
