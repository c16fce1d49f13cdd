"""How somebody arranges the window, by keys and by mouse, and finds it again after a restart."""

import subprocess
import sys
from dataclasses import replace

import pytest
from on_screen import cells, column, is_shown, opened, press, the, wait_for, wait_loaded
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QScrollArea, QSplitter, QTableView, QWidget

from confirmdesk.core.computer.settings import Settings, SettingsFile
from confirmdesk.core.computer.view import ColumnView, View
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.review_dialog import ReviewDialog
from confirmdesk.ui.users.model import UserColumn

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier
PEOPLE = "Unconfirmed users"


def hit(qtbot, window, *keys):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget() or window, key, CONTROL)
    QApplication.processEvents()


@pytest.fixture
def restart(qtbot, practice_session, make_window):
    """Close the window and open it again, with what is in the file of the settings and nothing else."""

    def restart(window):
        window.close()
        settings, problem = SettingsFile(practice_session.places.settings_file).load()
        assert problem is None
        practice_session.settings = replace(practice_session.settings, view=settings.view)
        again = make_window(practice_session)
        again.resize(window.size())  # the screen of tests is too small for it
        wait_loaded(qtbot, again)
        return again

    return restart


def rows(window, name=PEOPLE):
    return the(window, name, QTableView).verticalHeader().defaultSectionSize()


def text(window, name="User counts"):
    return the(window, name, QLabel).fontMetrics().height()


# Zoom


def test_rows_text_and_paddings_follow_the_zoom_and_return(qtbot, desk):
    desk.resize(2000, 900)  # where the panel does not fold
    counts, row, high = text(desk), rows(desk), the(desk, "Pick all shown", QPushButton).sizeHint().height()
    fields, key = rows(desk, "Client metadata"), the(desk, "Client metadata", QTableView).columnWidth(0)
    lengths = heights(desk)
    hit(qtbot, desk, Key.Key_Plus, Key.Key_Equal, Key.Key_Plus)
    assert rows(desk) == 52
    assert text(desk) > 1.4 * counts
    assert the(desk, "Pick all shown", QPushButton).sizeHint().height() > 1.4 * high
    hit(qtbot, desk, Key.Key_Minus)
    assert rows(desk) < 52
    hit(qtbot, desk, Key.Key_0)
    assert (rows(desk), text(desk)) == (row, counts)
    assert heights(desk) == lengths
    hit(qtbot, desk, Key.Key_Minus, Key.Key_Minus, Key.Key_Plus, Key.Key_Plus)
    assert heights(desk) == lengths
    assert (rows(desk, "Client metadata"), the(desk, "Client metadata", QTableView).columnWidth(0)) == (fields, key)


def heights(window):
    settle()
    return {
        widget.accessibleName(): widget.height()
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.accessibleName()
    }


def test_zoom_ends_at_80_and_at_200_per_cent(qtbot, desk, theme):
    hit(qtbot, desk, *[Key.Key_Minus] * 9)
    assert theme.zoom == 80
    hit(qtbot, desk, *[Key.Key_Plus] * 20)
    assert theme.zoom == 200


def test_the_zoom_is_remembered_at_once(qtbot, desk, practice_session):
    hit(qtbot, desk, Key.Key_Plus)
    file = SettingsFile(practice_session.places.settings_file)
    wait_for(qtbot, lambda: file.load()[0].view.zoom == 110)


def test_what_opens_later_is_as_large(qtbot, desk):
    hit(qtbot, desk, *[Key.Key_Plus] * 3)
    desk.work.users.model.pick_all_shown()
    press(qtbot, desk, "Review and send")
    review = opened(qtbot, desk, ReviewDialog)
    assert rows(review, "Recipients") == 52
    press(qtbot, review, "Cancel")


def test_the_window_stays_of_use_at_200_per_cent_on_a_small_screen(qtbot, desk):
    """Everything can be reached, nothing lies on anything else, and the environment is a whole word."""
    desk.resize(1016, 560)
    hit(qtbot, desk, *[Key.Key_Plus] * 9)
    settle()
    assert desk.width() == 1016
    review, people = the(desk, "Review and send"), the(desk, PEOPLE)
    (pages,) = [area for area in desk.findChildren(QScrollArea) if area.isAncestorOf(review)]
    pages.ensureWidgetVisible(review)
    assert right(review, desk) <= 1016
    assert people.height() >= 3 * rows(desk)
    (word,) = [label for label in desk.findChildren(QLabel) if label.text() == "PRACTICE" and label.isVisible()]
    # In wide fonts it may lose some of the room around it.
    assert word.width() >= word.fontMetrics().horizontalAdvance(word.text()) + 8
    assert not is_shown(desk, "Edit connection")
    assert [action.text() for action in the(desk, "More", QPushButton).menu().actions() if action.isVisible()][3:5] == [
        "Edit connection…",
        "New connection…",
    ]
    hit(qtbot, desk, Key.Key_0)
    settle()
    assert is_shown(desk, "Edit connection")


def settle():
    for _ in range(5):
        QApplication.processEvents()


def right(widget, window):
    return widget.mapTo(window, widget.rect().topRight()).x()


def test_results_lie_beside_one_another_at_200_per_cent(qtbot, desk):
    desk.resize(1016, 560)
    hit(qtbot, desk, *[Key.Key_Plus] * 9)
    model = desk.work.users.model
    model.pick([user.username for user in model.users() if user.email == "just.now@example.com"])
    press(qtbot, desk, "Review and send")
    press(qtbot, opened(qtbot, desk, ReviewDialog), "Send codes")
    wait_for(qtbot, lambda: desk.sending.stage is Stage.OVER)
    settle()
    causes, people = the(desk, "Run results"), the(desk, "Run recipients")
    assert causes.height() >= 3 * rows(desk, "Run results")
    assert causes.mapTo(desk, causes.rect().bottomLeft()).y() < people.mapTo(desk, QPoint(0, 0)).y()


