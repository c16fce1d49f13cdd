"""Every page fits into the smallest window and every dialog on a small screen, whatever the font."""

import pytest
from on_screen import box, cells, opened, press, the, wait_for
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from samples import person
from ui_fixtures import set_text_width

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Problem
from confirmdesk.ui.about.dialog import AboutDialog
from confirmdesk.ui.connections.dialog import ConnectionDialog
from confirmdesk.ui.kit.messages import ask
from confirmdesk.ui.metadata.template_bar import NameDialog
from confirmdesk.ui.practice.outbox_window import OutboxWindow
from confirmdesk.ui.runs.history_page import HistoryPage
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.production_question import ProductionQuestion
from confirmdesk.ui.sending.review_dialog import ReviewDialog
from confirmdesk.ui.settings.dialog import SettingsDialog
from confirmdesk.ui.users.lookup_dialog import LookupDialog

WINDOW = QSize(640, 500)
# 1024 x 600, less the frame that a window manager adds.
SCREEN = QSize(1016, 560)
LONG = "x" * 300


@pytest.fixture(params=[1, 1.25], ids=["wide font", "wider than any"])
def small(request, qapp, theme, desk):
    set_text_width(qapp, request.param)
    theme.choose("light")
    desk.resize(WINDOW)
    yield desk
    set_text_width(qapp)


def need(widget):
    QApplication.processEvents()
    least = widget.minimumSizeHint()
    return least.width(), least.height()


def check(widget, room):
    width, height = need(widget)
    assert width <= room.width(), f"{width} pixels wide"
    assert height <= room.height(), f"{height} pixels high"


def check_page(window):
    check(window.centralWidget(), WINDOW)


def review(qtbot, window, *emails):
    model = window.work.users.model
    model.pick([user.username for user in model.users() if user.email in emails])
    press(qtbot, window, "Review and send")
    return opened(qtbot, window, ReviewDialog)


def test_the_list_while_it_is_read_and_searched(small):
    small.work.users.loading_started()
    the(small, "Search users", QLineEdit).setText(LONG)
    the(small, "Signed up", QComboBox).setCurrentText("Between…")
    check_page(small)


def test_the_list_after_a_failure(small):
    small.work.users.loading_started()
    small.work.users.loading_failed(Problem("A very long sentence. " * 20, "And a hint.", LONG))
    check_page(small)
    small.work.users.model.add_user(person(LONG, age=0, name=LONG), picked=True)
    check_page(small)


def test_the_strip_of_a_connection_with_long_names(small):
    strip = small.strip
    long = Connection(LONG, "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client", environment=LONG, pool_name=LONG)
    strip.show_connections([long], LONG)
    strip.show_sign_in_state(LONG, amber=True, sign_in=True)
    check_page(small)


def test_the_metadata_beside_the_list(small, qtbot):
    small.work.metadata.model.replace([(LONG, LONG)])
    press(qtbot, small, "Show client metadata")
    press(qtbot, small, "Advanced")
    check(small.work.metadata, QSize(304, WINDOW.height()))
    check(small.centralWidget(), SCREEN)


def test_the_welcome_page(small, make_session, make_window):
    check_page(make_window(make_session()))


def test_the_review_the_run_and_the_history(small, qtbot):
    dialog = review(qtbot, small, "just.now@example.com", "disabled.dora@example.org")
    check(dialog, SCREEN)
    press(qtbot, dialog, "Send codes")
    wait_for(qtbot, lambda: small.sending.stage is Stage.OVER)
    small.sending.panel.people.say(LONG)
    check_page(small)
    press(qtbot, small, "Close run")
    press(qtbot, small, "History")
    wait_for(qtbot, lambda: cells(small, "Run recipients"))
    assert isinstance(small.pages.currentWidget(), HistoryPage)
    check_page(small)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Edit connection", ConnectionDialog), ("Practice outbox", OutboxWindow)],
)
def test_a_dialog(small, qtbot, name, kind):
    press(qtbot, small, name)
    check(opened(qtbot, small, kind), SCREEN)


def test_the_lookup_of_something_long(small, qtbot):
    the(small, "Search users", QLineEdit).setText(LONG)
    press(qtbot, small, "Look in the whole pool")
    dialog = opened(qtbot, small, LookupDialog)
    dialog.show_problem(Problem("A very long sentence. " * 20))
    check(dialog, SCREEN)


def test_the_name_of_a_template(small, qtbot):
    small.resize(1280, 700)
    small.work.metadata.model.replace([("a", "1")])
    press(qtbot, small, "Save template")
    check(opened(qtbot, small, NameDialog), SCREEN)


def test_the_settings(small, qtbot):
    small.strip.settings_requested.emit()
    check(opened(qtbot, small, SettingsDialog), SCREEN)


def test_about(small, qtbot):
    small.strip.about_requested.emit()
    check(opened(qtbot, small, AboutDialog), SCREEN)


def test_the_question_before_production(small):
    # Cognito's longest name of a pool.
    dialog = ProductionQuestion(small, "x" * 128, 1000)
    dialog.open()
    check(dialog, SCREEN)


def test_a_question(small, qtbot):
    ask(small, "A sentence that goes on for a while.", "And more. " * 40, "Do what was asked for", lambda: None)
    check(box(qtbot, small), SCREEN)
