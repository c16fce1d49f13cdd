"""The people of a run, as it goes on and in the history: who they are, their export, who has confirmed since."""

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QMenu, QPushButton, QVBoxLayout, QWidget

from confirmdesk.core.sending.outcomes import MAY_HAVE_GOT_ONE
from confirmdesk.core.sending.results import Result, names_of
from confirmdesk.core.text import count, plain
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine
from confirmdesk.ui.kit.tables import Column, RecordsModel, make_table
from confirmdesk.ui.kit.tasks import Tasks
from confirmdesk.ui.sending.export import ask_for_file, export_to, show_folder
from confirmdesk.ui.sending.run_tables import customer_words_for


def confirmed_since(number: int) -> str:
    """What is said of those who were sent a code and are not unconfirmed any more."""
    people = "No one of them has" if number == 0 else count(number, "person has", "people have")
    return f"{people} confirmed or been deleted since."


class RunPeople(QWidget):
    """A heading over a table of some of the run's people. `export`, `count_confirmed` and the line `said` about what
    came of them, with `open_folder` after an export, stand where the page has its buttons; `head` and `texts` take what
    it has to add beside the heading.

    It asks AWS nothing: `confirmed_count_requested` carries the number that `answer` wants back. `free_changed` comes
    whenever `free` changes; while it is False a dialog waits, or something is under way that needs the page as it is.
    `person_requested` carries somebody of whom more is wanted than stands here; while `openable` is False nobody is.
    """

    confirmed_count_requested = Signal(int)
    free_changed = Signal()
    person_requested = Signal(object)

    def __init__(self, tasks: Tasks, export: QPushButton, heading_kind: str, columns: Sequence[Column[Result]]) -> None:
        super().__init__()
        self._tasks = tasks
        self._results: Sequence[Result] = ()
        self._began = time.time()
        self._question = 0
        self._counting = self._asking = self._busy = False
        self.openable = True
        self._model = RecordsModel(columns, self)
        self.table = make_table("Run recipients", self._model, many=True)
        self.heading = StatusLine("Run recipients heading", heading_kind)
        self.head, self.texts = NarrowRow(), QVBoxLayout()
        self.export = export
        self.count_confirmed = button("Who has confirmed since?", "Count confirmed", "link")
        self.said = StatusLine("Confirmed since", "quiet")
        self.open_folder = button("Open folder", "Open folder", "link")
        self.open_folder.hide()
        self._folder = Path()
        self._lay_out()
        self.table.menu_opening.connect(self._add_to_menu)
        self.table.opened.connect(self._open)
        self.export.clicked.connect(self._choose_file)
        self.count_confirmed.clicked.connect(self._ask_count)
        self.open_folder.clicked.connect(lambda: show_folder(self, tasks, self._folder))

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        self.head.setSpacing(12)
        self.texts.setSpacing(4)
        self.texts.addWidget(self.heading)
        self.head.addLayout(self.texts, 1)
        column.addLayout(self.head)
        column.addWidget(self.table, 1)

    # The run, and who of it is shown

    @property
    def results(self) -> list[Result]:
        """Of everybody, whoever is shown."""
        return list(self._results)

    def take(self, results: Sequence[Result], began: float = 0.0) -> None:
        """Everybody of a run that began at that time, if it is not this moment; nobody of them is shown yet."""
        self._results = results
        self._began = began or self._began
        self._enable()

    def show_people(self, results: Sequence[Result]) -> None:
        self._model.show(results)

    def current(self) -> Result | None:
        """Of whoever has the focus in the table."""
        row = self.table.currentIndex().row()
        return self._model.record(row) if 0 <= row < self._model.rowCount() else None

    def forget(self) -> None:
        """Another run comes: what was asked about this one is not of interest any more."""
        self._question += 1
        self.say("")
        self.take(())

    def _add_to_menu(self, menu: QMenu) -> None:
        menu.addAction("Copy advice", self._copy_advice)
        menu.addAction("Open person", self._open).setEnabled(self._may_open())

    def _may_open(self) -> bool:
        current = self.current()
        return self.openable and self.free and current is not None and not current.recipient.user.is_forgotten

    def _open(self, _row: int = 0) -> None:
        if (current := self.current()) and self._may_open():
            self.person_requested.emit(current.recipient.user)

    def _copy_advice(self) -> None:
        """What this person can be told."""
        if current := self.current():
            QGuiApplication.clipboard().setText(customer_words_for([current]))

    # One thing at a time

    @property
    def free(self) -> bool:
        return not self._asking and not self._busy

    def set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._free_changed()

    def wait_for(self, dialog: QDialog) -> None:
        """Nothing is free until `dialog` is answered: assistive tools can press what it covers."""
        self._set_asking(True)
        dialog.finished.connect(lambda: self._set_asking(False))

    def _set_asking(self, asking: bool) -> None:
        self._asking = asking
        self._free_changed()

    def _free_changed(self) -> None:
        self._enable()
        self.free_changed.emit()

    def _enable(self) -> None:
        ready = self.free and bool(self._results)
        self.export.setEnabled(ready)
        self.count_confirmed.setEnabled(ready and not self._counting)

    # What can be done with the results

    def say(self, sentence: str) -> None:
        """A sentence about what came of the last thing that was asked for."""
        self._counting = False
        self.said.show_text(sentence, announced=True)
        self.open_folder.hide()
        self._enable()

    def _choose_file(self) -> None:
        title = self.export.accessibleName()
        self.wait_for(ask_for_file(self, title, self._began, self.export_to))

    def export_to(self, path: str) -> None:
        """Write everybody of the run to `path` in the background, whoever is shown."""
        export_to(self, self._tasks, self._results, path, lambda: self._exported(Path(path)))

    def _exported(self, file: Path) -> None:
        self.say(f"Exported to {plain(file.name, 200)}.")
        self._folder = file.parent
        self.open_folder.show()

    def _ask_count(self) -> None:
        self._counting = True
        self._enable()
        self.confirmed_count_requested.emit(self._question)

    def answer(self, question: int, sentence: str) -> None:
        """What came of a count, of the run for which it was asked; nothing if another one is shown since."""
        if question == self._question:
            self.say(sentence)

    def may_have_code(self) -> set[str]:
        """The user names of those who were sent a code, or may have been."""
        known = (result for result in self._results if not result.recipient.user.is_forgotten)
        return names_of(known, MAY_HAVE_GOT_ONE)
