"""A screen that nobody sees: Qt's own, off screen, of a size that desks have."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

SIZE = (1440, 900)
FILE = "screen.json"


def off_screen(folder: Path) -> Mapping[str, str]:
    """The environment of a program that is started in `folder`, where a file then describes such a screen to Qt."""
    width, height = SIZE
    # Without a description Qt's screen has 800 by 800 pixels, and no window is larger than its screen.
    screen = {"name": "tour", "x": 0, "y": 0, "width": width, "height": height, "dpr": 1}
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96}
    (folder / FILE).write_text(json.dumps({"screens": [screen]}))
    # What somebody has set for real screens would change the pictures.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    # The file by its name alone: Qt divides this at colons, which paths may hold. And of each window it would complain
    # that such a screen knows no size hints.
    return kept | {"QT_QPA_PLATFORM": f"offscreen:configfile={FILE}", "QT_LOGGING_RULES": "default.warning=false"}
