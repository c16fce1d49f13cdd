import json
from pathlib import Path

import pytest

from confirmdesk.core.computer.settings import Settings, SettingsFile
from confirmdesk.core.computer.view import ColumnView, Split, View, view_from

FULL = View(
    "EMAIL",
    False,
    (ColumnView("NOTES", 180), ColumnView("EMAIL"), ColumnView("PHONE", hidden=True)),
    (Split("history", (900, 380)), Split("run", (120, 300))),
    folded=True,
    folded_narrow=False,
    side=400,
    zoom=150,
)


def test_a_view_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path / "settings.json")
    file.save(Settings(view=FULL))
    assert file.load() == (Settings(view=FULL), None)


def test_settings_of_before_have_none(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"version": 1, "theme": "dark"}))
    assert SettingsFile(tmp_path / "settings.json").load() == (Settings(theme="dark"), None)


@pytest.mark.parametrize("broken", [None, [], "wide", 7, {"columns": 3, "splits": "x", "sort": 1, "zoom": "big"}])
def test_a_broken_one_is_as_at_a_first_start_and_nobody_is_told(tmp_path: Path, broken: object) -> None:
    (tmp_path / "settings.json").write_text(json.dumps({"version": 1, "view": broken}))
    assert SettingsFile(tmp_path / "settings.json").load() == (Settings(), None)


@pytest.mark.parametrize("zoom", [0, -100, 79, 101, 400, True, 100.0, 1e9, "100", None])
def test_a_foreign_zoom_is_none(zoom: object) -> None:
    assert view_from({"zoom": zoom}).zoom == 100


def test_of_broken_parts_the_others_stay() -> None:
    columns = [{"name": "NAME", "width": -5, "hidden": "yes"}, {"width": 9}, 3, {"name": "PHONE", "width": 10**9}]
    assert view_from({"columns": columns}).columns == (ColumnView("NAME"), ColumnView("PHONE"))
    splits = [{"name": "side", "sizes": [0, 5]}, {"name": "run", "sizes": [1, 2]}, {"sizes": [1]}, {"name": "x"}]
    assert view_from({"splits": splits}).splits == (Split("run", (1, 2)),)
    assert view_from({"sort": "x" * 10_000, "folded": 1, "descending": None}) == View()
