"""The rows of the client metadata editor, each with what is wrong with it."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from confirmdesk.core.sending.metadata import Flaw, Row, check
from confirmdesk.ui.kit.eliding import tool_tip
from confirmdesk.ui.kit.theme import Theme

Index = QModelIndex | QPersistentModelIndex
HEADINGS = ("Key", "Value")


class MetadataModel(QAbstractTableModel):
    """Key and value as typed, placeholders unfilled. There are no other blank rows than those somebody added."""

    rows_changed = Signal()
    # The rows before and after, where a person changed them.
    changed_by_hand = Signal(object, object)

    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: list[Row] = []
        self._flaws: list[Flaw] = []

    def rows(self) -> tuple[Row, ...]:
        return tuple(self._rows)

    def flaws(self) -> list[Flaw]:
        return list(self._flaws)

    def replace(self, rows: Sequence[Row]) -> None:
        """Somebody chose a template: show it instead of what was there."""
        before = self.rows()
        self.show_rows(rows)
        self._tell(before)

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Other rows, where nobody changed any: of another pool, or of before."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()
        self._look_again()

    def add(self) -> int:
        """Append an empty row; its number."""
        row, before = len(self._rows), self.rows()
        self.beginInsertRows(QModelIndex(), row, row)
        self._rows.append(("", ""))
        self.endInsertRows()
        self._look_again()
        self._tell(before)
        return row

    def remove(self, row: int) -> None:
        if 0 <= row < len(self._rows):
            before = self.rows()
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._rows[row]
            self.endRemoveRows()
            self._look_again()
            self._tell(before)

    def _tell(self, before: tuple[Row, ...]) -> None:
        if (after := self.rows()) != before:
            self.changed_by_hand.emit(before, after)

    def _look_again(self) -> None:
        self._flaws = check(self._rows)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, 1))
        self.rows_changed.emit()

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else 2

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() else flags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and 0 <= section < 2:
            return HEADINGS[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self._rows[index.row()][index.column()]
        flaw = self.flaw(index.row())
        if flaw and role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return tool_tip(flaw.sentence) if role == Qt.ItemDataRole.ToolTipRole else flaw.sentence
        if flaw and role == Qt.ItemDataRole.BackgroundRole:
            tone = self._theme.colours.red if flaw.refused else self._theme.colours.amber
            return QColor(tone.back)
        if flaw and role == Qt.ItemDataRole.ForegroundRole:
            tone = self._theme.colours.red if flaw.refused else self._theme.colours.amber
            return QColor(tone.text)
        return None

    def flaw(self, row: int) -> Flaw | None:
        """The gravest thing about `row`, or None."""
        own = [flaw for flaw in self._flaws if flaw.row == row]
        return max(own, key=lambda flaw: flaw.refused, default=None)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        pair = list(self._rows[index.row()])
        if pair[index.column()] != value:
            before = self.rows()
            pair[index.column()] = str(value)
            self._rows[index.row()] = (pair[0], pair[1])
            self._look_again()
            self._tell(before)
        return True
