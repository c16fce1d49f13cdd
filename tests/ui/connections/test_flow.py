from on_screen import answer, box, boxes, cells, is_shown, line, opened, press, said, the, wait_for, wait_loaded
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from confirmdesk.core.connections.connection import Connection
from confirmdesk.ui.connections.dialog import ConnectionDialog
from confirmdesk.ui.metadata.lambda_preview import EXAMPLE, NO_TRIGGER


def choose(window, name):
    combo = the(window, "Connection", QComboBox)
    combo.setCurrentIndex(combo.findText(name, Qt.MatchFlag.MatchStartsWith))


def picked(window):
    return {user.email for user in window.work.users.model.picked_users()}


def pick(window, email):
    model = window.work.users.model
    model.pick([user.username for user in model.users() if user.email == email])
    assert picked(window) == {email}


def delete_connection(qtbot, window):
    press(qtbot, window, "Edit connection")
    dialog = opened(qtbot, window, ConnectionDialog)
    press(qtbot, dialog, "Delete connection")
    answer(qtbot, box(qtbot, dialog), "Delete connection")
    wait_for(qtbot, lambda: not boxes(window))


def test_without_a_connection_there_is_a_welcome(qtbot, make_session, make_window):
    window = make_window(make_session())
    assert is_shown(window, "Create a connection")
    assert not is_shown(window, "New connection")
    assert not is_shown(window, "Unconfirmed users")
    with qtbot.waitSignal(window.practice_requested):
        press(qtbot, window, "Try the practice pool")
    press(qtbot, window, "Create a connection")
    assert opened(qtbot, window, ConnectionDialog).windowTitle() == "New connection"


def test_the_last_connection_opens_and_lists_its_users(desk, practice):
    shop = practice.connection()
    assert the(desk, "Connection", QComboBox).currentText().startswith(shop.name)
    assert line(desk, "User counts") == "200 loaded · 200 shown · 0 picked"
    assert line(desk, "Connection status") == "Nothing leaves this computer"
    assert the(desk, "Search users", QLineEdit).hasFocus()


def test_each_pool_keeps_its_own_picks(qtbot, two):
    pick(two, "just.now@example.com")
    choose(two, "Newsletter")
    wait_loaded(qtbot, two, "6 loaded")
    assert line(two, "User counts") == "6 loaded · 6 shown · 0 picked"
    two.work.users.model.pick_rows([0, 1])
    choose(two, "Practice shop")
    wait_loaded(qtbot, two)
    assert "no longer unconfirmed" not in said(two)
    assert picked(two) == {"just.now@example.com"}
    choose(two, "Newsletter")
    assert line(two, "Picked people").startswith("2 people picked")
    wait_loaded(qtbot, two, "6 loaded")
    assert line(two, "User counts") == "6 loaded · 6 shown · 2 picked"


def test_what_the_pool_does_with_metadata_goes_with_the_pool(qtbot, two):
    two.resize(1280, 760)  # room for the metadata beside the list
    wait_for(qtbot, lambda: line(two, "Lambda trigger") == EXAMPLE)
    choose(two, "Newsletter")
    wait_for(qtbot, lambda: line(two, "Lambda trigger") == NO_TRIGGER)


def test_the_chosen_connection_is_there_at_the_next_start(qtbot, two, make_session, practice):
    choose(two, "Newsletter")
    wait_loaded(qtbot, two, "6 loaded")
    two.close()
    assert make_session(practice).settings.last_connection == "Newsletter"


def test_a_new_connection_is_saved_chosen_and_listed(qtbot, desk, newsletter, tmp_path):
    press(qtbot, desk, "New connection")
    dialog = opened(qtbot, desk, ConnectionDialog)
    the(dialog, "Connection name", QLineEdit).setText("Mine")
    the(dialog, "User pool", QComboBox).setEditText(newsletter.pool_id)
    the(dialog, "App client", QComboBox).setEditText(newsletter.client_id)
    press(qtbot, dialog, "Save connection")
    wait_loaded(qtbot, desk, "6 loaded")
    assert the(desk, "Connection", QComboBox).currentText().startswith("Mine")
    wait_for(qtbot, lambda: "Mine" in (tmp_path / "data" / "settings.json").read_text())


def test_a_renamed_connection_takes_the_place_of_the_old_one(qtbot, desk):
    pick(desk, "just.now@example.com")
    press(qtbot, desk, "Edit connection")
    dialog = opened(qtbot, desk, ConnectionDialog)
    the(dialog, "Connection name", QLineEdit).setText("Renamed")
    press(qtbot, dialog, "Save connection")
    wait_loaded(qtbot, desk)
    combo = the(desk, "Connection", QComboBox)
    assert combo.count() == 1
    assert combo.currentText().startswith("Renamed")
    assert picked(desk) == {"just.now@example.com"}


def test_the_last_connection_deleted_leads_to_the_welcome(qtbot, two):
    delete_connection(qtbot, two)
    delete_connection(qtbot, two)
    assert is_shown(two, "Create a connection")
    assert not is_shown(two, "Connection")
    assert the(two, "Create a connection").hasFocus()


def test_f5_reads_anew_and_keeps_picks(qtbot, desk, practice):
    pick(desk, "just.now@example.com")
    with qtbot.waitSignal(desk.listing.finished):
        qtbot.keyClick(desk, Qt.Key.Key_F5)
    assert line(desk, "User counts") == "200 loaded · 200 shown · 1 picked"


def test_the_place_where_codes_come_from_is_said_when_it_is_not_aws(
    qtbot, make_session, make_window, newsletter, aws_keys
):
    session = make_session()
    session.put_connection(newsletter)
    window = make_window(session)
    wait_for(qtbot, lambda: line(window, "Connection status") == "custom endpoint")


def test_who_cannot_sign_in_is_told_so(qtbot, make_session, make_window):
    session = make_session()
    session.put_connection(Connection("Shop", "eu-west-1", "eu-west-1_Ab", "c", profile="gone"))
    window = make_window(session)
    wait_for(qtbot, lambda: line(window, "Connection status") == "Not signed in")
    assert "“gone”" in said(window)


def test_what_was_typed_for_a_deleted_connection_reaches_no_other_pool(qtbot, two):
    two.resize(1280, 760)
    two.work.metadata.model.replace([("ticket", "HD-4711")])
    delete_connection(qtbot, two)
    wait_loaded(qtbot, two, "6 loaded")
    assert cells(two, "Client metadata") == []
