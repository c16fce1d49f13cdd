from dataclasses import replace
from itertools import combinations

import pytest
from on_screen import is_shown, line, press, said, show, the
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QWidget
from ui_fixtures import set_text_width

from confirmdesk.core.connections.connection import PRODUCTION, STAGING, Connection
from confirmdesk.ui.connections.strip import ConnectionStrip
from confirmdesk.ui.kit.labels import StatusLine

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_A", "c1", client_name="web", environment=PRODUCTION)
TEST = Connection("Test", "eu-central-1", "eu-central-1_B", "c2", environment=STAGING)


@pytest.fixture
def make(qtbot, theme):
    def make(practice=False):
        strip = ConnectionStrip(practice)
        strip.resize(1280, 60)
        strip.show_connections([SHOP, TEST], "Shop")
        return show(qtbot, strip)

    return make


@pytest.fixture
def strip(make):
    return make()


def choice(strip):
    return the(strip, "Connection", QComboBox)


def pill(strip):
    (found,) = [label for label in strip.findChildren(QLabel) if label.property("kind") == "environment"]
    return found


def menu_entry(strip, text):
    def walk(menu):
        for action in menu.actions():
            yield action
            if action.menu():
                yield from walk(action.menu())

    return next((a for a in walk(the(strip, "More", QPushButton).menu()) if a.text() == text), None)


def trigger(strip, text):
    found = menu_entry(strip, text)
    assert isinstance(found, QAction), text
    found.trigger()


def test_name_region_and_client_of_the_connection(strip):
    assert choice(strip).currentText() == "Shop    eu-west-1 · web"


def test_the_environment_is_a_word_and_a_colour(strip):
    assert pill(strip).text() == "PRODUCTION"
    assert pill(strip).property("tone") == "production"
    strip.show_connections([SHOP, TEST], "Test")
    assert pill(strip).text() == "STAGING"
    assert pill(strip).property("tone") == "staging"


@pytest.mark.parametrize(
    ("word", "tone"), [("production", "production"), (" PRACTICE ", "practice"), ("Sandbox 7", "neutral")]
)
def test_environments_of_ones_own(strip, word, tone):
    strip.show_connections([Connection("X", "eu-west-1", "eu-west-1_A", "c", environment=word)], "X")
    assert pill(strip).text() == word.upper()
    assert pill(strip).property("tone") == tone


def test_choosing_tells_the_name_and_changes_the_pill(strip, qtbot):
    with qtbot.waitSignal(strip.chosen, check_params_cb=lambda name: name == "Test"):
        choice(strip).setCurrentIndex(1)
    assert pill(strip).text() == "STAGING"


def test_being_shown_is_not_being_chosen(strip, qtbot):
    with qtbot.assertNotEmitted(strip.chosen):
        strip.show_connections([TEST, SHOP], "Test")


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("New connection", "new_requested"),
        ("Edit connection", "edit_requested"),
        ("Refresh users", "refresh_requested"),
    ],
)
def test_buttons(strip, qtbot, name, signal):
    with qtbot.waitSignal(getattr(strip, signal)):
        press(qtbot, strip, name)


def test_without_connections_the_welcome_page_has_the_word(strip):
    strip.show_connections([], "")
    for name in ("Connection", "New connection", "Edit connection", "Refresh users"):
        assert not is_shown(strip, name)
    assert not pill(strip).isVisible()


def test_nothing_changes_while_codes_go_out(strip):
    names = ("Connection", "New connection", "Edit connection", "Refresh users", "History")
    strip.show_run_state(shown=True, running=True)
    assert not any(the(strip, name).isEnabled() for name in names)
    strip.show_run_state(shown=True, running=False)
    assert [name for name in names if the(strip, name).isEnabled()] == ["Edit connection"]
    strip.show_run_state(shown=False, running=False)
    assert all(the(strip, name).isEnabled() for name in names)


def test_who_is_signed_in_is_read_out_as_shown(strip):
    strip.show_sign_in_state("Signed in as jane · until 17:30")
    assert line(strip, "Connection status") == "Signed in as jane · until 17:30"
    assert not is_shown(strip, "Sign in")
    assert not menu_entry(strip, "Sign out").isVisible()


def test_signing_in_is_offered_where_it_is_the_next_thing_to_do(strip, qtbot):
    strip.show_sign_in_state("Not signed in", sign_in=True)
    with qtbot.waitSignal(strip.sign_in_requested):
        press(qtbot, strip, "Sign in")


