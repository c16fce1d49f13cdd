"""The exact list that will be sent, who is left out and why. What is reviewed is what is sent."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from confirmdesk.core.checks.before_sending import ConnectionFacts
from confirmdesk.core.checks.check import Check
from confirmdesk.core.connections.connection import PRODUCTION, Connection
from confirmdesk.core.errors import Problem
from confirmdesk.core.people.users import Channel
from confirmdesk.core.sending.pace import seconds_for
from confirmdesk.core.sending.plan import Plan, Recipient
from confirmdesk.core.text import count, duration, plain
from confirmdesk.ui.kit.cards import Card, CardRow
from confirmdesk.ui.kit.colours import ToneName, environment_tone
from confirmdesk.ui.kit.eliding import ElidedLabel
from confirmdesk.ui.kit.faces import Banner
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import Pill, StatusLine, plain_label
from confirmdesk.ui.kit.screen import fit
from confirmdesk.ui.kit.tables import Column, RecordsModel, keep_to_rows, make_table
from confirmdesk.ui.kit.theme import Theme
from confirmdesk.ui.sending.checks_list import ChecksList
from confirmdesk.ui.sending.left_out import LEAST_HEIGHT, LeftOutZone
from confirmdesk.ui.sending.production_question import ProductionQuestion

# The checks, and where the run will stop, "" where it will not.
Judge = Callable[[ConnectionFacts, Plan], tuple[tuple[Check, ...], str]]

# Another one than the list has for its review: who presses that twice has looked at nothing.
SEND_CHORD = "Alt+S"


def _address(recipient: Recipient) -> str:
    return recipient.address or recipient.user.label


def _metadata(recipient: Recipient) -> str:
    return ", ".join(f"{key}={value}" for key, value in recipient.request.metadata) or "—"


RECIPIENTS: tuple[Column[Recipient], ...] = (
    Column("Sent to", _address, 240),
    Column("Name", lambda r: r.user.name or "—", 150),
    Column("Channel", lambda r: str(r.channel), 80),
    Column("Notes", lambda r: " · ".join(r.remarks) or "—", 170),
    Column("Metadata", _metadata),
)


USED_UP = "Most of these people got a code from you before; practice can begin anew."


class ReviewDialog(QDialog):
    """Shows a plan and lets people put back whom it is safe to put back. `confirmed` carries the plan as shown, and
    whether the run should pause after its first person."""

    confirmed = Signal(object, bool)
    # In practice only, where this is offered.
    reset_requested = Signal()

    def __init__(
        self,
        parent: QWidget,
        theme: Theme,
        connection: Connection,
        plan: Plan,
        judge: Judge,
        blocked: str = "",
        note: str = "",
        too_many: Callable[[int], str] = lambda _: "",
    ) -> None:
        """`blocked` says why nothing can be sent, "" where it can, and `too_many` the same of a number of people;
        `note` is said above the list. `judge` turns what AWS told into checks and a forecast for a plan."""
        super().__init__(parent)
        self._judge = judge
        self._facts: ConnectionFacts | None = None
        self._checks = ChecksList(theme)
        self._forecast = StatusLine("Forecast", "secondary", wrap=True)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Review")
        self.setModal(True)
        self._connection = connection
        self._plan = plan
        self._blocked, self._note = blocked, note
        self._too_many = too_many
        self._recipients = RecordsModel(RECIPIENTS, self)
        self._recipients_table = make_table("Recipients", self._recipients)
        self._left_out = LeftOutZone()
        self._title = plain_label(kind="title")
        self._cards = [Card("by e-mail"), Card("by SMS, each costs money", ToneName.AMBER), Card("in all")]
        self._cards.append(Card("left out"))
        self._summary = StatusLine("Review summary", "secondary")
        self._banner = Banner()
        self._reset = Banner()
        self._first = button("Send to the first 1", "Send to the first 1")
        self._send = button("Send codes", "Send codes", "primary")
        self._lay_out()
        self._connect()
        self._show()
        fit(self, 920, 740)

    def _connect(self) -> None:
        self._checks.show_checking()
        self._left_out.put_back_requested.connect(self._put_back)
        self._send.clicked.connect(lambda: self._confirm(self._send, first=False))
        chord = QShortcut(QKeySequence(SEND_CHORD), self, self._send.click)
        # No key that is held sends.
        chord.setAutoRepeat(False)
        self._send.setToolTip(SEND_CHORD)
        self._first.clicked.connect(lambda: self._confirm(self._first, first=True))

    def _lay_out(self) -> None:
        self._recipients_title = _heading(self._recipients_table)
        checks_title = plain_label("Checks", "heading")
        checks_title.setBuddy(self._checks)
        page = QWidget()
        page.setProperty("kind", "page")
        middle = QVBoxLayout(page)
        middle.setContentsMargins(24, 0, 24, 0)
        middle.setSpacing(8)
        middle.addWidget(CardRow("Review figures", self._cards))
        # What was found comes before the list: in a small window the end of this page is out of sight.
        for widget in (self._banner, self._reset, self._forecast, checks_title):
            middle.addWidget(widget)
        middle.addWidget(self._checks, 1)
        middle.addWidget(self._recipients_title)
        middle.addWidget(self._recipients_table, 3)
        middle.addWidget(self._left_out, 2)
        self._recipients_table.setMinimumHeight(LEAST_HEIGHT)
        self._checks.setMinimumHeight(LEAST_HEIGHT)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 20, 0, 20)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addWidget(scroll, 1)
        column.addLayout(self._foot())
        # Keys begin where they do no harm.
        self._recipients_table.setFocus()

    def _head(self) -> QVBoxLayout:
        column, row = QVBoxLayout(), QHBoxLayout()
        column.setContentsMargins(24, 0, 24, 0)
        column.setSpacing(4)
        row.addWidget(self._title)
        row.addStretch()
        pill = Pill(self._connection.environment.upper(), environment_tone(self._connection.environment), "environment")
        row.addWidget(pill)
        column.addLayout(row)
        connection = self._connection
        # A connection is often called what its pool is called; nobody needs to read that twice.
        pool = connection.pool_name or connection.pool_id
        parts = dict.fromkeys((connection.name, pool, connection.client_name or connection.client_id))
        where = " · ".join(parts)
        column.addWidget(ElidedLabel(plain(where, 200), "quiet"))
        return column

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(24, 0, 24, 0)
        row.setSpacing(8)
        row.addWidget(self._first)
        row.addWidget(self._summary, 1)
        cancel = button("Cancel", "Cancel")
        cancel.clicked.connect(self.reject)
        row.addWidget(cancel)
        row.addWidget(self._send)
        return row

    def _advanced_words(self) -> str:
        """The parts of the requests that stand nowhere else in this window."""
        if not self._plan.recipients:
            return ""
        extra = self._plan.recipients[0].request.advanced
        parts = (
            ("IP address", extra.ip_address),
            ("encoded data", extra.encoded_data),
            ("analytics endpoint ID", extra.analytics_endpoint_id),
        )
        named = ", ".join(f"{name} {plain(value, 60)}" for name, value in parts if value)
        return f"Every request carries {named}." if named else ""

    def offer_reset(self) -> None:
        """Offer a way out where practice has been used up: most people got a code already."""
        reset = button("Reset practice", "Reset practice")
        reset.clicked.connect(self._leave_for_reset)
        self._reset.add_button(reset)
        self._reset.say(USED_UP)

    def _leave_for_reset(self) -> None:
        self.reject()
        self.reset_requested.emit()

    def show_facts(self, facts: ConnectionFacts) -> None:
        """What AWS told of pool and app client; the checks follow the plan from now on."""
        self._facts = facts
        self._show_checks()

    def unchecked(self, problem: Problem) -> None:
        """AWS could not be asked at all: the first send will tell."""
        self._facts = ConnectionFacts(problem, problem)
        self._show_checks()

    def _show_checks(self) -> None:
        if self._facts is not None:
            checks, forecast = self._judge(self._facts, self._plan)
            self._checks.show_checks(checks)
            self._forecast.show_text(forecast, announced=True)
            self._forecast.setVisible(bool(forecast))
        else:
            self._forecast.hide()

    def _show(self) -> None:
        plan = self._plan
        people, mails, texts = len(plan.recipients), plan.count(Channel.EMAIL), plan.count(Channel.SMS)
        time = duration(seconds_for(people, self._connection.per_second))
        self._title.setText(f"Send {count(people, 'confirmation code')}" if people else "Nobody to send to")
        for card, text in zip(self._cards, (f"{mails:,}", f"{texts:,}", time, f"{len(plan.left_out):,}"), strict=True):
            card.show_number(text)
        self._cards[2].show_number(time if people else "—", f"at {self._connection.per_second:g} per second")
        self._recipients.show(plan.recipients)
        keep_to_rows(self._recipients_table, LEAST_HEIGHT)
        self._left_out.show_people(plan.left_out)
        self._recipients_title.setText(f"Recipients ({people:,})")
        described = f"{count(people, 'person', 'people')}: {mails:,} by e-mail, {texts:,} by SMS"
        self._summary.show_text(
            f"{described} · {len(plan.left_out):,} left out · about {time}" if people else described
        )
        self._send.setText(f"Send codes ({people:,})")
        self._send.setAccessibleDescription(described)
        self._enable()
        self._show_checks()

    def _enable(self) -> None:
        people = len(self._plan.recipients)
        refusal = self._blocked or self._too_many(people)
        said = " ".join(part for part in (self._note, self._advanced_words()) if part)
        self._banner.say(refusal or said, "error" if refusal else "info")
        self._send.setEnabled(people > 0 and not refusal)
        self._first.setEnabled(people > 1 and not refusal)
        self._first.setVisible(people > 1)

    def _put_back(self, usernames: set[str], why: str) -> None:
        self._plan = self._plan.put_back(usernames, why)
        self._show()

    def _confirm(self, pressed: QPushButton, first: bool) -> None:
        # A second press, or one that an assistive tool makes while the dialog goes away, sends nothing.
        if not (pressed.isEnabled() and self.isVisible()) or QApplication.activeModalWidget() is not self:
            return
        people, connection = len(self._plan.recipients), self._connection
        if connection.environment.strip().casefold() != PRODUCTION.casefold() or people <= connection.confirm_above:
            self._go(first)
            return
        question = ProductionQuestion(self, connection.pool_name or connection.pool_id, people)
        question.accepted.connect(lambda: self._go(first))
        question.open()

    def _go(self, first: bool) -> None:
        self._send.setEnabled(False)
        self._first.setEnabled(False)
        self.accept()
        self.confirmed.emit(self._plan, first)


def _heading(table: QTableView) -> StatusLine:
    heading = StatusLine(table.accessibleName(), "heading")
    heading.setBuddy(table)
    return heading
