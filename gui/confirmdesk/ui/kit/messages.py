"""Sentences that need an answer. Nothing here blocks the event loop: dialogs open, and tell by a signal."""

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from confirmdesk.core.errors import Problem
from confirmdesk.core.product import NAME
from confirmdesk.ui.kit.labels import plain_label, warning_icon

# Seconds in which nobody cancels a dialog that they see.
AT_ONCE = 0.5


def show_problem(parent: QWidget | None, problem: Problem) -> QMessageBox:
    """What happened and what to do now; what an administrator needs is behind *Show Details…*."""
    box = _box(parent, QMessageBox.Icon.Warning, problem.sentence, problem.hint)
    if problem.details:
        box.setDetailedText(problem.details)
    box.addButton(QMessageBox.StandardButton.Ok)
    box.open()
    return box


def show_fact(parent: QWidget, sentence: str, more: str) -> QMessageBox:
    """Something to know, nothing to worry about."""
    box = _box(parent, QMessageBox.Icon.Information, sentence, more)
    box.addButton(QMessageBox.StandardButton.Ok)
    box.open()
    return box


def ask(
    parent: QWidget,
    sentence: str,
    more: str,
    yes: str,
    then: Callable[[], None],
    no: str = "Cancel",
    danger: bool = False,
) -> QMessageBox:
    """Ask before something that cannot be undone; `then` runs only for the button `yes`, which is not the default."""
    box = _box(parent, QMessageBox.Icon.Warning if danger else QMessageBox.Icon.Question, sentence, more)
    accept = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
    refuse = box.addButton(no, QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    box.buttonClicked.connect(lambda pressed: then() if pressed is accept else None)
    box.open()
    return box


Choice = tuple[str, Callable[[], None] | None]


def ask_three(parent: QWidget, sentence: str, more: str, bold: Choice, careful: Choice) -> QMessageBox:
    """A question with a bold and a careful answer besides *Cancel*; an answer that leads nowhere is not offered."""
    box = _box(parent, QMessageBox.Icon.Warning, sentence, more)
    actions = {}
    # Qt lays out one button of each role beside the other, and a second one to accept before *Cancel*.
    for (text, then), role in ((careful, QMessageBox.ButtonRole.AcceptRole), (bold, QMessageBox.ButtonRole.YesRole)):
        if then is not None:
            actions[box.addButton(text, role)] = then
    cancel = box.addButton(QMessageBox.StandardButton.Cancel)
    box.setDefaultButton(cancel)
    box.buttonClicked.connect(lambda pressed: actions[pressed]() if pressed in actions else None)
    box.open()
    return box


def lay_out_typed_question(
    dialog: QDialog, sentence: str, more: QLabel, field: QLineEdit, refuse: QPushButton, accept: QPushButton
) -> None:
    """A question that is answered by typing: `more` says what into `field`, and is its label."""
    more.setWordWrap(True)
    more.setBuddy(field)
    more.setAccessibleName(field.accessibleName())
    head, foot = QHBoxLayout(), QHBoxLayout()
    head.setSpacing(12)
    head.addWidget(warning_icon(dialog))
    head.addWidget(plain_label(sentence, "title", wrap=True), 1)
    foot.setSpacing(8)
    foot.addStretch()
    foot.addWidget(refuse)
    foot.addWidget(accept)
    column = QVBoxLayout(dialog)
    column.setContentsMargins(24, 20, 24, 20)
    column.setSpacing(12)
    column.addLayout(head)
    column.addWidget(more)
    column.addWidget(field)
    column.addSpacing(4)
    column.addLayout(foot)
    dialog.setMinimumWidth(440)


def open_file_dialog(dialog: QFileDialog, cancelled: Callable[[], None] = lambda: None) -> None:
    """Open `dialog`, which is freed at its end. Where the desktop's own does not come after all, Qt's takes its place;
    otherwise nothing at all would happen."""
    opened = time.monotonic()

    def end(result: int) -> None:
        refused = result == QDialog.DialogCode.Rejected and is_lent and time.monotonic() - opened < AT_ONCE
        if refused and not dialog.testOption(QFileDialog.Option.DontUseNativeDialog):
            dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
            QTimer.singleShot(0, dialog, dialog.open)
            return
        dialog.deleteLater()
        if result == QDialog.DialogCode.Rejected:
            cancelled()

    dialog.finished.connect(end)
    dialog.open()
    is_lent = dialog.testAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)


def _box(parent: QWidget | None, icon: QMessageBox.Icon, sentence: str, more: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setWindowTitle(NAME)
    box.setIcon(icon)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(sentence)
    box.setInformativeText(more)
    return box
