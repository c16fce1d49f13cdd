"""At the sizes that people have, nothing of ours is cut, elided or under something else, in any window."""

from collections.abc import Iterator
from itertools import combinations

import pytest
from on_screen import opened, press, the, wait_for
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QWidget,
)
from ui_fixtures import set_text_width

from confirmdesk.core.aws.questions import CodeQuestion, ProgramWait
from confirmdesk.core.computer.settings import Template
from confirmdesk.core.connections.connection import PRODUCTION, Connection
from confirmdesk.core.errors import Problem
from confirmdesk.core.sign_in.steps import Stage as SignInStage
from confirmdesk.core.sign_in.steps import Step
from confirmdesk.ui.about.dialog import AboutDialog
from confirmdesk.ui.connections.dialog import ConnectionDialog
from confirmdesk.ui.kit.eliding import ElidedButton, ElidedLabel
from confirmdesk.ui.kit.labels import StatusLine
from confirmdesk.ui.kit.messages import ask
from confirmdesk.ui.kit.theme import SMALL_PIXELS
from confirmdesk.ui.metadata.template_bar import NameDialog
from confirmdesk.ui.practice.outbox_window import OutboxWindow
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.production_question import ProductionQuestion
from confirmdesk.ui.sending.put_back_question import PutBackQuestion
from confirmdesk.ui.sending.review_dialog import ReviewDialog
from confirmdesk.ui.settings.dialog import SettingsDialog
from confirmdesk.ui.sign_in.dialog import SignInDialog
from confirmdesk.ui.sign_in.mfa_dialog import MfaDialog
from confirmdesk.ui.sign_in.waiting import WaitingDialog
from confirmdesk.ui.users.lookup_dialog import LookupDialog
from confirmdesk.ui.users.person_dialog import PersonDialog

# Less the frame that a window manager adds.
SIZES = [QSize(1016, 560), QSize(1272, 760)]
LEAST_LETTERS = 10
PARTS = (QAbstractButton, QLabel, QLineEdit, QComboBox)


@pytest.fixture(params=SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
def sized(request, qapp, theme, desk):
    set_text_width(qapp)
    desk.resize(request.param)
    desk.work.show_templates([Template("Resend after an incident in the morning", (("a", "1"),))])
    QApplication.processEvents()
    yield desk
    for dialog in desk.findChildren(QDialog):
        dialog.close()  # a dialog that stays covers the windows of other tests too


def parts(window: QWidget) -> list[QWidget]:
    found = [w for w in window.findChildren(QWidget) if isinstance(w, PARTS) and w.isVisible()]
    inner = (QAbstractItemView, QComboBox, QLineEdit)
    found = [w for w in found if w.window() is window and not isinstance(w.parent(), inner)]
    # A line that says nothing at the moment only keeps its place.
    return [w for w in found if not isinstance(w, QLabel) or w.text().strip()]


def name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton | QLabel) else ""
    return f"{type(widget).__name__} “{widget.accessibleName() or text}”"


def seen(widget: QWidget) -> QSize:
    """How much of `widget` nothing around it cuts off; what a page can be scrolled to counts as seen."""
    rect, place, scrolled = widget.rect(), widget, False
    while not place.isWindow():
        parent = place.parentWidget()
        rect = rect.translated(place.pos())
        scrolled = scrolled or isinstance(parent.parent(), QScrollArea)
        room = parent.rect()
        if scrolled:
            room = QRect(room.left(), rect.top(), room.width(), rect.height())
        rect, place = rect & room, parent
    return rect.size()


def cut(window: QWidget) -> Iterator[str]:
    for part in parts(window):
        if seen(part) != part.size():
            yield f"{name(part)}: {seen(part)} of {part.size()} is seen"


def too_narrow(window: QWidget) -> Iterator[str]:
    """Buttons and headings of ours are short: they are read whole."""
    for part in parts(window):
        if isinstance(part, ElidedButton) and part.is_cut():
            yield f"{name(part)} has {part.width()} pixels of {part.sizeHint().width()}"
        fixed = isinstance(part, ElidedLabel) and part.property("kind") in ("title", "heading", "environment")
        if fixed and part.shown_text() != part.text():
            yield f"{name(part)} reads {part.shown_text()}"
        if type(part) is QLabel and part.text() and not part.wordWrap() and part.width() < part.sizeHint().width():
            yield f"{name(part)} has {part.width()} pixels of {part.sizeHint().width()}"


