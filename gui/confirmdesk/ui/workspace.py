"""The main page: users in the centre, client metadata on the right, and below them the one thing to do next."""

from collections import Counter

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from confirmdesk.core.people.users import Channel, channel_of
from confirmdesk.core.quotas import SENDS_PER_SECOND
from confirmdesk.core.sending.pace import seconds_for
from confirmdesk.core.text import count, duration
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine
from confirmdesk.ui.kit.theme import Theme
from confirmdesk.ui.metadata.panel import MetadataPanel
from confirmdesk.ui.users.panel import UsersPanel

NO_CODES = "This pool verifies neither e-mail nor phone, so Cognito sends no codes. Ask an AWS administrator."
# Below this width, in pixels, the side panel folds by itself.
NARROW = 1100
SIDE_WIDTH = 328


class Workspace(QWidget):
    """Knows when a review makes sense, and says so."""

    review_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.users = UsersPanel(theme)
        self.metadata = MetadataPanel(theme)
        self.auto_verified: frozenset[str] | None = None
        self._picked = StatusLine("Picked people", "quiet")
        self._fold = button("Client metadata ▸", "Show client metadata", "link")
        self._fold.setCheckable(True)
        self.review = button("Review and send…", "Review and send", "primary")
        self._side = QFrame()
        self._side.setProperty("kind", "panel")
        self._narrow = False
        self._by_channel: Counter[Channel] = Counter()
        self._preparing = False
        self._lay_out()
        self.users.model.picks_changed.connect(self._count_picked)
        self.users.focused_user_changed.connect(self.metadata.show_user)
        self.metadata.changed.connect(self._show_picked)
        self.review.clicked.connect(self.review_requested)
        self._fold.toggled.connect(self._side.setVisible)
        self._fold.toggled.connect(lambda on: self._fold.setText(f"Client metadata {'◂' if on else '▸'}"))
        self._fold.setChecked(True)
        self._show_picked()

    def _lay_out(self) -> None:
        inner = QVBoxLayout(self._side)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.metadata)
        self._side.setMinimumWidth(SIDE_WIDTH - 24)
        zones = QSplitter()
        zones.setChildrenCollapsible(False)
        zones.setHandleWidth(1)
        zones.addWidget(self.users)
        zones.addWidget(self._side)
        zones.setStretchFactor(0, 1)
        zones.setStretchFactor(1, 0)
        zones.setSizes([NARROW, SIDE_WIDTH])
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self._fold.setChecked(not narrow)

    def learn_channels(self, auto_verified: frozenset[str] | None) -> None:
        """The pool's AutoVerifiedAttributes; None where nobody may look."""
        self.auto_verified = auto_verified
        self.users.set_channels(auto_verified)
        self._count_picked()

    def show_preparing(self, preparing: bool) -> None:
        """While a review is prepared: the keyring may be asking for its password somewhere."""
        self._preparing = preparing
        self._show_picked()

    def _count_picked(self) -> None:
        self._by_channel = Counter(channel_of(u, self.auto_verified) for u in self.users.model.picked_users())
        self._show_picked()

    def _show_picked(self) -> None:
        people, refusal = self._by_channel.total(), self.metadata.refusal()
        refusal = refusal or (NO_CODES if self.auto_verified == frozenset() else "")
        self.review.setEnabled(people > 0 and not refusal and not self._preparing)
        if self._preparing:
            self._picked.show_text("Preparing the review… If the keyring asks for its password, type it there.")
        elif not people:
            self._picked.show_text("Pick the people who should get a new code.")
        else:
            after = [refusal] if refusal else self._forecast(people)
            self._picked.show_text(" · ".join([f"{count(people, 'person', 'people')} picked", *after]))

    def _forecast(self, people: int) -> list[str]:
        words = {Channel.EMAIL: "by e-mail", Channel.SMS: "by SMS", Channel.NONE: "without address"}
        parts = [f"{self._by_channel[c]:,} {words[c]}" for c in words if self._by_channel[c]]
        return [*parts, f"about {duration(seconds_for(people))} at {SENDS_PER_SECOND:g} per second"]
