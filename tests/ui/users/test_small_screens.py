"""At 200 per cent on a screen of 1024 x 600, less the frame that a window manager adds."""

import pytest
from on_screen import line, show, the
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea
from samples import JANE, LI, NOW, PEOPLE

from confirmdesk.core.cognito.lookup import Found
from confirmdesk.core.errors import Problem
from confirmdesk.core.people.users import User
from confirmdesk.ui.users.lookup_dialog import LookupDialog
from confirmdesk.ui.users.panel import UsersPanel
from confirmdesk.ui.users.person_dialog import PersonDialog

ROOM = (1016, 560)


@pytest.fixture(params=[100, 200])
def zoom(request, theme):
    theme.set_zoom(request.param)
    return request.param


def settle():
    for _ in range(5):
        QApplication.processEvents()


def area_of(dialog, widget):
    """Where `widget` is in `dialog`."""
    return QRect(widget.mapTo(dialog, QPoint(0, 0)), widget.size())


def facts_of(user: User):
    return [
        (heading, user.label) for heading in ("E-mail", "Name", "Phone", "Username", "Signed up", "Channel", "Notes")
    ]


def test_the_buttons_of_a_person_are_in_sight(qtbot, host, zoom):
    dialog = PersonDialog(host, JANE, facts_of(JANE))
    least = dialog.minimumSizeHint()
    dialog.resize(*ROOM)
    show(qtbot, dialog)
    settle()
    assert least.width() <= ROOM[0]
    assert least.height() <= ROOM[1]
    assert dialog.rect().contains(area_of(dialog, the(dialog, "Send code", QPushButton)))


def test_the_buttons_of_the_look_up_are_in_sight_and_so_is_what_helps(qtbot, host, zoom):
    dialog = LookupDialog(host, JANE.email)
    show(qtbot, dialog)
    dialog.show_found(Found(near=(LI,), problem=Problem("Several words. " * 6)))
    if zoom == 200:
        dialog.resize(*ROOM)
    settle()
    assert dialog.minimumSizeHint().height() <= ROOM[1]
    assert dialog.rect().contains(area_of(dialog, the(dialog, "Pick this person", QPushButton)))
    assert line(dialog, "What helps this person")
    if zoom == 100:
        assert not dialog.findChild(QScrollArea).verticalScrollBar().isVisible()


def test_nobody_is_said_below_the_headings(qtbot, theme):
    panel = UsersPanel(theme, lambda: NOW)
    theme.set_zoom(200)
    panel.resize(960, 400)
    show(qtbot, panel)
    panel.loading_started()
    panel.add_page(PEOPLE)
    panel.loading_finished()
    panel.filters.search.setText("nobody at all")
    settle()
    table = the(panel, "Unconfirmed users")
    headings = area_of(panel, table.horizontalHeader())
    (sentence,) = [w for w in panel.findChildren(QLabel) if w.isVisible() and "Nobody unconfirmed" in w.text()]
    assert area_of(panel, sentence).top() >= headings.bottom()
