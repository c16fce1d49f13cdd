from datetime import UTC

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QPushButton, QWidget
from samples import DAY, HOUR, JANE, LI, MARY, NOBODY, NOW, PEOPLE, SOFIA, TOM, person

from confirmdesk.core.errors import Problem
from confirmdesk.core.people.past import Past
from confirmdesk.ui.kit.faces import BusyBar
from confirmdesk.ui.users.model import UserColumn
from confirmdesk.ui.users.panel import UsersPanel

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def clock():
    return [NOW]


@pytest.fixture
def panel(qtbot, theme, clock):
    made = UsersPanel(theme, now=lambda: clock[0], tz=UTC)
    qtbot.addWidget(made)
    made.resize(1000, 560)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.filters.search.setFocus()
    qtbot.waitUntil(made.filters.search.hasFocus)  # activation selects what is typed before it
    return made


@pytest.fixture
def full(panel):
    panel.loading_started()
    panel.add_page(PEOPLE)
    panel.loading_finished()
    return panel


def visible(panel, name, kind=QWidget):
    """What somebody finds under that name, and nothing hidden."""
    inner = "qt_spinbox_lineedit"
    widgets = (w for w in panel.findChildren(kind) if w.objectName() != inner)
    return [w for w in widgets if w.accessibleName() == name and w.isVisible()]


def the(panel, name, kind=QWidget):
    found = [w for w in visible(panel, name, kind) if not isinstance(w, QLabel) or kind is QLabel]
    assert len(found) == 1, f"{name}: {found}"
    return found[0]


def click(qtbot, panel, name):
    qtbot.mouseClick(the(panel, name, QAbstractButton), LEFT)


def choose(panel, name, entry):
    box = the(panel, name, QComboBox)
    assert box.findText(entry) >= 0
    box.setCurrentText(entry)


def shown(panel):
    return [panel.model.user_at(row) for row in range(panel.model.rowCount())]


def counts(panel):
    return the(panel, "User counts", QLabel).accessibleDescription()


def sentences(panel):
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def says(panel, words):
    return any(words in text for text in sentences(panel))


def test_searching_shows_who_matches_with_every_key(full, qtbot):
    search = the(full, "Search users")
    qtbot.keyClicks(search, "ros")
    assert shown(full) == [SOFIA]
    assert counts(full) == "6 loaded · 1 shown · 0 picked"
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert search.text() == ""
    assert len(shown(full)) == len(PEOPLE)


def test_the_keyboard_goes_from_search_to_table_and_back(full, qtbot):
    full.table.setFocus()
    qtbot.keyClick(full, Qt.Key.Key_F, CONTROL)
    search = the(full, "Search users")
    qtbot.waitUntil(search.hasFocus)
    qtbot.keyClick(search, Qt.Key.Key_Down)
    qtbot.waitUntil(full.table.hasFocus)
    assert full.table.focused_user() == JANE
    qtbot.keyClick(full.table, Qt.Key.Key_Space)
    assert counts(full) == "6 loaded · 6 shown · 1 picked"
    qtbot.keyClick(full.table, Qt.Key.Key_Up)
    qtbot.waitUntil(search.hasFocus)


@pytest.mark.parametrize(
    ("entry", "people"),
    [
        ("Last hour", [JANE, MARY, LI]),
        ("Last 24 hours", [JANE, MARY, LI, TOM, NOBODY]),
        ("Last 7 days", [JANE, MARY, LI, TOM, NOBODY, SOFIA]),
        ("Older than 24 hours", [SOFIA]),
        ("Any time", [JANE, MARY, LI, TOM, NOBODY, SOFIA]),
    ],
)
def test_signed_up_within(full, entry, people):
    choose(full, "Signed up", "Last 30 days")
    choose(full, "Signed up", entry)
    assert shown(full) == people


def test_within_moves_with_the_time(full, clock):
    choose(full, "Signed up", "Last hour")
    clock[0] += 30 * 60
    full.model.refresh_times()
    assert shown(full) == [JANE, MARY]


def test_signed_up_between_two_moments(full):
    assert not visible(full, "Signed up from")
    choose(full, "Signed up", "Between…")
    since = the(full, "Signed up from", QComboBox)
    until = the(full, "Signed up until", QComboBox)
    assert (since.currentText(), until.currentText()) == ("12 Oct 2026", "12 Oct 2026")
    since.setEditText("12 Oct 2026 12:00")
    until.setEditText("12 Oct 2026 13:35")
    assert shown(full) == [LI, TOM]
    choose(full, "Signed up", "Any time")
    assert not visible(full, "Signed up from")