# After a restart


def test_order_columns_and_panel_are_as_they_were(qtbot, desk, restart):
    desk.resize(1400, 800)
    table = the(desk, PEOPLE, QTableView)
    header = table.horizontalHeader()
    for _ in range(2):
        qtbot.mouseClick(header.viewport(), LEFT, pos=QPoint(header.sectionViewportPosition(UserColumn.NAME) + 30, 10))
    table.header.show_view((ColumnView("NOTES", 200), ColumnView("EMAIL"), ColumnView("CHANNEL", hidden=True)))
    press(qtbot, desk, "Show client metadata")
    order = column(desk, PEOPLE, "Name")
    again = restart(desk)
    assert again.work.users.model.sorted_by() == (UserColumn.NAME, Qt.SortOrder.DescendingOrder)
    assert column(again, PEOPLE, "Name") == order
    table = the(again, PEOPLE, QTableView)
    assert table.columnWidth(UserColumn.NOTES) == 200
    assert table.horizontalHeader().visualIndex(UserColumn.NOTES) == 1
    assert table.isColumnHidden(UserColumn.CHANNEL)
    assert not is_shown(again, "Client metadata")
    press(qtbot, again, "Show client metadata")
    assert is_shown(restart(again), "Client metadata")


def test_the_panel_folds_by_itself_in_a_narrow_window_and_that_is_not_remembered_for_wide_ones(qtbot, desk, restart):
    desk.resize(1000, 700)
    assert not is_shown(desk, "Client metadata")
    press(qtbot, desk, "Show client metadata")
    assert is_shown(desk, "Client metadata")
    again = restart(desk)
    assert again.width() == 1000
    assert is_shown(again, "Client metadata")
    again.resize(1400, 700)
    assert is_shown(again, "Client metadata")


def drag_handle(qtbot, splitter, pixels):
    handle = splitter.handle(1)
    middle = handle.rect().center()
    qtbot.mousePress(handle, LEFT, pos=middle)
    qtbot.mouseMove(handle, middle + pixels)
    qtbot.mouseRelease(handle, LEFT, pos=middle + pixels)


def test_the_side_panel_is_as_wide_as_somebody_made_it(qtbot, desk, restart):
    desk.resize(1400, 800)
    (splitter,) = [s for s in desk.work.findChildren(QSplitter) if s.orientation() == Qt.Orientation.Horizontal]
    drag_handle(qtbot, splitter, QPoint(-120, 0))
    width = the(desk, "Client metadata").width()
    assert width > 380
    again = restart(desk)
    assert abs(the(again, "Client metadata").width() - width) <= 2


def test_the_tables_of_the_history_keep_their_shares(qtbot, desk, restart):
    def open_history(window):
        press(qtbot, window, "History")
        wait_for(qtbot, lambda: cells(window, "Run recipients"))
        (splitter,) = [s for s in window.findChildren(QSplitter) if s.isVisible()]
        return splitter

    model = desk.work.users.model
    model.pick([user.username for user in model.users() if user.email == "just.now@example.com"])
    press(qtbot, desk, "Review and send")
    press(qtbot, opened(qtbot, desk, ReviewDialog), "Send codes")
    wait_for(qtbot, lambda: desk.sending.stage is Stage.OVER)
    press(qtbot, desk, "Close run")
    wait_loaded(qtbot, desk)
    drag_handle(qtbot, open_history(desk), QPoint(0, 60))
    high = the(desk, "Runs").height()
    again = restart(desk)
    open_history(again)
    assert abs(the(again, "Runs").height() - high) <= 2


def test_a_view_that_makes_no_sense_is_as_at_a_first_start(qtbot, practice_session, make_window, theme):
    view = View("SHOE_SIZE", columns=(ColumnView("SHOE_SIZE", 90), ColumnView("EMAIL", hidden=True)), side=3999)
    practice_session.settings = replace(practice_session.settings, view=view)
    window = make_window(practice_session)
    window.resize(1280, 800)
    wait_loaded(qtbot, window)
    assert window.work.users.model.sorted_by() == (UserColumn.SIGNED_UP, Qt.SortOrder.DescendingOrder)
    assert not the(window, PEOPLE, QTableView).isColumnHidden(UserColumn.EMAIL)
    assert the(window, PEOPLE).width() > 500


def test_practice_is_arranged_by_itself(tmp_path, make_application, qtbot):
    SettingsFile(tmp_path / "data" / "settings.json").save(Settings(view=View(zoom=150)))
    application = make_application()
    application.open(practice=False)
    assert application.window.font().pixelSize() == 20
    application.open(practice=True)
    assert application.window.font().pixelSize() == 13
    hit(qtbot, application.window, Key.Key_Minus)
    application.open(practice=False)
    assert application.window.font().pixelSize() == 20
    assert application.session.settings.view.zoom == 150


START = """
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from confirmdesk.ui.application import Application, Options

app = QApplication([])
application = Application(app, Options(data_dir=Path(sys.argv[1])))
application.open(practice=False)
app.processEvents()
for name in ("Create a connection", "Search users", "Unconfirmed users"):
    found = next(w for w in application.window.findChildren(QWidget) if w.accessibleName() == name)
    print(found.font().pixelSize())
application.close()
"""


def test_a_fresh_start_has_all_text_as_large_as_it_was_left(tmp_path):
    SettingsFile(tmp_path / "settings.json").save(Settings(view=View(zoom=150)))
    # In a process of its own: here an event loop has run before, and Qt tells windows of another font only then.
    command = [sys.executable, "-c", START, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["20", "20", "20"]
