"""The ledger's SQLite file: opened safely, committed to disk before anybody goes on."""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from confirmdesk.core.errors import ConfirmdeskError, failure
from confirmdesk.core.ledger.guard import Guard, HeldElsewhereError, NotTheSameFileError
from confirmdesk.core.ledger.schema import MIGRATIONS, SCHEMA_VERSION
from confirmdesk.core.people.mailboxes import mailbox_of

Values = Mapping[str, Any]
Statement = tuple[str, Values]
_PRAGMAS = (
    "journal_mode=WAL",
    # With NORMAL, the habit in WAL mode, committed rows are lost at a power cut.
    "synchronous=FULL",
    "foreign_keys=ON",
    # Erased means erased: neither in the file nor in one beside it.
    "secure_delete=ON",
    "temp_store=MEMORY",
)


class LedgerFile:
    """One connection for all threads. `write` returns when its change is on the disk; changes that wait for each other
    share one commit, so that many threads do not cost many times as much."""

    def __init__(self, path: Path) -> None:
        """Opens or makes the file, 0600. Raises HeldElsewhereError, NewerLedgerError, sqlite3.Error and OSError."""
        self._lock = threading.Lock()
        self._waiting: deque[_Change] = deque()
        self._owed: list[_Change] = []
        with ExitStack() as undo:
            self._guard = Guard(path)
            undo.callback(self._guard.release)
            self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
            undo.callback(self._database.close)
            self._prepare()
            self._guard.watch()
            self._closing = undo.pop_all()

    def _prepare(self) -> None:
        self._database.row_factory = _row
        self._database.create_function("mailbox_of", 1, lambda kept: mailbox_of(_restored(kept) or ""))
        for pragma in _PRAGMAS:
            self._database.execute(f"PRAGMA {pragma}")
        if self._database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("quick_check found damage")
        version = self._database.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA_VERSION:
            raise NewerLedgerError(f"schema version {version}")
        for reached, statements in enumerate(MIGRATIONS[version:], version + 1):
            step = [*statements, f"PRAGMA user_version={reached}"]
            self._commit([_Change(tuple((statement, {}) for statement in step))])

    def add_function(self, name: str, parameters: int, function: Callable[..., str]) -> None:
        """From now on statements may call `function`, which gives the same for the same."""
        with self._lock:
            self._database.create_function(name, parameters, function, deterministic=True)

    def read(self, query: str, values: Values = MappingProxyType({})) -> list[sqlite3.Row]:
        """Rows of `query`, whose `:name`s stand for `values`. Raises ConfirmdeskError."""
        try:
            with self._lock:
                return self._database.execute(query, _storable(values)).fetchall()
        except sqlite3.Error as error:
            raise unusable(error) from None

    def write(self, *statements: Statement) -> int:
        """Carry `statements` out together or not at all, durably. Returns how many rows the first one changed.

        Raises ConfirmdeskError.
        """
        return self._write(_Change(statements))

    def write_now_or_later(self, *statements: Statement) -> int:
        """Like `write`; but what cannot be written now is written before whatever is written next."""
        return self._write(_Change(statements, later=True))

    def erase(self, *statements: Statement) -> None:
        """Like `write_now_or_later`, for statements that remove something: nothing of it stays behind in the
        write-ahead log."""
        self._write(_Change(statements, later=True, erases=True))

    @property
    def owed(self) -> int:
        """How many changes could not be written yet, apart from those that remove something."""
        return sum(1 for change in self._owed if not change.erases)

    def _write(self, change: "_Change") -> int:
        self._waiting.append(change)
        with self._lock:
            if not change.done:
                self._write_waiting()
        if change.error:
            raise unusable(change.error)
        return change.rows

    def _write_waiting(self) -> None:
        changes = [self._waiting.popleft() for _ in range(len(self._waiting))]
        everything = [*self._owed, *changes]
        try:
            # Before: an emptied file would grow again. After: what went into a removed one is not written.
            self._guard.look()
            self._commit(everything)
            self._guard.look()
        except Exception as error:
            # Whatever it is: the threads whose changes were in this commit do not see it raised, and must hear of it.
            for change in changes:
                change.error = error
            self._owed += [change for change in changes if change.later]
        else:
            self._owed.clear()
            if any(change.erases for change in everything):
                self._empty_log()
        for change in changes:
            change.done = True

    def _empty_log(self) -> None:
        # Where that fails what was removed lies in the log for a while, and is in the ledger no more.
        with suppress(sqlite3.Error):
            self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._guard.watch()

    def _commit(self, changes: Iterable["_Change"]) -> None:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            for change in changes:
                made = [self._database.execute(statement, _storable(values)) for statement, values in change.statements]
                change.rows = made[0].rowcount if made else 0
            self._database.execute("COMMIT")
        except BaseException:
            if self._database.in_transaction:
                self._database.execute("ROLLBACK")
            raise

    def close(self) -> None:
        with self._lock:
            self._closing.close()


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


def _restored(kept: Any) -> Any:
    # Nothing else in the ledger is bytes.
    return kept.decode("utf-8", "surrogatepass") if type(kept) is bytes else kept


def _row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
    return sqlite3.Row(cursor, tuple(map(_restored, values)))


class _Change:
    """`later` where it must be written some time, if not now, `erases` where nothing of what it removes may stay
    behind; `rows` is how many its first statement changed."""

    __slots__ = ("done", "erases", "error", "later", "rows", "statements")

    def __init__(self, statements: tuple[Statement, ...], later: bool = False, erases: bool = False) -> None:
        self.statements = statements
        self.later = later
        self.erases = erases
        self.rows = 0
        self.done = False
        self.error: Exception | None = None


class NewerLedgerError(Exception):
    """Written by a later version of the program."""


def unusable(error: Exception) -> ConfirmdeskError:
    """What it means that the ledger cannot be written or read."""
    kind = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if isinstance(error, NotTheSameFileError):
        why, hint = (
            "The record of sent codes was removed or replaced while it was in use",
            "Export the results that you need, then close the program; the next start asks what to do.",
        )
    elif isinstance(error, HeldElsewhereError):
        why, hint = "Another program has the record of sent codes open", "Close it, then start this program again."
    elif kind == sqlite3.SQLITE_FULL:
        why, hint = "The disk is full", "Make room on the disk, then resume or try again."
    elif kind == sqlite3.SQLITE_READONLY or isinstance(error, PermissionError):
        why, hint = "The data directory cannot be written", "Make it writable for this account, then try again."
    elif kind in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        why, hint = "Another program holds the ledger", "Close what else has it open, then try again."
    else:
        why, hint = "The ledger does not work", "Show the details to an administrator."
    return failure(f"{why}, so nothing is sent: nobody would know afterwards who was served.", hint, str(error))