def write(qtbot, panel, name, text):
    """As somebody does: click into the field, select all, write over it, leave it."""
    edit = the(panel, name, QComboBox).lineEdit()
    qtbot.mouseClick(edit, LEFT)
    qtbot.keyClick(edit, Qt.Key.Key_A, CONTROL)
    qtbot.keyClicks(edit, text)
    qtbot.keyClick(edit, Qt.Key.Key_Tab)
    return the(panel, name, QComboBox).currentText()


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("25 Nov 2026 09:00", "25 Nov 2026 09:00"),
        ("25/11/2026", "25 Nov 2026"),
        ("2026-10-12T12:00:00Z", "12 Oct 2026 12:00"),
        ("11/12/2026", "11 Dec 2026"),
        ("yesterday 9 am", "11 Oct 2026 09:00"),
    ],
)
def test_a_time_that_is_typed_is_the_one_that_is_shown(full, qtbot, typed, text):
    choose(full, "Signed up", "Between…")
    the(full, "Signed up until", QComboBox).setEditText("")
    assert write(qtbot, full, "Signed up from", typed) == text


def test_a_pasted_time_filters_before_the_field_is_left(full, qtbot):
    choose(full, "Signed up", "Between…")
    edit = the(full, "Signed up from", QComboBox).lineEdit()
    qtbot.mouseClick(edit, LEFT)
    qtbot.keyClick(edit, Qt.Key.Key_A, CONTROL)
    QApplication.clipboard().setText("Mon, 12 Oct 2026 13:30:00 +0000")
    qtbot.keyClick(edit, Qt.Key.Key_V, CONTROL)
    assert shown(full) == [JANE, MARY]


def test_reversed_limits_are_shown_in_order(full, qtbot):
    choose(full, "Signed up", "Between…")
    write(qtbot, full, "Signed up until", "12 Oct 2026 12:00")
    write(qtbot, full, "Signed up from", "12 Oct 2026 13:35")
    assert the(full, "Signed up from", QComboBox).currentText() == "12 Oct 2026 12:00"
    assert the(full, "Signed up until", QComboBox).currentText() == "12 Oct 2026 13:35"
    assert shown(full) == [LI, TOM]


def test_a_text_that_is_no_date_is_marked_and_finds_nobody(full, qtbot):
    choose(full, "Signed up", "Between…")
    write(qtbot, full, "Signed up from", "31/02/2026")
    box = the(full, "Signed up from", QComboBox)
    assert box.property("refused") == "true"
    assert box.accessibleDescription() == "“31/02/2026” is not a date."
    assert says(full, "“31/02/2026” is not a date. Type it as 25 Nov 2026 09:00.")
    assert shown(full) == []
    write(qtbot, full, "Signed up from", "9 Oct 2026")
    assert box.property("refused") == ""
    assert box.accessibleDescription() == ""
    assert not says(full, "is not a date")
    assert len(shown(full)) == len(PEOPLE)


def test_without_a_text_there_is_no_limit(full, qtbot):
    choose(full, "Signed up", "Between…")
    the(full, "Signed up from", QComboBox).setEditText("")
    the(full, "Signed up until", QComboBox).setEditText("11 Oct 2026")
    assert "12 Oct 2026, 00:00:00" in the(full, "Signed up until", QComboBox).toolTip()
    assert shown(full) == [SOFIA]


def test_a_day_counts_to_its_end(full):
    choose(full, "Signed up", "Between…")
    for name in ("Signed up from", "Signed up until"):
        the(full, name, QComboBox).setEditText("9 Oct 2026")
    assert shown(full) == [SOFIA]


def test_today_and_yesterday_move_with_the_days(full, clock):
    choose(full, "Signed up", "Today")
    assert SOFIA not in shown(full)
    assert len(shown(full)) == len(PEOPLE) - 1
    clock[0] += DAY
    full.model.refresh_times()
    assert shown(full) == []
    choose(full, "Signed up", "Yesterday")
    assert len(shown(full)) == len(PEOPLE) - 1


