"""Web pages, files and folders, opened with what this computer's person would open them with."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from confirmdesk.core.errors import ConfirmdeskError, failure
from confirmdesk.core.other_programs import environment_for_others

# In seconds: a helper that has not ended by then has found a browser and waits for it.
PATIENCE = 5.0
# Of Linux desktops, the first that does it. Browsers in a terminal are none: nobody sees that terminal.
_FILE_HELPERS = (("xdg-open",), ("gio", "open"))
_BROWSERS = (*_FILE_HELPERS, ("sensible-browser",), ("x-www-browser",))


def open_browser(address: str) -> None:
    """Open `address` in the web browser. In a worker: it may take PATIENCE seconds, for each helper of a desktop.

    Raises ConfirmdeskError where none could be opened, as far as can be told.
    """
    if not address.startswith(("https://", "http://")):
        raise _unopened("It is no address of a web page.")
    if not _opened(address, _BROWSERS):
        raise _unopened("")


def open_path(path: Path) -> bool:
    """Open the file or folder `path` with the program for its kind; False where none could be opened, as far as can be
    told. In a worker, as `open_browser`."""
    return _opened(str(path.absolute()), _FILE_HELPERS)


def _opened(what: str, helpers: tuple[tuple[str, ...], ...]) -> bool:
    if sys.platform == "win32":
        return _by_windows(what)
    if sys.platform == "darwin":
        helpers = (("open",),)
    environment = environment_for_others()
    return any(_opened_by([*helper, what], environment) for helper in helpers)


def _opened_by(command: list[str], environment: dict[str, str]) -> bool:
    quiet = subprocess.DEVNULL
    try:
        helper = subprocess.Popen(  # noqa: S603 (one of a few programs of the desktop, and no shell)
            command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True
        )
    except OSError:
        return False
    try:
        return helper.wait(PATIENCE) == 0
    except subprocess.TimeoutExpired:
        return True


def _by_windows(what: str) -> bool:
    if sys.platform == "win32":
        try:
            os.startfile(what)  # noqa: S606 (a web page or a file that is shown, and no shell)
        except OSError:
            return False
    return True


def _unopened(details: str) -> ConfirmdeskError:
    return failure("No web browser could be opened.", "Copy the address and open it in a browser.", details)
