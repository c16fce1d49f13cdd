import json
from dataclasses import replace

import pytest
from on_screen import answer, box, boxes, column, is_shown, line, opened, press, said, the, wait_for, wait_loaded
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDoubleSpinBox, QLineEdit, QMessageBox, QPlainTextEdit

from confirmdesk.core.computer.settings import Settings, SettingsFile, Template
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.product import product_version
from confirmdesk.core.sending.campaign import State
from confirmdesk.core.sending.metadata import Advanced
from confirmdesk.ui.about.dialog import AboutDialog
from confirmdesk.ui.connections.dialog import ConnectionDialog
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.review_dialog import ReviewDialog
from confirmdesk.ui.users.person_dialog import PersonDialog


def picked(window):
    return {user.email for user in window.work.users.model.picked_users()}


def pick(window, *emails):
    model = window.work.users.model
    model.pick([user.username for user in model.users() if user.email in emails])
    assert picked(window) >= set(emails)


def pick_many(window, number):
    """People whom the practice pool serves without ado."""
    fine = [u for u in window.work.users.model.users() if u.enabled and u.email.startswith(("a", "c"))]
    window.work.users.model.pick([user.username for user in fine[:number]])


def send(qtbot, window):
    before = window.sending.panel
    press(qtbot, window, "Review and send")
    press(qtbot, opened(qtbot, window, ReviewDialog), "Send codes")
    wait_for(qtbot, lambda: window.sending.panel is not before)
    return window.sending.panel