def test_channels(full):
    for entry, people in (("SMS", [TOM]), ("No address", [NOBODY]), ("E-mail", [JANE, MARY, LI, SOFIA])):
        choose(full, "Channel filter", entry)
        assert shown(full) == people
    full.set_channels(frozenset({"phone_number"}))
    assert shown(full) == []


def test_enabled_only(full, qtbot):
    click(qtbot, full, "Enabled only")
    assert NOBODY not in shown(full)
    assert len(shown(full)) == 5


def test_not_sent_in_24_h(full, qtbot, clock):
    full.learn(Past(last_sent={JANE.username: NOW - HOUR, LI.username: NOW - DAY - 1, TOM.username: NOW - DAY + 60}))
    click(qtbot, full, "Not sent in 24 h")
    assert shown(full) == [MARY, LI, NOBODY, SOFIA]
    full.learn(Past(last_sent={MARY.username: NOW}))
    assert shown(full) == [JANE, LI, TOM, NOBODY, SOFIA]
    full.table.focus_user(LI.username)
    clock[0] += DAY
    full.model.refresh_times()
    assert shown(full) == [JANE, MARY, LI, TOM, NOBODY, SOFIA]
    assert full.table.focused_user() == LI
    click(qtbot, full, "Not sent in 24 h")
    full.learn(Past(last_sent={MARY.username: clock[0]}))
    assert MARY in shown(full)


def test_clearing_the_filters_lets_everybody_in_again(full, qtbot):
    full.learn(Past(last_sent=dict.fromkeys([user.username for user in PEOPLE], NOW)))
    click(qtbot, full, "Not sent in 24 h")
    assert says(full, "Nobody passes these filters.")
    click(qtbot, full, "Clear filters")
    assert len(shown(full)) == len(PEOPLE)
    assert not the(full, "Not sent in 24 h", QPushButton).isChecked()


def test_another_pool_knows_nothing_of_what_was_sent_in_this_one(full):
    full.learn(Past(last_sent={JANE.username: NOW}, waiting={JANE.username: NOW + HOUR}))
    full.begin_pool(())
    full.loading_started()
    full.add_page([JANE])
    full.loading_finished()
    row = [full.model.index(0, column).data() for column in (UserColumn.LAST_SENT, UserColumn.NOTES)]
    assert row == ["—", ""]


def test_what_was_sent_outlives_a_reload(full):
    full.learn(Past(last_sent={JANE.username: NOW - HOUR}, waiting={JANE.username: NOW + HOUR}))
    full.loading_started()
    full.add_page([JANE])
    full.loading_finished()
    assert full.model.index(0, UserColumn.LAST_SENT).data() == "1 h ago"
    assert "Wait until" in full.model.index(0, UserColumn.NOTES).data()


def test_picking_all_shown_and_none(full, qtbot):
    assert not the(full, "Clear picks", QPushButton).isEnabled()
    qtbot.keyClicks(the(full, "Search users"), "example.org")
    click(qtbot, full, "Pick all shown")
    assert full.model.picked_users() == [MARY]
    click(qtbot, full, "Clear picks")
    assert full.model.picked_users() == []


def test_loading_has_a_face_and_can_be_stopped(panel, qtbot):
    assert not visible(panel, "Stop loading")
    panel.loading_started()
    assert says(panel, "Looking for unconfirmed users…")
    assert panel.findChild(BusyBar).is_busy()
    with qtbot.waitSignal(panel.stop_requested):
        click(qtbot, panel, "Stop loading")
    panel.add_page([JANE, MARY])
    assert not says(panel, "Looking for")
    assert counts(panel) == "2 loaded · 2 shown · 0 picked"
    panel.loading_stopped()
    assert not visible(panel, "Stop loading")
    assert not panel.findChild(BusyBar).is_busy()
    assert says(panel, "Loading was stopped. Not everybody is in this list.")
    with qtbot.waitSignal(panel.load_more_requested):
        click(qtbot, panel, "Load more")


def test_going_on_keeps_what_was_loaded(panel):
    panel.loading_started()
    panel.add_page([JANE])
    panel.loading_stopped()
    panel.loading_started(again=False)
    assert not visible(panel, "Load more")
    panel.add_page([MARY])
    panel.loading_finished()
    assert shown(panel) == [JANE, MARY]


