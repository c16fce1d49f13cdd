from datetime import UTC, date, datetime

import pytest
from on_screen import show
from parts import spoken
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QCalendarWidget, QTableView, QVBoxLayout

from confirmdesk.core.people.dates import Moment
from confirmdesk.ui.kit.labels import plain_label
from confirmdesk.ui.users.moment_box import CalendarPopup, MomentBox, system_order

NOW = datetime(2026, 11, 26, 20, 26, tzinfo=UTC).timestamp()


@pytest.fixture
def box(qtbot, host):
    column = QVBoxLayout(host)
    label = plain_label("from")
    made = MomentBox("Signed up from", label, lambda: NOW, UTC, "dmy")
    column.addWidget(label)
    column.addWidget(made)
    show(qtbot, host)
    made.lineEdit().setFocus()
    qtbot.waitUntil(made.lineEdit().hasFocus)
    return made


def calendar(qtbot, box):
    qtbot.waitUntil(lambda: any(popup.isVisible() for popup in box.findChildren(CalendarPopup)))
    (popup,) = [popup for popup in box.findChildren(CalendarPopup) if popup.isVisible()]
    return popup, popup.findChild(QCalendarWidget)


def days(qtbot, box):
    """The table of days, which has the focus."""
    _, shown = calendar(qtbot, box)
    return shown.findChild(QTableView)


def test_screen_readers_have_its_name_and_what_is_wrong(box):
    box.setEditText("soon")
    box.lineEdit().clearFocus()
    box.setEditText("never")
    assert spoken(box)[1] == "“never” is not a date."
    assert spoken(box.lineEdit()) == ("Signed up from", "“never” is not a date.")


def test_while_it_is_typed_nothing_is_marked_and_nothing_lost(box, qtbot):
    box.setEditText("25 Nov 2026")
    day = box.moment()
    qtbot.keyClicks(box.lineEdit(), " 0")
    assert box.moment() == day
    assert box.refusal() == ""
    qtbot.keyClicks(box.lineEdit(), "9:00")
    assert box.moment() == Moment(datetime(2026, 11, 25, 9, tzinfo=UTC).timestamp(), tz=UTC)


def test_return_shows_the_month_as_a_word(box, qtbot):
    qtbot.keyClicks(box.lineEdit(), "3/4/26")
    qtbot.keyClick(box.lineEdit(), Qt.Key.Key_Return)
    assert box.currentText() == "3 Apr 2026"
    assert "3 Apr 2026, 00:00:00 UTC" in box.toolTip()


def test_each_change_is_told_once(box, qtbot):
    told = []
    box.changed.connect(lambda: told.append(box.moment() and box.moment().text()))
    box.setEditText("25 Nov 2026")
    box.setEditText("25.11.2026")
    box.setEditText("")
    assert told == ["25 Nov 2026", None]


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        ("28 Feb 2026", Qt.Key.Key_Up, "1 Mar 2026"),
        ("1 Mar 2026 09:30", Qt.Key.Key_Down, "28 Feb 2026 09:30"),
        ("soon", Qt.Key.Key_Up, "soon"),
    ],
)
def test_arrows_lead_from_day_to_day(box, qtbot, before, key, after):
    box.setEditText(before)
    qtbot.keyClick(box.lineEdit(), key)
    assert box.currentText() == after


def test_a_day_is_taken_from_the_calendar_by_keyboard(box, qtbot):
    box.setEditText("25 Nov 2026 09:00")
    qtbot.keyClick(box.lineEdit(), Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert days(qtbot, box).accessibleName() == "Calendar days"
    qtbot.keyClick(days(qtbot, box), Qt.Key.Key_Left)
    qtbot.keyClick(days(qtbot, box), Qt.Key.Key_Return)
    assert box.currentText() == "24 Nov 2026 09:00"
    qtbot.waitUntil(lambda: not box.findChildren(CalendarPopup))


def test_a_click_takes_a_day_and_escape_none(box, qtbot):
    box.showPopup()
    popup, shown = calendar(qtbot, box)
    assert shown.selectedDate() == QDate(2026, 11, 26)
    qtbot.keyClick(days(qtbot, box), Qt.Key.Key_Escape)
    assert box.currentText() == ""
    qtbot.waitUntil(lambda: not box.findChildren(CalendarPopup))
    box.showPopup()
    popup, shown = calendar(qtbot, box)
    with qtbot.waitSignal(popup.chosen, check_params_cb=lambda day: day == date(2026, 11, 15)):
        table = days(qtbot, box)
        index = next(
            table.model().index(row, column)
            for row in range(table.model().rowCount())
            for column in range(table.model().columnCount())
            if table.model().index(row, column).data() == 15
        )
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(index).center())
    assert box.currentText() == "15 Nov 2026"


def test_the_system_says_how_dates_are_written():
    assert sorted(system_order()) == ["d", "m", "y"]
