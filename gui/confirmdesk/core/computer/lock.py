"""One program per data directory, by a lock that the operating system drops when its holder dies."""

import os
import sys
from pathlib import Path

from confirmdesk.core.computer.files import NotPlainFileError, open_plain
from confirmdesk.core.errors import ConfirmdeskError, failure

# The name of the file in the data directory.
LOCK = "lock"


class DirectoryLock:
    """Held from `take` until `release` or the end of the process, however it ends."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / LOCK
        self._handle = -1

    def take(self) -> None:
        """Does nothing where it is held here already.

        Raises ConfirmdeskError where another program holds it, or no lock can be made.
        """
        try:
            self._take()
        except NotPlainFileError as error:
            raise ConfirmdeskError(error.problem) from None
        except OSError as error:
            raise failure(
                "The program is already open with this data directory.",
                "Use the window that is open. A second one could send the same codes twice; for another world start "
                "with --data-dir and another directory.",
                f"{self._path}: {error.strerror}",
            ) from None

    def is_elsewhere(self) -> bool:
        """Whether another program holds it. If none does, it is taken here, provided that the directory is there."""
        try:
            self._take()
        except BlockingIOError:
            return True
        except OSError:  # for `take` to tell
            return False
        return False

    def _take(self) -> None:
        if self._handle >= 0:
            return
        handle = open_plain(self._path, os.O_RDWR | os.O_CREAT)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            raise
        self._handle = handle

    def release(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


def _lock(handle: int) -> None:
    """Raises BlockingIOError where another program has it, OSError where it cannot be locked."""
    if sys.platform == "win32":
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(error.errno, error.strerror) from None
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
