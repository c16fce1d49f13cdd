"""What people do with results, on the screen or in the history: export them, see who confirmed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Problem
from confirmdesk.ui.session import Session

if TYPE_CHECKING:
    from confirmdesk.core.sending.results import Result


def export(window: QWidget, session: Session, results: list[Result], done: Callable[[str], None]) -> QFileDialog:
    """Ask for a file and write `results` to it in the background; `done` gets its name."""
    name = f"confirmdesk {datetime.now().astimezone():%Y-%m-%d %H%M}.csv"
    dialog = QFileDialog(window, "Export results", str(Path.home() / name), "CSV files (*.csv)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("csv")
    dialog.fileSelected.connect(lambda path: export_to(window, session, results, path, done))
    dialog.open()
    return dialog


def export_to(window: QWidget, session: Session, results: list[Result], path: str, done: Callable[[str], None]) -> None:
    """Write `results` to `path` in the background."""
    from confirmdesk.core.ledger.report import results_csv, write_csv

    zone = datetime.now().astimezone().tzinfo
    assert zone
    session.tasks.run(
        window, lambda: write_csv(Path(path), results_csv(results, zone)), lambda _: done(Path(path).name)
    )


def count_confirmed(
    owner: QWidget,
    session: Session,
    connection: Connection,
    served: set[str],
    done: Callable[[int], None],
    failed: Callable[[Problem], None],
) -> None:
    """How many of `served` are no longer unconfirmed: the list is read once more and subtracted.

    It costs nothing; AdminGetUser would bill each active user.
    """

    def job() -> int:
        from confirmdesk.core.cognito.control import Control, pages

        listed = pages(Control(session.aws, connection), "", lambda: False)
        return len(served - {user.username for page in listed for user in page.users})

    session.tasks.run(owner, job, done, failed)