def test_a_failed_page_can_be_asked_for_again_and_tells_more_on_request(panel, qtbot):
    panel.loading_started()
    panel.add_page([JANE])
    panel.loading_failed(Problem("AWS did not answer.", "Load more.", "<b>ReadTimeout</b>"))
    assert says(panel, "AWS did not answer.")
    assert not says(panel, "ReadTimeout")
    click(qtbot, panel, "Loading details")
    assert says(panel, "<b>ReadTimeout</b>")
    assert not visible(panel, "Loading details")
    with qtbot.waitSignal(panel.load_more_requested):
        click(qtbot, panel, "Load more")
    assert shown(panel) == [JANE]


def test_a_failure_before_the_first_page_has_a_face(panel):
    panel.loading_started()
    panel.loading_failed(Problem("The sign-in has expired."))
    assert says(panel, "The sign-in has expired.")
    assert says(panel, "Nobody is loaded.")
    the(panel, "Load more", QPushButton)
    assert not visible(panel, "Loading details")


def test_a_pool_where_everybody_is_confirmed(panel, qtbot):
    panel.loading_started()
    panel.loading_finished()
    assert says(panel, "Nobody is waiting for a code.")
    with qtbot.waitSignal(panel.refresh_requested):
        click(qtbot, panel, "Look again")


def test_a_search_without_hits_offers_the_whole_pool(full, qtbot):
    assert not visible(full, "Look in the whole pool")
    search = the(full, "Search users")
    qtbot.keyClicks(search, " who@example.com ")
    assert says(full, "Nobody unconfirmed matches “who@example.com”.")
    with qtbot.waitSignal(full.whole_pool_requested) as asked:
        click(qtbot, full, "Look in the whole pool")
    assert asked.args == ["who@example.com"]
    click(qtbot, full, "Clear filters")
    assert len(shown(full)) == len(PEOPLE)


def paste(qtbot, panel, text):
    QApplication.clipboard().setText(text)
    qtbot.keyClick(the(panel, "Search users"), Qt.Key.Key_V, CONTROL)


def test_what_is_pasted_is_found(full, qtbot):
    paste(qtbot, full, "Jane D. <mailto:JANE.DOE@example.com>;\u200b\n")
    assert shown(full) == [JANE]
    qtbot.keyClick(the(full, "Search users"), Qt.Key.Key_Escape)
    paste(qtbot, full, "07700 900112")
    assert shown(full) == [MARY]


def test_of_a_pasted_list_the_counts_say_how_many_are_not_here(full, qtbot):
    strangers = "\n".join(f"who{number}@example.org" for number in range(38))
    paste(qtbot, full, f"E-mail\njane.doe@example.com\r\nM.Okafor@example.org\n{strangers}")
    assert shown(full) == [JANE, MARY]
    assert counts(full) == "6 loaded · 2 shown · 0 picked · 38 of 40 pasted not here"
    click(qtbot, full, "Pick all shown")
    assert counts(full).startswith("6 loaded · 2 shown · 2 picked")
    qtbot.keyClick(the(full, "Search users"), Qt.Key.Key_Escape)
    assert counts(full) == "6 loaded · 6 shown · 2 picked"


def test_a_mistyped_domain_is_offered_where_nobody_has_the_address(full, qtbot):
    qtbot.keyClicks(the(full, "Search users"), "li.wei@example.com")
    assert says(full, "Nobody unconfirmed matches “li.wei@example.com”.")
    assert says(full, "li.wei@exmaple.com is in this list: perhaps mistyped at sign-up.")
    qtbot.keyClick(the(full, "Search users"), Qt.Key.Key_Return)
    assert the(full, "Show near misses").hasFocus()
    click(qtbot, full, "Show near misses")
    assert shown(full) == [LI]
    qtbot.keyClick(the(full, "Search users"), Qt.Key.Key_Escape)
    qtbot.keyClicks(the(full, "Search users"), "who@example.com")
    assert not visible(full, "Show near misses")


def test_whoever_is_hidden_by_a_filter_is_not_said_to_be_nobody(full, qtbot):
    qtbot.keyClicks(the(full, "Search users"), "tom")
    choose(full, "Channel filter", "E-mail")
    assert says(full, "Nobody who passes the filters matches “tom”.")
    assert says(full, "1 person does, and the filters hide them.")
    click(qtbot, full, "Clear filters")
    assert shown(full) == [TOM]


