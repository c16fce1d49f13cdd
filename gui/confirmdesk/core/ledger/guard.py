"""Keeps the ledger's file from other programs, and notices when it is not the file any more that was opened."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from confirmdesk.core.computer.files import open_plain, refuse_unless_plain

# SQLite keeps what is not in its file yet beside it.
SUFFIXES = ("", "-wal", "-shm")
# Beyond the bytes that SQLite locks (https://www.sqlite.org/src/file/src/os.h), and within what a C `long` holds.
_FAR_BYTE = 0x7FFF_FFFE


class HeldElsewhereError(Exception):
    """Another program has the file."""


class NotTheSameFileError(Exception):
    """The file was removed, emptied or replaced while it was open."""


@dataclass(frozen=True, slots=True)
class _Identity:
    device: int
    inode: int
    size: int


class Guard:
    """A lock on the file itself: who deletes a lock file beside it does not let a second program in.

    SQLite's own locks would not do: whoever opens and closes a file of its in the same process drops them. So the
    descriptor here is opened before SQLite's, closed after it, and nothing else of ours opens the three files.
    https://www.sqlite.org/howtocorrupt.html
    """

    def __init__(self, path: Path) -> None:
        """Makes the file where there is none, 0600. Raises HeldElsewhereError and OSError, as NotPlainFileError."""
        self._paths = [path.with_name(path.name + suffix) for suffix in SUFFIXES]
        for beside in self._paths[1:]:
            refuse_unless_plain(beside)
        # No child process inherits it (PEP 446).
        self._handle = open_plain(path, os.O_RDWR | os.O_CREAT)
        self._known: dict[Path, _Identity] = {}
        try:
            self._take()
            if _identity(os.fstat(self._handle)) != _look(path):
                raise HeldElsewhereError("the file was replaced in this very moment")
        except BaseException:
            self.release()
            raise

    def _take(self) -> None:
        try:
            _lock(self._handle)
        except OSError as error:
            raise HeldElsewhereError(error.strerror) from None

    def watch(self) -> None:
        """From now on these are the files: all of them are there, for SQLite has them open."""
        self._known = {path: found for path in self._paths if (found := _look(path))}

    def look(self) -> None:
        """Raises NotTheSameFileError where one of the files was removed, emptied or replaced."""
        for path, known in self._known.items():
            found = _look(path)
            if found is None or (found.device, found.inode) != (known.device, known.inode):
                raise NotTheSameFileError(f"{path.name} was removed or replaced")
            if found.size < known.size:
                raise NotTheSameFileError(f"{path.name} was emptied")
            self._known[path] = found

    def release(self) -> None:
        """After SQLite has closed the file."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _look(path: Path) -> _Identity | None:
    """Without opening it. None where nothing is there under that name."""
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return _identity(found) if found.st_nlink else None


def _identity(found: os.stat_result) -> _Identity:
    return _Identity(found.st_dev, found.st_ino, found.st_size)


def _lock(handle: int) -> None:
    """Until the handle is closed or the process ends. Raises OSError where another program has it."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, _FAR_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    elif sys.platform == "darwin":
        import fcntl

        # There a flock of the whole file would lock SQLite out too.
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _FAR_BYTE)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