def unreadable(window: QWidget) -> Iterator[str]:
    """A line that changes may be long; a letter or two of it help nobody. Headings of columns are words of ours."""
    for part in parts(window):
        one_line = isinstance(part, StatusLine) and not part.wordWrap()
        if one_line and len(part.shown_text()) < min(LEAST_LETTERS, len(part.text())):
            yield f"{name(part)} reads {part.shown_text()}"
    for table in window.findChildren(QTableView):
        header, model = table.horizontalHeader(), table.model()
        font = QFont(header.font())
        font.setPixelSize(SMALL_PIXELS)
        for at in range(model.columnCount()) if table.isVisible() else ():
            text = model.headerData(at, Qt.Orientation.Horizontal) or ""
            room = header.sectionSize(at) - 16
            if not header.isSectionHidden(at) and QFontMetrics(font).horizontalAdvance(text) > room:
                yield f"The heading {text} of {table.accessibleName()} has {room} pixels"


def on_one_another(window: QWidget) -> Iterator[str]:
    for one, other in combinations(parts(window), 2):
        if one.parent() is other.parent() and one.geometry().intersects(other.geometry()):
            yield f"{name(one)} and {name(other)} are at the same place"


def too_low(window: QWidget) -> Iterator[str]:
    """What wraps has a line for each of its lines."""
    for part in parts(window):
        if isinstance(part, QLabel) and part.wordWrap() and part.height() < part.heightForWidth(part.width()):
            yield f"{name(part)} is {part.height()} pixels high and needs {part.heightForWidth(part.width())}"


def behind_what_does_it(window: QWidget) -> Iterator[str]:
    """The button that does what a dialog is for stands at the end of its row, in every dialog."""
    if isinstance(window, QDialog):
        shown = [part for part in parts(window) if isinstance(part, QPushButton)]
        places = {part: part.mapTo(window, part.rect().center()) for part in shown}
        for main in (part for part in shown if part.property("kind") == "primary"):
            row = [part for part in shown if abs(places[part].y() - places[main].y()) < main.height() // 2]
            yield from (f"{name(p)} stands behind {name(main)}" for p in row if places[p].x() > places[main].x())


def check(window: QWidget) -> None:
    for _ in range(5):  # one layout makes room for the next
        QApplication.processEvents()
    found = [
        *cut(window),
        *too_narrow(window),
        *unreadable(window),
        *behind_what_does_it(window),
        *on_one_another(window),
        *too_low(window),
    ]
    assert not found, "\n".join(found)


def review(qtbot, window, *emails):
    model = window.work.users.model
    model.pick([user.username for user in model.users() if user.email in emails])
    press(qtbot, window, "Review and send")
    return opened(qtbot, window, ReviewDialog)


def test_the_list(sized):
    check(sized)


def test_the_list_between_two_times(sized):
    the(sized, "Signed up", QComboBox).setCurrentText("Between…")
    check(sized)


def test_the_list_with_a_search_and_picks(sized):
    the(sized, "Search users", QLineEdit).setText("example.com")
    sized.work.users.model.pick_all_shown()
    check(sized)


def test_an_address_that_is_searched_for_can_be_read(sized, qtbot):
    fold = the(sized, "Show client metadata", QAbstractButton)
    for _ in range(2):
        assert the(sized, "Search users", QLineEdit).width() >= 200
        qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)


def test_the_list_with_and_without_the_metadata(sized, qtbot):
    fold = the(sized, "Show client metadata", QAbstractButton)
    qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    check(sized)
    if not fold.isChecked():
        qtbot.mouseClick(fold, Qt.MouseButton.LeftButton)
    press(qtbot, sized, "Advanced")
    check(sized)


