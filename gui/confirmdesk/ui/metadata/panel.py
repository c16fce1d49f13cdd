"""The right zone: client metadata, its templates, and what the pool's Lambda trigger receives."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QScrollArea,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.people.users import User
from confirmdesk.core.sending.metadata import PLACEHOLDERS, Advanced, Row, fill
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.faces import Banner
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine, title
from confirmdesk.ui.kit.tables import ROW_HEIGHT, ZoomingTable, dress_table
from confirmdesk.ui.kit.theme import Theme, zoomed
from confirmdesk.ui.metadata.advanced_fields import AdvancedFields
from confirmdesk.ui.metadata.lambda_preview import LambdaPreview
from confirmdesk.ui.metadata.model import MetadataModel
from confirmdesk.ui.metadata.template_bar import TemplateBar

NOTE = (
    "Cognito does not store, check or encrypt these values. Only your Lambda triggers see them: no personal data, no "
    "passwords."
)
# Pixels that the panel has for a row where it is narrowest.
ROW_LEAST = 256


class MetadataPanel(QScrollArea):
    """What goes along with each code. Knows one user at a time: the one in focus."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.model = MetadataModel(theme, self)
        self.table = self._make_table()
        self.templates = TemplateBar(self.model, self)
        self.preview = LambdaPreview(theme)
        self.advanced = AdvancedFields()
        self._flaw = StatusLine("Metadata problems", "quiet", wrap=True)
        self._flaw.hide()
        self._user: User | None = None
        self._connection: Connection | None = None
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(self._lay_out())
        self.model.rows_changed.connect(self._rows_changed)
        self.advanced.changed.connect(self.changed)
        theme.changed.connect(self._fit_table)

    def _make_table(self) -> QTableView:
        table = ZoomingTable()
        table.setAccessibleName("Client metadata")
        table.setModel(self.model)
        dress_table(table)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        triggers = QAbstractItemView.EditTrigger
        table.setEditTriggers(triggers.DoubleClicked | triggers.EditKeyPressed | triggers.AnyKeyPressed)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        table.horizontalHeader().setStretchLastSection(True)
        table.setColumnWidth(0, zoomed(120))
        table.begin()
        table.installEventFilter(_ReturnEdits(table))
        return table

    def _lay_out(self) -> QWidget:
        page = QWidget()
        page.setProperty("kind", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        heading = title("Client metadata", self.table)
        heading.setProperty("kind", "heading")
        column.addWidget(heading)
        column.addLayout(self._template_row())
        column.addWidget(self.table)
        column.addLayout(self._row_buttons())
        column.addWidget(self._flaw)
        column.addWidget(self.templates.undo_line)
        note = Banner()
        column.addWidget(note)
        note.say(NOTE)
        column.addSpacing(8)
        column.addWidget(self.preview, 1)
        column.addWidget(self.advanced)
        self._fit_table()
        return page

    def _template_row(self) -> NarrowRow:
        row = NarrowRow(least=ROW_LEAST)
        row.setSpacing(4)
        row.addWidget(self.templates.choice, 1)
        row.addWidget(self.templates.save)
        row.addWidget(self.templates.delete)
        return row

    def _row_buttons(self) -> NarrowRow:
        row = NarrowRow(least=ROW_LEAST)
        row.setSpacing(4)
        add = button("Add field", "Add field", "link")
        add.setToolTip(f"Values may hold {', '.join(PLACEHOLDERS)}")
        self._remove = button("Remove field", "Remove field", "link")
        add.clicked.connect(self.add_field)
        self._remove.clicked.connect(self._remove_field)
        row.addWidget(add)
        row.addWidget(self._remove)
        row.addStretch()
        self._remove.setEnabled(False)
        return row

    def add_field(self) -> None:
        """Append an empty row and put the cursor into its key."""
        index = self.model.index(self.model.add(), 0)
        self.table.setFocus()
        self.table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.table.edit(index)

    def _remove_field(self) -> None:
        # With nothing chosen the last row goes: what was added last is what people want back out.
        current = self.table.currentIndex()
        self.model.remove(current.row() if current.isValid() else self.model.rowCount() - 1)

    def show_connection(self, connection: Connection | None) -> None:
        """Another pool; whether it has a CustomMessage Lambda is not known yet."""
        self._connection = connection
        self.preview.show_trigger(True)
        self._refresh()

    def show_trigger(self, has_trigger: bool | None) -> None:
        """Whether the pool has a CustomMessage Lambda; None where nobody may look."""
        self.preview.show_trigger(has_trigger)

    def show_user(self, user: User | None) -> None:
        """Fill the placeholders for `user`, the one in focus."""
        self._user = user
        self._refresh()

    def bring_back(self, rows: tuple[Row, ...]) -> None:
        """The rows of before, with the first that is another in focus."""
        now = self.rows()
        self.templates.leave(now)
        self.model.show_rows(rows)
        row = next((i for i, pair in enumerate(rows) if now[i : i + 1] != (pair,)), len(rows) - 1)
        self.table.setCurrentIndex(self.model.index(row, 0))

    def replace_rows(self, rows: tuple[Row, ...]) -> None:
        """Another pool's rows, in place of those that are shown."""
        self.model.show_rows(rows)
        self.templates.choice.setCurrentIndex(0)
        self.templates.undo_line.hide()

    def commit(self) -> None:
        """Take over what is being typed into a cell; an assistive tool can press a button without leaving it."""
        for editor in self.table.viewport().findChildren(QLineEdit):
            self.table.commitData(editor)

    def rows(self) -> tuple[Row, ...]:
        return self.model.rows()

    def values(self) -> Advanced:
        return self.advanced.values()

    def refusal(self) -> str:
        """Why nothing can be sent with this metadata, or ""."""
        refused = next((flaw.sentence for flaw in self.model.flaws() if flaw.refused), "")
        return refused or self.advanced.refusal()

    def _rows_changed(self) -> None:
        self._remove.setEnabled(bool(self.model.rows()))
        flaw = next(iter(sorted(self.model.flaws(), key=lambda f: not f.refused)), None)
        self._flaw.setVisible(flaw is not None)
        self._flaw.show_text(f"Row {flaw.row + 1}: {flaw.sentence}" if flaw else "", announced=True)
        self._fit_table()
        self._refresh()
        self.changed.emit()

    def _fit_table(self) -> None:
        rows = min(max(self.model.rowCount(), 2), 6)
        # Not what the heading says: it does not know yet how large it will be.
        self.table.setFixedHeight((rows + 1) * zoomed(ROW_HEIGHT) + 6)

    def _refresh(self) -> None:
        if self._connection and self._user:
            self.preview.show_event(self._connection, self._user, fill(self.rows(), self._user))
        else:
            self.preview.show_nobody()


class _ReturnEdits(QObject):
    """Return starts editing, as F2 does; Qt leaves it to the dialog's default button."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            editing = self._table.state() == QAbstractItemView.State.EditingState
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not editing:
                self._table.edit(self._table.currentIndex())
                return True
        return super().eventFilter(watched, event)
