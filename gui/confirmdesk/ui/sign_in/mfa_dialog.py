"""The question for the code of an MFA device."""

import re

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from confirmdesk.core.aws.questions import CodeQuestion
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.eliding import NarrowRow, foldable, tool_tip
from confirmdesk.ui.kit.inputs import button, mark_refused
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.theme import set_kind

WIDTH = 440
CHECKING = "AWS looks at it…"
WHILE_REFUSED = "Each code counts once: wait for the next one on the device, and type that."


class MfaDialog(QDialog):
    """Stays until AWS has taken a code, however many that takes, or somebody cancels. Opened, never executed."""

    def __init__(self, parent: QWidget, question: CodeQuestion) -> None:
        super().__init__(parent)
        self.setWindowTitle("MFA code")
        self._question = question
        self._code = QLineEdit()
        self._code.setAccessibleName("MFA code")
        self._code.setPlaceholderText("123456")
        self._status = StatusLine("Sign-in status", "quiet", wrap=True)
        self._go_on = button("Continue", "Continue sign-in", "primary")
        self._cancel = button("Cancel", "Cancel sign-in")
        self._lay_out()
        self._go_on.setEnabled(False)
        self._code.textChanged.connect(self._typed)
        self._go_on.clicked.connect(self._answer)
        self._cancel.clicked.connect(self.reject)
        self.rejected.connect(question.cancel)
        self._code.setFocus()

    def _lay_out(self) -> None:
        profile = foldable(plain(self._question.profile, 100))
        label = plain_label(f"AWS wants the code of your MFA device for the profile “{profile}”.", wrap=True)
        label.setBuddy(self._code)
        label.setAccessibleName("MFA code")
        device = plain_label(f"Device: {foldable(plain(_name_of(self._question.device), 100))}", "secondary", wrap=True)
        device.setToolTip(tool_tip(self._question.device))
        foot = NarrowRow()
        foot.setSpacing(8)
        foot.addStretch()
        foot.addWidget(self._cancel)
        foot.addWidget(self._go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for widget in (plain_label("MFA code", "title"), label, device, self._code, self._status):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addLayout(foot)
        self.setFixedWidth(WIDTH)
        self._status.hide()

    def ask_again(self) -> None:
        """AWS has refused the code that was typed."""
        self._code.clear()
        self._code.setEnabled(True)
        self._say(f"AWS says: “{plain(self._question.refused, 300)}” {WHILE_REFUSED}", "")
        mark_refused(self._code, self._status.text())
        self._code.setFocus()

    def _typed(self) -> None:
        mark_refused(self._code)
        self._go_on.setEnabled(bool(self._spelled()))
        self._go_on.setDefault(bool(self._spelled()))

    def _spelled(self) -> str:
        """What is typed, once it can be a code. Apps show it in two groups, and so it may be pasted.
        https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html"""
        code = re.sub(r"[\s-]", "", self._code.text())
        return code if re.fullmatch("[0-9]{6}", code) else ""

    def _answer(self) -> None:
        # A second press, or one of an assistive tool while AWS looks, is no second answer.
        if self._code.isEnabled() and (code := self._spelled()):
            self._code.setEnabled(False)
            self._go_on.setEnabled(False)
            self._say(CHECKING, "quiet")
            self._question.answer(code)

    def _say(self, text: str, kind: str) -> None:
        set_kind(self._status, kind=kind)
        self._status.show_text(text, announced=True)
        self._status.show()
        # Wrapped lines have the height that belongs to this width.
        if layout := self.layout():
            layout.activate()
            self.resize(WIDTH, layout.totalHeightForWidth(WIDTH))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A key that is held from another window answers nothing here.
        if not event.isAutoRepeat():
            super().keyPressEvent(event)


def _name_of(device: str) -> str:
    """Of a virtual device the end of its ARN, as the console shows it; of a hardware one its number."""
    return device.rpartition(":mfa/")[2] or device
