"""What programs that are none of this one's need, to start as if somebody had started them by hand."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def environment_for_others() -> dict[str, str]:
    """The environment of this process as it was before this program was started."""
    return environment_of_others(os.environ, Path(sys.executable).parent if getattr(sys, "frozen", False) else None)


def environment_of_others(environment: Mapping[str, str], frozen: Path | None) -> dict[str, str]:
    """`environment` as it was before the program in the folder `frozen` was started; None for one that is not frozen.

    A frozen program leads its libraries to its own folder, and a browser or a Python that finds them there does not
    start.
    https://pyinstaller.org/en/stable/common-issues-and-pitfalls.html#launching-external-programs-from-the-frozen-application
    """
    if frozen is None:
        return dict(environment)
    kept = {}
    for name, value in environment.items():
        # How the bootloader talks to itself, and perhaps to another program's.
        if name.startswith("_PYI_"):
            continue
        if name.endswith("_ORIG") and name.removesuffix("_ORIG") in environment:
            continue
        before = environment.get(f"{name}_ORIG")
        folders = (value if before is None else before).split(os.pathsep)
        # Whoever set such a variable for themselves finds it as it was; most values are no folders at all.
        if others := [folder for folder in folders if not Path(folder).is_relative_to(frozen)]:
            kept[name] = os.pathsep.join(others)
    return kept
