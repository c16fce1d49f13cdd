"""A screen that nobody sees: Qt's own, off screen, of a size that desks have."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

SIZE = (1440, 900)


def off_screen(folder: Path) -> Mapping[str, str]:
    """The environment of a program whose windows go to such a screen, described by a file in `folder`."""
    width, height = SIZE
    # Without a description Qt's screen has 800 by 800 pixels, and no window is larger than its screen.
    screen = {"name": "tour", "x": 0, "y": 0, "width": width, "height": height, "dpr": 1}
    screen |= {"logicalDpi": 96, "logicalBaseDpi": 96}
    file = folder / "screen.json"
    file.write_text(json.dumps({"screens": [screen]}))
    # What somebody has set for real screens would change the pictures.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    # Of each window Qt would complain that such a screen knows no size hints.
    return kept | {"QT_QPA_PLATFORM": f"offscreen:configfile={file}", "QT_LOGGING_RULES": "default.warning=false"}
