"""A date or time that is typed as people write it, or taken from a calendar."""

import time
from collections.abc import Callable
from datetime import date, timedelta, tzinfo

from PySide6.QtCore import QDate, QLocale, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLabel, QToolButton, QVBoxLayout, QWidget

from confirmdesk.core import times
from confirmdesk.core.people.dates import Moment, on_day, parse
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.eliding import tool_tip
from confirmdesk.ui.kit.inputs import Combo, mark_refused

# Room for the names of the days and for six weeks.
CALENDAR = QSize(332, 280)


def system_order() -> str:
    """How this system writes dates: "dmy", "mdy" or "ymd"."""
    written = QLocale.system().dateFormat(QLocale.FormatType.ShortFormat).casefold()
    return "".join(sorted("dmy", key=written.find))


class MomentBox(Combo):
    """`changed` comes whenever `moment` is another one, with each key that makes a date of the text.

    Once the text is left it is shown in one form, with the month as a word. A text that is no date is marked then.
    """

    changed = Signal()
    left = Signal()

    def __init__(
        self,
        name: str,
        label: QLabel,
        now: Callable[[], float] = time.time,
        tz: tzinfo | None = None,
        order: str = "",
        is_end: bool = False,
    ) -> None:
        """`is_end` is where a day counts to its end."""
        super().__init__(name, label, editable=True)
        self._is_end = is_end
        self._now, self._tz = now, tz
        self._order = order or system_order()
        self._moment: Moment | None = None
        self._why = ""
        edit = self.lineEdit()
        assert edit is not None
        self._edit = edit
        edit.setPlaceholderText("any time")
        self.setMinimumContentsLength(19)
        self.editTextChanged.connect(self._read)
        edit.editingFinished.connect(self._leave)

    def moment(self) -> Moment | None:
        """What the text means; None where it is empty, or no date."""
        return self._moment

    def refusal(self) -> str:
        """Why the text is no moment, as a sentence; "" where it is one, or empty."""
        return self._why

    def show_moment(self, moment: Moment | None) -> None:
        self.setEditText(moment.text() if moment else "")

    def showPopup(self) -> None:
        popup = CalendarPopup(self, self._day())
        popup.chosen.connect(self._take_day)
        popup.open_below(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        days = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if days and self._moment and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            self._take_day(self._day() + timedelta(days=days))
        else:
            super().keyPressEvent(event)

    def _read(self, text: str) -> None:
        moment = self._parsed(text)
        if moment or not text.strip():
            self._take(moment)
        elif not self._edit.hasFocus():
            self._take(None, text)
        # Else it may be the beginning of a date.

    def _leave(self) -> None:
        text = self.currentText()
        moment = self._parsed(text)
        if moment or not text.strip():
            self.show_moment(moment)
        else:
            self._take(None, text)
        self.left.emit()

    def _parsed(self, text: str) -> Moment | None:
        return parse(text, self._now(), self._order, self._tz)

    def _take(self, moment: Moment | None, refused: str = "") -> None:
        why = f"“{plain(refused.strip(), 40)}” is not a date." if refused else ""
        if (moment, why) == (self._moment, self._why):
            return
        self._moment, self._why = moment, why
        mark_refused(self, why)
        self.setToolTip(tool_tip(why or self._exact(moment)))
        self.changed.emit()

    def _exact(self, moment: Moment | None) -> str:
        return times.exact(moment.end if self._is_end else moment.at, self._tz) if moment else ""

    def _day(self) -> date:
        return times.local(self._moment.at if self._moment else self._now(), self._tz).date()

    def _take_day(self, day: date) -> None:
        self.show_moment(on_day(day, self._moment, self._tz))


class CalendarPopup(QFrame):
    """A month to choose a day from: arrows and Return, or a click. Escape leaves everything as it was."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, day: date) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("kind", "popup")
        self._calendar = QCalendarWidget()
        # The months are English like the rest of the program.
        self._calendar.setLocale(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
        self._calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self._calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        self._calendar.setMinimumSize(CALENDAR)
        self._name_parts()
        # Qt paints Saturday and Sunday red, which means something else here.
        for weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self._calendar.setWeekdayTextFormat(weekday, QTextCharFormat())
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self._calendar)
        self._calendar.activated.connect(self._choose)
        self._calendar.clicked.connect(self._choose)

    def open_below(self, field: QWidget) -> None:
        """Show it at the lower edge of `field`, or above it where the screen ends."""
        self.adjustSize()
        at = field.mapToGlobal(QPoint(0, field.height()))
        screen = field.screen().availableGeometry()
        if at.y() + self.height() > screen.bottom():
            at.setY(field.mapToGlobal(QPoint(0, 0)).y() - self.height())
        at.setX(max(screen.left(), min(at.x(), screen.right() - self.width())))
        self.move(at)
        self.show()
        self._calendar.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _name_parts(self) -> None:
        self._calendar.setAccessibleName("Calendar")
        names = {
            "qt_calendar_calendarview": "Calendar days",
            "qt_calendar_prevmonth": "Month before",
            "qt_calendar_nextmonth": "Month after",
            "qt_calendar_monthbutton": "Month",
            "qt_calendar_yearbutton": "Year",
            "qt_calendar_yearedit": "Year",
        }
        for part in self._calendar.findChildren(QWidget):
            if name := names.get(part.objectName()):
                part.setAccessibleName(name)
        # Qt's own arrows are black in the dark too.
        for which, arrow in (("prevmonth", "‹"), ("nextmonth", "›")):
            button = self._calendar.findChild(QToolButton, f"qt_calendar_{which}")
            if button is not None:
                button.setIcon(QIcon())
                button.setText(arrow)

    def _choose(self, day: QDate) -> None:
        self.chosen.emit(date(day.year(), day.month(), day.day()))
        self.close()
