"""The log file: rotating, readable by its owner only, and without secrets or people's addresses."""

import logging
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from io import TextIOWrapper
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import cast

from confirmdesk.core import product, text
from confirmdesk.core.computer.files import NotPlainFileError, open_plain
from confirmdesk.core.computer.paths import Places
from confirmdesk.core.connections.redactor import LINE, Redactor
from confirmdesk.core.errors import ConfirmdeskError, Problem, failure

LOG_BYTES, LOG_FILES = 1_000_000, 3

# botocore prints whole requests, SecretHash included, at DEBUG.
CHATTY = ("botocore", "boto3", "urllib3", "s3transfer")


class _CleanFormatter(logging.Formatter):
    """Cleans the finished text, so that arguments and tracebacks are covered as well."""

    def __init__(self, redactor: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s")
        self._redactor = redactor

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        """With its zone: who collects logs of several computers could not compare them otherwise."""
        return datetime.fromtimestamp(record.created).astimezone().isoformat(" ", "milliseconds")

    def format(self, record: logging.LogRecord) -> str:
        lines = self._redactor.clean(super().format(record)).splitlines()
        # Strangers' text cannot begin a line, so it cannot forge an entry.
        return "\n    ".join(text.plain(line, 2 * LINE) for line in lines)


class _PrivateFile(logging.FileHandler):
    """Rotates by size. logging.handlers has such a file too, and brings sockets and pickle to the first paint."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            length = len(self.format(record).encode(errors="backslashreplace")) + len(os.linesep)
            if self.stream and os.fstat(self.stream.fileno()).st_size + length > LOG_BYTES:
                self.stream.close()
                self.stream = None  # opened anew with the next line, which is this one
                self._rotate()
        except Exception:
            self.handleError(record)
        else:
            super().emit(record)

    def _rotate(self) -> None:
        names = [self.baseFilename, *(f"{self.baseFilename}.{number}" for number in range(1, LOG_FILES))]
        # One that another program holds open stays: a file that is too long is better than a line that is lost.
        for newer, older in reversed(list(pairwise(names))):
            with suppress(OSError):
                os.replace(newer, older)

    def _open(self) -> TextIOWrapper:
        handle = open_plain(Path(self.baseFilename), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        if hasattr(os, "fchmod"):
            os.fchmod(handle, 0o600)
        return cast(TextIOWrapper, os.fdopen(handle, self.mode, encoding=self.encoding, errors="backslashreplace"))

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (logging's name)
        """A full disk must not stop the work; the inherited way prints the raw record, secrets and all."""


def _fit_to_print(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.INFO or record.name.partition(".")[0] not in CHATTY


class LogFile:
    """Logging as `start_logging` set it up; `stop` undoes it."""

    def __init__(self, handler: logging.Handler, tell: Callable[[Problem], None] | None) -> None:
        self._handler = handler
        self._tell = tell
        self._before = sys.excepthook, threading.excepthook
        logging.getLogger().addHandler(handler)
        sys.excepthook = self._crashed
        threading.excepthook = self._thread_crashed

    def stop(self) -> None:
        """Closes the file and puts the exception hooks back."""
        sys.excepthook, threading.excepthook = self._before
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()

    def _crashed(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        # Ctrl+C in the terminal is no news.
        if not issubclass(kind, Exception):
            return
        logging.getLogger(product.COMMAND).critical("Unexpected error", exc_info=(kind, error, trace))
        if self._tell:
            self._tell(Problem("Something unexpected happened; it was written to the log.", "Please try again."))

    def _thread_crashed(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._crashed(args.exc_type, args.exc_value, args.exc_traceback)


def start_logging(places: Places, redactor: Redactor, tell: Callable[[Problem], None] | None = None) -> LogFile:
    """Logs from INFO up to `places.log_file`: three files of 1 MB at most, 0600, cleaned by `redactor`.

    Unexpected exceptions go there too instead of the terminal; `tell`, where given, is then called in the thread that
    failed. Raises ConfirmdeskError where the file cannot be opened.
    """
    try:
        handler = _PrivateFile(places.log_file, encoding="utf-8")
    except NotPlainFileError as error:
        raise ConfirmdeskError(error.problem) from None
    except OSError as error:
        raise failure(
            f"The log file {places.log_file} cannot be written.",
            "Make it writable for this account, or start the program with --data-dir and another directory.",
            f"{type(error).__name__}: {error.strerror}",
        ) from None
    # Whoever lowers a level of these loggers later on still gets nothing of it into the file.
    handler.addFilter(_fit_to_print)
    handler.setFormatter(_CleanFormatter(redactor))
    logging.getLogger().setLevel(logging.INFO)
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.INFO)
    return LogFile(handler, tell)
