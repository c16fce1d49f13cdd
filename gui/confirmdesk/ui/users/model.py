"""The users table's model: a `Roster` as Qt sees it, filtered and sorted by itself."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from confirmdesk.core import times
from confirmdesk.core.people.filters import UserFilter
from confirmdesk.core.people.past import Past
from confirmdesk.core.people.roster import Counts, Roster, SortBy
from confirmdesk.core.people.users import Channel, Note, User, notes_of
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.eliding import tool_tip

MISSING = "—"
NOT_SENT = "None known on this computer"
# Longer than any column is wide, and short enough to be measured at each repaint.
CELL_LIMIT = 160
REFRESH_MS = 30_000

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_Role = Qt.ItemDataRole
_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_PICK_FLAGS = _FLAGS | Qt.ItemFlag.ItemIsUserCheckable


class UserColumn(IntEnum):
    PICK = 0
    EMAIL = 1
    NAME = 2
    PHONE = 3
    USERNAME = 4
    SIGNED_UP = 5
    CHANNEL = 6
    LAST_SENT = 7
    NOTES = 8


# What somebody without an e-mail is called by, the best first.
_ELSE = (UserColumn.PHONE, UserColumn.USERNAME)
TITLES = ("Pick", "E-mail", "Name", "Phone", "Username", "Signed up", "Channel", "Last sent", "Notes")
_SORTS: tuple[SortBy | None, ...] = (
    None,
    SortBy.EMAIL,
    SortBy.NAME,
    SortBy.PHONE,
    SortBy.USERNAME,
    SortBy.SIGNED_UP,
    SortBy.CHANNEL,
    SortBy.LAST_SENT,
    SortBy.NOTES,
)


class UsersModel(QAbstractTableModel):
    """Rows are people. Whatever rearranges them keeps persistent indexes on the same people: Qt's selection and focus
    would otherwise end up on somebody else.
    """

    # User names and whether they are picked now, where a person did it.
    picked_by_hand = Signal(object, bool)
    counts_changed = Signal()
    picks_changed = Signal()
    about_to_rearrange = Signal()
    times_refreshed = Signal()

    def __init__(
        self, parent: QObject | None = None, now: Callable[[], float] = time.time, tz: tzinfo | None = None
    ) -> None:
        super().__init__(parent)
        self._roster = Roster()
        self._now = now
        self._tz = tz
        self._pick_state: Qt.CheckState | None = None
        self._hidden: frozenset[UserColumn] = frozenset()
        self._texts: tuple[Callable[[int], str], ...] = (
            lambda _row: "",
            lambda row: self.user_at(row).email,
            lambda row: self.user_at(row).name,
            lambda row: self.user_at(row).phone,
            lambda row: self.user_at(row).username,
            lambda row: times.relative(self.user_at(row).created, self._now(), self._tz),
            lambda row: self.channel_at(row).value,
            self._last_sent,
            lambda row: ", ".join(words for _, words in self.notes_at(row)),
        )
        timer = QTimer(self, interval=REFRESH_MS)
        timer.timeout.connect(self.refresh_times)
        timer.start()

    # What others ask and tell

    def user_at(self, row: int) -> User:
        return self._roster.user_at(row)

    def channel_at(self, row: int) -> Channel:
        return self._roster.channel_at(row)

    def notes_at(self, row: int) -> tuple[tuple[Note, str], ...]:
        roster = self._roster
        sent, until = roster.last_sent_at(row), roster.waits_at(row)
        return notes_of(roster.user_at(row), roster.channel_at(row), self._now(), sent, until, self._tz)

    def is_picked(self, row: int) -> bool:
        return self._roster.is_picked(self.user_at(row).username)

    def users(self) -> Sequence[User]:
        """Everybody loaded, in the order of arrival."""
        return self._roster.users()

    def matching(self, text: str) -> list[User]:
        """Whom the search box would find by `text` among all that are loaded, whatever the filters hide."""
        return self._roster.matching(text)

    def missing(self) -> list[str]:
        """The entries of a pasted list that mean nobody who is shown."""
        return self._roster.missing()

    def picked_users(self) -> list[User]:
        """Those shown first, in their order, then the rest."""
        return self._roster.picked_users()

    def picked_by_channel(self) -> Counter[Channel]:
        return self._roster.picked_by_channel()

    def counts(self) -> Counts:
        return self._roster.counts()

    def row_of(self, username: str) -> int:
        """The row where this person is shown, or -1."""
        return self._roster.rows_of((username,)).get(username, -1)

    def cell_text(self, row: int, column: int) -> str:
        """What the cell shows, on one line; "" where there is nothing."""
        return plain(self._texts[column](row), CELL_LIMIT)

    def shown_text(self, row: int, column: int) -> str:
        """The same, where the columns that are hidden leave nobody nameless: whoever has no e-mail is called there by
        what else there is."""
        text = self.cell_text(row, column)
        if text or column != UserColumn.EMAIL:
            return text
        known = next((other for other in _ELSE if self.cell_text(row, other)), UserColumn.EMAIL)
        return self.cell_text(row, known) if known in self._hidden else ""

    def hide_columns(self, hidden: Iterable[UserColumn]) -> None:
        """Which columns are not on the screen."""
        if self._hidden != (now := frozenset(hidden)):
            self._hidden = now
            self._touch(UserColumn.EMAIL, UserColumn.EMAIL)

    def facts(self, row: int) -> list[tuple[str, str]]:
        """All that the list knows of a person, each with its heading."""
        return [(TITLES[c], self.cell_text(row, c) or MISSING) for c in UserColumn if c is not UserColumn.PICK]

    # Loading

    def begin_pool(self, picked: Iterable[User]) -> None:
        """Another pool: nobody is loaded, and picked are those who were when it was shown last."""
        self.beginResetModel()
        self._roster.restart()
        self._roster.await_picks(picked)
        self.endResetModel()
        self._tell(picks=True)

    def begin_reload(self) -> None:
        """Nobody is loaded any more; picks stay for those who come back."""
        self.beginResetModel()
        self._roster.restart()
        self.endResetModel()
        self._tell(picks=False)

    def append(self, users: Iterable[User]) -> None:
        """More people, below the others; the order is restored by `finish_loading`."""
        rows = self._roster.add(users)
        if rows:
            first = len(self._roster.shown)
            self.beginInsertRows(_NOWHERE, first, first + len(rows) - 1)
            self._roster.shown += rows
            self.endInsertRows()
        self._tell(picks=False)

    def finish_loading(self, complete: bool = True) -> int:
        """Sorts once. After a complete list drops the picks of people who are gone, and returns how many."""
        gone = self._roster.drop_awaited() if complete else 0
        self._rearrange(self._roster.arranged)
        self._tell(picks=gone > 0)
        return gone

    def add_user(self, user: User, picked: bool) -> None:
        """Takes in one person who was found elsewhere."""
        self.append((user,))
        self._rearrange(self._roster.arranged)
        if picked:
            self.pick((user.username,))

    def set_channels(self, auto_verified: frozenset[str] | None) -> None:
        """What the pool verifies, hence where its codes go; None where nobody could look."""
        self._roster.set_channels(auto_verified)
        self._rearrange(self._roster.reselected)
        self._touch(UserColumn.CHANNEL, UserColumn.NOTES)
        self._tell(picks=False)

    # What was sent

    def learn(self, past: Past) -> None:
        """What the ledger knows of this pool's people; instead of all that was known before."""
        if self._roster.learn(past):
            self._rearrange(self._roster.reselected)
            self._tell(picks=False)
        self._touch(UserColumn.LAST_SENT, UserColumn.NOTES)

    # Picking

    def pick(self, usernames: Iterable[str], wanted: bool = True) -> None:
        """Somebody picks these people, or unpicks them."""
        if changed := self._roster.pick(usernames, wanted):
            self._picks_moved()
            self.picked_by_hand.emit(changed, wanted)

    def set_picks(self, usernames: Iterable[str], wanted: bool) -> int:
        """The same where no hand did it; of how many people that changed anything."""
        if changed := self._roster.pick(usernames, wanted):
            self._picks_moved()
        return len(changed)

    def pick_rows(self, rows: Iterable[int], wanted: bool = True) -> None:
        self.pick([self.user_at(row).username for row in rows], wanted)

    def pick_all_shown(self, wanted: bool = True) -> None:
        self.pick(self._roster.shown_usernames(), wanted)

    def clear_picks(self) -> None:
        if changed := self._roster.clear_picks():
            self._picks_moved()
            self.picked_by_hand.emit(changed, False)

    def picked_elsewhere(self) -> int:
        """How many of the picked are not shown: a search or a filter hides them."""
        return self._roster.picked_elsewhere()

    def pick_state(self) -> Qt.CheckState:
        """Of all those shown together: all, none or some."""
        if self._pick_state is None:
            some, every = self._roster.picked_here()
            partly = Qt.CheckState.PartiallyChecked if some else Qt.CheckState.Unchecked
            self._pick_state = Qt.CheckState.Checked if every else partly
        return self._pick_state

    # Filtering and sorting

    def filter(self) -> UserFilter:
        return self._roster.filter

    def set_filter(self, wanted: UserFilter) -> None:
        if wanted != self._roster.filter:
            self._rearrange(lambda: self._roster.shown_under(wanted))
            self._tell(picks=False)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        by = _SORTS[column] if 0 <= column < len(_SORTS) else None
        if by is not None:
            self._roster.sort_by, self._roster.descending = by, order == Qt.SortOrder.DescendingOrder
            self._rearrange(self._roster.arranged)

    def sorted_by(self) -> tuple[UserColumn, Qt.SortOrder]:
        roster = self._roster
        order = Qt.SortOrder.DescendingOrder if roster.descending else Qt.SortOrder.AscendingOrder
        return UserColumn(_SORTS.index(roster.sort_by)), order

    def refresh_times(self) -> None:
        """Relative times, expiries and waits stay true while the window is open."""
        if self._roster.end_waits(self._now()):
            self._rearrange(self._roster.reselected)
        self._touch(UserColumn.SIGNED_UP, UserColumn.NOTES)
        self.times_refreshed.emit()

    # What Qt asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._roster.shown)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(TITLES)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(TITLES):
            return None
        if role == _Role.DisplayRole:
            return TITLES[section] if section != UserColumn.PICK else ""
        if role == _Role.AccessibleTextRole:
            return TITLES[section]
        if role == _Role.ToolTipRole and section == UserColumn.LAST_SENT:
            return "What this program sent from this computer"
        if role == _Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return _PICK_FLAGS if index.column() == UserColumn.PICK else _FLAGS

    def data(self, index: Index, role: int = _Role.DisplayRole) -> object:
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        if role == _Role.DisplayRole and column != UserColumn.PICK:
            return self.shown_text(row, column) or (MISSING if column != UserColumn.NOTES else "")
        if role == _Role.AccessibleTextRole:
            return self._spoken(row, column)
        if role == _Role.ToolTipRole:
            return self._tip(row, column)
        if role == _Role.CheckStateRole and column == UserColumn.PICK:
            return Qt.CheckState.Checked if self.is_picked(row) else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: object, role: int = _Role.EditRole) -> bool:
        if not index.isValid() or role != _Role.CheckStateRole or index.column() != UserColumn.PICK:
            return False
        self.pick_rows((index.row(),), value in (Qt.CheckState.Checked, Qt.CheckState.Checked.value))
        return True

    def _spoken(self, row: int, column: int) -> str:
        if column == UserColumn.PICK:
            return f"Pick {plain(self.user_at(row).label, CELL_LIMIT)}"
        if column == UserColumn.CHANNEL and self.channel_at(row) is Channel.NONE:
            return "No address"
        if column == UserColumn.LAST_SENT and not self._roster.last_sent_at(row):
            return NOT_SENT
        return self.shown_text(row, column) or (
            "No notes" if column == UserColumn.NOTES else f"No {TITLES[column].lower()}"
        )

    def _tip(self, row: int, column: int) -> str:
        if column == UserColumn.SIGNED_UP:
            return tool_tip(times.exact(self.user_at(row).created, self._tz))
        if column == UserColumn.LAST_SENT:
            sent = self._roster.last_sent_at(row)
            return tool_tip(f"{times.exact(sent, self._tz)}, from this computer" if sent else NOT_SENT)
        if column == UserColumn.NOTES:
            return tool_tip("\n".join(words for _, words in self.notes_at(row)))
        return tool_tip(plain(self._texts[column](row)) or self.shown_text(row, column))

    def _last_sent(self, row: int) -> str:
        sent = self._roster.last_sent_at(row)
        return times.relative(sent, self._now(), self._tz) if sent else ""

    # Telling Qt

    def _rearrange(self, arrange: Callable[[], list[int]]) -> None:
        shown = arrange()
        if shown == self._roster.shown:
            return
        self.about_to_rearrange.emit()
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        names = [self.user_at(index.row()).username for index in held]
        self._roster.shown = shown
        rows = self._roster.rows_of(set(names)) if names else {}
        moved = [
            self.index(rows[name], index.column()) if name in rows else QModelIndex()
            for name, index in zip(names, held, strict=True)
        ]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _picks_moved(self) -> None:
        if self._roster.filter.picked_only:
            self._rearrange(self._roster.reselected)
        self._touch(UserColumn.PICK, UserColumn.PICK)
        self._tell(picks=True)

    def _touch(self, first: UserColumn, last: UserColumn) -> None:
        if rows := self.rowCount():
            self.dataChanged.emit(self.index(0, first), self.index(rows - 1, last))

    def _tell(self, picks: bool) -> None:
        self._pick_state = None
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, UserColumn.PICK, UserColumn.PICK)
        if picks:
            self.picks_changed.emit()
        self.counts_changed.emit()
