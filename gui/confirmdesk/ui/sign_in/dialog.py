"""How a sign-in by the browser goes on: what to do there, the ways out of what may go wrong, and a way to stop it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QPushButton, QVBoxLayout, QWidget

from confirmdesk.core.errors import Problem
from confirmdesk.core.sign_in.flow import SignIn
from confirmdesk.core.sign_in.steps import Step
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.eliding import ElidedLabel, NarrowRow
from confirmdesk.ui.kit.faces import BusyBar
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.theme import Theme

WIDTH = 560
ADDRESS_COPIED = "The address is copied. Paste it into the address line of a browser on this computer."
CODE_COPIED = "The code is copied."


class SignInDialog(QDialog):
    """`follow` one sign-in, and another one after it where that has failed. However somebody closes the dialog, the
    sign-in is cancelled.

    `browser_wanted` carries an address, `again_wanted` whether a code is wanted the next time.
    """

    browser_wanted = Signal(str)
    again_wanted = Signal(bool)

    def __init__(self, parent: QWidget, theme: Theme, where: str) -> None:
        """`where` is the address of the portal."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Sign in")
        self._sign_in: SignIn | None = None
        self._address = ""
        self._pointed_to: QPushButton | None = None
        self._where = ElidedLabel(plain(where, 200), "quiet")
        self._busy = BusyBar(theme)
        self._status = StatusLine("Sign-in status", "", wrap=True)
        self._code = StatusLine("Sign-in code", "code", wrap=True)
        self._note = StatusLine("Sign-in note", "secondary", wrap=True)
        self._copy_code = button("Copy code", "Copy code")
        self._browser = button("Open browser again", "Open browser again")
        self._copy = button("Copy address", "Copy address")
        self._use_code = button("Use a code instead", "Use a code instead")
        self._again = button("Try again", "Try sign-in again", "primary")
        self._cancel = button("Cancel", "Cancel sign-in")
        self._code_card = QFrame()
        self._lay_out()
        self._browser.clicked.connect(lambda: self.browser_wanted.emit(self._address))
        self._copy.clicked.connect(self._copy_address)
        self._copy_code.clicked.connect(self._copy_the_code)
        self._use_code.clicked.connect(self._take_code)
        self._again.clicked.connect(lambda: self.again_wanted.emit(False))
        self.rejected.connect(self._give_up)
        self._cancel.clicked.connect(self.reject)

    def _lay_out(self) -> None:
        self._code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._code_card.setProperty("kind", "card")
        inner = NarrowRow(self._code_card)
        inner.setContentsMargins(16, 12, 12, 12)
        inner.addWidget(self._code, 1)
        inner.addWidget(self._copy_code)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        for widget in (plain_label("Sign in", "title"), self._where, self._busy, self._status, self._code_card):
            column.addWidget(widget)
        column.addWidget(self._note)
        column.addStretch()
        column.addLayout(self._foot())
        self.setFixedWidth(WIDTH)

    def _foot(self) -> NarrowRow:
        foot = NarrowRow()
        foot.setSpacing(8)
        for made in (self._browser, self._copy, self._use_code):
            foot.addWidget(made)
        foot.addStretch()
        foot.addWidget(self._cancel)
        foot.addWidget(self._again)
        return foot

    def follow(self, sign_in: SignIn) -> None:
        """From now on `sign_in` is the one."""
        self._sign_in = sign_in
        self._busy.set_busy(True)
        self._cancel.setText("Cancel")
        self.show_step(sign_in.step, sign_in.can_use_code)

    def show_step(self, step: Step, can_use_code: bool) -> None:
        """How far it has come; `can_use_code` is whether a code is a way that is left."""
        self._address = step.address
        self._show(step.sentence, step.code, can_use_code)

    def show_failed(self, problem: Problem, can_use_code: bool) -> None:
        """It is over, unless somebody begins anew."""
        self._sign_in, self._address = None, ""
        self._busy.set_busy(False)
        self._cancel.setText("Close")
        self._show(problem.text(), "", can_use_code)
        self._browser.hide()
        self._copy.hide()
        self._again.show()
        self._point_to(self._again)

    def _show(self, sentence: str, code: str, can_use_code: bool) -> None:
        self._status.show_text(sentence, announced=True)
        self._code.show_text(code)
        self._code_card.setVisible(bool(code))
        self._again.hide()
        for made in (self._browser, self._copy):
            made.show()
            made.setEnabled(bool(self._address))
        self._use_code.setVisible(can_use_code)
        self._point_to(self._copy_code if code else self._browser if self._address else self._cancel)
        self.say("")

    def _point_to(self, following: QPushButton) -> None:
        """Give the focus to what comes next, once: somebody may have moved on from there."""
        if following is not self._pointed_to:
            self._pointed_to = following
            following.setFocus()

    def say_problem(self, problem: Problem) -> None:
        """Something beside the sign-in itself did not work."""
        self.say(problem.text())

    def say(self, text: str) -> None:
        """What became of the last press of a button."""
        self._note.show_text(text, announced=True)
        self._note.setVisible(bool(text))
        # Wrapped lines have the height that belongs to this width.
        if layout := self.layout():
            layout.activate()
            self.setFixedHeight(layout.totalHeightForWidth(WIDTH))

    def _take_code(self) -> None:
        if self._sign_in:
            self._use_code.hide()
            self._sign_in.use_code()
        else:
            self.again_wanted.emit(True)

    def _give_up(self) -> None:
        if self._sign_in:
            self._sign_in.cancel()

    def _copy_address(self) -> None:
        QApplication.clipboard().setText(self._address)
        self.say(ADDRESS_COPIED)

    def _copy_the_code(self) -> None:
        QApplication.clipboard().setText(self._code.text())
        self.say(CODE_COPIED)
