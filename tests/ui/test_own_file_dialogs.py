import os
import sys

import pytest

from confirmdesk.ui.display import THEME, own_file_dialogs

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Windows and macOS have one desktop each")


@pytest.mark.parametrize(("desktop", "theme"), [("GNOME", "xdgdesktopportal"), ("fluxbox", None)])
def test_files_are_chosen_in_the_desktops_dialogs_where_it_lends_them(tmp_path, monkeypatch, desktop, theme):
    service = tmp_path / "dbus-1/services/org.freedesktop.portal.Desktop.service"
    portal = tmp_path / "xdg-desktop-portal/portals/gtk.portal"
    for file in (service, portal):
        file.parent.mkdir(parents=True)
        file.write_text("[portal]\nInterfaces=org.freedesktop.impl.portal.FileChooser\nUseIn=gnome\n")
    monkeypatch.delenv(THEME, raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", desktop)
    with own_file_dialogs():
        assert os.environ.get(THEME) == theme
    # The file manager that shows an export's folder keeps its own looks.
    assert THEME not in os.environ


def test_who_chose_qts_theme_keeps_it(monkeypatch):
    monkeypatch.setenv(THEME, "qt6ct")
    with own_file_dialogs():
        assert os.environ[THEME] == "qt6ct"
    assert os.environ[THEME] == "qt6ct"
