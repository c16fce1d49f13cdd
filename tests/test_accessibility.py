"""What screen readers and automation find: a name on whatever takes the focus, and the names that were promised."""

import pytest
from on_screen import box, opened, press, the, wait_for
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QTableView,
    QToolButton,
    QWidget,
)

from confirmdesk.ui.about.dialog import AboutDialog
from confirmdesk.ui.connections.dialog import ConnectionDialog
from confirmdesk.ui.kit.messages import show_fact
from confirmdesk.ui.metadata.template_bar import NameDialog
from confirmdesk.ui.practice.outbox_window import OutboxWindow
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.review_dialog import ReviewDialog
from confirmdesk.ui.settings.dialog import SettingsDialog
from confirmdesk.ui.users.lookup_dialog import LookupDialog

Role = QAccessible.Role
BUTTON, SWITCH, COMBO = (QPushButton, Role.Button), (QPushButton, Role.CheckBox), (QComboBox, Role.ComboBox)
TEXT, AREA, STATUS = (QLineEdit, Role.EditableText), (QPlainTextEdit, Role.EditableText), (QLabel, Role.StaticText)
TABLE, BAR, FIGURES = (QTableView, Role.Table), (QProgressBar, Role.ProgressBar), (QFrame, Role.Border)


def names_of(kind, *names):
    return [(name, *kind) for name in names]


WINDOW = [
    *names_of(COMBO, "Connection", "Signed up", "Channel filter", "Template"),
    *names_of(BUTTON, "New connection", "Edit connection", "Refresh users", "Practice outbox"),
    *names_of(STATUS, "Connection status", "User counts"),
    *names_of(TEXT, "Search users", "IP address", "Encoded data", "Analytics endpoint ID"),
    *names_of(SWITCH, "Enabled only", "Advanced"),
    *names_of(TABLE, "Unconfirmed users", "Client metadata"),
    *names_of(BUTTON, "Pick all shown", "Clear picks", "Stop loading", "Load more", "Look in the whole pool"),
    *names_of(BUTTON, "Save template", "Delete template", "Add field", "Remove field"),
    *names_of(AREA, "Lambda preview"),
    *names_of(BUTTON, "Review and send"),
]
WELCOME = names_of(BUTTON, "Create a connection", "Try the practice pool")
REVIEW = [
    *names_of(TABLE, "Recipients", "Left out"),
    *names_of(STATUS, "Review summary"),
    *names_of(BUTTON, "Put back", "Send codes", "Cancel"),
]
RUN = [
    *names_of(BAR, "Send progress"),
    *names_of(FIGURES, "Run summary"),
    *names_of(TABLE, "Run results", "Run recipients"),
    *names_of(BUTTON, "Stop", "Send again", "Export results", "Close run"),
]
CONNECTION = [
    *names_of(TEXT, "Connection name", "Endpoint URL", "Client secret"),
    *names_of(COMBO, "AWS profile", "Region", "User pool", "App client", "Environment"),
    *names_of(BUTTON, "Load pools", "Load app clients", "Read secret from AWS", "Forget secret", "Check connection"),
    *names_of(BUTTON, "Stop checking"),
    *names_of(BUTTON, "Save connection", "Delete connection", "Discard connection"),
    *names_of(STATUS, "Connection check"),
]
OUTBOX = names_of(TABLE, "Outbox messages")
SETTINGS = [
    *names_of(COMBO, "Appearance", "Proxy"),
    *names_of(TEXT, "Proxy address", "CA bundle"),
    *names_of(BUTTON, "Choose CA bundle", "Save settings", "Discard settings"),
]
ABOUT = [
    *names_of(AREA, "Licences", "Diagnostics"),
    *names_of(BUTTON, "Copy diagnostics", "Show log file", "Open folder"),
]


def inside(widget):
    """Whether Qt made this widget as a part of another, which speaks for it."""
    parent = widget.parentWidget()
    parts = (QComboBox, QAbstractSpinBox)
    while parent is not None and not parent.isWindow():
        if isinstance(parent, parts):
            return True
        parent = parent.parentWidget()
    return widget.objectName().startswith("qt_") or isinstance(parent, parts)


def labels_of(window, widget):
    return [label for label in window.findChildren(QLabel) if label.buddy() is widget]


def spoken(window, widget):
    """The name that a screen reader says. Of a combo box Qt tells the text, so the label whose buddy it is speaks."""
    if isinstance(widget, QComboBox):
        return next((said for label in labels_of(window, widget) if (said := name_of(label))), "")
    return name_of(widget)


def name_of(widget):
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def own(window, kind):
    """Widgets of this window and of no dialog over it."""
    return [w for w in window.findChildren(kind) if w.window() is window]


def is_spare(widget):
    """The button that a banner without one never shows."""
    return isinstance(widget, QPushButton) and not widget.text() and widget.isHidden()


