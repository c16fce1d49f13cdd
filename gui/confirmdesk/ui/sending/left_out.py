"""Who a plan leaves out, by cause, and the way back for those whom it is safe to put back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from confirmdesk.core.sending.plan import LeftOut, Reason
from confirmdesk.core.text import count
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine
from confirmdesk.ui.kit.tables import Column, Index, RecordsModel, keep_to_rows, make_table
from confirmdesk.ui.sending.put_back_question import REASON, PutBackQuestion

LEAST_HEIGHT = 112


@dataclass(frozen=True, slots=True)
class Group:
    """A row over the people of one cause."""

    people: tuple[LeftOut, ...]

    @property
    def words(self) -> str:
        first = self.people[0]
        back = ", can be put back" if first.reason.safe else ""
        return f"{first.group}: {count(len(self.people), 'person', 'people')}{back}"


Row = Group | LeftOut


def rows_of(left_out: Sequence[LeftOut]) -> list[Row]:
    """Cause by cause, each of several people under a row of its own; the smaller causes first, so that none is below
    hundreds of others."""
    groups: dict[tuple[Reason, str], list[LeftOut]] = {}
    for out in left_out:
        groups.setdefault((out.reason, out.cause), []).append(out)
    rows: list[Row] = []
    for people in sorted(groups.values(), key=len):
        rows += [Group(tuple(people))] if len(people) > 1 else []
        rows += people
    return rows


def _person(row: Row) -> str:
    return row.words if isinstance(row, Group) else row.recipient.user.label


def _name(row: Row) -> str:
    return "" if isinstance(row, Group) else row.recipient.user.name or "—"


def _why(row: Row) -> str:
    if isinstance(row, Group):
        return ""
    return row.words + (": can be put back" if row.reason.safe else "")


LEFT_OUT: tuple[Column[Row], ...] = (Column("Person", _person, 240), Column("Name", _name, 150), Column("Why", _why))


class LeftOutModel(RecordsModel[Row]):
    """Rows of causes stand out."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(LEFT_OUT, parent)
        self._bold = QFont()
        self._bold.setWeight(QFont.Weight.DemiBold)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.FontRole and index.isValid() and isinstance(self.record(index.row()), Group):
            return self._bold
        return super().data(index, role)


class LeftOutZone(QWidget):
    """`put_back_requested` carries user names and the reason, which is asked for once where many go back."""

    put_back_requested = Signal(set, str)

    def __init__(self) -> None:
        super().__init__()
        self._model = LeftOutModel(self)
        self._table = make_table("Left out", self._model, many=True)
        self._table.setMinimumHeight(LEAST_HEIGHT)
        self._title = StatusLine("Left out", "heading")
        self._title.setBuddy(self._table)
        self._put_back = button("Put back", "Put back", "link")
        self._why = QLineEdit()
        self._why.setAccessibleName(REASON)
        self._why.setPlaceholderText("Why? It is recorded.")
        self._why.setFixedWidth(220)
        self._lay_out()
        self._table.selectionModel().selectionChanged.connect(self._enable)
        self._put_back.clicked.connect(self._ask_once)
        self._enable()

    def _lay_out(self) -> None:
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._title, 1)
        row.addWidget(self._why)
        row.addWidget(self._put_back)
        column.addLayout(row)
        column.addWidget(self._table, 1)

    def show_people(self, left_out: Sequence[LeftOut]) -> None:
        # Rows keep their selection by place: without this a second press would put somebody else back.
        self._table.clearSelection()
        self._table.clearSpans()
        rows = rows_of(left_out)
        self._model.show(rows)
        for place, row in enumerate(rows):
            if isinstance(row, Group):
                self._table.setSpan(place, 0, 1, len(LEFT_OUT))
        keep_to_rows(self._table, LEAST_HEIGHT)
        self._why.setVisible(any(out.reason.safe for out in left_out))
        self._title.setText(f"Left out ({len(left_out):,})")
        self.setVisible(bool(left_out))

    def _enable(self) -> None:
        self._put_back.setEnabled(bool(self._chosen()))

    def _chosen(self) -> set[str]:
        """The user names of those chosen, alone or with their cause, whom it is safe to put back."""
        rows = [self._model.record(index.row()) for index in self._table.selectionModel().selectedRows()]
        people = [out for row in rows for out in (row.people if isinstance(row, Group) else (row,))]
        return {out.recipient.user.username for out in people if out.reason.safe}

    def _ask_once(self) -> None:
        chosen = self._chosen()
        # What a question covers acts for nobody, not even for an assistive tool.
        if not chosen or QApplication.activeModalWidget() is not self.window():
            return
        if len(chosen) == 1 or self._why.text().strip():
            self.put_back_requested.emit(chosen, self._why.text().strip())
            return
        question = PutBackQuestion(self.window(), len(chosen))
        question.answered.connect(lambda why: self._put_many_back(chosen, why))
        question.open()

    def _put_many_back(self, chosen: set[str], why: str) -> None:
        # It stays here for the rest of this review, where it is seen and can be changed.
        self._why.setText(why)
        self.put_back_requested.emit(chosen, why)
