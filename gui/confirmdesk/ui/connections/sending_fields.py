"""The part of a connection's form that says how it sends: pace, question, cool-down, read only."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QWidget

from confirmdesk.core.connections.connection import CONFIRM_ABOVE, COOL_DOWN, PER_SECOND, Connection
from confirmdesk.core.quotas import FASTEST, POLITE
from confirmdesk.ui.kit.inputs import name_spin
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.numbers import NumberBox

FIELD_WIDTH = 120


class SendingFields(QObject):
    """Rows for a form. Tells `changed` whenever they say something else."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.per_second = _number("Sends per second", PER_SECOND, decimals=1, step=0.5)
        self.confirm_above = _number("Confirm above", CONFIRM_ABOVE, step=10)
        self.cool_down = _number("Cool-down hours", COOL_DOWN, decimals=1)
        self.read_only = QCheckBox("Read only: list and export, never send")
        self.read_only.setAccessibleName("Read only")
        self._pace_note = StatusLine("Pace", "secondary", wrap=True)
        for spin in (self.per_second, self.confirm_above, self.cool_down):
            spin.valueChanged.connect(self.changed)
        self.per_second.valueChanged.connect(self._say_pace)
        self.read_only.toggled.connect(self.changed)

    def add_to(self, form: QFormLayout) -> None:
        """Put the rows at the end of `form`, under their heading."""
        form.addRow(plain_label("Sending", "quiet"))
        _row(form, "Sends per second", self.per_second, self._pace_note)
        ask = "people: in production a larger run asks for the pool's name."
        _row(form, "Confirm above", self.confirm_above, _hint(self.confirm_above, ask))
        wait = "Whoever was sent a code within this time is left out of a run of several."
        _row(form, "Cool-down hours", self.cool_down, _hint(self.cool_down, wait))
        form.addRow("", self.read_only)

    def show_connection(self, connection: Connection) -> None:
        self.per_second.setValue(connection.per_second)
        self.confirm_above.setValue(connection.confirm_above)
        self.cool_down.setValue(connection.cool_down)
        self.read_only.setChecked(connection.read_only)
        self._say_pace()

    def filled(self, connection: Connection) -> Connection:
        """`connection` with what these fields say."""
        return replace(
            connection,
            per_second=self.per_second.value(),
            confirm_above=round(self.confirm_above.value()),
            cool_down=self.cool_down.value(),
            read_only=self.read_only.isChecked(),
        )

    def _say_pace(self) -> None:
        limit = f"the {FASTEST:g} a second that AWS gives the whole account"
        if self.per_second.value() > POLITE:
            text = f"More than {POLITE:g} a second eats into {limit}: production may be slowed down."
        else:
            text = f"A part of {limit}, production included."
        self._pace_note.show_text(text)
        self.per_second.setAccessibleDescription(text)


def _number(name: str, limits: tuple[float, float], decimals: int = 0, step: float = 1.0) -> NumberBox:
    made = NumberBox(name, *limits, decimals)
    made.setSingleStep(step)
    made.setFixedWidth(FIELD_WIDTH)
    return made


def _row(form: QFormLayout, text: str, spin: NumberBox, hint: QLabel) -> None:
    label = plain_label(text)
    name_spin(spin, text, label)
    row = QHBoxLayout()
    row.setSpacing(12)
    row.addWidget(spin)
    row.addWidget(hint, 1)
    form.addRow(label, row)


def _hint(spin: NumberBox, text: str) -> QLabel:
    spin.setAccessibleDescription(text)
    return plain_label(text, "secondary", wrap=True)
