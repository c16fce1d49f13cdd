import pytest
import shiboken6
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QMessageBox
from windows import ICON, is_shown

from confirmdesk.core.connections import Connection
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.paths import find_places, resource
from confirmdesk.core.settings import Settings
from confirmdesk.ui.application import Application, Options
from confirmdesk.ui.main_window import MainWindow
from confirmdesk.ui.theme import Theme


@pytest.fixture
def start(qapp, tmp_path):
    """The program up to its window, as the command starts it."""
    made = []

    def make() -> Application:
        qapp.setStyleSheet("")
        application = Application(qapp, Options(data_dir=tmp_path, theme="light"))
        made.append(application)
        return application

    yield make
    for application in made:
        if application.window:
            application.window.close()
            shiboken6.delete(application.window)
        application.close()


def test_the_window_is_dressed_when_it_is_painted_first(start, qapp, qtbot):
    application = start()
    application.open(practice=False)
    assert qapp.styleSheet()
    qtbot.waitUntil(lambda: is_shown(application.window, "Create a connection"))


def test_what_keeps_it_from_starting_is_told_in_a_dressed_box(start, qapp, tmp_path):
    find_places(tmp_path).settings_file.parent.joinpath("confirmdesk.log").mkdir()
    application = start()
    with pytest.raises(ConfirmdeskError) as caught:
        application.open(practice=False)
    box = application.tell_alone(caught.value.problem)
    assert isinstance(box, QMessageBox)
    assert "cannot be written" in box.text()
    assert qapp.styleSheet()
    box.close()


@pytest.mark.parametrize("connected", [True, False], ids=["connected", "welcome"])
def test_a_window_built_before_the_style_sheet_looks_like_any_other(qapp, qtbot, make_world, connected):
    def picture(dressed: bool) -> QImage:
        qapp.setStyleSheet("")
        theme = Theme(qapp, resource(ICON).parent, "light", dressed=dressed)
        world = make_world()
        if connected:
            shop = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "1example23456789")
            world.settings = Settings(connections=(shop,))
        window = MainWindow(world, theme, resource(ICON))
        theme.dress()
        with qtbot.waitSignal(window.painted):
            window.show()
        shown = window.grab().toImage()
        window.close()
        shiboken6.delete(window)
        shiboken6.delete(theme)
        return shown

    assert picture(dressed=False) == picture(dressed=True)
