"""The file dialogs of a Linux desktop in place of Qt's: settled when Qt's application is made, and never again."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from confirmdesk.core.computer.file_dialogs import lends_file_dialogs

THEME = "QT_QPA_PLATFORMTHEME"


@contextmanager
def own_file_dialogs() -> Iterator[None]:
    """Around the making of the Qt application: files are then chosen in this desktop's dialogs, where it lends them.

    A variable of the environment says so, which the programs that are started from here must not inherit.
    """
    lent = sys.platform == "linux" and THEME not in os.environ and lends_file_dialogs(os.environ)
    if lent:
        os.environ[THEME] = "xdgdesktopportal"
    try:
        yield
    finally:
        if lent:
            del os.environ[THEME]
