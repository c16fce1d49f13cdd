"""The settings of the whole program, driven as a hand would; what they change is seen by real servers and files."""

import json
from dataclasses import replace

import pytest
from certificates import HOST, Authority
from connect_proxy import ConnectProxy
from on_screen import line, opened, press, said, show, the, visible, wait_for
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QLineEdit, QPushButton
from scripted_aws import ScriptedAws, page

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.network import Network, NetworkPreset, ProxyChoice
from confirmdesk.core.connections.presets import Presets
from confirmdesk.ui.settings.dialog import SettingsDialog

PROXY = "http://proxy.example.com:8080"
JANE = {
    "Username": "jane",
    "Attributes": [{"Name": "email", "Value": "jane@example.com"}],
    "UserCreateDate": 1_791_800_000.0,
    "Enabled": True,
    "UserStatus": "UNCONFIRMED",
}
FAR = Connection("Shop", "eu-west-1", "eu-west-1_A", "client", endpoint=f"https://{HOST}:8443", environment="Staging")


@pytest.fixture
def make(qtbot, host, theme):
    def make(session):
        return show(qtbot, SettingsDialog(host, session, theme))

    return make


@pytest.fixture
def session(make_session):
    return make_session()


@pytest.fixture
def dialog(make, session):
    return make(session)


def choose(qtbot, dialog, name, text):
    """With the keys, as somebody at the box would."""
    box = the(dialog, name, QComboBox)
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findText(text)):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == text


def type_into(qtbot, dialog, name, text):
    edit = the(dialog, name, QLineEdit)
    edit.clear()
    qtbot.keyClicks(edit, text)


def save(qtbot, host, dialog):
    press(qtbot, dialog, "Save settings")
    qtbot.waitUntil(lambda: not host.findChildren(SettingsDialog), timeout=20_000)


def refused(qtbot, dialog, field):
    press(qtbot, dialog, "Save settings")
    wait_for(qtbot, lambda: visible(dialog, "Settings check", QLabel))
    edit = the(dialog, field, QLineEdit)
    assert edit.property("refused") == "true"
    assert edit.accessibleDescription() == line(dialog, "Settings check")
    assert edit.hasFocus()
    return line(dialog, "Settings check")


def test_what_is_saved_is_there_again_and_counts(qtbot, host, dialog, make, session, tmp_path, make_session):
    bundle = Authority(tmp_path).bundle
    choose(qtbot, dialog, "Proxy", "Address")
    type_into(qtbot, dialog, "Proxy address", "proxy.example.com:8080")
    type_into(qtbot, dialog, "CA bundle", str(bundle))
    save(qtbot, host, dialog)
    assert session.network == Network(ProxyChoice.ADDRESS, PROXY, str(bundle))
    written = session.places.settings_file
    wait_for(qtbot, lambda: written.exists() and "proxy.example.com" in written.read_text())
    again = make(make_session())
    assert the(again, "Proxy", QComboBox).currentText() == "Address"
    assert the(again, "Proxy address", QLineEdit).text() == PROXY
    assert the(again, "CA bundle", QLineEdit).text() == str(bundle)


def test_an_appearance_is_worn_when_it_is_saved_and_kept(qtbot, host, dialog, session, theme):
    choose(qtbot, dialog, "Appearance", "Dark")
    assert theme.choice == "light"
    save(qtbot, host, dialog)
    assert theme.choice == "dark"
    assert session.settings.theme == "dark"


def test_an_appearance_of_the_command_line_is_not_kept_by_saving_something_else(qtbot, host, dialog, session):
    choose(qtbot, dialog, "Proxy", "None")
    save(qtbot, host, dialog)
    assert session.settings.theme == "system"
    assert session.settings.network == Network(ProxyChoice.NONE)


@pytest.mark.parametrize("leave", ["button", "escape"])
def test_discarding_changes_nothing(qtbot, host, dialog, session, theme, leave):
    choose(qtbot, dialog, "Appearance", "Dark")
    choose(qtbot, dialog, "Proxy", "None")
    press(qtbot, dialog, "Discard settings") if leave == "button" else qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not host.findChildren(SettingsDialog))
    assert (session.settings.network, session.settings.theme, theme.choice) == (Network(), "system", "light")


def test_the_address_can_be_typed_where_it_counts_only(qtbot, dialog):
    address = the(dialog, "Proxy address", QLineEdit)
    words = set()
    for choice, counts in (("System", False), ("None", False), ("Address", True)):
        choose(qtbot, dialog, "Proxy", choice)
        assert address.isEnabled() is counts
        words.add(line(dialog, "Proxy in words"))
    assert len(words) == 3


def test_a_refused_address_is_marked_focused_and_told_and_nothing_is_kept(qtbot, dialog, session):
    choose(qtbot, dialog, "Proxy", "Address")
    assert "The proxy has no address." in refused(qtbot, dialog, "Proxy address")
    type_into(qtbot, dialog, "Proxy address", "http://proxy:port")
    assert the(dialog, "Proxy address", QLineEdit).property("refused") == ""
    assert not visible(dialog, "Settings check", QLabel)
    assert "has a port that is not a number" in refused(qtbot, dialog, "Proxy address")
    assert session.settings.network == Network()


