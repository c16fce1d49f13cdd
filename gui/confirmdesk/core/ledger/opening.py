"""How a ledger is opened: on this computer only, by one program only, and only where it is the one that was known."""

import shutil
import sqlite3
import sys
from datetime import datetime
from pathlib import Path

from confirmdesk.core.clock import Clock
from confirmdesk.core.computer.files import NotPlainFileError, set_aside
from confirmdesk.core.computer.settings import RecordMark
from confirmdesk.core.errors import ConfirmdeskError, Kind, Problem, failure
from confirmdesk.core.ledger.file import LedgerFile, NewerLedgerError, unusable
from confirmdesk.core.ledger.guard import SUFFIXES, HeldElsewhereError
from confirmdesk.core.ledger.ledger import Ledger


def open_ledger(
    path: Path, known: RecordMark = RecordMark(), clock: Clock | None = None
) -> tuple[Ledger, Problem | None]:
    """The ledger, and what must be told about it. A damaged one is kept under another name and begun anew.

    `known` is what the settings remember of it, `clock` tells the time that is written. Raises ConfirmdeskError
    where there can be no ledger, without which nothing may be sent; of the kind RECORD_LOST where it is missing, empty,
    older than what is known or another one.
    """
    if on_network_share(path.parent):
        raise failure(
            "The data directory is on a network share, where the record of sent codes is not safe. Nothing is sent.",
            "Start the program with --data-dir and a directory of this computer.",
            str(path.parent),
        )
    # Before SQLite sees it: that would make a missing one, and throw away what lies beside an empty one.
    if known.id and not _has_content(path):
        raise _lost("is gone" if not path.exists() else "is empty", path)
    try:
        return _open(path, known, clock), None
    except sqlite3.DatabaseError as error:
        return _instead_of_damaged(path, error, clock)


def _open(path: Path, known: RecordMark, clock: Clock | None = None) -> Ledger:
    """Raises ConfirmdeskError, and sqlite3.DatabaseError where the file is no ledger."""
    try:
        ledger = Ledger(LedgerFile(path), clock)
    except NewerLedgerError as error:
        raise failure(
            "The record of sent codes was written by a later version of this program. Nothing is sent.",
            "Install that version again.",
            str(error),
        ) from None
    except NotPlainFileError as error:
        raise ConfirmdeskError(error.problem) from None
    except (sqlite3.OperationalError, HeldElsewhereError, OSError) as error:
        raise unusable(error) from None
    if difference := _difference(ledger.mark, known):
        ledger.close()
        raise _lost(difference, path)
    return ledger


def begin_new_record(path: Path, clock: Clock | None = None) -> Ledger:
    """An empty ledger; what is there under its name is kept under another. Raises ConfirmdeskError."""
    try:
        if path.exists():
            keep_aside(path)
        return Ledger(LedgerFile(path), clock)
    except (OSError, sqlite3.Error, HeldElsewhereError) as error:
        raise unusable(error) from None


def take_up_record(path: Path, found: Path, known: RecordMark, clock: Clock | None = None) -> Ledger:
    """The ledger that somebody found as `found`, copied to where it belongs; the file itself stays where it is.

    Raises ConfirmdeskError, of the kind RECORD_LOST where it is not the known one either.
    """
    trial = path.with_name(f"{path.name}.found")
    try:
        _copy(found, trial)
        _open(trial, known).close()
        if path.exists():
            keep_aside(path)
        trial.rename(path)
        return _open(path, known, clock)
    except OSError as error:
        raise unusable(error) from None
    except sqlite3.DatabaseError as error:
        raise failure("That file is no record of sent codes.", "Look for another one.", str(error)) from None
    finally:
        _remove(trial)


def _copy(found: Path, trial: Path) -> None:
    _remove(trial)
    # What SQLite had not taken over into its file yet lies beside it.
    for suffix in ("", "-wal"):
        part = found.with_name(found.name + suffix)
        if not suffix or part.exists():
            shutil.copyfile(part, trial.with_name(trial.name + suffix))
    trial.chmod(0o600)


def _remove(trial: Path) -> None:
    for suffix in SUFFIXES:
        trial.with_name(trial.name + suffix).unlink(missing_ok=True)


def keep_aside(path: Path) -> Path:
    """The ledger with all its files under another name, which is returned. Raises OSError."""
    kept = set_aside(path, datetime.now().astimezone())
    for suffix in SUFFIXES[1:]:
        beside = path.with_name(path.name + suffix)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + suffix))
    return kept


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _difference(mark: RecordMark, known: RecordMark) -> str:
    if known.id and mark.id != known.id:
        return "is another one than before"
    return "is older than it was" if mark.steps < known.steps else ""


def _lost(what: str, path: Path) -> ConfirmdeskError:
    return failure(
        f"The record of sent codes {what}, so nobody knows from here who was sent a code before.",
        "Nothing is sent until you decide. The old one may be in a backup, or lie in the same folder under another "
        "name. A new one begins with nobody: whoever was sent a code may get a second one.",
        str(path),
        Kind.RECORD_LOST,
    )


def _instead_of_damaged(path: Path, error: Exception, clock: Clock | None) -> tuple[Ledger, Problem]:
    try:
        kept = keep_aside(path)
        fresh = Ledger(LedgerFile(path), clock)
    except (OSError, sqlite3.Error, HeldElsewhereError) as worse:
        raise unusable(worse) from None
    return fresh, Problem(
        "The record of sent codes was damaged, and a new one was begun. What was sent before today is not known to it.",
        f"The damaged file was kept as {kept}. Ask before sending to people who may have been served already.",
        str(error),
    )


_NETWORK_TYPES = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ncpfs", "davfs", "fuse.davfs2"}


def on_network_share(directory: Path) -> bool:
    """Whether `directory` is on another computer: SQLite's locks and its durability cannot be trusted there.

    https://www.sqlite.org/wal.html
    """
    if sys.platform == "win32":
        import ctypes

        drive_remote = 4
        return bool(ctypes.windll.kernel32.GetDriveTypeW(directory.resolve().anchor) == drive_remote)
    try:
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()]
    except OSError:
        return False
    here = str(directory.resolve())
    inside = [m for m in mounts if here == m[1] or here.startswith(m[1].rstrip("/") + "/")]
    return bool(inside) and max(inside, key=lambda m: len(m[1]))[2] in _NETWORK_TYPES
