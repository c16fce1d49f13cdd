"""The users table: whole rows, one pick box each, everything by mouse or keyboard."""

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    Qt,
    QTimerEvent,
    Signal,
)
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from confirmdesk.core.people.users import User
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.tables import LEAST_ROWS, ROW_HEIGHT, asks_for_menu, open_menu
from confirmdesk.ui.kit.theme import Theme, zoomed
from confirmdesk.ui.users.delegate import UsersDelegate
from confirmdesk.ui.users.header import UsersHeader
from confirmdesk.ui.users.model import TITLES, UserColumn, UsersModel

NAME = "Unconfirmed users"
ScrollHint = QAbstractItemView.ScrollHint
# Qt remembers a selection cell by cell while rows move; of thousands of rows that would take seconds.
MOST_KEPT = 500

_NEWEST_FIRST = (UserColumn.SIGNED_UP, UserColumn.LAST_SENT)


class UsersTable(QTableView):
    """Picks are the model's; Qt's selection is only the rows that Space acts on."""

    focused_user_changed = Signal(object)
    left_upwards = Signal()
    opened = Signal(int)

    def __init__(self, model: UsersModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._late = False
        self._model = model
        self._theme = theme
        self._focused = ""
        self.setAccessibleName(NAME)
        self.setModel(model)
        self._delegate = UsersDelegate(model, theme, self)
        self.setItemDelegate(self._delegate)
        self._set_behaviour()
        self.header = UsersHeader(model, theme, self)
        self.setHorizontalHeader(self.header)
        self.header.begin()
        self.header.sectionClicked.connect(self._header_clicked)
        model.about_to_rearrange.connect(self._shed_large_selection)
        model.layoutChanged.connect(self._tell_focused)
        model.modelReset.connect(self._tell_focused)
        self.selectionModel().currentRowChanged.connect(self._tell_focused)
        self.doubleClicked.connect(self._open)
        theme.changed.connect(self.viewport().update)

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.hide()
        self._follow_zoom()

    # What others ask and tell

    def focused_user(self) -> User | None:
        index = self.currentIndex()
        return self._model.user_at(index.row()) if index.isValid() else None

    def focus_row(self, row: int) -> None:
        """Make `row` the one with the focus and the selection."""
        if 0 <= row < self._model.rowCount():
            self.setCurrentIndex(self._model.index(row, max(self.currentIndex().column(), UserColumn.EMAIL)))

    def focus_user(self, username: str) -> None:
        """Put the focus back on this person, if he or she is shown."""
        if username:
            self.focus_row(self._model.row_of(username))

    def selected_rows(self) -> list[int]:
        """Cheap however many: Qt's own `selectedRows` takes a second for 100,000."""
        return sorted({row for span in self._spans() for row in range(span.top(), span.bottom() + 1)})

    def sort_by(self, column: int, order: Qt.SortOrder) -> None:
        self._model.sort(column, order)
        self.header.setSortIndicator(*self._model.sorted_by())

    # Keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._toggle_rows()
        elif event.matches(QKeySequence.StandardKey.Copy):
            self._copy_chosen()
        elif asks_for_menu(event):
            open_menu(self)
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            if not event.isAutoRepeat():
                self._open(self.currentIndex())
        elif event.key() == Qt.Key.Key_Up and self.currentIndex().row() <= 0 and not event.modifiers():
            self.left_upwards.emit()
        else:
            super().keyPressEvent(event)

    def _copy_chosen(self) -> None:
        """One person is an address, for a ticket; several are a table."""
        user = self.focused_user()
        if len(self._rows()) > 1:
            self.copy_rows()
        elif user:
            _copy(user.label)

    def copy_rows(self) -> None:
        """Onto the clipboard: the chosen rows as they are shown, as lines of text with tabs."""
        columns = sorted(list(UserColumn)[1:], key=self.header.visualIndex)
        columns = [column for column in columns if not self.isColumnHidden(column)]
        lines = ["\t".join(self._model.shown_text(row, column) for column in columns) for row in self._rows()]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def _open(self, index: QModelIndex) -> None:
        # Two quick clicks into the pick box are two clicks.
        if index.isValid() and index.column() != UserColumn.PICK:
            self.opened.emit(index.row())

    def keyboardSearch(self, search: str) -> None:
        """Qt would ask every row for its text; the search box does that better."""

    def timerEvent(self, event: QTimerEvent) -> None:
        # Half a second after a click Qt scrolls to the clicked row, wherever a search has put it meanwhile: the list
        # would jump from under somebody's hand, who then picks another person. It is meant for rows half in sight.
        self._late = True
        super().timerEvent(event)
        self._late = False

    def scrollTo(self, index: QModelIndex | QPersistentModelIndex, hint: ScrollHint = ScrollHint.EnsureVisible) -> None:
        if not self._late or self.viewport().rect().intersects(self.visualRect(index)):
            super().scrollTo(index, hint)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        point = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())
            point = self.visualRect(self.currentIndex()).center()
        index = self.indexAt(point)
        if index.isValid():
            menu = self.context_menu(self._model.user_at(index.row()))
            menu.popup(self.viewport().mapToGlobal(QPoint(point.x(), point.y())))

    def context_menu(self, user: User) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open person", lambda: self.opened.emit(self._model.row_of(user.username)))
        menu.addAction("Pick" if self._would_pick() else "Unpick", self._toggle_rows)
        menu.addSeparator()
        menu.addAction("Copy rows" if len(self._rows()) > 1 else "Copy row", self.copy_rows)
        for text, value in (
            ("Copy e-mail", user.email),
            ("Copy phone", user.phone),
            ("Copy username", user.username),
        ):
            action = menu.addAction(text)
            action.setEnabled(bool(value))
            action.triggered.connect(lambda _checked=False, value=value: _copy(value))
        menu.addSeparator()
        self._add_orders(menu.addMenu("Sort by"))
        self.header.add_columns(menu.addMenu("Columns"))
        return menu

    def _add_orders(self, menu: QMenu) -> None:
        """The headings are out of the keyboard's reach; this is not."""
        group = QActionGroup(menu)
        column_now, _ = self._model.sorted_by()
        for column in list(UserColumn)[1:]:
            action = QAction(TITLES[column], group, checkable=True, checked=column == column_now)
            action.triggered.connect(lambda _checked=False, column=column: self._header_clicked(column))
            menu.addAction(action)

    # Looks

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Room for the scroll bar, whether it is there or not: the columns stay when a search leaves few rows.
        self.header.fit(self.width() - 2 * self.frameWidth() - self.verticalScrollBar().sizeHint().width())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._follow_zoom()
            self.header.refit()

    def _follow_zoom(self) -> None:
        self.verticalHeader().setDefaultSectionSize(zoomed(ROW_HEIGHT))
        self.setMinimumHeight(zoomed(LEAST_ROWS * ROW_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        index = self.currentIndex()
        if self.hasFocus() and index.isValid():
            row = QRectF(0, self.rowViewportPosition(index.row()), self.viewport().width(), zoomed(ROW_HEIGHT) - 1)
            painter = QPainter(self.viewport())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self._theme.colours.link), 2))
            painter.drawRoundedRect(row.adjusted(1, 1, -1, -1), 4, 4)
            painter.end()

    def _hover(self, row: int) -> None:
        if row != self._delegate.hovered_row:
            self._delegate.hovered_row = row
            self.viewport().update()

    # The rest

    def _header_clicked(self, column: int) -> None:
        if column == UserColumn.PICK:
            self._model.pick_all_shown(self._model.pick_state() != Qt.CheckState.Checked)
            # Qt has moved the arrow there, and nothing is sorted by picks.
            self.horizontalHeader().setSortIndicator(*self._model.sorted_by())
            return
        now, order = self._model.sorted_by()
        # Of times the newest come first, of everything else the beginning of the alphabet.
        first = Qt.SortOrder.DescendingOrder if column in _NEWEST_FIRST else Qt.SortOrder.AscendingOrder
        other = _other(order)
        self.sort_by(column, other if column == now else first)

    def _toggle_rows(self) -> None:
        self._model.pick_rows(self._rows(), self._would_pick())

    def _would_pick(self) -> bool:
        """Somebody who is chosen is not picked yet."""
        return not all(self._model.is_picked(row) for row in self._rows())

    def _rows(self) -> list[int]:
        """The chosen ones, where the one with the focus is among them, and else that one."""
        current, rows = self.currentIndex(), self.selected_rows()
        return [current.row()] if current.isValid() and current.row() not in rows else rows

    def _spans(self) -> list[QItemSelectionRange]:
        selection = self.selectionModel().selection()
        return [selection.at(i) for i in range(selection.count())]

    def _shed_large_selection(self) -> None:
        if sum(span.height() for span in self._spans()) > MOST_KEPT:
            flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            self.selectionModel().select(self.currentIndex(), flags)

    def _tell_focused(self, *_: QModelIndex) -> None:
        user = self.focused_user()
        name = user.username if user else ""
        if name != self._focused:
            self._focused = name
            self.focused_user_changed.emit(user)


def _other(order: Qt.SortOrder) -> Qt.SortOrder:
    descending = order == Qt.SortOrder.DescendingOrder
    return Qt.SortOrder.AscendingOrder if descending else Qt.SortOrder.DescendingOrder


def _copy(text: str) -> None:
    """Onto the clipboard as plain text on one line: what strangers typed may be pasted into a terminal."""
    QGuiApplication.clipboard().setText(plain(text))
