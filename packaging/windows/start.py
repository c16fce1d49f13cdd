"""Where an installed program starts, on Windows: run by launcher.c as the module confirmdesk_start."""

import ctypes
import os
import sys

# What starts the practice server looks here: sys.executable is the program itself, and no Python.
sys.frozen = "embedded"  # type: ignore[attr-defined]

PRINTING = {"--version", "--self-check", "--help", "-h"}
PARENT, BOX = -1, 0x10  # ATTACH_PARENT_PROCESS; MB_OK | MB_ICONERROR


def main() -> int:
    """Run the program; the exit status."""
    silent = sys.stdout is None and sys.stderr is None
    if silent:
        _give_voice(bool(PRINTING.intersection(sys.argv[1:])))
    try:
        from confirmdesk.__main__ import main as run

        return run()
    except Exception:
        # A double click that does nothing at all is the worst answer. Scripts get the exit status, and no box.
        if silent and not PRINTING.intersection(sys.argv[1:]):
            text = (
                "Confirmdesk could not start.\n\nPlease install it again; if that does not help, ask an administrator."
            )
            ctypes.windll.user32.MessageBoxW(None, text, "Confirmdesk", BOX)  # type: ignore[attr-defined]
            return 1
        raise


def _give_voice(printing: bool) -> None:
    """A window program has no output. What it was asked to print goes to the console it was started from, where there
    is one; libraries that write something all the same must not fail."""
    # Not without need: who is attached to a console dies with it.
    attached = printing and ctypes.windll.kernel32.AttachConsole(PARENT)  # type: ignore[attr-defined]
    name = "CONOUT$" if attached else os.devnull
    sys.stdout = sys.stderr = open(name, "w", encoding="utf-8", buffering=1, errors="replace")  # noqa: SIM115


if __name__ == "__main__":
    sys.exit(main())
