"""From the dialog to others: a request for IT, and the connection as a file that connections.d takes."""

from pathlib import Path

import pytest
from on_screen import is_shown, line, opened, press, the, wait_for
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QLineEdit, QWidget

from confirmdesk.core.computer.paths import Places
from confirmdesk.core.computer.settings import Settings, SettingsFile
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.keychain import SessionKeychain
from confirmdesk.core.connections.presets import Preset, Presets, load_presets
from confirmdesk.core.connections.secret import Secret
from confirmdesk.ui.connections.dialog import ConnectionDialog

SHOP = Connection(
    "Shop",
    "eu-west-1",
    "eu-west-1_Ab12Cd34E",
    "4f9k2client",
    profile="support",
    environment="Staging",
    needs_secret=True,
    largest_run=20,
)
SECRET = "the0right0secret0of0a0client"


@pytest.fixture
def make(qtbot, make_session, make_window, tmp_path):
    """The dialog of a new connection, or of that one, as the window opens it."""

    def make(connection=None, **options):
        if connection and "presets" not in options:
            SettingsFile(Places(tmp_path / "data").settings_file).save(Settings((connection,)))
        window = make_window(make_session(**options))
        press(qtbot, window, "Edit connection" if connection else "Create a connection")
        return opened(qtbot, window, ConnectionDialog)

    return make


def check(dialog):
    return line(dialog, "Connection check")


def save(qtbot, dialog, path):
    """What is in the file then, "" where there is none."""
    press(qtbot, dialog, "Save as preset file")
    asked = opened(qtbot, dialog, QFileDialog)
    assert asked.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    asked.fileSelected.emit(str(path))
    asked.reject()
    wait_for(qtbot, lambda: is_shown(dialog, "Connection check in full") and path.name in check(dialog))
    return path.read_text(encoding="utf-8") if path.exists() else ""


def test_a_request_tells_as_much_as_is_typed(qtbot, make):
    dialog = make()
    the(dialog, "Region", QComboBox).setEditText("eu-west-1")
    the(dialog, "User pool", QComboBox).setEditText("eu-west-1_Ab12Cd34E")
    press(qtbot, dialog, "Copy request for IT")
    assert "clipboard" in check(dialog)
    text = QApplication.clipboard().text()
    assert "Region of the user pool: eu-west-1\n" in text
    assert "arn:aws:cognito-idp:eu-west-1:ACCOUNT:userpool/eu-west-1_Ab12Cd34E" in text
    assert "App client, the one where people sign up: (please tell me)" in text


def test_what_became_of_the_first_press_is_in_sight(qtbot, make):
    dialog = make()
    press(qtbot, dialog, "Copy request for IT")
    told = the(dialog, "Connection check", QLabel)
    wait_for(qtbot, lambda: told.visibleRegion().boundingRect() == told.rect())


def test_a_secret_is_in_neither(qtbot, make, tmp_path):
    keyring = SessionKeychain()
    keyring.write(SHOP.slot, Secret(SECRET))
    dialog = make(SHOP, keyring=keyring)
    the(dialog, "Client secret", QLineEdit).setText(SECRET)
    press(qtbot, dialog, "Copy request for IT")
    assert SECRET not in QApplication.clipboard().text()
    saved = save(qtbot, dialog, tmp_path / "out.json")
    assert "4f9k2client" in saved
    assert SECRET not in saved


def test_a_saved_file_is_a_preset_of_the_same_connection(qtbot, make, tmp_path):
    dialog = make(SHOP)
    (tmp_path / "presets").mkdir()
    save(qtbot, dialog, tmp_path / "presets" / "50-shop.json")
    assert load_presets([tmp_path / "presets"]).found == (Preset(SHOP, "50-shop.json"),)
    assert "administrator, who puts it into" in check(dialog)
    assert "secret is not in it" in check(dialog)


def test_its_name_is_offered_and_what_is_typed_counts(qtbot, make, tmp_path):
    dialog = make(SHOP)
    the(dialog, "Connection name", QLineEdit).setText("Shop, tickets")
    press(qtbot, dialog, "Save as preset file")
    asked = opened(qtbot, dialog, QFileDialog)
    assert [Path(name).name for name in asked.selectedFiles()] == ["50-shop-tickets.json"]
    asked.fileSelected.emit(str(tmp_path / "out.json"))
    asked.reject()
    wait_for(qtbot, lambda: is_shown(dialog, "Connection check in full") and "Saved as" in check(dialog))
    assert '"Shop, tickets"' in (tmp_path / "out.json").read_text()


def test_what_could_not_be_used_is_not_handed_on(qtbot, make):
    dialog = make(SHOP)
    the(dialog, "Region", QComboBox).setEditText("Ireland")
    press(qtbot, dialog, "Save as preset file")
    assert "“Ireland” is not a region" in check(dialog)
    assert not dialog.findChildren(QFileDialog)
    wait_for(qtbot, lambda: the(dialog, "Region", QComboBox).hasFocus())


def test_a_file_that_cannot_be_written_is_told(qtbot, make, tmp_path):
    dialog = make(SHOP)
    save(qtbot, dialog, tmp_path / "missing" / "out.json")
    assert "could not be written" in check(dialog)


def test_nothing_is_handed_on_before_it_is_complete(qtbot, make):
    assert not the(make(), "Save as preset file", QWidget).isEnabled()


def test_what_it_presets_is_in_a_file_already(qtbot, make):
    presets = Presets((), (Preset(SHOP, "10-shop.json"),))
    dialog = make(SHOP, presets=presets)
    assert is_shown(dialog, "Copy request for IT")
    assert not is_shown(dialog, "Save as preset file")


def test_in_practice_nobody_needs_it(qtbot, desk):
    press(qtbot, desk, "Edit connection")
    assert not is_shown(opened(qtbot, desk, ConnectionDialog), "Copy request for IT")
