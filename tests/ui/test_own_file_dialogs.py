import os
import sys

import pytest
from lending_desktop import GTK, file_chooser_on, lending_desktop

from confirmdesk.ui.own_file_dialogs import THEME, own_file_dialogs

__all__ = ["lending_desktop"]
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Windows and macOS have one desktop each")


@pytest.mark.parametrize(("name", "theme"), [("GNOME", "xdgdesktopportal"), ("fluxbox", None)])
def test_files_are_chosen_in_the_desktops_dialogs_where_it_lends_them(lending_desktop, monkeypatch, name, theme):
    monkeypatch.delenv(THEME, raising=False)
    environment = lending_desktop(name, service="", gtk=GTK)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    with file_chooser_on(environment["DBUS_SESSION_BUS_ADDRESS"]), own_file_dialogs():
        assert os.environ.get(THEME) == theme
    # The file manager that shows an export's folder keeps its own looks.
    assert THEME not in os.environ


def test_who_chose_qts_theme_keeps_it(monkeypatch):
    monkeypatch.setenv(THEME, "qt6ct")
    with own_file_dialogs():
        assert os.environ[THEME] == "qt6ct"
    assert os.environ[THEME] == "qt6ct"
