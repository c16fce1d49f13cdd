"""What the practice pool sent: each message, and the clientMetadata its Lambda received."""

import json

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QSplitter, QVBoxLayout, QWidget

from confirmdesk.core.errors import Problem
from confirmdesk.core.text import count, plain
from confirmdesk.practice.launch import PracticeServer
from confirmdesk.practice.messages import OutboxMessage
from confirmdesk.ui.kit.clock import clock
from confirmdesk.ui.kit.labels import StatusLine, title
from confirmdesk.ui.kit.screen import fit
from confirmdesk.ui.kit.tables import Column, RecordsModel, make_table
from confirmdesk.ui.kit.tasks import Tasks


def _metadata(message: OutboxMessage) -> str:
    return ", ".join(f"{key}={value}" for key, value in (message.client_metadata or {}).items()) or "—"


COLUMNS: tuple[Column[OutboxMessage], ...] = (
    Column("Time", lambda m: clock(m.sent_at), 64),
    Column("To", lambda m: m.destination, 220),
    Column("Channel", lambda m: "SMS" if m.medium == "SMS" else "E-mail", 80),
    Column("Client metadata", _metadata),
)


class OutboxWindow(QDialog):
    """Looks every two seconds while it is open. A window beside the main one: watch messages arrive."""

    def __init__(self, parent: QWidget, tasks: Tasks, server: PracticeServer) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Practice outbox")
        self._tasks = tasks
        self._server = server
        self._asking = False
        self._model = RecordsModel(COLUMNS, self)
        self._table = make_table("Outbox messages", self._model)
        self._status = StatusLine("Outbox status", "quiet", wrap=True)
        self._text = QPlainTextEdit()
        self._text.setReadOnly(True)
        self._text.setAccessibleName("Message")
        self._text.setProperty("kind", "code")
        self._text.setTabChangesFocus(True)
        both = QSplitter(Qt.Orientation.Vertical)
        both.setChildrenCollapsible(False)
        both.addWidget(self._table)
        both.addWidget(self._text)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(title("Practice outbox", self._table))
        column.addWidget(self._status)
        column.addWidget(both, 1)
        self._table.selectionModel().currentRowChanged.connect(self._show_message)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(2000)
        fit(self, 760, 560)
        self._show([])
        self._look()

    def _look(self) -> None:
        if not self._asking:
            self._asking = True
            known = self._model.records()
            after = known[0].number if known else 0
            self._tasks.run(self, lambda: self._server.outbox(after), self._take, self._lost)

    def _take(self, fresh: list[OutboxMessage]) -> None:
        self._asking = False
        if fresh:
            self._show([*reversed(fresh), *self._model.records()])

    def _lost(self, problem: Problem) -> None:
        self._timer.stop()
        self._status.show_text(problem.text(), announced=True)

    def clear(self) -> None:
        self._text.clear()
        self._show([])

    def _show(self, messages: list[OutboxMessage]) -> None:
        reading = self._reading()
        self._model.show(messages)
        if messages:
            self._status.show_text(f"{count(len(messages), 'message')}, newest first. Nothing left this computer.")
            # Whoever reads an older message keeps it; whoever has the newest in front of them gets the newest.
            self._table.selectRow(next((row for row, m in enumerate(messages) if m.number == reading), 0))
            self._show_message()
        else:
            self._status.show_text("Nothing was sent yet. Messages appear here a moment after they are accepted.")

    def _reading(self) -> int:
        """The number of the message that is being read, 0 for the newest or none."""
        row = self._table.currentIndex().row()
        return self._model.record(row).number if 0 < row < self._model.rowCount() else 0

    def _show_message(self) -> None:
        row = self._table.currentIndex().row()
        if 0 <= row < self._model.rowCount():
            message = self._model.record(row)
            event = json.dumps(message.trigger_event, indent=2, ensure_ascii=False)
            head = [f"To: {message.destination}"]
            if message.subject:
                head.append(f"Subject: {message.subject}")
            lines = [*head, "", message.body, "", "What the Lambda received:", *event.split("\n")]
            self._text.setPlainText("\n".join(plain(line) for line in "\n".join(lines).split("\n")))


def clear_outbox(parent: QWidget) -> None:
    """The outbox was emptied: its messages are counted from one again."""
    for window in parent.findChildren(OutboxWindow):
        window.clear()


def show_outbox(parent: QWidget, tasks: Tasks, server: PracticeServer) -> OutboxWindow:
    """Bring the outbox beside `parent` to the front; there is never a second one."""
    here = (window for window in parent.findChildren(OutboxWindow) if window.isVisible())
    outbox = next(here, None) or OutboxWindow(parent, tasks, server)
    outbox.show()
    outbox.raise_()
    outbox.activateWindow()
    return outbox
