"""What goes from a connection's dialog to somebody else: a request for the IT department, and the connection itself."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame

from confirmdesk.core.cognito.request_for_it import request_for_it
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.handing_on import preset_file_name, save_preset, where_it_goes
from confirmdesk.ui.connections.questions import DialogQuestions
from confirmdesk.ui.kit.eliding import ElidedLabel, NarrowRow
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.messages import open_file_dialog

WHY = "Is a sign-in or a right missing?"
COPIED = "The request is on the clipboard. Paste it into a mail or a ticket to your IT department."


def copy_request(connection: Connection) -> str:
    """Put the request for `connection` onto the clipboard; what to say then."""
    QGuiApplication.clipboard().setText(request_for_it(connection))
    return COPIED


class ForIt(QFrame):
    """Two buttons and what they are for. `handed_on` tells the connection to hand on, None where its fields are not
    complete."""

    def __init__(self, questions: DialogQuestions, handed_on: Callable[[], Connection | None]) -> None:
        super().__init__()
        self._questions = questions
        self._handed_on = handed_on
        self._copy = button("Copy request for IT", "Copy request for IT")
        self.save = button("Save as preset file…", "Save as preset file")
        self._copy.clicked.connect(lambda: questions.say(copy_request(questions.spelled())))
        self.save.clicked.connect(self._ask_where)
        row = NarrowRow(self)
        row.setContentsMargins(24, 12, 24, 0)
        row.setSpacing(8)
        row.addWidget(ElidedLabel(WHY, "secondary"), 1)
        row.addWidget(self._copy)
        row.addWidget(self.save)

    def _ask_where(self) -> None:
        connection = self._handed_on()
        if connection is None:
            return
        place = Path.home() / preset_file_name(connection)
        dialog = QFileDialog(self, "Save as preset file", str(place), "Preset connections (*.json)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.fileSelected.connect(lambda path: self._save(connection, Path(path)))
        open_file_dialog(dialog)

    def _save(self, connection: Connection, file: Path) -> None:
        questions = self._questions
        questions.session.tasks.run(
            self,
            lambda: save_preset(connection, file),
            lambda _: questions.say_good(where_it_goes(file)),
            questions.say_problem,
        )
