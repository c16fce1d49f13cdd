"""The command `confirmdesk`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from confirmdesk.core.computer.core_dumps import leave_no_core_dump
from confirmdesk.core.computer.lock import DirectoryLock
from confirmdesk.core.computer.paths import find_places
from confirmdesk.core.product import COMMAND, NAME, product_version


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program; the exit status."""
    given = _parser().parse_args(arguments)
    if given.version:
        print(f"{NAME} {product_version()}")
        return 0
    leave_no_core_dump()
    if given.practice_server is not None:
        from confirmdesk.practice.__main__ import serve

        serve(given.practice_server)
    # A desktop is no EC2 instance: without this, missing credentials take seconds to be missed.
    os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
    no_display = sys.platform == "linux" and not any(
        map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    )
    if given.self_check:
        if no_display:
            os.environ["QT_QPA_PLATFORM"] = "offscreen"
        from confirmdesk.ui.self_check import print_self_check

        return print_self_check(given.data_dir, given.practice, given.connection)

    if no_display:
        print(f"{NAME} needs a display: start it from a desktop session.", file=sys.stderr)
        return 1
    # Before Qt: a window that is open already is in front in no time.
    directory = find_places(given.data_dir, given.practice).data
    lock = DirectoryLock(directory)
    if lock.is_elsewhere():
        from confirmdesk.core.computer.second_start import call_running_program

        if call_running_program(lock, directory, given.connection):
            return 0
    from confirmdesk.ui.application import Options, run

    return run(Options(given.practice, given.connection, given.data_dir, given.theme), lock)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(COMMAND, description="Resend Amazon Cognito confirmation codes.")
    parser.add_argument("--practice", action="store_true", help="open the practice pool; needs no AWS account")
    parser.add_argument("--connection", metavar="NAME", default="", help="open this saved connection")
    parser.add_argument("--data-dir", metavar="DIR", type=Path, help="keep settings and log under DIR")
    parser.add_argument("--theme", choices=("system", "light", "dark"), default="", help="appearance, this time only")
    parser.add_argument("--self-check", action="store_true", help="print as JSON whether the program can work here")
    # What the practice pool's own process is started with: an installed program has no other Python to start.
    parser.add_argument("--practice-server", metavar="USERS", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    return parser


if __name__ == "__main__":
    sys.exit(main())
