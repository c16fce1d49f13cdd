"""This computer's web browser, opened as its person would open it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from confirmdesk.core.errors import failure

# In seconds: a helper that has not ended by then has found a browser and waits for it.
PATIENCE = 5.0
# Of Linux desktops, the first that does it. Browsers in a terminal are none: nobody sees that terminal.
_HELPERS = (("xdg-open",), ("gio", "open"), ("sensible-browser",), ("x-www-browser",))


def open_browser(address: str) -> None:
    """Open `address` in the web browser. In a worker: it may take PATIENCE seconds, for each helper of a desktop.

    Raises ConfirmdeskError where none could be opened, as far as can be told.
    """
    if not address.startswith(("https://", "http://")):
        raise _unopened("It is no address of a web page.")
    if sys.platform == "win32":
        _by_windows(address)
        return
    helpers = (("open",),) if sys.platform == "darwin" else _HELPERS
    environment = environment_of_others(os.environ, _frozen_folder())
    if not any(_opened_by([*helper, address], environment) for helper in helpers):
        raise _unopened("")


def environment_of_others(environment: Mapping[str, str], frozen: Path | None) -> dict[str, str]:
    """`environment` as it was before this program was started, for programs that are none of its own.

    A frozen program leads its libraries to the folder `frozen`, and a browser that finds them there does not start.
    https://pyinstaller.org/en/stable/common-issues-and-pitfalls.html#launching-external-programs-from-the-frozen-application
    """
    if frozen is None:
        return dict(environment)
    kept = {}
    for name, value in environment.items():
        if name.endswith("_ORIG") and name.removesuffix("_ORIG") in environment:
            continue
        before = environment.get(f"{name}_ORIG")
        if before is not None:
            kept[name] = before
        elif str(frozen) not in value and name != "LD_LIBRARY_PATH":
            kept[name] = value
    return kept


def _frozen_folder() -> Path | None:
    return Path(sys.executable).parent if getattr(sys, "frozen", False) else None


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


def _by_windows(address: str) -> None:
    if sys.platform == "win32":
        try:
            os.startfile(address)  # noqa: S606 (a web page, and no shell)
        except OSError as error:
            raise _unopened(error.strerror or "") from None


def _unopened(details: str) -> Exception:
    return failure("No web browser could be opened.", "Copy the address and open it in a browser.", details)
