"""The whole command up to its first painted window. What it does next is to import boto3 and list, so it ends there."""

import sys

from confirmdesk.__main__ import main
from confirmdesk.ui import application


class PaintedOnce(application.MainWindow):
    def __init__(self, *arguments: object) -> None:
        super().__init__(*arguments)
        self.painted.connect(self._end)

    def _end(self) -> None:
        # `Application`, which was connected after this, learns nothing and begins nothing.
        self.painted.disconnect()
        # Of all that was imported, boto3 alone would cost as much as a bare window.
        print("early boto3" if "boto3" in sys.modules else "painted", flush=True)
        self.close()


application.MainWindow = PaintedOnce
sys.exit(main(["--data-dir", sys.argv[1]]))
