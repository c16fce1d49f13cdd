"""The ledger's SQLite file: opened safely, committed to disk before anybody goes on, kept aside when damaged."""

import os
import sqlite3
import sys
import threading
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from confirmdesk.core.computer.files import NotPlainFileError, open_plain, refuse_unless_plain, set_aside
from confirmdesk.core.errors import ConfirmdeskError, Problem, failure

SCHEMA_VERSION = 1

# From version 0, an empty file, on: the statements that lead from each version to the next.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        """CREATE TABLE runs (
            id INTEGER PRIMARY KEY,
            started REAL NOT NULL,
            ended REAL,
            account TEXT NOT NULL, computer TEXT NOT NULL, identity TEXT NOT NULL,
            connection TEXT NOT NULL, endpoint TEXT NOT NULL, region TEXT NOT NULL,
            pool_id TEXT NOT NULL, pool_name TEXT NOT NULL, client_id TEXT NOT NULL, client_name TEXT NOT NULL,
            environment TEXT NOT NULL,
            per_second REAL NOT NULL,
            metadata_keys TEXT NOT NULL
        )""",
        """CREATE TABLE recipients (
            run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            username TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL, name TEXT NOT NULL,
            created REAL NOT NULL,
            channel TEXT NOT NULL,
            put_back TEXT NOT NULL,
            request TEXT,
            intent REAL,
            at REAL,
            outcome TEXT, cause TEXT, advice TEXT, again TEXT, wait REAL,
            code TEXT, text TEXT, status INTEGER, request_id TEXT, destination TEXT, medium TEXT,
            PRIMARY KEY (run, position)
        ) WITHOUT ROWID""",
        "CREATE INDEX recipients_by_user ON recipients (username)",
        """CREATE TABLE attempts (
            run INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            username TEXT NOT NULL,
            at REAL NOT NULL
        )""",
        "CREATE INDEX attempts_by_user ON attempts (username, at)",
        "CREATE TABLE deletions (at REAL NOT NULL, account TEXT NOT NULL, runs INTEGER NOT NULL)",
    ),
)

Values = Mapping[str, Any]
Statement = tuple[str, Values]


class LedgerFile:
    """One connection for all threads. `write` returns when its change is on the disk; changes that wait for each other
    share one commit, so that many threads do not cost many times as much."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file, 0600. Raises sqlite3.Error and OSError."""
        for suffix in ("-wal", "-shm"):
            refuse_unless_plain(path.with_name(path.name + suffix))
        os.close(open_plain(path, os.O_RDWR | os.O_CREAT))
        self._lock = threading.Lock()
        self._waiting: deque[_Change] = deque()
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
        self._database.row_factory = _row
        try:
            self._prepare()
        except BaseException:
            self._database.close()
            raise

    def _prepare(self) -> None:
        # FULL: with NORMAL, the habit in WAL mode, committed rows are lost at a power cut.
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            self._database.execute(f"PRAGMA {pragma}")
        if self._database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("quick_check found damage")
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise NewerLedgerError(f"schema version {version}")
        for reached, statements in enumerate(MIGRATIONS[version:], version + 1):
            self._commit([*((statement, {}) for statement in statements), (f"PRAGMA user_version={reached}", {})])

    def read(self, query: str, values: Values = MappingProxyType({})) -> list[sqlite3.Row]:
        """Rows of `query`, whose `:name`s stand for `values`. Raises ConfirmdeskError."""
        try:
            with self._lock:
                return self._database.execute(query, _storable(values)).fetchall()
        except sqlite3.Error as error:
            raise unusable(error) from None

    def write(self, *statements: Statement) -> None:
        """Carry `statements` out together or not at all, durably. Raises ConfirmdeskError."""
        change = _Change(statements)
        self._waiting.append(change)
        with self._lock:
            if not change.done:
                self._write_waiting()
        if change.error:
            raise unusable(change.error)

    def _write_waiting(self) -> None:
        changes = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            self._commit([statement for change in changes for statement in change.statements])
        except sqlite3.Error as error:
            for change in changes:
                change.error = error
        for change in changes:
            change.done = True

    def _commit(self, statements: Iterable[Statement]) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            for statement, values in statements:
                self._database.execute(statement, _storable(values))
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise

    def close(self) -> None:
        with self._lock:
            self._database.close()


def _storable(values: Values) -> dict[str, Any]:
    return {name: _text_or_bytes(value) for name, value in values.items()}


def _text_or_bytes(value: Any) -> Any:
    """Strangers can type half a character, which SQLite refuses as text: such a text is kept as its bytes, so that one
    name keeps no run from starting and comes back as it was."""
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogatepass")
    return value


def _row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
    # Nothing else in the ledger is bytes.
    return sqlite3.Row(cursor, tuple(v.decode("utf-8", "surrogatepass") if type(v) is bytes else v for v in values))


class _Change:
    __slots__ = ("done", "error", "statements")

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements
        self.done = False
        self.error: sqlite3.Error | None = None


class NewerLedgerError(Exception):
    """Written by a later version of the program."""


def unusable(error: Exception) -> ConfirmdeskError:
    """What it means that the ledger cannot be written or read."""
    kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if kind == sqlite3.SQLITE_FULL:
        why, hint = "The disk is full", "Make room on the disk, then resume or try again."
    elif kind == sqlite3.SQLITE_READONLY or isinstance(error, PermissionError):
        why, hint = "The data directory cannot be written", "Make it writable for this account, then try again."
    elif kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        why, hint = "Another program holds the ledger", "Close what else has it open, then try again."
    else:
        why, hint = "The ledger does not work", "Show the details to an administrator."
    return failure(f"{why}, so nothing is sent: nobody would know afterwards who was served.", hint, str(error))


def open_ledger_file(path: Path) -> tuple[LedgerFile, Problem | None]:
    """The ledger's file and what must be told about it. A damaged one is kept under another name and begun anew.

    Raises ConfirmdeskError where there can be none: then nothing may be sent.
    """
    if on_network_share(path.parent):
        raise failure(
            "The data directory is on a network share, where the record of sent codes is not safe. Nothing is sent.",
            "Start the program with --data-dir and a directory of this computer.",
            str(path.parent),
        )
    try:
        return LedgerFile(path), None
    except NewerLedgerError as error:
        raise failure(
            "The record of sent codes was written by a later version of this program. Nothing is sent.",
            "Install that version again.",
            str(error),
        ) from None
    except NotPlainFileError as error:
        raise ConfirmdeskError(error.problem) from None
    except sqlite3.OperationalError as error:
        raise unusable(error) from None
    except sqlite3.DatabaseError as error:
        return _begin_anew(path, error)
    except OSError as error:
        raise unusable(error) from None


def _begin_anew(path: Path, error: Exception) -> tuple[LedgerFile, Problem]:
    now = datetime.now().astimezone()
    try:
        kept = set_aside(path, now)
        for suffix in ("-wal", "-shm"):
            beside = path.with_name(path.name + suffix)
            if beside.exists():
                beside.rename(kept.with_name(kept.name + suffix))
        fresh = LedgerFile(path)
    except (OSError, sqlite3.Error) as worse:
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
