"""The headings of the users table: the pick box for all; which columns stand where, how wide, and which give way."""

from collections.abc import Iterable

from PySide6.QtCore import QItemSelectionModel, QRect, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QPainter
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from confirmdesk.core.computer.view import ColumnView
from confirmdesk.ui.kit.theme import Theme, zoomed
from confirmdesk.ui.users.columns import EMAIL_LEAST, to_hide, widths
from confirmdesk.ui.users.delegate import box_in, paint_box
from confirmdesk.ui.users.model import TITLES, UserColumn, UsersModel

LEAST, MOST = 36, 1000
# Who it is and whether they are picked is always to be seen.
_FIXED = (UserColumn.PICK, UserColumn.EMAIL)


class UsersHeader(QHeaderView):
    """E-mail takes what the others leave. What somebody moved, sized or hid is theirs; what gives way for want of room
    comes back with it."""

    def __init__(self, model: UsersModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table = parent
        self._model = model
        self._theme = theme
        self._own: dict[UserColumn, int] = {}
        self._widths: dict[UserColumn, int] = {}
        self._hidden: set[UserColumn] = set()
        self._room = 0
        self._placing = False
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setHighlightSections(False)
        self.setMinimumSectionSize(LEAST)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def begin(self) -> None:
        """Its sections are there: the view has taken it."""
        # A header asks each selected row for its flags at every repaint, to show what we don't show.
        self.setSelectionModel(QItemSelectionModel(self._model, self))
        self.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setSectionResizeMode(UserColumn.PICK, QHeaderView.ResizeMode.Fixed)
        self.setSectionResizeMode(UserColumn.EMAIL, QHeaderView.ResizeMode.Stretch)
        self.setSortIndicatorShown(True)  # not sooner: the view switches it off
        self.setSortIndicator(*self._model.sorted_by())
        self.sectionResized.connect(self._sized)
        self.sectionMoved.connect(self._moved)
        self.refit()

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803 (Qt's signature)
        painter.save()
        super().paintSection(painter, rect, logicalIndex)
        painter.restore()
        if logicalIndex == UserColumn.PICK and self._model.rowCount():
            paint_box(painter, box_in(rect), self._model.pick_state(), self._theme.colours)

    # As somebody arranged them

    def view(self) -> tuple[ColumnView, ...]:
        """The columns from left to right, without the pick box, which stays where it is."""
        order = sorted(list(UserColumn)[1:], key=self.visualIndex)
        return tuple(ColumnView(c.name, self._own.get(c, 0), c in self._hidden) for c in order)

    def show_view(self, columns: Iterable[ColumnView]) -> None:
        """As they were when that was asked for. Columns that are not known are passed over, new ones stand last."""
        known = {UserColumn[c.name]: c for c in columns if c.name in UserColumn.__members__}
        wanted = [UserColumn.PICK, *(c for c in (*known, *UserColumn) if c is not UserColumn.PICK)]
        for place, column in enumerate(dict.fromkeys(wanted)):
            self.moveSection(self.visualIndex(column), place)
        self._hidden = {c for c, view in known.items() if view.hidden and c not in _FIXED}
        self._own = {c: min(max(v.width, LEAST), MOST) for c, v in known.items() if v.width and c not in _FIXED}
        self.refit()

    def _moved(self) -> None:
        # Qt can keep the first one from being dragged, but not another from being dropped before it.
        if place := self.visualIndex(UserColumn.PICK):
            self.moveSection(place, 0)

    def _sized(self, column: int, _before: int, width: int) -> None:
        # A hidden column has no width.
        if self._placing or not width or column not in self._widths:
            return
        others = sum(w for c, w in self._widths.items() if c != column and not self.isSectionHidden(c))
        # Nothing vanishes under the hand that makes a column wider: E-mail gives up what it can spare.
        most = max(LEAST, self._room - zoomed(EMAIL_LEAST) - others)
        self._widths[UserColumn(column)] = min(width, most)
        self._own[UserColumn(column)] = round(min(width, most) * 1000 / zoomed(1000))
        if width > most:
            self.resizeSection(column, most)

    # Where there is too little room

    def fit(self, room: int) -> None:
        """So many pixels are there for all columns together."""
        self._room = room
        self._give_way()

    def refit(self) -> None:
        """As wide as the font wants them, and somebody made them."""
        self._placing = True
        self._widths = widths(self._table.font()) | {c: zoomed(w) for c, w in self._own.items()}
        for column, width in self._widths.items():
            self.resizeSection(column, width)
        self._give_way()
        self._placing = False

    def _give_way(self) -> None:
        wanted = {column: 0 if column in self._hidden else width for column, width in self._widths.items()}
        gone = self._hidden | (to_hide(self._room, wanted) if self._room else set())
        for column in list(UserColumn)[1:]:
            self.setSectionHidden(column, column in gone)
        self._model.hide_columns(gone)

    # The menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.add_columns(menu)
        menu.popup(event.globalPos())

    def add_columns(self, menu: QMenu) -> None:
        """Which columns are shown, to be ticked, and the way back."""
        for column in sorted(list(UserColumn)[1:], key=self.visualIndex):
            given_way = self.isSectionHidden(column) and column not in self._hidden
            action = QAction(f"{TITLES[column]} (no room now)" if given_way else TITLES[column], menu)
            action.setCheckable(True)
            action.setChecked(column not in self._hidden)
            action.setEnabled(column not in _FIXED)
            action.toggled.connect(lambda shown, column=column: self._show(column, shown))
            menu.addAction(action)
        menu.addSeparator()
        menu.addAction("Columns as they were made", lambda: self.show_view(()))

    def _show(self, column: UserColumn, shown: bool) -> None:
        (self._hidden.discard if shown else self._hidden.add)(column)
        self._give_way()
