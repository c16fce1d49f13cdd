import os
import threading
from dataclasses import replace

import pytest
import shiboken6
from on_screen import box, boxes, is_shown, press, the, wait_for
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QComboBox, QMessageBox
from ui_fixtures import ICON

from confirmdesk.core.computer.lock import DirectoryLock
from confirmdesk.core.computer.paths import find_places, resource
from confirmdesk.core.computer.second_start import call_once
from confirmdesk.core.computer.settings import Settings, SettingsFile
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.ui.application import Application
from confirmdesk.ui.kit.theme import Theme
from confirmdesk.ui.main_window import MainWindow


@pytest.fixture
def start(qapp, make_application):
    def make() -> Application:
        qapp.setStyleSheet("")
        return make_application()

    return make


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def test_the_window_is_dressed_when_it_is_painted_first(start, qapp, qtbot):
    application = start()
    application.open(practice=False)
    assert qapp.styleSheet()
    qtbot.waitUntil(lambda: is_shown(application.window, "Create a connection"))


def test_what_keeps_it_from_starting_is_told_in_a_dressed_box(start, qapp, data):
    find_places(data).log_file.mkdir(parents=True)
    application = start()
    with pytest.raises(ConfirmdeskError) as caught:
        application.open(practice=False)
    box = application.tell_alone(caught.value.problem)
    assert isinstance(box, QMessageBox)
    assert "confirmdesk.log is a directory" in box.text()
    assert qapp.styleSheet()
    box.close()


@pytest.mark.skipif(os.name != "posix", reason="Windows tells rights otherwise")
def test_a_record_that_others_could_read_is_closed_and_told_once(start, qtbot, data):
    ledger = find_places(data).ledger_file
    data.mkdir(mode=0o700)
    ledger.touch()
    ledger.chmod(0o666)
    application = start()
    application.open(practice=False)
    told = box(qtbot, application.window)
    assert told.text().startswith("Others on this computer could read or change")
    assert ledger.stat().st_mode & 0o777 == 0o600
    assert "could read or change" in find_places(data).log_file.read_text()
    told.accept()
    wait_for(qtbot, lambda: application.session.ledger)
    application.close()
    again = start()
    again.open(practice=False)
    wait_for(qtbot, lambda: again.session.ledger)
    assert boxes(again.window) == []


@pytest.mark.parametrize("connected", [True, False], ids=["connected", "welcome"])
def test_a_window_built_before_the_style_sheet_looks_like_any_other(qapp, qtbot, make_session, connected):
    def picture(dressed: bool) -> QImage:
        qapp.setStyleSheet("")
        theme = Theme(qapp, resource(ICON).parent, "light", dressed=dressed)
        session = make_session()
        if connected:
            shop = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "1example23456789")
            session.settings = Settings(connections=(shop,))
        window = MainWindow(session, theme, resource(ICON))
        theme.dress()
        with qtbot.waitSignal(window.painted):
            window.show()
        shown = window.grab().toImage()
        window.close()
        shiboken6.delete(window)
        shiboken6.delete(theme)
        return shown

    assert picture(dressed=False) == picture(dressed=True)


# A second start


NOBODY = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "1example23456789", endpoint="http://127.0.0.1:9")


@pytest.fixture
def shop(start, qtbot, data) -> Application:
    """Open on the first of two connections; nobody answers at either."""
    staging = replace(NOBODY, name="Staging", pool_id="eu-west-1_Other", environment="Staging")
    SettingsFile(find_places(data).settings_file).save(Settings(connections=(NOBODY, staging)))
    application = start()
    application.open(practice=False)
    wait_for(qtbot, lambda: chosen(application).startswith("Shop"))
    wait_for(qtbot, (data / "open-program.json").exists)
    return application


def chosen(application: Application) -> str:
    return application.window.strip.choice.currentText()


