"""What the program is and where it keeps things."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from confirmdesk.core.paths import Places
from confirmdesk.core.product import NAME, product_version
from confirmdesk.core.text import plain
from confirmdesk.ui.messages import show_fact


def show_log(places: Places) -> None:
    """Open the log file with whatever this desktop opens text with."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(places.log_file)))


def show_about(window: QWidget, places: Places) -> None:
    """Version, licences and the data directory."""
    where = f"Settings, the record of sent codes and the log file are in {plain(str(places.data), 200)}."
    show_fact(window, f"{NAME} {product_version()}", f"{where} MIT licence; Qt under the LGPL.")