def nameless(window):
    """Also of what is hidden now: the next click may show it."""
    takes_focus = (w for w in own(window, QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus)
    return [w for w in takes_focus if not (inside(w) or is_spare(w) or spoken(window, w).strip())]


def broken_promises(window, promised):
    found = []
    for name, kind, role in promised:
        named = [w for w in own(window, kind) if not inside(w) and spoken(window, w) == name]
        if not named:
            found.append(f"{name}: missing")
        roles = [QAccessible.queryAccessibleInterface(w).role() for w in named]
        found += [f"{name}: {other}" for other in roles if other != role]
    return found


def check(window, promised=()):
    assert nameless(window) == []
    assert broken_promises(window, promised) == []


def headings(window, name):
    model = the(window, name, QTableView).model()
    return [model.headerData(at, Qt.Orientation.Horizontal) for at in range(model.columnCount())]


@pytest.fixture
def wide(desk):
    desk.resize(1280, 900)
    return desk


def review(qtbot, window, *emails):
    model = window.work.users.model
    model.pick([user.username for user in model.users() if user.email in emails])
    press(qtbot, window, "Review and send")
    return opened(qtbot, window, ReviewDialog)


def test_the_button_in_the_search_box_says_what_it_clears(desk, qtbot):
    search = the(desk, "Search users", QLineEdit)
    search.setText("jane")
    qtbot.mouseClick(the(search, "Clear search", QToolButton), Qt.MouseButton.LeftButton)
    assert search.text() == ""


def test_the_main_window(wide, qtbot):
    press(qtbot, wide, "Advanced")
    check(wide, WINDOW)
    assert headings(wide, "Client metadata") == ["Key", "Value"]


def test_the_welcome_page(qtbot, make_session, make_window):
    check(make_window(make_session()), WELCOME)


def test_the_review(wide, qtbot):
    dialog = review(qtbot, wide, "just.now@example.com", "disabled.dora@example.org")
    check(dialog, REVIEW)
    assert the(dialog, "Send codes").accessibleDescription() == "1 person: 1 by e-mail, 0 by SMS"


def test_the_run_and_what_it_reads_out(wide, qtbot):
    press(qtbot, review(qtbot, wide, "just.now@example.com"), "Send codes")
    wait_for(qtbot, lambda: wide.sending.stage is Stage.OVER)
    check(wide, [*RUN, *WINDOW])
    assert headings(wide, "Run results") == ["Cause", "People", "Advice"]
    assert headings(wide, "Run recipients") == [
        "User",
        "Name",
        "Outcome",
        "Channel",
        "Sent to",
        "Time",
        "Advice",
    ]
    summary = QAccessible.queryAccessibleInterface(the(wide, "Run summary", QFrame))
    assert summary.text(QAccessible.Text.Description) == (
        "accepted 1 · doubtful 0 · not needed 0 · waiting 0 · failed 0 · unknown 0 · left 0"
    )


def test_the_connection_dialog(wide, qtbot):
    press(qtbot, wide, "Edit connection")
    check(opened(qtbot, wide, ConnectionDialog), CONNECTION)


def test_the_whole_pool(wide, qtbot):
    the(wide, "Search users", QLineEdit).setText("nobody@example.com")
    press(qtbot, wide, "Look in the whole pool")
    check(opened(qtbot, wide, LookupDialog))


def test_the_outbox(wide, qtbot):
    press(qtbot, wide, "Practice outbox")
    check(opened(qtbot, wide, OutboxWindow), OUTBOX)


def test_the_name_of_a_template(wide, qtbot):
    wide.work.metadata.model.replace([("a", "1")])
    press(qtbot, wide, "Save template")
    check(opened(qtbot, wide, NameDialog))


def test_the_settings(wide, qtbot):
    wide.strip.settings_requested.emit()
    check(opened(qtbot, wide, SettingsDialog), SETTINGS)


def test_about(wide, qtbot):
    wide.strip.about_requested.emit()
    check(opened(qtbot, wide, AboutDialog), ABOUT)


def test_a_question(wide, qtbot):
    show_fact(wide, "A sentence.", "And more.")
    asked = box(qtbot, wide)
    assert isinstance(asked, QDialog)
    assert nameless(asked) == []


def test_changing_lines_are_described_by_what_they_show(wide):
    for name in ("Connection status", "User counts"):
        label = the(wide, name, QLabel)
        interface = QAccessible.queryAccessibleInterface(label)
        assert interface.text(QAccessible.Text.Name) == name
        assert interface.text(QAccessible.Text.Description) == label.text() != ""


def test_a_combo_box_that_can_be_typed_into_names_its_field_too(wide, qtbot):
    press(qtbot, wide, "Edit connection")
    dialog = opened(qtbot, wide, ConnectionDialog)
    for name in ("AWS profile", "Region", "User pool", "App client", "Environment"):
        assert name_of(the(dialog, name, QComboBox).lineEdit()) == name


def test_headings_lead_to_their_tables(wide, qtbot):
    for name in ("Unconfirmed users", "Client metadata"):
        assert [label.text() for label in labels_of(wide, the(wide, name, QTableView))] == [name]
    dialog = review(qtbot, wide, "just.now@example.com", "disabled.dora@example.org")
    for name in ("Recipients", "Left out"):
        (label,) = labels_of(dialog, the(dialog, name, QTableView))
        assert label.text() == f"{name} (1)"


def test_tab_goes_through_everything_and_round(wide, qtbot):
    wide.work.metadata.model.replace([("a", "1"), ("b", "2")])
    press(qtbot, wide, "Pick all shown")
    start = the(wide, "Search users", QLineEdit)
    start.setFocus()
    qtbot.waitUntil(start.hasFocus)
    seen = []
    while (at := QApplication.focusWidget()) not in seen:
        seen.append(at)
        assert len(seen) < 80
        qtbot.keyClick(at, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is start
    reached = {spoken(wide, widget) for widget in seen}
    wanted = {"Unconfirmed users", "Client metadata", "Add field", "Lambda preview", "Advanced", "Review and send"}
    assert wanted | {"Signed up", "Clear picks", "Connection", "Refresh users", "More"} <= reached
