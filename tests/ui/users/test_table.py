import pytest
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import (
    QAccessible,
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import QApplication, QMenu, QToolTip
from samples import HOUR, JANE, LI, MARY, NOBODY, NOW, PEOPLE, SOFIA, TOM, person
from ui_fixtures import set_text_width

from confirmdesk.core.computer.view import ColumnView
from confirmdesk.core.people.filters import UserFilter
from confirmdesk.core.people.needles import parse
from confirmdesk.core.people.past import Past
from confirmdesk.ui.kit.colours import DARK, LIGHT
from confirmdesk.ui.kit.theme import SMALL_PIXELS, tabular
from confirmdesk.ui.users.delegate import BOX, PADDING
from confirmdesk.ui.users.model import UserColumn, UsersModel
from confirmdesk.ui.users.table import MOST_KEPT, UsersTable

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
NARROWEST = (
    UserColumn.USERNAME,
    UserColumn.CHANNEL,
    UserColumn.PHONE,
    UserColumn.LAST_SENT,
    UserColumn.NAME,
)
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def model(qapp):
    made = UsersModel(now=lambda: NOW)
    made.append(PEOPLE)
    made.finish_loading()
    return made


@pytest.fixture
def table(qtbot, theme, model):
    made = UsersTable(model, theme)
    qtbot.addWidget(made)
    made.resize(1100, 400)
    made.show()
    qtbot.waitExposed(made)
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    return made


def cell(table, user, column):
    return table.visualRect(table.model().index(table.model().row_of(user.username), column))


def click(qtbot, table, user, column, modifiers=Qt.KeyboardModifier.NoModifier, offset=None):
    at = cell(table, user, column).center() if offset is None else cell(table, user, column).topLeft() + offset
    qtbot.mouseClick(table.viewport(), LEFT, modifiers, at)


def press(qtbot, table, *keys, modifiers=Qt.KeyboardModifier.NoModifier):
    for key in keys:
        qtbot.keyClick(table, key, modifiers)


@pytest.mark.parametrize("offset", [QPoint(1, 1), QPoint(18, 17), QPoint(34, 32)])
def test_the_whole_first_cell_picks(qtbot, table, model, offset):
    click(qtbot, table, MARY, UserColumn.PICK, offset=offset)
    assert model.picked_users() == [MARY]
    click(qtbot, table, MARY, UserColumn.PICK, offset=offset)
    assert model.picked_users() == []


def test_a_click_elsewhere_focuses_and_picks_nobody(qtbot, table, model):
    with qtbot.waitSignal(table.focused_user_changed) as told:
        click(qtbot, table, TOM, UserColumn.NAME)
    assert told.args == [TOM]
    assert table.focused_user() == TOM
    assert model.picked_users() == []


@pytest.mark.parametrize("column", [UserColumn.PICK, UserColumn.EMAIL, UserColumn.NOTES])
def test_space_picks_the_row_in_focus_from_any_column(qtbot, table, model, column):
    table.setCurrentIndex(model.index(model.row_of(LI.username), column))
    press(qtbot, table, Key.Key_Space)
    assert model.picked_users() == [LI]
    press(qtbot, table, Key.Key_Space)
    assert model.picked_users() == []


def test_space_picks_a_range_and_then_unpicks_it(qtbot, table, model):
    table.focus_row(0)
    press(qtbot, table, Key.Key_Down, Key.Key_Down, modifiers=SHIFT)
    model.pick([MARY.username])
    press(qtbot, table, Key.Key_Space)
    assert model.picked_users() == [JANE, MARY, LI]
    press(qtbot, table, Key.Key_Space)
    assert model.picked_users() == []


def test_a_shift_click_on_a_pick_box_extends_the_range_and_picks_nobody(qtbot, table, model):
    click(qtbot, table, JANE, UserColumn.NAME)
    click(qtbot, table, LI, UserColumn.PICK, SHIFT)
    assert table.selected_rows() == [0, 1, 2]
    assert model.picked_users() == []


def test_control_a_and_space_pick_all_shown(qtbot, table, model):
    model.set_filter(UserFilter(parse("example.com")))
    press(qtbot, table, Key.Key_A, modifiers=CONTROL)
    press(qtbot, table, Key.Key_Space)
    assert {user.username for user in model.picked_users()} == {"u-jane"} | (
        {"u-li"} if model.row_of("u-li") >= 0 else set()
    )


def test_focus_and_selection_stay_with_the_same_person(qtbot, table, model):
    table.focus_row(model.row_of(TOM.username))
    for column in (UserColumn.NAME, UserColumn.EMAIL, UserColumn.PHONE):
        model.sort(column, Qt.SortOrder.AscendingOrder)
        assert table.focused_user() == TOM
        assert [model.user_at(row) for row in table.selected_rows()] == [TOM]
    model.set_filter(UserFilter(parse("bauer")))
    assert table.focused_user() == TOM


def test_nobody_takes_the_focus_of_somebody_who_is_hidden(qtbot, table, model):
    table.focus_row(model.row_of(TOM.username))
    with qtbot.waitSignal(table.focused_user_changed) as told:
        model.set_filter(UserFilter(parse("jane")))
    assert told.args == [None]
    assert table.focused_user() is None
    assert table.selected_rows() == []


def test_a_huge_selection_shrinks_to_the_focus_before_rows_move(qtbot, table, model):
    model.append([person(f"u{n}", f"p{n}@example.com") for n in range(MOST_KEPT + 1)])
    table.focus_row(model.row_of(TOM.username))
    table.selectAll()
    model.sort(UserColumn.EMAIL)
    assert [model.user_at(row) for row in table.selected_rows()] == [TOM]


def header_click(qtbot, table, column):
    header = table.horizontalHeader()
    at = QPoint(header.sectionViewportPosition(column) + 12, header.height() // 2)
    qtbot.mouseClick(header.viewport(), LEFT, pos=at)


def test_a_click_on_the_header_sorts_and_another_turns_round(qtbot, table, model):
    header_click(qtbot, table, UserColumn.EMAIL)
    assert model.sorted_by() == (UserColumn.EMAIL, Qt.SortOrder.AscendingOrder)
    header_click(qtbot, table, UserColumn.EMAIL)
    assert model.sorted_by() == (UserColumn.EMAIL, Qt.SortOrder.DescendingOrder)
    for newest_first in (UserColumn.LAST_SENT, UserColumn.SIGNED_UP):
        header_click(qtbot, table, newest_first)
        assert model.sorted_by() == (newest_first, Qt.SortOrder.DescendingOrder)
    header = table.horizontalHeader()
    assert header.isSortIndicatorShown()
    assert header.sortIndicatorSection() == UserColumn.SIGNED_UP


def test_the_box_in_the_header_picks_all_shown_and_then_none(qtbot, table, model):
    model.pick([SOFIA.username])
    header_click(qtbot, table, UserColumn.PICK)
    assert len(model.picked_users()) == len(PEOPLE)
    header_click(qtbot, table, UserColumn.PICK)
    assert model.picked_users() == []
    assert model.sorted_by()[0] == UserColumn.SIGNED_UP


def test_tab_gets_out_of_the_table(table):
    assert not table.tabKeyNavigation()


def test_up_from_the_first_row_leaves_for_the_search(qtbot, table):
    table.focus_row(1)
    with qtbot.assertNotEmitted(table.left_upwards):
        press(qtbot, table, Key.Key_Up)
    with qtbot.waitSignal(table.left_upwards):
        press(qtbot, table, Key.Key_Up)


def test_letters_do_not_jump_about(qtbot, table, model):
    table.focus_row(0)
    press(qtbot, table, Key.Key_S, Key.Key_O)
    assert table.focused_user() == JANE


def test_control_c_copies_the_address_as_one_plain_line(qtbot, table, model):
    nasty = person("u-x", "rm\n-rf@example.com", age=0)
    model.add_user(nasty, picked=False)
    table.focus_row(model.row_of(nasty.username))
    press(qtbot, table, Key.Key_C, modifiers=CONTROL)
    assert QGuiApplication.clipboard().text() == "rm⏎-rf@example.com"
    assert not QGuiApplication.clipboard().mimeData().hasHtml()


def test_several_rows_are_copied_as_they_are_shown(qtbot, table, model):
    tick(table.context_menu(JANE), "Username")
    table.header.show_view((ColumnView("NAME"), ColumnView("EMAIL"), *hidden_columns("USERNAME", "NOTES", "LAST_SENT")))
    table.focus_row(0)
    press(qtbot, table, Key.Key_Down, modifiers=SHIFT)
    press(qtbot, table, Key.Key_C, modifiers=CONTROL)
    assert QGuiApplication.clipboard().text() == (
        "Jane Doe\tjane.doe@example.com\t\t12 min ago\tE-mail\n"
        "Mary Okafor\tm.okafor@example.org\t+447700900112\t25 min ago\tE-mail"
    )


def hidden_columns(*names):
    return [ColumnView(name, hidden=True) for name in names]


def test_the_menu_copies_and_sorts_and_does_not_block(qtbot, table, model):
    table.focus_row(model.row_of(TOM.username))
    qtbot.keyClick(table, Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    menu = next(menu for menu in table.findChildren(QMenu) if menu.isVisible())
    entries = {action.text(): action for action in menu.actions()}
    entries["Pick"].trigger()
    assert model.picked_users() == [TOM]
    with qtbot.waitSignal(table.opened) as told:
        entries["Open person"].trigger()
    assert told.args == [model.row_of(TOM.username)]
    assert not entries["Copy e-mail"].isEnabled()
    entries["Copy username"].trigger()
    assert QGuiApplication.clipboard().text() == "u-tom"
    orders = {action.text(): action for action in entries["Sort by"].menu().actions()}
    assert orders["Signed up"].isChecked()
    orders["Name"].trigger()
    assert model.sorted_by()[0] == UserColumn.NAME
    menu.close()


@pytest.mark.parametrize(
    ("width", "without"), [(1200, {0}), (920, {1}), (850, {2, 3}), (740, {3}), (640, {4}), (500, {5})]
)
def test_a_narrow_table_does_without_some_columns_and_clips_none(table, width, without, qtbot):
    table.resize(width, 400)
    hidden = {column for column in UserColumn if table.isColumnHidden(column)}
    # How many depends on the font, who is first does not.
    assert len(hidden) in without
    assert hidden == set(NARROWEST[: len(hidden)])
    used = sum(table.columnWidth(column) for column in UserColumn)
    assert used <= table.viewport().width()
    assert table.columnWidth(UserColumn.EMAIL) >= 160


def test_the_columns_stay_when_a_search_leaves_few_rows(table, model, qtbot):
    model.append([person(f"u-{number}", f"more{number}@example.com") for number in range(40)])
    for width in range(560, 1300, 20):
        table.resize(width, 400)
        model.set_filter(UserFilter())
        qtbot.waitUntil(lambda: table.verticalScrollBar().isVisible())
        before = [column for column in UserColumn if table.isColumnHidden(column)]
        model.set_filter(UserFilter(needle=parse("jane")))
        qtbot.waitUntil(lambda: not table.verticalScrollBar().isVisible())
        assert [column for column in UserColumn if table.isColumnHidden(column)] == before, width


def called(model, user):
    """What stands in the first column of words, and what a screen reader says there."""
    index = model.index(model.row_of(user.username), UserColumn.EMAIL)
    return index.data(), index.data(Qt.ItemDataRole.AccessibleTextRole)


@pytest.mark.parametrize("width", [1200, 920, 850, 740, 640, 500])
def test_nobody_is_nameless_at_any_width(table, model, width, qtbot):
    table.resize(width, 400)
    shown = [column for column in UserColumn if column > UserColumn.PICK and not table.isColumnHidden(column)]
    for user in PEOPLE:
        row = model.row_of(user.username)
        texts = {model.index(row, column).data() for column in shown}
        assert user.label in texts, f"{user.name}: {texts}"


def test_who_has_no_email_is_called_by_what_the_width_hides(table, model, qtbot):
    table.resize(1200, 400)
    assert called(model, TOM) == ("—", "No e-mail")
    table.resize(640, 400)
    assert called(model, TOM) == (TOM.phone, TOM.phone)
    assert called(model, NOBODY) == (NOBODY.username, NOBODY.username)
    assert called(model, JANE)[0] == JANE.email
    # What is known of him stays what it is, in his window too.
    assert ("E-mail", "—") in model.facts(model.row_of(TOM.username))


@pytest.mark.parametrize("times", [1, 1.25])
def test_phones_and_times_are_read_whole_in_every_font(qapp, theme, table, times):
    set_text_width(qapp, times)
    texts = {
        UserColumn.PHONE: TOM.phone,
        UserColumn.SIGNED_UP: "yesterday 12:41",
        UserColumn.LAST_SENT: "yesterday 12:41",
    }
    for column, text in texts.items():
        room = table.columnWidth(column) - 2 * PADDING
        assert QFontMetrics(tabular(QFont(table.font()))).horizontalAdvance(text) <= room, column.name


@pytest.mark.parametrize("times", [1, 1.25])
def test_a_note_on_a_mistyped_domain_is_read_whole_in_every_font(qapp, theme, table, times):
    set_text_width(qapp, times)
    small = QFont(table.font())
    small.setPixelSize(SMALL_PIXELS)
    pill = QFontMetrics(small).horizontalAdvance("Typo? example.com") + 2 * PADDING + 2
    assert pill <= table.columnWidth(UserColumn.NOTES) - 2 * PADDING


def test_picking_all_by_the_heading_leaves_the_sort_arrow_where_it_is(qtbot, table, model):
    header = table.horizontalHeader()
    before = header.sortIndicatorSection(), header.sortIndicatorOrder()
    assert before == model.sorted_by()
    for _ in range(3):
        at = QPoint(header.sectionViewportPosition(UserColumn.PICK) + 18, header.height() // 2)
        qtbot.mouseClick(header.viewport(), LEFT, pos=at)
        assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == before
    assert model.counts().picked == len(PEOPLE)


def colours_in(image, rect):
    ratio = image.devicePixelRatio()
    return {
        image.pixelColor(round(x * ratio), round(y * ratio)).name()
        for x in range(rect.left(), rect.right())
        for y in range(rect.top(), rect.bottom())
    }


@pytest.mark.parametrize(("choice", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_what_is_painted(qtbot, table, model, theme, choice, colours):
    theme.choose(choice)
    model.pick([MARY.username])
    model.learn(Past(last_sent={SOFIA.username: NOW}, waiting={JANE.username: NOW + HOUR}))
    table.focus_row(model.row_of(TOM.username))
    image = table.viewport().grab().toImage()
    box = cell(table, MARY, UserColumn.PICK).adjusted(PADDING, 8, PADDING - 36 + BOX, -8)
    assert colours.accent in colours_in(image, box)
    assert colours.accent not in colours_in(image, cell(table, JANE, UserColumn.PICK))
    assert colours.amber.back in colours_in(image, cell(table, LI, UserColumn.NOTES))
    assert colours.blue.back in colours_in(image, cell(table, SOFIA, UserColumn.NOTES))
    assert colours.amber.back in colours_in(image, cell(table, JANE, UserColumn.NOTES))
    assert colours.line in colours_in(image, cell(table, LI, UserColumn.EMAIL).adjusted(0, 0, 0, 1))
    focused = cell(table, TOM, UserColumn.NAME)
    assert {colours.selected, colours.link} <= colours_in(image, focused)
    assert colours.link not in colours_in(image, cell(table, LI, UserColumn.NAME).adjusted(0, 0, 0, -2))


@pytest.mark.parametrize("pixels", [13, 23])
@pytest.mark.parametrize("name", ["Mary" + 1500 * "\u0301", "MA\u0302\u0301\u0323\u032dRY", "ก" + 1500 * "\u0e47"])
def test_no_name_is_painted_over_other_cells(qtbot, theme, name, pixels):
    plainly = all_but_marys_name(qtbot, theme, "Mary", pixels)
    same = all_but_marys_name(qtbot, theme, name, pixels) == plainly
    assert same


def all_but_marys_name(qtbot, theme, name, pixels):
    model = UsersModel(now=lambda: NOW)
    model.append((JANE, person(MARY.username, MARY.email, name), *PEOPLE[2:]))
    model.finish_loading()
    table = UsersTable(model, theme)
    qtbot.addWidget(table)
    table.resize(1100, 400)
    font = table.font()
    font.setPixelSize(pixels)
    table.setFont(font)
    theme.changed.emit()  # takes the font up
    table.show()
    qtbot.waitExposed(table)
    image = table.viewport().grab().toImage()
    painter = QPainter(image)
    painter.fillRect(cell(table, MARY, UserColumn.NAME), QColor("white"))
    painter.end()
    return image


def test_the_row_under_the_pointer_is_tinted(qtbot, table, model):
    qtbot.mouseMove(table.viewport(), cell(table, LI, UserColumn.NAME).center())
    assert LIGHT.hover in colours_in(table.viewport().grab().toImage(), cell(table, LI, UserColumn.EMAIL))
    assert LIGHT.hover not in colours_in(table.viewport().grab().toImage(), cell(table, MARY, UserColumn.EMAIL))


def test_a_screen_reader_finds_the_pick_box(table, model):
    model.pick([JANE.username])
    interface = QAccessible.queryAccessibleInterface(table)
    assert interface.text(QAccessible.Text.Name) == "Unconfirmed users"
    cells = (interface.child(i) for i in range(3 * len(UserColumn)))
    box = next(found for found in cells if found.text(QAccessible.Text.Name) == "Pick jane.doe@example.com")
    assert box.state().checkable
    assert box.state().checked


def test_learning_what_was_sent_keeps_focus_selection_and_picks(qtbot, table, model):
    model.pick([TOM.username, LI.username])
    table.sort_by(UserColumn.LAST_SENT, Qt.SortOrder.DescendingOrder)
    table.focus_row(model.row_of(TOM.username))
    with qtbot.assertNotEmitted(table.focused_user_changed):
        model.learn(Past(last_sent={TOM.username: NOW - HOUR, LI.username: NOW}, waiting={TOM.username: NOW + HOUR}))
    assert model.row_of(TOM.username) == 1
    assert table.focused_user() == TOM
    assert [model.user_at(row) for row in table.selected_rows()] == [TOM]
    assert model.picked_users() == [LI, TOM]


def test_the_exact_time_is_in_the_tip_also_where_the_cell_is_wide_enough(qtbot, table, model):
    model.learn(Past(last_sent={TOM.username: NOW - HOUR}))
    for column, words in ((UserColumn.LAST_SENT, "from this computer"), (UserColumn.NAME, "")):
        at = cell(table, TOM, column).center()
        event = QHelpEvent(QEvent.Type.ToolTip, at, table.viewport().mapToGlobal(at))
        QApplication.sendEvent(table.viewport(), event)
        assert words in QToolTip.text()
        assert bool(words) or not QToolTip.isVisible()
        QToolTip.hideText()
        qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_the_list_does_not_jump_to_who_was_clicked_before_a_search(qtbot, table, model):
    """Whoever was about to click somebody else would pick the wrong person."""
    model.append([person(f"u-{i}", f"person{i}@example.com", age=HOUR + i) for i in range(300)])
    last = person("u-last", "last@example.com", age=400 * HOUR)
    model.append([last])
    model.set_filter(UserFilter(parse("last@")))
    click(qtbot, table, last, UserColumn.PICK)
    model.set_filter(UserFilter())
    table.scrollToTop()
    after_qt = QTimer(table, singleShot=True, interval=QApplication.doubleClickInterval() + 200)
    with qtbot.waitSignal(after_qt.timeout):
        after_qt.start()
    assert table.rowAt(1) == 0


def test_return_and_a_double_click_open_a_person(qtbot, table):
    table.focus_row(1)
    with qtbot.waitSignal(table.opened) as opened:
        press(qtbot, table, Key.Key_Return)
    assert opened.args == [1]
    with qtbot.waitSignal(table.opened) as opened:
        click(qtbot, table, LI, UserColumn.NAME)
        qtbot.mouseDClick(table.viewport(), LEFT, pos=cell(table, LI, UserColumn.NAME).center())
    assert opened.args == [table.model().row_of(LI.username)]


def test_two_quick_clicks_into_the_pick_box_open_nobody(qtbot, table):
    with qtbot.assertNotEmitted(table.opened):
        click(qtbot, table, LI, UserColumn.PICK)
        qtbot.mouseDClick(table.viewport(), LEFT, pos=cell(table, LI, UserColumn.PICK).center())


def test_a_key_that_is_held_opens_nobody(qtbot, table):
    table.focus_row(1)
    held = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True)
    with qtbot.assertNotEmitted(table.opened):
        QApplication.sendEvent(table, held)


# Columns as somebody arranges them


def headings(table):
    header = table.horizontalHeader()
    columns = sorted(UserColumn, key=header.visualIndex)
    return [c.name for c in columns if not header.isSectionHidden(c)]


def edge(table, column):
    """Where a hand takes hold of a column to size it."""
    header = table.horizontalHeader()
    return QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) - 1, 10)


def drag(qtbot, table, start, end):
    viewport = table.horizontalHeader().viewport()
    qtbot.mousePress(viewport, LEFT, pos=start)
    for step in range(1, 11):
        point = start + (end - start) * step / 10
        moved = QMouseEvent(
            QEvent.Type.MouseMove, point.toPointF(), viewport.mapToGlobal(point).toPointF(), LEFT, LEFT, Qt.NoModifier
        )
        QApplication.sendEvent(viewport, moved)
    qtbot.mouseRelease(viewport, LEFT, pos=end)


def middle(table, column):
    header = table.horizontalHeader()
    return QPoint(header.sectionViewportPosition(column) + header.sectionSize(column) // 2, 10)


def tick(menu, text):
    (columns,) = [action.menu() for action in menu.actions() if action.text() == "Columns"]
    (action,) = [action for action in columns.actions() if action.text() == text]
    action.trigger()


def as_after_a_restart(qtbot, theme, model, view):
    table = UsersTable(model, theme)
    qtbot.addWidget(table)
    table.resize(1100, 400)
    table.header.show_view(view)
    table.show()
    qtbot.waitExposed(table)
    return table


def test_columns_are_moved_by_hand_and_stand_there_after_a_restart(qtbot, table, theme, model):
    drag(qtbot, table, middle(table, UserColumn.NOTES), middle(table, UserColumn.NAME) - QPoint(40, 0))
    assert headings(table)[:4] == ["PICK", "EMAIL", "NOTES", "NAME"]
    assert model.sorted_by()[0] == UserColumn.SIGNED_UP
    assert headings(as_after_a_restart(qtbot, theme, model, table.header.view())) == headings(table)


def test_nothing_takes_the_place_of_the_pick_box(qtbot, table):
    before = headings(table)
    drag(qtbot, table, middle(table, UserColumn.PICK), middle(table, UserColumn.NAME))
    assert headings(table) == before
    drag(qtbot, table, middle(table, UserColumn.EMAIL), QPoint(4, 10))
    assert headings(table) == before


def test_columns_are_sized_by_hand_and_are_as_wide_after_a_restart(qtbot, table, theme, model):
    start, before = edge(table, UserColumn.NOTES), table.columnWidth(UserColumn.NOTES)
    drag(qtbot, table, start, start - QPoint(60, 0))
    width = table.columnWidth(UserColumn.NOTES)
    assert before - 68 <= width <= before - 58
    assert as_after_a_restart(qtbot, theme, model, table.header.view()).columnWidth(UserColumn.NOTES) == width


def test_a_column_that_is_made_wide_pushes_nobody_out_and_leaves_the_e_mail_in_sight(qtbot, table):
    before = headings(table)
    start = edge(table, UserColumn.NAME)
    drag(qtbot, table, start, start + QPoint(900, 0))
    assert headings(table) == before
    assert table.columnWidth(UserColumn.EMAIL) >= 160
    header = table.horizontalHeader()
    assert header.length() <= table.viewport().width()


def test_columns_are_hidden_and_shown_by_a_menu_that_the_keyboard_reaches(qtbot, table, theme, model):
    tick(table.context_menu(JANE), "Phone")
    assert "PHONE" not in headings(table)
    again = as_after_a_restart(qtbot, theme, model, table.header.view())
    assert headings(again) == headings(table)
    again.resize(640, 400)
    again.resize(1100, 400)
    assert "PHONE" not in headings(again)
    tick(again.context_menu(JANE), "Phone")
    assert "PHONE" in headings(again)


def test_the_menu_of_the_headings_has_the_same_columns(qtbot, table):
    table.resize(640, 400)
    header = table.horizontalHeader()
    point = QPoint(200, 10)
    QApplication.sendEvent(
        header.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, header.mapToGlobal(point))
    )
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    entries = {action.text(): action for action in menu.actions()}
    menu.close()
    assert entries["Username (no room now)"].isChecked()
    assert not entries["E-mail"].isEnabled()


def test_columns_come_back_as_they_were_made(qtbot, table, theme, model):
    made = headings(table)
    view = (ColumnView("NOTES", 300), ColumnView("EMAIL", hidden=True), ColumnView("NAME", hidden=True))
    again = as_after_a_restart(qtbot, theme, model, view)
    assert headings(again)[:3] == ["PICK", "NOTES", "EMAIL"]
    tick(again.context_menu(JANE), "Columns as they were made")
    assert headings(again) == made
    assert again.columnWidth(UserColumn.NOTES) == table.columnWidth(UserColumn.NOTES) < 300


def test_a_view_of_another_version_leaves_no_column_out(qtbot, theme, model):
    view = (ColumnView("SHOE_SIZE", 90), ColumnView("NAME", 3), ColumnView("NAME"), ColumnView("PICK", hidden=True))
    table = as_after_a_restart(qtbot, theme, model, view)
    assert set(headings(table)) == {column.name for column in UserColumn}
    assert headings(table)[:2] == ["PICK", "NAME"]