def test_the_strip_of_production(sized):
    long = Connection("Shop of Europe", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client", environment=PRODUCTION)
    sized.strip.show_connections([long], long.name)
    check(sized)


def test_the_review_the_run_and_the_history(sized, qtbot):
    dialog = review(qtbot, sized, "just.now@example.com", "disabled.dora@example.org")
    check(dialog)
    press(qtbot, dialog, "Send codes")
    wait_for(qtbot, lambda: sized.sending.stage is Stage.OVER)
    check(sized)
    press(qtbot, sized, "Close run")
    press(qtbot, sized, "History")
    check(sized)


@pytest.mark.parametrize(
    ("button", "kind"),
    [("Edit connection", ConnectionDialog), ("New connection", ConnectionDialog), ("Practice outbox", OutboxWindow)],
)
def test_a_dialog(sized, qtbot, button, kind):
    press(qtbot, sized, button)
    check(opened(qtbot, sized, kind))


def test_the_lookup(sized, qtbot):
    the(sized, "Search users", QLineEdit).setText("edith")
    press(qtbot, sized, "Look in the whole pool")
    check(opened(qtbot, sized, LookupDialog))


def test_a_person(sized, qtbot):
    table = sized.work.users.table
    table.setFocus()
    table.focus_row(0)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    check(opened(qtbot, sized, PersonDialog))


def test_the_name_of_a_template(sized, qtbot):
    if sized.width() > 1100:
        sized.work.metadata.model.replace([("a", "1")])
        press(qtbot, sized, "Save template")
        check(opened(qtbot, sized, NameDialog))


def test_about(sized, qtbot):
    sized.strip.about_requested.emit()
    check(opened(qtbot, sized, AboutDialog))


@pytest.mark.parametrize("kind", [ProductionQuestion, PutBackQuestion])
def test_a_question(sized, kind):
    dialog = kind(sized, "Shop of Europe", 1000) if kind is ProductionQuestion else kind(sized, 12)
    dialog.open()
    check(dialog)


def test_a_message(sized):
    check(ask(sized, "Delete the template?", "The fields stay as they are.", "Delete template", lambda: None))


def test_the_settings(sized, qtbot):
    sized.strip.settings_requested.emit()
    check(opened(qtbot, sized, SettingsDialog))


ADDRESS = "https://oidc.eu-west-1.amazonaws.com/authorize?client_id=abc&redirect_uri=http%3A%2F%2F127.0.0.1%3A4711"
COMPARE = "Compare the code with the one in the browser, and allow it there."
WAITING = Step(SignInStage.IN_BROWSER, "The browser is open: sign in there, and allow it.", ADDRESS)
CODE = Step(SignInStage.BY_CODE, COMPARE, ADDRESS, "ABCD-EFGH")


@pytest.mark.parametrize("step", [WAITING, CODE], ids=["browser", "code"])
def test_a_sign_in(sized, theme, step):
    dialog = SignInDialog(sized, theme, "https://d-9267abcdef.awsapps.com/start")
    dialog.open()
    dialog.show_step(step, can_use_code=not step.code)
    check(dialog)
    dialog.show_failed(Problem("The sign-in was not allowed in the browser.", "Try again.", ADDRESS), can_use_code=True)
    check(dialog)


@pytest.mark.parametrize("refused", ["", "MultiFactorAuthentication failed with invalid MFA one time pass code."])
def test_a_code_of_a_device(sized, refused):
    question = CodeQuestion("support", "arn:aws:iam::123456789012:mfa/jane")
    dialog = MfaDialog(sized, question)
    dialog.open()
    if refused:
        question.refused = refused
        dialog.ask_again()
    check(dialog)


def test_waiting_for_a_program(sized):
    dialog = WaitingDialog(sized, ProgramWait("company-keys"))
    dialog.show()
    check(dialog)


@pytest.mark.parametrize("way", ["AWS access portal", "AWS profile"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size.width()}x{size.height()}")
def test_the_first_connection(qapp, theme, make_session, make_window, qtbot, size, way):
    set_text_width(qapp)
    window = make_window(make_session())
    window.resize(size)
    check(window)
    press(qtbot, window, "Create a connection")
    dialog = opened(qtbot, window, ConnectionDialog)
    the(dialog, "Sign-in", QComboBox).setCurrentText(way)
    check(dialog)
    dialog.reject()
