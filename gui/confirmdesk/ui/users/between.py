"""Two moments between which people signed up."""

import time
from collections.abc import Callable
from datetime import tzinfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from confirmdesk.core.people.dates import today
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.users.moment_box import MomentBox

NEVER = (float("inf"), float("-inf"))


class Between(QWidget):
    """Empty means without a limit on that side; `changed` comes when the limits may be others."""

    changed = Signal()

    def __init__(self, now: Callable[[], float] = time.time, tz: tzinfo | None = None) -> None:
        super().__init__()
        labels = plain_label("from", "secondary"), plain_label("until", "secondary")
        self.since = MomentBox("Signed up from", labels[0], now, tz)
        self.until = MomentBox("Signed up until", labels[1], now, tz, is_end=True)
        self._status = StatusLine("Signed up limits", "secondary")
        row = NarrowRow(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._status, 1)
        for label, box in zip(labels, (self.since, self.until), strict=True):
            row.addWidget(label)
            row.addWidget(box)
            box.show_moment(today(now(), tz))
            box.changed.connect(self._tell)
            box.left.connect(self._put_in_order)

    def begin(self) -> None:
        """Lead the keys to the first limit; what is typed takes its place."""
        self.since.setFocus(Qt.FocusReason.TabFocusReason)
        # A window that is not active yet would not select it.
        if edit := self.since.lineEdit():
            edit.selectAll()

    def limits(self) -> tuple[float | None, float | None]:
        """From when and until when, in seconds since the epoch, in whichever order they were typed. A day without a
        time counts to its end. Nobody signed up between what is no date."""
        if self.since.refusal() or self.until.refusal():
            return NEVER
        since, until = self.since.moment(), self.until.moment()
        if since and until and until.end < since.at:
            since, until = until, since
        return since.at if since else None, until.end if until else None

    def _put_in_order(self) -> None:
        since, until = self.since.moment(), self.until.moment()
        if since and until and until.end < since.at:
            self.since.show_moment(until)
            self.until.show_moment(since)

    def _tell(self) -> None:
        why = self.since.refusal() or self.until.refusal()
        self._status.show_text(f"{why} Type it as 25 Nov 2026 09:00." if why else "", announced=True)
        self.changed.emit()