def start_again(qtbot, directory, connection="") -> None:
    answered: list[bool] = []
    threading.Thread(target=lambda: answered.append(call_once(directory, connection, 10)), daemon=True).start()
    wait_for(qtbot, lambda: answered)
    assert answered == [True]


def test_a_second_start_brings_the_window_back(shop, qtbot, data):
    shop.window.showMinimized()
    start_again(qtbot, data)
    assert not shop.window.isMinimized()
    assert chosen(shop).startswith("Shop")


def test_a_second_start_opens_the_connection_that_it_names(shop, qtbot, data):
    start_again(qtbot, data, "Staging")
    assert chosen(shop).startswith("Staging")


@pytest.mark.parametrize("name", ["", "Shop"])
def test_a_second_start_for_what_is_shown_does_not_load_it_again(shop, qtbot, data, name):
    loads: list[object] = []
    shop.window.listing.started.connect(lambda: loads.append(name))
    start_again(qtbot, data, name)
    assert loads == []


@pytest.mark.parametrize("name", ["Staging", "Nobody"])
def test_a_dialog_keeps_its_connection(shop, qtbot, data, name):
    press(qtbot, shop.window, "Edit connection")
    (dialog,) = boxes(shop.window)
    start_again(qtbot, data, name)
    assert chosen(shop).startswith("Shop")
    assert boxes(shop.window) == [dialog]
    qtbot.waitUntil(dialog.isActiveWindow)


def test_a_page_that_waits_for_somebody_stays(shop, qtbot, data):
    # The look for interrupted runs, when it is over, would close the page as well.
    wait_for(qtbot, lambda: shop.session.ledger and not shop.tasks.is_busy())
    press(qtbot, shop.window, "History")
    wait_for(qtbot, lambda: is_shown(shop.window, "Delete history"))
    start_again(qtbot, data, "Staging")
    assert the(shop.window, "Delete history")
    assert the(shop.window, "Connection", QComboBox).currentText().startswith("Shop")


def test_a_connection_that_is_not_there_is_told_of(shop, qtbot, data):
    start_again(qtbot, data, "Nobody")
    assert "no connection called “Nobody”" in box(qtbot, shop.window).text()
    assert chosen(shop).startswith("Shop")


def test_nobody_can_call_before_the_window_is_painted_or_after_the_end(start, qtbot, data):
    application = start()
    application.open(practice=False)
    assert not (data / "open-program.json").exists()
    with qtbot.waitSignal(application.window.painted):
        pass
    assert (data / "open-program.json").exists()
    application.close()
    assert not (data / "open-program.json").exists()


def test_the_end_begins_with_second_starts(shop, data, monkeypatch):
    """What is still to be waited for would leave a second start without an answer."""
    shutdown, there = shop.tasks.shutdown, []

    def look_and_shut_down(patience: float) -> None:
        there.append((data / "open-program.json").exists())
        shutdown(patience)

    monkeypatch.setattr(shop.tasks, "shutdown", look_and_shut_down)
    shop.close()
    assert there == [False]


def test_the_practice_pool_is_not_called_for_the_other_session(shop, data):
    shop.open(practice=True)
    assert not (data / "open-program.json").exists()
    assert (data / "lock").exists()


def test_where_nobody_can_call_the_window_opens_all_the_same(start, qtbot, data):
    (data / "open-program.json" / "in the way").mkdir(parents=True)
    application = start()
    application.open(practice=False)
    qtbot.waitUntil(lambda: is_shown(application.window, "Create a connection"))
    wait_for(qtbot, lambda: "No second start can call" in find_places(data).log_file.read_text())


def test_a_practice_pool_that_is_open_elsewhere_is_said_and_this_window_stays(start, qtbot, data):
    application = start()
    application.open(practice=False)
    window = application.window
    places = find_places(data, practice=True)
    places.create()
    elsewhere = DirectoryLock(places.data)
    elsewhere.take()
    press(qtbot, window, "Try the practice pool")
    assert "already open" in box(qtbot, window).text()
    assert application.window is window
    elsewhere.release()