def test_the_whole_pool_is_also_offered_beside_hits(full, qtbot):
    qtbot.keyClicks(the(full, "Search users"), "jane")
    with qtbot.waitSignal(full.whole_pool_requested) as asked:
        click(qtbot, full, "Look in the whole pool")
    assert asked.args == ["jane"]


def test_filters_that_leave_nobody_say_so_without_offering_the_pool(full, qtbot):
    choose(full, "Channel filter", "No address")
    click(qtbot, full, "Enabled only")
    assert says(full, "Nobody passes these filters.")
    assert not visible(full, "Look in the whole pool")


def test_what_was_typed_is_shown_as_text(full, qtbot):
    the(full, "Search users").setText("<b>x</b>")
    assert says(full, "“<b>x</b>”")
    assert {label.textFormat() for label in full.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_a_reload_keeps_focus_and_picks_and_tells_who_is_gone(full, qtbot):
    full.model.pick([TOM.username, SOFIA.username])
    full.table.focus_user(TOM.username)
    full.loading_started()
    assert full.table.focused_user() == TOM
    full.add_page([TOM, JANE])
    full.loading_finished()
    assert full.table.focused_user() == TOM
    assert full.model.picked_users() == [TOM]
    assert says(full, "1 picked person is no longer unconfirmed")
    assert not visible(full, "Load more")


def test_a_refresh_shows_the_old_rows_until_the_first_new_page(full):
    full.model.pick([TOM.username])
    full.loading_started()
    assert shown(full) == [JANE, MARY, LI, TOM, NOBODY, SOFIA]
    assert full.findChild(BusyBar).is_busy()
    assert not says(full, "Looking for")
    full.add_page([LI])
    assert shown(full) == [LI]
    full.add_page([TOM])
    assert shown(full) == [LI, TOM]
    assert full.model.picked_users() == [TOM]


def test_a_refresh_of_a_pool_where_everybody_has_confirmed_ends_empty(full):
    full.model.pick([TOM.username])
    full.loading_started()
    full.loading_finished()
    assert counts(full) == "0 loaded · 0 shown · 0 picked"
    assert says(full, "Nobody is waiting for a code.")


def test_a_refresh_that_fails_leaves_what_was_loaded_and_can_be_tried_again(full, qtbot):
    full.model.pick([TOM.username])
    full.table.focus_user(TOM.username)
    full.loading_started()
    full.loading_failed(Problem("The sign-in has expired.", "Sign in again."))
    assert says(full, "The sign-in has expired. Sign in again. The list is as it was before.")
    assert not says(full, "Not everybody")
    assert counts(full) == "6 loaded · 6 shown · 1 picked"
    assert full.table.focused_user() == TOM
    assert the(full, "Load more", QPushButton).text() == "Try again"
    with qtbot.waitSignal(full.load_more_requested):
        click(qtbot, full, "Load more")
    # The listing goes on where it stopped, which is at its very beginning.
    full.loading_started(again=False)
    full.add_page([TOM])
    assert shown(full) == [TOM]
    full.loading_finished()
    assert full.model.picked_users() == [TOM]


def test_a_refresh_that_is_stopped_before_its_first_page_leaves_the_list_as_it_was(full):
    full.loading_started()
    full.loading_stopped()
    assert says(full, "Loading was stopped. The list is as it was before.")
    assert counts(full) == "6 loaded · 6 shown · 0 picked"
    assert not full.findChild(BusyBar).is_busy()


def test_a_list_that_was_not_read_to_its_end_is_not_said_to_be_whole(full):
    full.loading_started()
    full.add_page([JANE])
    full.loading_failed(Problem("AWS did not answer."))
    assert says(full, "AWS did not answer. Not everybody is in this list.")
    assert the(full, "Load more", QPushButton).text() == "Load more"
    full.loading_started()
    full.loading_failed(Problem("AWS did not answer."))
    assert says(full, "AWS did not answer. The list is as it was before; not everybody is in it.")


def test_one_person_who_was_looked_up_is_not_the_whole_list(full):
    full.begin_pool(())
    full.model.add_user(SOFIA, picked=True)
    full.loading_started()
    full.loading_failed(Problem("No network."))
    assert says(full, "No network. The list is as it was before; not everybody is in it.")


def test_what_arrives_after_loading_was_stopped_is_too_late(panel):
    panel.loading_started()
    panel.add_page([JANE])
    panel.loading_stopped()
    panel.add_page([MARY])
    panel.loading_failed(Problem("AWS did not answer."))
    panel.loading_finished()
    assert shown(panel) == [JANE]
    assert says(panel, "Loading was stopped. Not everybody is in this list.")
    assert not says(panel, "AWS did not answer.")
    panel.loading_started(again=False)
    panel.add_page([MARY])
    panel.loading_finished()
    assert shown(panel) == [JANE, MARY]
    assert not visible(panel, "Load more")


def test_a_first_list_that_is_stopped_before_its_first_page_has_a_face(panel):
    panel.loading_started()
    panel.loading_stopped()
    panel.loading_finished()  # too late
    assert says(panel, "Loading was stopped.")
    assert says(panel, "Nobody is loaded.")
    assert not says(panel, "is in this list")


def test_nothing_of_another_pool_is_left_while_the_next_one_is_read(full):
    full.loading_started()
    full.begin_pool(())
    full.add_page([SOFIA])  # still from the pool before
    assert counts(full) == "0 loaded · 0 shown · 0 picked"
    full.loading_started()
    full.loading_failed(Problem("No network."))
    assert not says(full, "as it was before")


def test_another_pool_starts_with_nobody(full):
    full.model.pick([TOM.username])
    full.begin_pool(())
    assert counts(full) == "0 loaded · 0 shown · 0 picked"


def test_the_user_in_focus_is_told(full, qtbot):
    with qtbot.waitSignal(full.focused_user_changed) as told:
        full.table.focus_user(SOFIA.username)
    assert told.args == [SOFIA]


def test_every_widget_that_takes_the_focus_has_a_name(full):
    choose(full, "Signed up", "Between…")
    the(full, "Search users").setText("x")
    nameless = [
        widget
        for widget in full.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and not widget.accessibleName()
    ]
    assert nameless == []


def test_the_contract_names_are_there(full):
    the(full, "Search users").setText("jane")
    for name, role in (
        ("Search users", QAccessible.Role.EditableText),
        ("Unconfirmed users", QAccessible.Role.Table),
        ("Not sent in 24 h", QAccessible.Role.CheckBox),
        ("Enabled only", QAccessible.Role.CheckBox),
        ("Pick all shown", QAccessible.Role.Button),
        ("Clear picks", QAccessible.Role.Button),
        ("Look in the whole pool", QAccessible.Role.Button),
    ):
        widget = the(full, name)
        interface = QAccessible.queryAccessibleInterface(widget)
        assert interface.text(QAccessible.Text.Name) == name
        assert interface.role() == role
    heading = next(label for label in full.findChildren(QLabel) if label.text() == "Unconfirmed users")
    assert heading.buddy() is full.table


def test_the_panel_fits_a_small_window(full):
    full.loading_started()
    full.loading_failed(Problem("A very long sentence. " * 20, "And a hint."))
    the(full, "Search users").setText("x" * 500)
    assert full.minimumSizeHint().width() <= 700
    assert full.minimumSizeHint().height() <= 440


def test_a_long_username_does_not_reach_the_window(full):
    full.model.add_user(person("u" * 2000, age=0, name="x" * 2000), picked=True)
    assert full.minimumSizeHint().width() <= 700
    assert full.table.columnWidth(UserColumn.NAME) < 300


def test_whoever_chooses_between_types_the_limits_at_once(panel, qtbot):
    chosen = the(panel, "Signed up", QComboBox)
    chosen.setFocus()
    qtbot.keyClick(chosen, Qt.Key.Key_End)
    assert chosen.currentText() == "Between…"
    for text in ("yesterday 9:00", "yesterday 13:00"):
        field = QApplication.focusWidget()
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Tab)
    said = [the(panel, name, QComboBox).currentText() for name in ("Signed up from", "Signed up until")]
    assert said == ["11 Oct 2026 09:00", "11 Oct 2026 13:00"]


def test_who_comes_back_to_the_list_types_the_next_ticket_at_once(full, qtbot):
    search = the(full, "Search users", QLineEdit)
    search.setText("jane")
    the(full, "Channel filter", QComboBox).setFocus()
    full.focus_search()
    qtbot.keyClicks(QApplication.focusWidget(), "mary")
    assert search.text() == "mary"
