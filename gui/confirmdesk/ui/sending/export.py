"""Writing the results of a run to a file that somebody chose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from confirmdesk.ui.kit.tasks import Tasks

if TYPE_CHECKING:
    from confirmdesk.core.sending.results import Result


def ask_for_file(owner: QWidget, title: str, began: float, chosen: Callable[[str], None]) -> QFileDialog:
    """Offer a name after the moment at which the run began, in seconds since the epoch; `chosen` gets the path."""
    name = f"confirmdesk {datetime.fromtimestamp(began).astimezone():%Y-%m-%d %H%M}.csv"
    dialog = QFileDialog(owner, title, str(Path.home() / name), "CSV files (*.csv)")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("csv")
    dialog.fileSelected.connect(chosen)
    dialog.open()
    return dialog


def export_to(owner: QWidget, tasks: Tasks, results: Sequence[Result], path: str, done: Callable[[str], None]) -> None:
    """Write `results` to `path` in the background; `done` gets the name of the file."""
    from confirmdesk.core.ledger.report import results_csv, write_csv

    zone = datetime.now().astimezone().tzinfo
    assert zone
    tasks.run(owner, lambda: write_csv(Path(path), results_csv(results, zone)), lambda _: done(Path(path).name))
