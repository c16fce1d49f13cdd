"""`--self-check`: the Qt part of it, and the printing."""

import sys
from collections.abc import Callable
from pathlib import Path

from confirmdesk.core.computer.paths import find_places
from confirmdesk.core.computer.self_check import QtFacts, self_check
from confirmdesk.core.computer.settings import SettingsFile
from confirmdesk.core.connections.keychain import Keychain, SessionKeychain, system_keychain
from confirmdesk.core.connections.presets import Presets, beside, load_presets, preset_directories
from confirmdesk.core.errors import Problem


def print_self_check(data_dir: Path | None, practice: bool, connection: str) -> int:
    """Print the report; the exit status is 1 only where the program could not work."""

    def report(qt: QtFacts) -> int:
        return _print_report(qt, data_dir, practice, connection)

    return report(_qt_facts(without_display=report))


def _print_report(qt: QtFacts, data_dir: Path | None, practice: bool, connection: str) -> int:
    places = find_places(data_dir, practice)
    settings = SettingsFile(places.settings_file).peek()
    presets = Presets() if practice else load_presets(preset_directories(data_dir))
    offered = beside(presets.found, settings.connections)
    chosen = next((c for c in offered if c.name == connection), None)
    keychain: Keychain = SessionKeychain() if practice else system_keychain()
    checked = self_check(places, keychain, qt, chosen, presets)
    sys.stdout.write(checked.text + "\n")
    return checked.exit_code


def _qt_facts(without_display: Callable[[QtFacts], int]) -> QtFacts:
    """Where Qt gives up there is no way back: `without_display` makes the report then, and its exit status is ours."""
    try:
        from PySide6.QtCore import qVersion

        from confirmdesk.ui.application import make_qt

        def give_up(problem: Problem) -> int:
            return without_display(QtFacts(qVersion(), "", f"{problem.text()} {problem.details}"))

        return QtFacts(qVersion(), make_qt([], give_up).platformName())
    except ImportError as error:
        return QtFacts("", "", f"Qt cannot be loaded: {error}")
