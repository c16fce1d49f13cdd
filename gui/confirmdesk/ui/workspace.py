"""The main page: users in the centre, client metadata on the right, and below them the one thing to do next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from confirmdesk.core.computer.settings import Template
from confirmdesk.core.computer.view import View
from confirmdesk.core.connections.connection import Connection, SecretSlot
from confirmdesk.core.people.past import Past
from confirmdesk.core.people.users import Channel, User
from confirmdesk.core.quotas import SENDS_PER_SECOND
from confirmdesk.core.sending.metadata import Row
from confirmdesk.core.sending.pace import seconds_for
from confirmdesk.core.sending.plan import Plan, make_plan
from confirmdesk.core.text import count, duration
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine
from confirmdesk.ui.kit.screen_reader import announce
from confirmdesk.ui.kit.theme import Theme, zoomed
from confirmdesk.ui.metadata.panel import MetadataPanel
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.session import Session
from confirmdesk.ui.undo import Fields, Picks, SavedTemplate, UndoStack, UndoStep
from confirmdesk.ui.users.listing import Listing
from confirmdesk.ui.users.model import UserColumn
from confirmdesk.ui.users.panel import UsersPanel

if TYPE_CHECKING:
    from confirmdesk.core.cognito.control import PoolFacts

NO_CODES = "This pool verifies neither e-mail nor phone, so Cognito sends no codes. Ask an AWS administrator."
# What is said while an order is under way and its dialog is not on the screen.
UNDER_WAY = {
    Stage.PREPARING: "Preparing the review… If the keyring asks for its password, type it there.",
    Stage.WRITING: "Writing down the whole run before its first call…",
}
ASSUMED = (
    "Whether these codes go by e-mail or SMS is assumed: nobody here may look at the pool's settings. SMS cost money."
)
# Below this width, in pixels beside text of 13, the side panel folds by itself.
NARROW = 1100
SIDE_WIDTH = 328


class Workspace(QWidget):
    """One pool at a time. Knows when a review makes sense, and says so."""

    review_requested = Signal()
    send_requested = Signal(object)
    refresh_requested = Signal()
    whole_pool_requested = Signal(str)
    templates_changed = Signal(tuple)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.users = UsersPanel(theme)
        self.metadata = MetadataPanel(theme)
        self.auto_verified: frozenset[str] | None = None
        self._pool: SecretSlot | None = None
        self._rows: dict[SecretSlot, tuple[Row, ...]] = {}
        self._picks: dict[SecretSlot, list[User]] = {}
        self._undo: defaultdict[SecretSlot | None, UndoStack] = defaultdict(UndoStack)
        self._came_back = ""
        self._picked = StatusLine("Picked people", "quiet")
        self._fold = button("Client metadata ▸", "Show client metadata", "link")
        self._fold.setCheckable(True)
        self.review = button("Review and send…", "Review and send", "primary")
        self._side = QFrame()
        self._side.setProperty("kind", "panel")
        self._side_width = SIDE_WIDTH
        self._zones = QSplitter()
        self._narrow = False
        # In a wide window, and in a narrow one, where the panel folds by itself.
        self._folded = {False: False, True: True}
        self._by_channel: Counter[Channel] = Counter()
        self._stage = Stage.IDLE
        self._per_second = SENDS_PER_SECOND
        self._largest_run = 0
        self._lay_out()
        self._connect()
        self._keep_undo()
        theme.changed.connect(self._fit)
        self._show_picked()

    def _connect(self) -> None:
        self.users.model.picks_changed.connect(self._count_picked)
        self.users.model.counts_changed.connect(self._show_picked)
        self.users.focused_user_changed.connect(self.metadata.show_user)
        self.metadata.changed.connect(self._show_picked)
        self.users.send_requested.connect(self.send_requested)
        self.users.refresh_requested.connect(self.refresh_requested)
        self.users.whole_pool_requested.connect(self.whole_pool_requested)
        self.metadata.templates.templates_changed.connect(self.templates_changed)
        self.review.clicked.connect(self.review_requested)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shortcut = QShortcut(QKeySequence(Qt.Modifier.CTRL | key), self, self.review.click)
            shortcut.setAutoRepeat(False)
        self.review.setToolTip("Ctrl+Return")
        self._fold.toggled.connect(self._side.setVisible)
        self._fold.toggled.connect(lambda on: self._fold.setText(f"Client metadata {'◂' if on else '▸'}"))
        self._fold.clicked.connect(lambda on: self._folded.update({self._narrow: not on}))
        self._fold.setChecked(True)

    def _lay_out(self) -> None:
        inner = QVBoxLayout(self._side)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.metadata)
        self._side.setMinimumWidth(SIDE_WIDTH - 24)
        zones = self._zones
        zones.setChildrenCollapsible(False)
        zones.setHandleWidth(1)
        zones.addWidget(self.users)
        zones.addWidget(self._side)
        zones.setStretchFactor(0, 1)
        zones.setStretchFactor(1, 0)
        zones.setSizes([NARROW, SIDE_WIDTH])
        zones.splitterMoved.connect(self._side_sized)
        bar = QFrame()
        bar.setProperty("kind", "panel")
        row = NarrowRow(bar)
        row.setContentsMargins(20, 10, 16, 10)
        row.setSpacing(12)
        row.addWidget(self._picked, 1)
        row.addWidget(self._fold)
        row.addWidget(self.review)
        line = QFrame()
        line.setProperty("kind", "line")
        line.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(zones, 1)
        column.addWidget(line)
        column.addWidget(bar)

    def _keep_undo(self) -> None:
        """Ctrl+Z and its like. In a field whose text is typed they are that field's, as everywhere."""
        model, metadata = self.users.model, self.metadata
        model.picked_by_hand.connect(lambda names, wanted: self._note(Picks(model, names, wanted)))
        metadata.model.changed_by_hand.connect(lambda *rows: self._note(Fields(metadata, *rows)))
        templates = metadata.templates
        templates.changed_by_hand.connect(lambda *both: self._note(SavedTemplate(templates, *both)))
        QShortcut(QKeySequence.StandardKey.Undo, self, lambda: self._tell_back(self._undo[self._pool].undo()))
        redo = QShortcut(self)
        redo.setKeys([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        redo.activated.connect(lambda: self._tell_back(self._undo[self._pool].redo()))

    def _note(self, step: UndoStep) -> None:
        self._undo[self._pool].note(step)
        self._tell_back("")

    def _tell_back(self, words: str) -> None:
        """What came back stands before what is picked, until the next step."""
        self._came_back = words
        self._show_picked()
        if words:
            announce(self, words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Fold the panel where there is too little room, and else make it as wide as it was chosen to be."""
        narrow = self.width() < zoomed(NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self._fold.setChecked(not self._folded[narrow])
        # Half of the window is for the list in any case.
        self._side.setMaximumWidth(max(self.width() // 2, SIDE_WIDTH))
        side = min(zoomed(self._side_width), self._side.maximumWidth())
        self._zones.setSizes([max(self.width() - side, 1), side])

    def _side_sized(self) -> None:
        self._side_width = round(self._side.width() * 1000 / zoomed(1000))

    # As somebody arranged it

    def show_view(self, view: View) -> None:
        """As it was arranged when `view` was asked for."""
        table = self.users.table
        table.header.show_view(view.columns)
        if view.sort in UserColumn.__members__:
            order = Qt.SortOrder.DescendingOrder if view.descending else Qt.SortOrder.AscendingOrder
            table.sort_by(UserColumn[view.sort], order)
        self._folded = {False: view.folded, True: view.folded_narrow}
        self._fold.setChecked(not self._folded[self._narrow])
        self._side_width = view.side or SIDE_WIDTH
        self._fit()

    def view(self) -> View:
        """How it is arranged now."""
        column, order = self.users.model.sorted_by()
        return View(
            sort=column.name,
            descending=order == Qt.SortOrder.DescendingOrder,
            columns=self.users.table.header.view(),
            folded=self._folded[False],
            folded_narrow=self._folded[True],
            side=self._side_width,
        )

    # What others tell

    def follow(self, listing: Listing) -> None:
        """Show what `listing` reads, and let the buttons of the list stop it and lead it on."""
        users = self.users
        listing.started.connect(users.loading_started)
        listing.came.connect(users.add_page)
        listing.finished.connect(users.loading_finished)
        listing.stopped.connect(users.loading_stopped)
        listing.failed.connect(users.loading_failed)
        listing.facts_known.connect(self.learn_facts)
        users.stop_requested.connect(listing.stop)
        users.load_more_requested.connect(listing.load_more)

    def show_pool(self, connection: Connection) -> None:
        """The pool of `connection` comes to the front; its people are still to be read."""
        if connection.slot != self._pool:
            self._swap_typed(connection.slot)
            self.users.begin_pool(self._picks.get(connection.slot, ()))
            self.learn_channels(None)
        self._per_second, self._largest_run = connection.per_second, connection.largest_run
        self.metadata.show_connection(connection)
        self._show_picked()
        self.users.focus_search()

    def _swap_typed(self, pool: SecretSlot) -> None:
        """Each pool has its own picks, and its own metadata: what was typed for one must not reach another's Lambda."""
        if self._pool:
            self._picks[self._pool] = self.users.model.picked_users()
            self._rows[self._pool] = self.metadata.rows()
            self.metadata.replace_rows(self._rows.get(pool, ()))
        self._pool = pool
        self._came_back = ""

    def show_templates(self, templates: Sequence[Template]) -> None:
        self.metadata.templates.show_templates(templates)

    def look_in_whole_pool(self, session: Session, connection: Connection, text: str) -> None:
        """Whom nobody has here may be there; who is picked there joins the list."""
        from confirmdesk.ui.users.lookup_dialog import look_in_whole_pool

        look_in_whole_pool(self.window(), session, connection, self.users.model, text)

    def unpick(self, usernames: Iterable[str]) -> None:
        self.users.model.set_picks(usernames, wanted=False)

    def let_go(self, usernames: Iterable[str]) -> None:
        """These people may have got a code: Ctrl+Z does not pick them again."""
        names = set(usernames)
        for stack in self._undo.values():
            stack.let_go(names)

    def learn_facts(self, facts: PoolFacts | None) -> None:
        """What the pool is set to; None where nobody may look."""
        self.learn_channels(facts.auto_verified if facts else None)
        self.metadata.show_trigger(facts.custom_message if facts else None)

    def learn_channels(self, auto_verified: frozenset[str] | None) -> None:
        """The pool's AutoVerifiedAttributes; None where nobody may look."""
        self.auto_verified = auto_verified
        self.users.set_channels(auto_verified)
        self._count_picked()

    # What others ask

    def notes(self) -> str:
        """What a review of those picked has to say of where they come from; "" for nothing."""
        hidden = self.users.model.picked_elsewhere()
        people = count(hidden, "of these people is", "of these people are")
        notes = [f"{people} picked but not shown in the list: a search or a filter hides them."] if hidden else []
        return " ".join(filter(None, [*notes, self.assumed()]))

    def assumed(self) -> str:
        """What a review of anybody has to say where nobody here may look at the pool; "" where they may."""
        return ASSUMED if self.auto_verified is None else ""

    def plan_for_picked(self) -> Callable[[Past], Plan]:
        """How to plan for those picked now, with what is typed now, whatever happens in the window from here on."""
        # What is still being typed into a cell is meant to be sent.
        self.metadata.commit()
        return self.plan_for(self.users.model.picked_users())

    def plan_for(self, users: Sequence[User]) -> Callable[[Past], Plan]:
        """The same for `users`, whoever is picked."""
        rows, auto_verified, advanced = self.metadata.rows(), self.auto_verified, self.metadata.values()
        return lambda past: make_plan(users, rows, auto_verified, advanced, past)

    # The line at the bottom

    def show_stage(self, stage: Stage) -> None:
        """How far an order is: while one is prepared the keyring may be asking for its password somewhere."""
        self._stage = stage
        self._show_picked()

    def _count_picked(self) -> None:
        self._by_channel = self.users.model.picked_by_channel()
        self._show_picked()

    def _show_picked(self) -> None:
        people, refusal = self._by_channel.total(), self.metadata.refusal()
        refusal = refusal or (NO_CODES if self.auto_verified == frozenset() else "")
        words = UNDER_WAY.get(self._stage, "")
        self.review.setEnabled(people > 0 and not refusal and not words)
        if words:
            self._picked.show_text(words)
        else:
            parts = self._picked_parts(people, refusal) if people else ["Pick the people who should get a new code."]
            self._picked.show_text(" · ".join(filter(None, [self._came_back, *parts])))

    def _picked_parts(self, people: int, refusal: str) -> list[str]:
        hidden = self.users.model.picked_elsewhere()
        parts = [f"{count(people, 'person', 'people')} picked"]
        parts += [f"{hidden:,} of them not shown"] if hidden else []
        return parts + ([refusal] if refusal else self._forecast(people))

    def _forecast(self, people: int) -> list[str]:
        words = {Channel.EMAIL: "by e-mail", Channel.SMS: "by SMS", Channel.NONE: "without address"}
        parts = [f"{self._by_channel[c]:,} {words[c]}" for c in words if self._by_channel[c]]
        time = duration(seconds_for(people, self._per_second))
        most = self._largest_run
        limit = [f"more than the {most:,} that one run may have here"] if most and people > most else []
        return [*limit, *parts, f"about {time} at {self._per_second:g} per second"]