def come_forward(qtbot, window):
    """Or keys would reach nobody."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def finish(qtbot, window):
    panel = send(qtbot, window)
    wait_for(qtbot, lambda: window.sending.stage is Stage.OVER)
    return panel


# A run


def test_picks_are_timed_at_the_pace_that_was_saved_for_the_connection(qtbot, desk):
    press(qtbot, desk, "Pick all shown")
    assert "about 40 s at 5 per second" in line(desk, "Picked people")
    press(qtbot, desk, "Edit connection")
    dialog = opened(qtbot, desk, ConnectionDialog)
    press(qtbot, dialog, "Sending rules")
    the(dialog, "Sends per second", QDoubleSpinBox).setValue(50.0)
    press(qtbot, dialog, "Save connection")
    wait_loaded(qtbot, desk)
    assert "about 4 s at 50 per second" in line(desk, "Picked people")


def test_a_single_persons_results_close_without_a_question(qtbot, desk, practice):
    pick(desk, "just.now@example.com")
    finish(qtbot, desk)
    press(qtbot, desk, "Close run")
    assert boxes(desk) == []
    wait_loaded(qtbot, desk)
    assert is_shown(desk, "Review and send")
    assert picked(desk) == set()


def test_a_run_with_people_left_is_not_given_up_without_a_question(qtbot, desk, practice_session):
    pick_many(desk, 30)
    panel = send(qtbot, desk)
    press(qtbot, desk, "Stop")
    wait_for(qtbot, lambda: desk.sending.stage is Stage.OVER)
    press(qtbot, desk, "Close run")
    asked = box(qtbot, desk)
    assert "Keep the run for later?" in asked.informativeText()
    answer(qtbot, asked, "Cancel")
    wait_for(qtbot, lambda: not boxes(desk))
    assert desk.pages.currentWidget() is panel
    press(qtbot, desk, "Close run")
    answer(qtbot, box(qtbot, desk), "End run")
    wait_loaded(qtbot, desk)
    wait_for(qtbot, lambda: not practice_session.ledger.runs(open_only=True))


def test_who_was_served_is_not_picked_any_more_and_who_failed_stays_picked(qtbot, desk):
    pick(desk, "just.now@example.com", "bounce.barnaby@example.com")
    finish(qtbot, desk)
    assert picked(desk) == {"bounce.barnaby@example.com"}
    press(qtbot, desk, "Close run")
    wait_loaded(qtbot, desk)
    assert picked(desk) == {"bounce.barnaby@example.com"}


def test_after_a_run_the_list_knows_when_each_was_sent_to(qtbot, desk):
    pick(desk, "just.now@example.com")
    finish(qtbot, desk)
    press(qtbot, desk, "Close run")
    wait_loaded(qtbot, desk)
    sent = dict(
        zip(column(desk, "Unconfirmed users", "E-mail"), column(desk, "Unconfirmed users", "Last sent"), strict=True)
    )
    assert sent["just.now@example.com"] == "just now"


def test_a_stopped_run_comes_up_again_at_the_next_start_and_is_resumed(
    qtbot, desk, make_window, practice, practice_session
):
    pick_many(desk, 12)
    send(qtbot, desk)
    wait_for(qtbot, lambda: practice.outbox())
    press(qtbot, desk, "Stop")
    wait_for(qtbot, lambda: desk.sending.stage is Stage.OVER)
    again = make_window(practice_session)
    wait_for(qtbot, lambda: is_shown(again, "Resume run"))
    press(qtbot, again, "Resume run")
    wait_for(qtbot, lambda: again.sending.stage is Stage.OVER)
    sent = [message.username for message in practice.outbox()]
    assert len(sent) == len(set(sent)) == 12


def test_the_connection_can_be_mended_beside_the_results(qtbot, desk):
    pick_many(desk, 30)
    panel = send(qtbot, desk)
    press(qtbot, desk, "Stop")
    wait_for(qtbot, lambda: desk.sending.stage is Stage.OVER)
    press(qtbot, desk, "Edit connection")
    dialog = opened(qtbot, desk, ConnectionDialog)
    dialog.form.name.setText("Mended")
    press(qtbot, dialog, "Save connection")
    wait_for(qtbot, lambda: not boxes(desk))
    assert desk.pages.currentWidget() is panel
    press(qtbot, panel, "Send again")
    opened(qtbot, desk, ReviewDialog)


def test_while_codes_go_out_nothing_else_changes(qtbot, two):
    pick_many(two, 30)
    panel = send(qtbot, two)
    for name in ("Connection", "New connection", "Edit connection", "Refresh users"):
        assert not the(two, name).isEnabled()
    two.open_connection("Newsletter")
    come_forward(qtbot, two)
    with qtbot.assertNotEmitted(two.leave_requested), qtbot.assertNotEmitted(two.listing.started):
        two.strip.leave_requested.emit()
        qtbot.keyClick(two, Qt.Key.Key_F5)
    assert two.pages.currentWidget() is panel
    press(qtbot, two, "Stop")
    wait_for(qtbot, lambda: two.sending.stage is Stage.OVER)
    assert not the(two, "Connection").isEnabled()
    assert the(two, "Edit connection").isEnabled()
    press(qtbot, two, "Close run")
    answer(qtbot, box(qtbot, two), "End run")
    assert the(two, "Connection").isEnabled()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_a_key_too_many_does_not_stop_what_has_just_begun(qtbot, desk, key):
    pick_many(desk, 30)
    panel = send(qtbot, desk)
    come_forward(qtbot, desk)
    QTest.keyClick(desk.windowHandle(), key)
    assert panel.campaign.state is State.RUNNING
    assert QApplication.focusWidget() is the(desk, "Run results")


def test_a_key_too_many_after_the_first_sends_and_stops_nothing(qtbot, desk, practice):
    pick_many(desk, 12)
    press(qtbot, desk, "Review and send")
    press(qtbot, opened(qtbot, desk, ReviewDialog), "Send to the first 1")
    wait_for(qtbot, lambda: desk.sending.panel)
    panel = desk.sending.panel
    come_forward(qtbot, desk)
    the(desk, "Pause").setFocus()
    wait_for(qtbot, lambda: is_shown(desk, "Resume") and not panel.campaign.in_flight)
    QTest.keyClick(desk.windowHandle(), Qt.Key.Key_Space)
    assert panel.campaign.state is State.PAUSED
    assert len(practice.outbox()) == 1


def test_closing_in_mid_run_asks_and_may_go_on(qtbot, desk):
    pick_many(desk, 30)
    panel = send(qtbot, desk)
    desk.close()
    assert desk.isVisible()
    asked = box(qtbot, desk)
    assert asked.text() == "Codes are still being sent."
    answer(qtbot, asked, "Keep sending")
    wait_for(qtbot, lambda: not boxes(desk))
    assert desk.isVisible()
    assert panel.campaign.state is State.RUNNING


def test_stop_and_close_closes_when_the_last_call_is_back(qtbot, desk, practice):
    pick_many(desk, 30)
    panel = send(qtbot, desk)
    wait_for(qtbot, lambda: practice.outbox())
    desk.close()
    answer(qtbot, box(qtbot, desk), "Stop and close")
    desk.close()
    assert desk.isVisible() or desk.sending.stage is Stage.OVER
    wait_for(qtbot, lambda: not desk.isVisible())
    assert panel.campaign.in_flight == 0
    assert 0 < len(practice.outbox()) < 30


def test_a_run_that_ends_while_the_question_stands_closes_too(qtbot, desk):
    pick_many(desk, 2)
    send(qtbot, desk)
    desk.close()
    asked = box(qtbot, desk)
    wait_for(qtbot, lambda: desk.sending.stage is Stage.OVER)
    assert desk.isVisible()
    answer(qtbot, asked, "Stop and close")
    wait_for(qtbot, lambda: not desk.isVisible())


def test_nothing_is_sent_twice_by_pressing_review_twice(qtbot, desk, practice):
    pick(desk, "just.now@example.com")
    review = the(desk, "Review and send")
    review.click()
    review.click()
    dialog = opened(qtbot, desk, ReviewDialog)
    review.click()
    press(qtbot, dialog, "Send codes")
    wait_for(qtbot, lambda: desk.sending.stage is Stage.OVER)
    assert [w for w in boxes(desk) if isinstance(w, ReviewDialog)] == []
    assert len(practice.outbox()) == 1


def test_what_is_reviewed_is_what_is_sent_whatever_happens_behind(qtbot, desk, practice):
    desk.resize(1280, 760)
    pick(desk, "just.now@example.com")
    desk.work.metadata.model.replace([("ticket", "CS-1")])
    press(qtbot, desk, "Advanced")
    the(desk, "IP address").setText("192.0.2.7")
    press(qtbot, desk, "Review and send")
    dialog = opened(qtbot, desk, ReviewDialog)
    pick(desk, "moments.ago@example.org")
    desk.work.metadata.model.replace([("ticket", "CS-2")])
    the(desk, "IP address").setText("")
    press(qtbot, dialog, "Send codes")
    wait_for(qtbot, lambda: desk.sending.stage is Stage.OVER)
    (message,) = practice.outbox()
    assert message.client_metadata == {"ticket": "CS-1"}
    assert message.request["UserContextData"] == {"IpAddress": "192.0.2.7"}
    assert desk.work.metadata.values() == Advanced()


def test_the_review_tells_of_the_picked_who_are_not_shown(qtbot, desk):
    pick(desk, "just.now@example.com", "moments.ago@example.org")
    qtbot.keyClicks(the(desk, "Search users", QLineEdit), "just.now")
    press(qtbot, desk, "Review and send")
    dialog = opened(qtbot, desk, ReviewDialog)
    assert "1 of these people is picked but not shown in the list" in said(dialog)


def keys(window, *chords):
    """On the keyboard; whatever has the focus gets them."""
    for chord in chords:
        key, modifier = chord if isinstance(chord, tuple) else (chord, Qt.KeyboardModifier.NoModifier)
        QTest.keyClick(QApplication.focusWindow() or window.windowHandle(), key, modifier)


def test_a_ticket_by_keyboard(qtbot, desk, practice):
    come_forward(qtbot, desk)
    qtbot.keyClicks(the(desk, "Search users", QLineEdit), "just.now")
    keys(desk, Qt.Key.Key_Return, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: opened(qtbot, desk, PersonDialog).isActiveWindow())
    keys(desk, Qt.Key.Key_Return)
    wait_for(qtbot, lambda: opened(qtbot, desk, ReviewDialog).isActiveWindow())
    keys(desk, (Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier))
    wait_for(qtbot, lambda: desk.sending.panel and not desk.sending.running)
    come_forward(qtbot, desk)
    keys(desk, Qt.Key.Key_Escape)
    assert is_shown(desk, "Review and send")
    assert [message.destination for message in practice.outbox()] == ["just.now@example.com"]


def test_ctrl_return_reviews_the_picked(qtbot, desk):
    pick(desk, "just.now@example.com")
    come_forward(qtbot, desk)
    keys(desk, (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier))
    assert "just.now@example.com" in column(opened(qtbot, desk, ReviewDialog), "Recipients", "Sent to")


# The window itself


def test_it_fits_the_screen(desk):
    free = desk.screen().availableGeometry()
    assert desk.width() <= free.width()
    assert desk.height() <= free.height()
    send_button = the(desk, "Review and send")
    assert desk.rect().contains(send_button.mapTo(desk, send_button.rect().bottomRight()))


def test_its_size_is_there_at_the_next_start(qtbot, desk, make_session, make_window, practice):
    desk.resize(700, 500)
    desk.close()
    window = make_window(make_session(practice))
    assert (window.width(), window.height()) == (700, 500)


def test_a_size_that_makes_no_sense_is_ignored(qtbot, make_session, make_window):
    session = make_session()
    session.settings = replace(session.settings, window="%%%")
    assert make_window(session).width() >= 640


def test_templates_are_there_at_the_next_start(qtbot, desk, make_session, make_window, practice):
    template = Template("mail outage", (("reason", "outage"),))
    desk.work.metadata.templates.templates_changed.emit((template,))
    desk.close()
    window = make_window(make_session(practice))
    window.resize(1280, 760)
    assert the(window, "Template", QComboBox).findText("mail outage") > 0


def test_about_tells_version_and_folder(qtbot, desk, tmp_path):
    desk.strip.about_requested.emit()
    dialog = opened(qtbot, desk, AboutDialog)
    wait_for(qtbot, lambda: product_version() in line(dialog, "Version"))
    assert the(dialog, "Log file", QLineEdit).text().startswith(str(tmp_path / "data"))


def test_leaving_practice_is_asked_of_who_made_the_window(qtbot, desk):
    with qtbot.waitSignal(desk.leave_requested):
        desk.strip.leave_requested.emit()


def test_a_closed_window_reads_no_further(qtbot, make_window, practice_session):
    window = make_window(practice_session)
    came = []
    window.listing.came.connect(lambda users: came.append(users) or window.close())
    wait_for(qtbot, lambda: came)
    with qtbot.assertNotEmitted(window.listing.came, wait=300):
        pass


def test_the_preview_is_of_the_focused_person(qtbot, desk):
    desk.work.users.table.focus_row(3)
    user = desk.work.users.table.focused_user()
    desk.resize(1280, 760)
    assert f'"userName": "{user.username}"' in the(desk, "Lambda preview", QPlainTextEdit).toPlainText()


# The program around it


@pytest.fixture
def start(qtbot, make_application, keyring_missing):
    def start(**options):
        application = make_application(**options)
        application.open(options.get("practice", False))
        qtbot.waitExposed(application.window)
        return application

    return start


def shown_boxes(window):
    return [w for w in boxes(window) if isinstance(w, QMessageBox)]


def test_broken_settings_are_told_and_kept(qtbot, start, tmp_path):
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "settings.json").write_text('{"version": 1, "connections": [')
    (tmp_path / "data" / "settings.json").chmod(0o600)
    window = start().window
    told = box(qtbot, window)
    assert told.text() == "The settings could not be read; the program starts without them."
    (kept,) = (tmp_path / "data").glob("settings.json?*")
    assert kept.read_text() == '{"version": 1, "connections": ['
    assert str(kept) in told.informativeText()
    answer(qtbot, told, "OK")
    wait_for(qtbot, lambda: is_shown(window, "Create a connection"))


def test_settings_of_a_later_version_are_told_once_and_their_connections_are_there(qtbot, start, tmp_path):
    shop = {"name": "Shop", "region": "eu-west-1", "pool_id": "eu-west-1_Ab", "client_id": "c", "hologram": 1}
    path = tmp_path / "data" / "settings.json"
    path.parent.mkdir(mode=0o700)
    path.write_text(json.dumps({"version": 99, "connections": [{**shop, "endpoint": "http://127.0.0.1:9"}]}))
    path.chmod(0o600)
    first = start()
    told = box(qtbot, first.window)
    assert "later version of Confirmdesk" in told.text()
    answer(qtbot, told, "OK")
    assert the(first.window, "Connection", QComboBox).currentText().startswith("Shop")
    first.window.close()
    first.close()
    assert json.loads(path.read_text())["connections"][0]["hologram"] == 1
    second = start()
    wait_for(qtbot, lambda: second.session.ledger)
    assert not any("later version" in shown.text() for shown in shown_boxes(second.window))


def test_a_connection_of_the_command_line_that_is_not_there_is_told(qtbot, start):
    told = box(qtbot, start(connection="Nowhere").window)
    assert told.text() == "There is no connection called “Nowhere”."


def test_the_connection_of_the_command_line_opens(qtbot, start, tmp_path):
    away = "http://127.0.0.1:9"
    connections = tuple(Connection(name, "eu-west-1", "eu-west-1_Ab", "c", endpoint=away) for name in ("One", "Two"))
    SettingsFile(tmp_path / "data" / "settings.json").save(Settings(connections, "One"))
    window = start(connection="Two").window
    wait_for(qtbot, lambda: the(window, "Connection", QComboBox).currentText().startswith("Two"))


def test_into_practice_and_back(qtbot, start, tmp_path):
    application = start()
    first = application.window
    wait_for(qtbot, lambda: is_shown(first, "Create a connection"))
    press(qtbot, first, "Try the practice pool")
    practice = application.window
    assert practice is not first
    wait_loaded(qtbot, practice)
    assert practice.windowTitle() == "Confirmdesk practice"
    assert is_shown(practice, "Practice outbox")
    server = application.session.server
    practice.strip.leave_requested.emit()
    assert application.window is not practice
    wait_for(qtbot, lambda: is_shown(application.window, "Create a connection"))
    wait_for(qtbot, lambda: not server.running)
    assert (tmp_path / "data" / "practice" / "settings.json").exists()
