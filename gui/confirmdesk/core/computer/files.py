"""Files that only their owner reads, and that a power cut leaves either old or new."""

import os
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path


def make_private_directory(directory: Path) -> None:
    """Makes `directory` and what is missing above it, 0700 each. What exists keeps its mode. Raises OSError."""
    for missing in (*reversed(directory.parents), directory):
        if not missing.is_dir():
            missing.mkdir(mode=0o700, exist_ok=True)


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replaces `path` with `content` (text as UTF-8; 0600) in one step: a reader, or a power cut, finds old or new.

    Raises OSError.
    """
    # mkstemp creates 0600, and in the same directory: a rename does not cross file systems.
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
    _sync_directory(path.parent)


def _sync_directory(directory: Path) -> None:
    """Makes a rename outlive a power cut; Windows cannot open a directory and does not need it."""
    with suppress(OSError):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def set_aside(path: Path, now: datetime) -> Path:
    """Renames `path` to `path.broken-YYYYMMDD-HHMMSS`, never over an older one, and gives the new name.

    Raises OSError.
    """
    stem = f"{path.name}.broken-{now:%Y%m%d-%H%M%S}"
    target, number = path.with_name(stem), 1
    while os.path.lexists(target):
        number += 1
        target = path.with_name(f"{stem}-{number}")
    path.rename(target)
    return target