def test_the_password_of_a_proxy_gets_into_no_file_and_no_sentence(qtbot, host, dialog, session):
    choose(qtbot, dialog, "Proxy", "Address")
    type_into(qtbot, dialog, "Proxy address", "http://jane:s3cret@proxy:8080")
    told = refused(qtbot, dialog, "Proxy address")
    assert "HTTPS_PROXY" in told
    assert "s3cret" not in told
    press(qtbot, dialog, "Discard settings")
    session.save_now(session.settings)
    assert "s3cret" not in session.places.settings_file.read_text()
    assert "s3cret" not in said(host)


def test_a_certificate_file_that_is_none_is_refused(qtbot, dialog, tmp_path):
    type_into(qtbot, dialog, "CA bundle", str(tmp_path / "gone.pem"))
    assert f"The certificate file {tmp_path / 'gone.pem'} is not there." in refused(qtbot, dialog, "CA bundle")


def test_a_file_can_be_chosen(qtbot, dialog, tmp_path):
    (tmp_path / "company.pem").touch()
    press(qtbot, dialog, "Choose CA bundle")
    files = opened(qtbot, dialog, QFileDialog)
    files.selectFile(str(tmp_path / "company.pem"))
    files.accept()
    assert the(dialog, "CA bundle", QLineEdit).text() == str(tmp_path / "company.pem")


def test_what_it_has_set_is_shown_locked_with_the_file_that_says_so(qtbot, host, make, make_session):
    preset = NetworkPreset(Network(ProxyChoice.ADDRESS, PROXY, "/gone.pem"), "10-proxy.json", "20-ca.json")
    session = make_session(presets=Presets(network=preset))
    dialog = make(session)
    assert the(dialog, "Proxy", QComboBox).currentText() == "Address"
    assert the(dialog, "Proxy address", QLineEdit).text() == PROXY
    for kind, name in ((QComboBox, "Proxy"), (QLineEdit, "Proxy address"), (QLineEdit, "CA bundle")):
        assert not the(dialog, name, kind).isEnabled()
    assert not the(dialog, "Choose CA bundle", QPushButton).isEnabled()
    assert line(dialog, "Proxy in words") == "Set by your administrator in 10-proxy.json."
    assert line(dialog, "CA bundle in words") == "Set by your administrator in 20-ca.json."
    save(qtbot, host, dialog)
    assert session.settings.network == Network()
    assert session.network == preset.network


def test_what_it_leaves_open_can_be_set_beside_it(qtbot, host, make, make_session):
    session = make_session(presets=Presets(network=NetworkPreset(Network(ca_bundle="/it.pem"), "", "20-ca.json")))
    dialog = make(session)
    choose(qtbot, dialog, "Proxy", "None")
    save(qtbot, host, dialog)
    assert session.network == Network(ProxyChoice.NONE, ca_bundle="/it.pem")


def test_in_practice_there_is_no_network_to_set(make, practice_session):
    dialog = make(practice_session)
    assert not the(dialog, "Proxy", QComboBox).isEnabled()
    assert not the(dialog, "CA bundle", QLineEdit).isEnabled()
    assert the(dialog, "Appearance", QComboBox).isEnabled()
    assert line(dialog, "Proxy in words") == "The practice pool calls nobody outside of this computer."


# In the program


def test_ctrl_comma_opens_them_once_and_over_no_other_dialog(qtbot, make_window, session):
    window = make_window(session)
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    opened(qtbot, window, SettingsDialog)
    window.strip.settings_requested.emit()
    assert len(window.findChildren(SettingsDialog)) == 1


@pytest.mark.parametrize(("pressed", "kept"), [("Discard settings", ""), ("Proxy address", PROXY)])
def test_return_in_a_field_saves_and_on_cancel_saves_nothing(qtbot, dialog, session, pressed, kept):
    choose(qtbot, dialog, "Proxy", "Address")
    type_into(qtbot, dialog, "Proxy address", PROXY)
    with qtbot.waitSignal(dialog.finished, timeout=30_000):
        qtbot.keyClick(the(dialog, pressed), Qt.Key.Key_Return)
    assert session.settings.network.proxy_address == kept


def test_a_list_that_no_proxy_led_to_is_there_once_they_are_saved(
    qtbot, make_window, session, tmp_path, monkeypatch, aws_keys
):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    authority = Authority(tmp_path)
    server = ScriptedAws(otherwise=page([JANE]), tls=authority.server_side())
    proxy = ConnectProxy(server.port)
    session.settings = replace(session.settings, connections=(FAR,), last_connection=FAR.name)
    window = make_window(session)
    wait_for(qtbot, lambda: "proxy could not be reached" in said(window))
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    dialog = opened(qtbot, window, SettingsDialog)
    choose(qtbot, dialog, "Proxy", "Address")
    type_into(qtbot, dialog, "Proxy address", proxy.address)
    type_into(qtbot, dialog, "CA bundle", str(authority.bundle))
    save(qtbot, window, dialog)
    press(qtbot, window, "Refresh users")
    wait_for(qtbot, lambda: line(window, "User counts").startswith("1 loaded"))
    assert any(HOST in asked for asked in proxy.asked)
    wait_for(qtbot, session.places.settings_file.exists)
    assert json.loads(session.places.settings_file.read_text())["network"]["proxy"] == "address"
    proxy.stop()
    server.stop()
