"""Files that only their owner reads, that a power cut leaves either old or new, and that are files indeed."""

import os
import stat
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from confirmdesk.core.errors import Problem

_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


class NotPlainFileError(OSError):
    """Something else stands where a file of the program belongs: writing would reach others, reading never end."""

    def __init__(self, path: Path, mode: int) -> None:
        kind = _KINDS.get(stat.S_IFMT(mode), "something else")
        super().__init__(None, f"is {kind}")
        self.problem = Problem(
            f"{path} is {kind} and no plain file, so it is not used.", "Move it away, then start the program again."
        )


def open_plain(path: Path, flags: int) -> int:
    """A handle for a file of the program's own, made 0600 where `flags` make one. Raises OSError, and
    NotPlainFileError for a link, a pipe and whatever else is no file, without a wait and before anything is written."""
    refuse_unless_plain(path)
    # Between the look and here nobody may have put a link, and a pipe without another end would wait for one.
    more = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return _checked(path, os.open(path, flags | more, 0o600))


def refuse_unless_plain(path: Path) -> None:
    """Raises NotPlainFileError where `path` is there and no plain file, and OSError where nobody may look."""
    with suppress(FileNotFoundError):
        mode = os.lstat(path).st_mode
        if not stat.S_ISREG(mode):
            raise NotPlainFileError(path, mode)


def read_plain(path: Path) -> str:
    """The text (UTF-8) of a file, which a link may lead to. Raises OSError, as NotPlainFileError, and ValueError."""
    mode = os.stat(path).st_mode
    if not stat.S_ISREG(mode):
        raise NotPlainFileError(path, mode)
    handle = _checked(path, os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)))
    with os.fdopen(handle, encoding="utf-8") as file:
        return file.read()


def _checked(path: Path, handle: int) -> int:
    mode = os.fstat(handle).st_mode
    if not stat.S_ISREG(mode):
        os.close(handle)
        raise NotPlainFileError(path, mode)
    return handle


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
