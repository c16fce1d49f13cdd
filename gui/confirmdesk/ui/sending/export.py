"""Writing the results of a run to a file that somebody chose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from confirmdesk.core.computer.desktop import open_path
from confirmdesk.core.errors import Problem
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.messages import open_file_dialog, show_problem
from confirmdesk.ui.kit.tasks import Tasks

if TYPE_CHECKING:
    from confirmdesk.core.sending.results import Result

# The forms of an export, the first choice first.
FORMS = {"Excel workbook (*.xlsx)": "xlsx", "CSV text (*.csv)": "csv"}


def ask_for_file(owner: QWidget, title: str, began: float, chosen: Callable[[str], None]) -> QFileDialog:
    """Offer a name after the moment at which the run began, in seconds since the epoch; `chosen` gets the path."""
    name = f"confirmdesk {datetime.fromtimestamp(began).astimezone():%Y-%m-%d %H%M}.xlsx"
    dialog = QFileDialog(owner, title, str(Path.home() / name), ";;".join(FORMS))
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("xlsx")
    # For a name without an end; one that has its own says which form it is.
    dialog.filterSelected.connect(lambda form: dialog.setDefaultSuffix(FORMS[form]))
    dialog.fileSelected.connect(chosen)
    open_file_dialog(dialog)
    return dialog


def export_to(owner: QWidget, tasks: Tasks, results: Sequence[Result], path: str, done: Callable[[], None]) -> None:
    """Write `results` to `path` in the background; `done` is called when it is there."""
    from confirmdesk.core.ledger.export import write_results

    zone = datetime.now().astimezone().tzinfo
    assert zone
    tasks.run(owner, lambda: write_results(Path(path), results, zone), lambda _: done())


def show_folder(owner: QWidget, tasks: Tasks, folder: Path) -> None:
    """Show `folder` in this desktop's file manager."""

    def tell(opened: bool) -> None:
        if not opened:
            hint = f"Open it with a file manager: {plain(str(folder), 400)}"
            show_problem(owner, Problem("The folder could not be opened.", hint))

    tasks.run(owner, lambda: open_path(folder), tell)