def test_a_sign_in_that_ends_soon_is_a_colour_and_a_button(strip):
    strip.show_sign_in_state("Signed in as jane · until 17:30", amber=True, sign_in=True, sign_out=True)
    assert the(strip, "Connection status", QLabel).property("tone") == "amber"
    assert the(strip, "Sign in", QPushButton).text() == "Sign in again"
    strip.show_sign_in_state("Signed in as jane · until 18:30", sign_out=True)
    assert the(strip, "Connection status", QLabel).property("tone") == ""
    assert not is_shown(strip, "Sign in")


def test_whoever_is_signed_in_by_the_browser_can_sign_out(strip, qtbot):
    strip.show_sign_in_state("Signed in as jane", sign_out=True)
    with qtbot.waitSignal(strip.sign_out_requested):
        trigger(strip, "Sign out")


def test_the_outbox_is_there_in_practice_only(make, qtbot):
    assert not is_shown(make(), "Practice outbox")
    practice = make(practice=True)
    with qtbot.waitSignal(practice.outbox_requested):
        press(qtbot, practice, "Practice outbox")


def test_the_menu(make, qtbot):
    strip = make()
    assert menu_entry(strip, "Leave the practice pool") is None
    assert menu_entry(strip, "Reset practice") is None
    for text, signal in (
        ("Settings…", strip.settings_requested),
        ("Show log file", strip.log_requested),
        ("About Confirmdesk", strip.about_requested),
    ):
        with qtbot.waitSignal(signal):
            trigger(strip, text)
    practice = make(practice=True)
    with qtbot.waitSignal(practice.leave_requested):
        trigger(practice, "Leave the practice pool")


def test_a_hostile_connection_name_stays_text(strip):
    strip.show_connections([Connection("\u202e<b>x", "eu-west-1", "eu-west-1_A", "c", environment="<i>y")], "")
    assert choice(strip).itemText(0).startswith("⟨U+202E⟩<b>x")
    assert "\u202e" not in said(strip)


@pytest.mark.parametrize("width", [1016, 960])
def test_a_narrow_strip_says_who_is_signed_in_by_shortening_its_buttons(make, qtbot, width):
    strip = make(practice=True)
    strip.resize(1400, 60)
    assert the(strip, "Refresh users", QPushButton).text() == "Refresh users"
    strip.show_sign_in_state("arn:aws:sts::123456789012:assumed-role/Support/jane")
    strip.resize(width, 60)
    qtbot.waitUntil(lambda: the(strip, "Connection status", StatusLine).shown_text().startswith("arn:aws:sts"))
    assert the(strip, "Refresh users", QPushButton).text() == "Refresh"
    assert the(strip, "New connection", QPushButton).text() == "New…"


def test_the_menu_ends_where_its_button_ends(strip, qtbot):
    more = the(strip, "More", QPushButton)
    strip.move(0, 0)
    QTimer.singleShot(0, more.click)  # a menu keeps whoever opens it waiting
    menu = more.menu()
    ends = []

    def look():
        ends.append((menu.geometry().right(), more.mapToGlobal(more.rect().bottomRight()).x()))
        menu.close()

    menu.aboutToShow.connect(lambda: QTimer.singleShot(0, look))
    qtbot.waitUntil(lambda: bool(ends))
    assert ends[0][0] == ends[0][1]


@pytest.mark.parametrize("width", [1272, 1016, 952, 800, 640])
@pytest.mark.parametrize("times", [1, 1.25])
def test_nothing_stands_on_anything_else_however_narrow(qapp, make, qtbot, width, times):
    strip = make(practice=True)
    set_text_width(qapp, times)
    long = replace(SHOP, name="Shop of all of Europe and beyond", environment=PRODUCTION)
    strip.show_connections([long], long.name)
    strip.show_sign_in_state("Signed in as arn:aws:sts::123456789012:assumed-role/Support/jane", sign_in=True)
    strip.resize(width, 60)
    qapp.processEvents()
    bar = the(strip, "More", QPushButton).parentWidget()
    shown = [w for w in bar.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly) if w.isVisible()]

    def all_beside_each_other():
        for one, other in combinations(shown, 2):
            assert not one.geometry().intersects(other.geometry()), (one.accessibleName(), other.accessibleName())

    # A layout may want more than one turn of the event loop.
    qtbot.waitUntil(all_beside_each_other, timeout=20_000)
    assert all(bar.rect().contains(w.geometry()) for w in shown)
