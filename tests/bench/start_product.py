"""The whole command up to its first painted window. What it does next is to import boto3 and list, so it ends there."""

import sys

from confirmdesk.__main__ import main
from confirmdesk.ui import application


def _painted(self: application.Application, *_: object) -> None:
    # Of all that was imported, boto3 alone would cost as much as a bare window.
    print("early boto3" if "boto3" in sys.modules else "painted", flush=True)
    assert self.window
    self.window.close()


# What `Application` does when its window is on the screen.
application.Application._begin = _painted
sys.exit(main(["--data-dir", sys.argv[1]]))
