"""The centre of the window: who is unconfirmed, found and picked. It knows no AWS: pages come in, wishes go out."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import tzinfo
from enum import Enum, auto

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from confirmdesk.core.errors import Problem
from confirmdesk.core.people.filters import UserFilter
from confirmdesk.core.people.near_misses import near_misses
from confirmdesk.core.people.needles import EVERYBODY, people_in
from confirmdesk.core.people.past import Past
from confirmdesk.core.people.users import User
from confirmdesk.core.text import count, plain
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.faces import Banner, BusyBar, EmptyState
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine, title
from confirmdesk.ui.kit.screen_reader import announce
from confirmdesk.ui.kit.theme import Theme
from confirmdesk.ui.users.filter_bar import FilterBar
from confirmdesk.ui.users.model import UsersModel
from confirmdesk.ui.users.table import NAME, UsersTable


class Loading(Enum):
    IDLE = auto()
    RUNNING = auto()
    COMPLETE = auto()
    STOPPED = auto()
    FAILED = auto()


class UsersPanel(QWidget):
    """Feed it with `loading_started`, `add_page` and one of `loading_finished`, `loading_failed`, `loading_stopped`.

    What comes after one of the last three is too late and not heeded, until loading starts again.
    """

    stop_requested = Signal()
    load_more_requested = Signal()
    refresh_requested = Signal()
    sign_in_requested = Signal()
    edit_requested = Signal()
    whole_pool_requested = Signal(str)
    send_requested = Signal(object)
    focused_user_changed = Signal(object)

    def __init__(self, theme: Theme, now: Callable[[], float] = time.time, tz: tzinfo | None = None) -> None:
        super().__init__()
        self._state = Loading.IDLE
        self._before_reload = ""
        self._awaited = False  # the first page of a list that is to take the place of this one
        self._whole = False
        self.model = UsersModel(self, now, tz)
        self.table = UsersTable(self.model, theme)
        self.filters = FilterBar(now, tz)
        self._counts = StatusLine("User counts")
        self._stop = button("Stop loading", "Stop loading", "link")
        self._whole_pool = button("Look in the whole pool", "Look in the whole pool", "link")
        self._pick_all = button("Pick all shown", "Pick all shown", "link")
        self._clear = button("Clear picks", "Clear picks", "link")
        self._busy = BusyBar(theme)
        self._banner = Banner()
        self._sign_in = button("Sign in", "Sign in", "link")
        self._edit = button("Edit connection", "Edit connection", "link")
        self._load_more = button("Load more", "Load more", "link")
        for made in (self._sign_in, self._edit, self._load_more):
            self._banner.add_button(made)
        self._details = button("Details", "Loading details", "link")
        self._banner.add_button(self._details)
        self._empty_whole_pool = button("Look in the whole pool", "Look in the whole pool")
        self._empty_clear = button("Clear filters", "Clear filters")
        self._empty_again = button("Look again", "Look again")
        self._empty_near = button("Show near misses", "Show near misses")
        self._empty = EmptyState(self._empty_near, self._empty_whole_pool, self._empty_clear, self._empty_again)
        self._near: list[User] = []
        self._hidden = 0
        self._problem = Problem("")
        self._lay_out()
        self._connect()
        self._show_state()

    # In

    def loading_started(self, again: bool = True) -> None:
        """The first page is on its way; with `again` false the list goes on where it stopped.

        Until that page is here the rows stay: without network or sign-in an older list is better than none.
        """
        self._state = Loading.RUNNING
        self._awaited = self._awaited or again
        self._banner.say("")
        self._show_state()

    def add_page(self, users: Iterable[User]) -> None:
        if self._state is Loading.RUNNING:
            self._take_over()
            self.model.append(users)

    def loading_finished(self) -> None:
        if self._state is not Loading.RUNNING:
            return
        self._take_over()
        self._state, self._whole = Loading.COMPLETE, True
        gone = self.model.finish_loading()
        self._look_nearby()
        self._refocus()
        if gone:
            people = count(gone, "picked person is", "picked people are")
            self._say(f"{people} no longer unconfirmed, and not picked any more.", more=False)
        self._show_state()
        announce(self, f"{count(self.model.counts().loaded, 'unconfirmed user')} loaded.")

    def loading_stopped(self) -> None:
        if self._state is Loading.RUNNING:
            self._break_off(Loading.STOPPED)
            self._say(f"Loading was stopped. {self._what_is_here()}".strip(), "warn")
            self._show_state()

    def loading_failed(self, problem: Problem) -> None:
        if self._state is Loading.RUNNING:
            self._break_off(Loading.FAILED)
            self._problem = problem
            self._say(f"{problem.text()} {self._what_is_here()}".strip(), "error", details=bool(problem.details))
            self._show_state()

    def offer_mending(self, sign_in: bool, edit: bool) -> None:
        """What helps against the last failure, besides trying again."""
        failed = self._state is Loading.FAILED
        self._sign_in.setVisible(failed and sign_in)
        self._edit.setVisible(failed and edit)
        self._show_state()

    def learn(self, past: Past) -> None:
        """What the ledger knows of this pool's people. `begin_pool` forgets it."""
        self.model.learn(past)

    def set_channels(self, auto_verified: frozenset[str] | None) -> None:
        self.model.set_channels(auto_verified)

    def begin_pool(self, picked: Iterable[User]) -> None:
        """Another pool: nobody is loaded, and picked are those who were when it was shown last."""
        self._state = Loading.IDLE
        self._before_reload = ""
        self._whole = False
        self.model.learn(Past())
        self.model.begin_pool(picked)
        self._banner.say("")
        self._show_state()

    def focus_search(self) -> None:
        """Whoever comes to the list most often looks for somebody: what is typed replaces whom they looked for last."""
        self.filters.search.setFocus()
        self.filters.search.selectAll()

    # Putting it together

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addLayout(self._make_head())
        column.addWidget(self.filters)
        column.addWidget(self._banner)
        body = QGridLayout()
        body.setSpacing(0)
        body.addWidget(self._busy, 0, 0)
        # One over the other: the table stays where screen readers know it.
        body.addWidget(self.table, 1, 0)
        body.addWidget(self._empty, 1, 0)
        column.addLayout(body, 1)

    def _make_head(self) -> NarrowRow:
        row = NarrowRow()
        row.setSpacing(4)
        row.addWidget(title(NAME, self.table))
        row.addSpacing(12)
        row.addWidget(self._counts, 1)
        for made in (self._stop, self._whole_pool, self._pick_all, self._clear):
            row.addWidget(made)
        return row

    def _connect(self) -> None:
        self.filters.changed.connect(self._apply_filter)
        self.filters.search.left_downwards.connect(self._enter_table)
        self.table.opened.connect(self._open_person)
        self.table.left_upwards.connect(self.filters.search.setFocus)
        self.table.focused_user_changed.connect(self.focused_user_changed)
        self.model.counts_changed.connect(self._show_state)
        self.model.times_refreshed.connect(self._follow_time)
        self._stop.clicked.connect(self.stop_requested)
        self._pick_all.clicked.connect(lambda: self.model.pick_all_shown())
        self._clear.clicked.connect(self._clear_picks)
        self._sign_in.clicked.connect(self.sign_in_requested)
        self._edit.clicked.connect(self.edit_requested)
        self._load_more.clicked.connect(self.load_more_requested)
        self._details.clicked.connect(self._show_details)
        self._empty_clear.clicked.connect(self._clear_filters)
        self._empty_again.clicked.connect(self.refresh_requested)
        self._empty_near.clicked.connect(self._show_near)
        for made in (self._whole_pool, self._empty_whole_pool):
            made.clicked.connect(self._ask_whole_pool)

    # What happens

    def _take_over(self) -> None:
        """The new list begins: nobody of the one before is here any more."""
        if self._awaited:
            user = self.table.focused_user()
            self._before_reload = user.username if user else self._before_reload
            self._awaited = self._whole = False
            self.model.begin_reload()

    def _break_off(self, state: Loading) -> None:
        self._state = state
        self.model.finish_loading(complete=False)
        self._refocus()
        self._load_more.setText("Try again" if self._awaited else "Load more")

    def _what_is_here(self) -> str:
        """What has become of the list when it was not read to its end."""
        if not self.model.counts().loaded:
            return ""
        if not self._awaited:
            return "Not everybody is in this list."
        return "The list is as it was before" + ("." if self._whole else "; not everybody is in it.")

    def _apply_filter(self) -> None:
        self.model.set_filter(self.filters.wanted())
        self._look_nearby()
        self._show_state()

    def _look_nearby(self) -> None:
        """Where nobody is shown: whom the other filters hide, and who mistyped the domain of that address."""
        self._hidden, self._near = 0, []
        text = self.filters.text()
        if not text or self.model.counts().shown:
            return
        if replace(self.model.filter(), needle=EVERYBODY) != UserFilter():
            self._hidden = len(self.model.matching(text))
        address = next(iter(people_in(text)), "")
        local, at, _ = address.partition("@")
        if at and not self._hidden:
            self._near = near_misses(address, self.model.matching(f"{local}@"))

    def _clear_filters(self) -> None:
        # Whoever looks for somebody whom the filters hide wants to see them.
        if self._hidden:
            self.filters.clear_all_but_search()
        else:
            self.filters.clear()

    def _show_near(self) -> None:
        self.filters.search.setText(", ".join(user.email for user in self._near))

    def _follow_time(self) -> None:
        if self.filters.is_moving():
            self._apply_filter()

    def _enter_table(self) -> None:
        if self.model.rowCount():
            if not self.table.currentIndex().isValid():
                self.table.focus_row(0)
            self.table.scrollTo(self.table.currentIndex())
            self.table.setFocus()
        elif self._empty_near.isVisible():
            self._empty_near.setFocus()
        elif self._empty_whole_pool.isVisible():
            self._empty_whole_pool.setFocus()

    def _clear_picks(self) -> None:
        # Its button is shut then, and would give the focus to the search box, whose Ctrl+Z is for what was typed there.
        self.table.setFocus()
        self.model.clear_picks()

    def open_person(self, username: str) -> bool:
        """What is known of this person, in a dialog; False where the list does not show them."""
        row = self.model.row_of(username)
        if row >= 0:
            self._open_person(row)
        return row >= 0

    def _open_person(self, row: int) -> None:
        # It is not needed before somebody is opened.
        from confirmdesk.ui.users.person_dialog import PersonDialog

        dialog = PersonDialog(self.window(), self.model.user_at(row), self.model.facts(row))
        dialog.send_requested.connect(self.send_requested)
        dialog.open()

    def _ask_whole_pool(self) -> None:
        if text := self.filters.text():
            self.whole_pool_requested.emit(text)

    def _refocus(self) -> None:
        if not self.table.currentIndex().isValid():
            self.table.focus_user(self._before_reload)
        # Somebody in focus from the start: the preview beside the list then shows what it is for.
        if not self.table.currentIndex().isValid() and self.model.rowCount():
            self.table.focus_row(0)

    def _say(self, text: str, severity: str = "info", more: bool = True, details: bool = False) -> None:
        self._sign_in.hide()
        self._edit.hide()
        self._load_more.setVisible(more)
        self._details.setVisible(details)
        self._banner.say(text, severity)

    def _show_details(self) -> None:
        self._details.hide()
        self._banner.say(f"{self._banner.text()}\n{plain(self._problem.details)}", "error")

    # Faces

    def _show_state(self) -> None:
        counts = self.model.counts()
        running = self._state is Loading.RUNNING
        self._counts.show_text(f"{counts.text()}{self._not_here()}")
        self._busy.set_busy(running)
        self._stop.setVisible(running)
        self._pick_all.setEnabled(counts.shown > 0)
        self._clear.setEnabled(counts.picked > 0)
        self._show_empty(counts.loaded, counts.shown)
        searching = bool(self.filters.text())
        self._whole_pool.setVisible(searching and not self._empty_whole_pool.isVisibleTo(self))

    def _not_here(self) -> str:
        """Of a pasted list, how many are not shown."""
        listed = len(self.model.filter().needle.entries)
        return f" · {len(self.model.missing()):,} of {listed:,} pasted not here" if listed else ""

    def _show_empty(self, loaded: int, shown: int) -> None:
        searching = bool(self.filters.text())
        self._empty_near.setVisible(shown == 0 and bool(self._near))
        self._empty_whole_pool.setVisible(shown == 0 and searching)
        self._empty_clear.setVisible(loaded > 0 and shown == 0)
        self._empty_again.setVisible(loaded == 0 and self._state is Loading.COMPLETE and not searching)
        self._empty.setVisible(shown == 0 and self._state is not Loading.IDLE)
        # Where there is little room it stands below the headings, not on them.
        self._empty.setContentsMargins(0, self.table.header.height(), 0, 0)
        if shown == 0:
            self._empty.say(*self._sentences(loaded))

    def _who_else(self) -> str:
        if self._hidden:
            return f"{count(self._hidden, 'person does', 'people do')}, and the filters hide them."
        if self._near:
            return f"{plain(self._near[0].email, 60)} is in this list: perhaps mistyped at sign-up."
        return "Somebody who has already confirmed, or was never signed up, is not in this list."

    def _sentences(self, loaded: int) -> tuple[str, str]:
        running = self._state is Loading.RUNNING
        if loaded and self.filters.text():
            who = f"Nobody among the {loaded:,} loaded" if self._state is not Loading.COMPLETE else "Nobody unconfirmed"
            if self._hidden:
                who = "Nobody who passes the filters"
            return f"{who} matches “{plain(self.filters.text(), 60)}”.", self._who_else()
        if loaded:
            return "Nobody passes these filters.", f"{count(loaded, 'user')} {'is' if loaded == 1 else 'are'} loaded."
        if running:
            return "Looking for unconfirmed users…", "The first page is on its way."
        if self._state is Loading.COMPLETE:
            return "Nobody is waiting for a code.", "Everybody who signed up in this pool has confirmed."
        if self._state is not Loading.FAILED:
            return "Nobody is loaded.", ""
        wanted = not self._sign_in.isHidden()
        return "Nobody is loaded.", "Sign in, and the list is read." if wanted else "The list could not be read."
