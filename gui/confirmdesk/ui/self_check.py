"""`--self-check`: the Qt part of it, and the printing."""

import sys
from pathlib import Path

from confirmdesk.core.keychain import Keychain, SessionKeychain, system_keychain
from confirmdesk.core.paths import find_places
from confirmdesk.core.presets import Presets, beside, load_presets, preset_directories
from confirmdesk.core.selfcheck import QtFacts, self_check
from confirmdesk.core.settings import SettingsFile


def print_self_check(data_dir: Path | None, practice: bool, connection: str) -> int:
    """Print the report; the exit status is 1 only where the program could not work."""
    places = find_places(data_dir, practice)
    settings = SettingsFile(places.settings_file).peek()
    presets = Presets() if practice else load_presets(preset_directories(data_dir))
    offered = beside(presets.found, settings.connections)
    chosen = next((c for c in offered if c.name == connection), None)
    keychain: Keychain = SessionKeychain() if practice else system_keychain()
    checked = self_check(places, keychain, _qt_facts(), chosen, presets)
    sys.stdout.write(checked.text + "\n")
    return checked.exit_code


def _qt_facts() -> QtFacts:
    try:
        from PySide6.QtCore import qVersion

        from confirmdesk.ui.application import make_qt

        return QtFacts(qVersion(), make_qt([]).platformName())
    except ImportError as error:
        return QtFacts("", "", f"Qt cannot be loaded: {error}")
