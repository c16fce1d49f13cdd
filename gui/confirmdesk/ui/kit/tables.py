"""Read-only tables over records: the same look and the same keys wherever people are listed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from confirmdesk.core.text import plain
from confirmdesk.ui.kit.eliding import tool_tip
from confirmdesk.ui.kit.theme import zoomed

T = TypeVar("T")
Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 34
# With the headings. Fewer would be none to read in.
LEAST_ROWS = 3
_CHORDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
# No limit, as Qt has it.
QWIDGETSIZE_MAX = (1 << 24) - 1


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A heading and how to say a record's part under it. `width` in pixels; 0 takes what is left."""

    heading: str
    text: Callable[[T], str]
    width: int = 0
    right: bool = False


class RecordsModel(QAbstractTableModel, Generic[T]):
    """Frozen records, one a row, shown word for word."""

    def __init__(self, columns: Sequence[Column[T]], parent: QObject) -> None:
        # With a parent it is destroyed together with its window, in the GUI thread. Left to Python, whatever thread
        # happens to collect garbage would do it.
        super().__init__(parent)
        self.columns = tuple(columns)
        self._records: list[T] = []

    def show(self, records: Sequence[T]) -> None:
        """Replace what is shown. Rows that stay at their place keep selection and focus."""
        before, after = len(self._records), len(records)
        if after < before:
            self.beginRemoveRows(QModelIndex(), after, before - 1)
            self._records = list(records)
            self.endRemoveRows()
        elif after > before:
            self.beginInsertRows(QModelIndex(), before, after - 1)
            self._records = list(records)
            self.endInsertRows()
        else:
            self._records = list(records)
        if after:
            self.dataChanged.emit(self.index(0, 0), self.index(after - 1, len(self.columns) - 1))

    def record(self, row: int) -> T:
        return self._records[row]

    def records(self) -> list[T]:
        return list(self._records)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._records)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return plain(column.text(self._records[index.row()]), 300)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(column.text(self._records[index.row()]))
        if role == Qt.ItemDataRole.TextAlignmentRole and column.right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].heading
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


class ZoomingTable(QTableView):
    """Rows and columns grow and shrink with their text."""

    def __init__(self) -> None:
        super().__init__()
        self._unit = 0
        # What widths are without rounding, or columns would shrink with each step there and back.
        self._exact: dict[int, float] = {}

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self._unit:
            self._follow()

    def begin(self) -> None:
        """Its columns are as wide as they should be at the zoom of now."""
        self._unit = zoomed(1000)
        self.setMinimumHeight(zoomed(LEAST_ROWS * ROW_HEIGHT))
        self.verticalHeader().setDefaultSectionSize(zoomed(ROW_HEIGHT))

    def _follow(self) -> None:
        before = self._unit
        self.begin()
        header = self.horizontalHeader()
        for column in range(header.count() - header.stretchLastSection()):
            if header.sectionResizeMode(column) == QHeaderView.ResizeMode.Interactive:
                width = self._exact.get(column, 0.0)
                if round(width * before) != header.sectionSize(column):
                    width = header.sectionSize(column) / before
                self._exact[column] = width
                header.resizeSection(column, round(width * self._unit))


def asks_for_menu(event: QKeyEvent) -> bool:
    """The chord beside the menu key, which many keyboards have not. Qt leaves it to the system, and X11 has none."""
    return event.key() == Qt.Key.Key_F10 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier


def open_menu(table: QTableView) -> None:
    """As the menu key does."""
    at = table.visualRect(table.currentIndex()).center()
    place = table.viewport().mapToGlobal(at)
    QGuiApplication.sendEvent(table.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, at, place))


class RecordsTable(ZoomingTable):
    """Copies whole rows, as lines of text with tabs, by key and by menu. `menu_opening` carries that menu to whoever
    has more for it, `opened` the row on which somebody pressed Return or clicked twice."""

    menu_opening = Signal(object)
    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
            return
        if asks_for_menu(event):
            open_menu(self)
            return
        super().keyPressEvent(event)
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _CHORDS
        if enter and not event.isAutoRepeat() and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        point = self.visualRect(self.currentIndex()).center() if by_key else event.pos()
        if self.indexAt(point).isValid():
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addAction("Copy rows" if len(self._chosen()) > 1 else "Copy row", self.copy_rows)
            self.menu_opening.emit(menu)
            menu.popup(self.viewport().mapToGlobal(point))

    def copy_rows(self) -> None:
        """Onto the clipboard: the chosen rows, else the one with the focus."""
        columns = range(self.model().columnCount())
        lines = ["\t".join(self.model().index(row, c).data() or "" for c in columns) for row in self._chosen()]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))

    def _chosen(self) -> list[int]:
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return rows or [row for row in [self.currentIndex().row()] if row >= 0]


def make_table(name: str, model: RecordsModel[T], many: bool = False) -> RecordsTable:
    """A table called `name` over `model`; `many` where several rows can be chosen at once."""
    table = RecordsTable()
    table.setAccessibleName(name)
    table.setProperty("kind", "records")
    table.setModel(model)
    dress_table(table)
    mode = QAbstractItemView.SelectionMode
    table.setSelectionMode(mode.ExtendedSelection if many else mode.SingleSelection)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    for index, column in enumerate(model.columns):
        if column.width:
            table.setColumnWidth(index, zoomed(column.width))
        else:
            header.setSectionResizeMode(index, QHeaderView.ResizeMode.Stretch)
    table.begin()
    return table


def keep_to_rows(table: QTableView, least: int) -> None:
    """Few rows leave the room they do not need to others; in no case less than `least` pixels high."""
    needed = (table.model().rowCount() + 1) * zoomed(ROW_HEIGHT) + 2 * table.frameWidth() + 4
    table.setMaximumHeight(max(least, min(needed, QWIDGETSIZE_MAX)))


def dress_table(table: QTableView) -> None:
    """What all tables share: rows of one height, whole rows, no grid, Tab leads out, and the wheel only scrolls."""
    table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    table.setTabKeyNavigation(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    rows = table.verticalHeader()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(zoomed(ROW_HEIGHT))
    rows.hide()
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
