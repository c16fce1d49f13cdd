import os
import stat
from pathlib import Path

import pytest

from confirmdesk.core.computer import paths
from confirmdesk.core.computer.paths import find_places, resource
from confirmdesk.core.errors import ConfirmdeskError


def test_everything_is_under_the_given_directory(tmp_path: Path) -> None:
    places = find_places(tmp_path / "second")
    files = {places.settings_file, places.log_file, places.ledger_file}
    assert len(files) == 3
    assert {file.parent for file in files} == {tmp_path / "second"}
    assert not places.data.exists()


def test_practice_is_a_world_of_its_own(tmp_path: Path) -> None:
    assert find_places(tmp_path, practice=True).data == tmp_path / "practice"
    assert find_places(practice=True).data == find_places().data / "practice"


def test_own_directory_follows_the_account(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert find_places().data == tmp_path / "confirmdesk"


def test_a_relative_directory_survives_a_change_of_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_places(Path("here")).data == tmp_path / "here"


def test_only_the_owner_may_look_in_whatever_the_umask(tmp_path: Path) -> None:
    places = find_places(tmp_path / "a" / "b", practice=True)
    before = os.umask(0)
    try:
        places.create()
    finally:
        os.umask(before)
    made = (tmp_path / "a", tmp_path / "a" / "b", places.data)
    assert [stat.S_IMODE(directory.stat().st_mode) for directory in made] == [0o700] * 3
    places.create()
    assert list(places.data.iterdir()) == []


def test_a_directory_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    find_places(tmp_path).create()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_says_which_directory_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ConfirmdeskError) as error:
        find_places(tmp_path / "taken" / "data").create()
    assert str(tmp_path / "taken" / "data") in error.value.problem.sentence
    assert "--data-dir" in error.value.problem.hint


def test_resources_come_from_the_top_of_a_source_tree(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    icon = _file(tmp_path / "resources" / "icons" / "a.svg")
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "gui" / "confirmdesk" / "core" / "computer" / "paths.py"))
    assert resource("icons/a.svg") == icon


def test_resources_of_an_installed_package_come_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _file(tmp_path / "resources" / "icons" / "a.svg")
    packaged = _file(tmp_path / "lib" / "confirmdesk" / "resources" / "icons" / "a.svg")
    monkeypatch.setattr(paths, "__file__", str(tmp_path / "lib" / "confirmdesk" / "core" / "computer" / "paths.py"))
    assert resource("icons/a.svg") == packaged


def test_a_missing_resource_is_named() -> None:
    with pytest.raises(ConfirmdeskError, match=r"icons/none\.svg"):
        resource("icons/none.svg")


def _file(path: Path) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text("<svg/>")
    return path
