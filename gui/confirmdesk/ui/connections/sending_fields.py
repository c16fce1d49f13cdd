"""The part of a connection's form that says how it sends: pace, question, cool-down, read only."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QWidget

from confirmdesk.core.connections.connection import (
    CONFIRM_ABOVE,
    COOL_DOWN,
    LARGEST_RUN,
    PER_SECOND,
    Connection,
)
from confirmdesk.core.quotas import FASTEST, POLITE
from confirmdesk.ui.kit.inputs import button, name_spin
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.numbers import NumberBox

FIELD_WIDTH = 120


class SendingFields(QObject):
    """Rows for a form, folded until somebody wants them; what they say is told all the same. Tells `changed` whenever
    that is something else."""

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.per_second = _number("Sends per second", PER_SECOND, decimals=1, step=0.5)
        self.confirm_above = _number("Confirm above", CONFIRM_ABOVE, step=10)
        self.cool_down = _number("Cool-down hours", COOL_DOWN, decimals=1)
        self.largest_run = _number("Largest run", LARGEST_RUN, step=10)
        self.read_only = QCheckBox("Read only: list and export, never send")
        self.read_only.setAccessibleName("Read only")
        self._fold = button("Sending ▸", "Sending rules", "link")
        self._fold.setCheckable(True)
        self._told = StatusLine("Sending rules in short", "secondary")
        self._rows: list[QWidget] = []
        self._pace_note = StatusLine("Pace", "secondary", wrap=True)
        for spin in self.numbers():
            spin.valueChanged.connect(self.changed)
        self.per_second.valueChanged.connect(self._say_pace)
        self.read_only.toggled.connect(self.changed)
        self.changed.connect(self._tell)

    def numbers(self) -> tuple[NumberBox, ...]:
        return self.per_second, self.confirm_above, self.cool_down, self.largest_run

    def add_to(self, form: QFormLayout) -> None:
        """Put the rows at the end of `form`, under their heading."""
        ask = "people: in production a larger run asks for the pool's name."
        wait = "Whoever was sent a code within this time is left out of a run of several."
        most = "people in one run, 0 for as many as one likes: a help against slips, and no fence."
        form.addRow(self._fold, self._told)
        for name, box, hint in (
            ("Sends per second", self.per_second, self._pace_note),
            ("Confirm above", self.confirm_above, _hint(self.confirm_above, ask)),
            ("Cool-down hours", self.cool_down, _hint(self.cool_down, wait)),
            ("Largest run", self.largest_run, _hint(self.largest_run, most)),
        ):
            label = plain_label(name)
            name_spin(box, name, label)
            self._rows.append(_row(box, hint))
            form.addRow(label, self._rows[-1])
        self._rows.append(self.read_only)
        form.addRow("", self.read_only)
        self._fold.toggled.connect(lambda open_: self._show_rows(form, open_))
        self._show_rows(form, False)

    def _show_rows(self, form: QFormLayout, open_: bool) -> None:
        self._fold.setText(f"Sending {'▾' if open_ else '▸'}")
        for row in self._rows:
            form.setRowVisible(row, open_)

    def _tell(self) -> None:
        values = [
            f"{self.per_second.value():g} a second",
            f"asks above {self.confirm_above.text()} people",
            f"{self.cool_down.value():g} h cool-down",
        ]
        if self.largest_run.value():
            values.append(f"{self.largest_run.text()} people at most")
        self._told.show_text("Read only: never sends" if self.read_only.isChecked() else " · ".join(values))

    def show_connection(self, connection: Connection) -> None:
        self.per_second.setValue(connection.per_second)
        self.confirm_above.setValue(connection.confirm_above)
        self.cool_down.setValue(connection.cool_down)
        self.largest_run.setValue(connection.largest_run)
        self.read_only.setChecked(connection.read_only)
        self._say_pace()
        self._tell()

    def filled(self, connection: Connection) -> Connection:
        """`connection` with what these fields say."""
        return replace(
            connection,
            per_second=self.per_second.value(),
            confirm_above=round(self.confirm_above.value()),
            cool_down=self.cool_down.value(),
            largest_run=round(self.largest_run.value()),
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


def _row(box: NumberBox, hint: QLabel) -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    row.addWidget(box)
    row.addWidget(hint, 1)
    return made


def _hint(spin: NumberBox, text: str) -> QLabel:
    spin.setAccessibleDescription(text)
    return plain_label(text, "secondary", wrap=True)
