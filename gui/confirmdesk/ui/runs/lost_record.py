"""The record of sent codes is not where it was: somebody decides what to go on with."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from confirmdesk.core.errors import Kind, Problem
from confirmdesk.ui.kit.messages import ask_three, open_file_dialog, show_problem
from confirmdesk.ui.session import Session

if TYPE_CHECKING:
    from confirmdesk.core.ledger.ledger import Ledger


class LostRecord(QObject):
    """Asks until there is a ledger again, which `opened` is given, or somebody cancels: then nothing is sent."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        problem: Problem,
        opened: Callable[[tuple[Ledger, Problem | None]], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._problem = problem
        self._opened = opened

    def ask(self) -> None:
        ask_three(
            self._window,
            self._problem.sentence,
            self._problem.hint,
            ("Begin a new record", self._begin),
            ("Look for the old one", self._look),
        )

    def _begin(self) -> None:
        self._session.tasks.run(self, self._session.begin_new_record, self._opened, self._failed)

    def _look(self) -> None:
        folder = str(self._session.places.data)
        dialog = QFileDialog(self._window, "Look for the old record", folder, "Records (ledger*);;All files (*)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.take_up)
        open_file_dialog(dialog, cancelled=self.ask)

    def take_up(self, path: str) -> None:
        """Go on with the record in the file `path`, if it is the old one."""
        session = self._session
        session.tasks.run(self, lambda: session.take_up_record(Path(path)), self._opened, self._failed)

    def _failed(self, problem: Problem) -> None:
        if problem.kind is Kind.RECORD_LOST:
            self._problem = problem
            self.ask()
        else:
            show_problem(self._window, problem).finished.connect(self.ask)
