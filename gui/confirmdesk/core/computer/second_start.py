"""A second start calls the program that is open already, and that one's window comes forward.

Whoever holds the lock of a data directory listens on a loopback port and leaves a note beside the lock: the port, a key
to call with, and the answer that proves to the caller that nobody else sits at that port. Only the account's owner can
read the note, so nobody else can call. A note that a killed program left behind leads nowhere.
"""

import json
import os
import secrets
import socket
import sys
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from confirmdesk.core.computer.files import read_plain, write_atomically
from confirmdesk.core.computer.lock import DirectoryLock

HOST = "127.0.0.1"
# Seconds until a second start says that the program is already open.
PATIENCE = 2.0
# Seconds to connect in: on Windows a port where nobody listens is silent for longer.
CONNECTING = 0.5
PAUSE = 0.05
# Bytes: what is longer is no call, or no note.
LONGEST = 4096
ACTIVATION_TOKENS = ("XDG_ACTIVATION_TOKEN", "DESKTOP_STARTUP_ID")


@dataclass(frozen=True, slots=True)
class Call:
    """What a second start was asked for. `activation_token` is the desktop's permission to take the focus, or ""."""

    connection: str = ""
    activation_token: str = ""


@dataclass(frozen=True, slots=True)
class _Note:
    port: int
    desktop: str
    key: str
    answer: str


class Caller:
    """One connection of a second start. Never waits."""

    def __init__(self, connected: socket.socket, note: _Note) -> None:
        self.socket = connected
        self._note = note
        self._line = b""

    def read(self) -> Call | None:
        """The call; None while it is incomplete. Raises OSError where none can come of it."""
        try:
            came = self.socket.recv(LONGEST)
        except BlockingIOError:
            return None
        self._line += came
        if not came or len(self._line) > LONGEST:
            raise ConnectionAbortedError
        return self._parse() if self._line.endswith(b"\n") else None

    def _parse(self) -> Call:
        key, _, asked = self._line.partition(b" ")
        # Strangers' text is not even parsed.
        if not secrets.compare_digest(key, self._note.key.encode()):
            raise ConnectionAbortedError
        try:
            call = Call(**json.loads(asked))
        except (ValueError, TypeError, RecursionError):
            raise ConnectionAbortedError from None
        if not isinstance(call.connection, str) or not isinstance(call.activation_token, str):
            raise ConnectionAbortedError
        return call

    def answer(self) -> None:
        """Tell the caller that the window came forward."""
        with suppress(OSError):
            self.socket.send(f"{self._note.answer}\n".encode())

    def close(self) -> None:
        self.socket.close()


class Listener:
    """For the holder of the directory's lock, from now until `close`. Never waits: the caller says when to look."""

    def __init__(self, directory: Path) -> None:
        """Listens, then leaves the note. Raises OSError where either cannot be done."""
        self._path = _path(directory)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if sys.platform == "win32":
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            self.socket.bind((HOST, 0))
            self.socket.listen()
            self.socket.setblocking(False)
            port = self.socket.getsockname()[1]
            self._note = _Note(port, _desktop(), secrets.token_hex(), secrets.token_hex())
            write_atomically(self._path, json.dumps(asdict(self._note)))
        except OSError:
            self.socket.close()
            raise

    def accept(self) -> Caller | None:
        """Who connected, if anybody did."""
        try:
            connected, _ = self.socket.accept()
        except OSError:
            return None
        connected.setblocking(False)
        return Caller(connected, self._note)

    def close(self) -> None:
        """Call it before the lock is released: after that the note may be another program's."""
        self.socket.close()
        with suppress(OSError):
            self._path.unlink()


def call_running_program(
    lock: DirectoryLock, directory: Path, connection: str = "", patience: float = PATIENCE
) -> bool:
    """Whether the program that holds `lock` came forward, within `patience` seconds. It may be about to open, and not
    listen yet; it may be about to end, and then the lock is taken here."""
    end = time.monotonic() + patience
    while lock.is_elsewhere() and (left := end - time.monotonic()) > 0:
        if call_once(directory, connection, left):
            return True
        # Before any window: the other program tells nobody when it listens, or is gone.
        time.sleep(PAUSE)
    return False


def call_once(directory: Path, connection: str = "", patience: float = PATIENCE) -> bool:
    """Call once for `connection`, or only for the window where it is "". Whether it was answered within `patience`
    seconds."""
    end = time.monotonic() + patience
    try:
        note = _read_note(directory)
        # A port of another computer, or a window on another desktop, is no use here.
        if note.desktop != _desktop():
            return False
        token = next(filter(None, map(os.environ.get, ACTIVATION_TOKENS)), "")
        asked = json.dumps(asdict(Call(connection, token)))
        with socket.create_connection((HOST, note.port), min(patience, CONNECTING)) as line:
            _let_others_come_forward()
            line.sendall(f"{note.key} {asked}\n".encode())
            return secrets.compare_digest(_receive(line, len(note.answer), end), note.answer.encode())
    except (OSError, ValueError, TypeError, RecursionError):
        return False


def _receive(line: socket.socket, length: int, end: float) -> bytes:
    came = b""
    while len(came) < length:
        line.settimeout(max(0.001, end - time.monotonic()))
        more = line.recv(length - len(came))
        if not more:
            break
        came += more
    return came


def _path(directory: Path) -> Path:
    return directory / "open-program.json"


def _read_note(directory: Path) -> _Note:
    """Raises OSError, ValueError, TypeError or RecursionError where there is none that makes sense."""
    note = _Note(**json.loads(read_plain(_path(directory))[:LONGEST]))
    # An answer that is too short to be a proof would believe anybody.
    if not isinstance(note.answer, str) or len(note.answer) < 32:
        raise ValueError
    return note


def _desktop() -> str:
    """This computer and this desktop: somebody may be signed in twice, and a directory be shared by computers."""
    if sys.platform == "win32":
        import ctypes

        session = ctypes.c_ulong()
        ctypes.windll.kernel32.ProcessIdToSessionId(os.getpid(), ctypes.byref(session))
        desktop = str(session.value)
    else:
        desktop = " ".join(os.environ.get(name, "") for name in ("WAYLAND_DISPLAY", "DISPLAY"))
    return f"{socket.gethostname()} {desktop}"


def _let_others_come_forward() -> None:
    """Windows lets only the program that somebody just started come to the front, unless that one lets others.

    https://learn.microsoft.com/en-us/windows/win32/api/winuser/nf-winuser-allowsetforegroundwindow
    """
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(0xFFFFFFFF)  # ASFW_ANY
