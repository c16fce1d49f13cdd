import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from confirmdesk.core.computer.lock import DirectoryLock
from confirmdesk.core.computer.second_start import LONGEST, Call, Caller, Listener, call_once, call_running_program

SOURCE = str(Path(__file__).resolve().parents[3] / "gui")
HOLDER = """
import sys, pathlib
from confirmdesk.core.computer.second_start import Listener
listener = Listener(pathlib.Path(sys.argv[1]))
print("listening", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DESKTOP_STARTUP_ID", raising=False)


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    made = Listener(tmp_path)
    yield made
    made.close()


def in_background(work, *arguments) -> Future:
    future: Future = Future()

    def do() -> None:
        try:
            future.set_result(work(*arguments))
        except Exception as error:
            future.set_exception(error)

    threading.Thread(target=do, daemon=True).start()
    return future


def wait_for(ready: socket.socket) -> None:
    assert select.select([ready], [], [], 10)[0]


def caller_of(listener: Listener) -> Caller:
    wait_for(listener.socket)
    caller = listener.accept()
    assert caller
    return caller


def heard(caller: Caller) -> Call | None:
    wait_for(caller.socket)
    return caller.read()


def note(directory: Path) -> dict[str, object]:
    return json.loads((directory / "open-program.json").read_text())


def write_note(directory: Path, **changes: object) -> None:
    (directory / "open-program.json").write_text(json.dumps(note(directory) | changes))


@contextmanager
def connected(directory: Path) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", note(directory)["port"])) as line:
        line.settimeout(10)
        yield line


def test_a_call_tells_what_the_second_start_was_asked_for_and_is_answered(tmp_path, listener, monkeypatch):
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "permission-1")
    called = in_background(call_once, tmp_path, "Läden “Süd”")
    caller = caller_of(listener)
    assert heard(caller) == Call("Läden “Süd”", "permission-1")
    assert not called.done()
    caller.answer()
    caller.close()
    assert called.result(10) is True


def test_the_older_name_of_the_permission_serves_as_well(tmp_path, listener, monkeypatch):
    monkeypatch.setenv("DESKTOP_STARTUP_ID", "startup-1")
    in_background(call_once, tmp_path, "", 10)
    assert heard(caller_of(listener)) == Call("", "startup-1")


def test_only_this_computer_reaches_it_and_only_the_owner_reads_the_note(tmp_path, listener):
    assert listener.socket.getsockname()[0] == "127.0.0.1"
    assert (tmp_path / "open-program.json").stat().st_mode & 0o777 == 0o600


def test_each_listener_has_a_key_of_its_own(tmp_path):
    notes = []
    for _ in range(2):
        made = Listener(tmp_path)
        notes.append(note(tmp_path))
        made.close()
    assert len({notes[0]["key"], notes[1]["key"], notes[0]["answer"], notes[1]["answer"]}) == 4


def test_a_closed_listener_leaves_nothing_behind(tmp_path):
    Listener(tmp_path).close()
    assert list(tmp_path.iterdir()) == []


def test_a_listener_that_cannot_leave_its_note_does_not_listen(tmp_path):
    # Python warns of a socket that nobody closed.
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(OSError, match="missing"):
            Listener(tmp_path / "missing")
        gc.collect()
    assert warned == []


def test_nobody_there_is_nobody(listener):
    assert listener.accept() is None


def test_a_call_may_come_in_pieces(tmp_path, listener):
    line = f"{note(tmp_path)['key']} {json.dumps({'connection': 'Shop', 'activation_token': ''})}\n".encode()
    with connected(tmp_path) as stranger:
        caller = caller_of(listener)
        assert caller.read() is None
        stranger.sendall(line[:70])
        assert heard(caller) is None
        stranger.sendall(line[70:])
        assert heard(caller) == Call("Shop")


NO_CALLS = {
    "another key": b"0" * 64 + b' {"connection": "", "activation_token": ""}\n',
    "an empty key": b' {"connection": "", "activation_token": ""}\n',
    "half a key": b'HALF {"connection": "", "activation_token": ""}\n',
    "letters nobody typed": b"\xff\xfe \xe4\n",
    "a browser": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "an empty line": b"\n",
    "only the key": b"KEY\n",
    "no JSON": b"KEY {connection}\n",
    "no object": b'KEY ["Shop"]\n',
    "no text": b'KEY {"connection": 5, "activation_token": ""}\n',
    "no permission": b'KEY {"connection": "", "activation_token": null}\n',
    "an unknown field": b'KEY {"connection": "", "activation_token": "", "send": true}\n',
    "too deep": b"KEY " + b"[" * 4000 + b"\n",
    "too much": b'KEY {"connection": "' + b"x" * LONGEST + b'", "activation_token": ""}\n',
    "no end": b"x" * (LONGEST + 1),
}


@pytest.mark.parametrize("sent", NO_CALLS.values(), ids=NO_CALLS)
def test_what_is_no_call_is_hung_up_on_without_a_word(tmp_path, listener, sent):
    key = str(note(tmp_path)["key"]).encode()
    with connected(tmp_path) as stranger:
        caller = caller_of(listener)
        stranger.sendall(sent.replace(b"KEY", key).replace(b"HALF", key[:32]))
        assert ended(caller)
        caller.close()
        assert said_by(stranger) == b""


def ended(caller: Caller) -> bool:
    try:
        for _ in range(100):
            heard(caller)
    except OSError:
        return True
    return False


def said_by(line: socket.socket) -> bytes:
    try:
        return line.recv(100)
    except ConnectionResetError:  # closed with something unread
        return b""


def test_who_hangs_up_is_no_call(tmp_path, listener):
    with connected(tmp_path):
        caller = caller_of(listener)
    assert ended(caller)


def test_a_key_without_an_end_is_waited_for_and_no_longer(tmp_path, listener):
    """A sender that never ends its line cannot fill the memory."""
    with connected(tmp_path) as stranger:
        caller = caller_of(listener)
        stranger.sendall(b"x" * LONGEST)
        assert heard(caller) is None
        stranger.sendall(b"x")
        assert ended(caller)


# Who calls


def test_without_a_note_nobody_is_called(tmp_path):
    assert call_once(tmp_path) is False


def test_the_note_of_a_killed_program_leads_nowhere(tmp_path):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": SOURCE},
    ) as holder:
        assert holder.stdout.readline() == b"listening\n"
        holder.send_signal(signal.SIGKILL)
    assert note(tmp_path)["port"]
    assert call_once(tmp_path) is False


def test_a_program_that_hangs_is_not_waited_for_forever(tmp_path, listener):
    assert call_once(tmp_path, patience=0.1) is False


@pytest.mark.parametrize("said", [b"ok\n", b"", b"0" * 64 + b"\n", b"HTTP/1.1 400 Bad Request\r\n" * 9])
def test_somebody_else_at_that_port_is_not_believed(tmp_path, listener, said):
    called = in_background(call_once, tmp_path)
    caller = caller_of(listener)
    assert heard(caller)
    caller.socket.sendall(said)
    caller.close()
    assert called.result(10) is False


@pytest.mark.parametrize(("name", "value"), [("DISPLAY", ":8"), ("WAYLAND_DISPLAY", "wayland-1")])
def test_a_window_on_another_desktop_is_not_called(tmp_path, listener, monkeypatch, name, value):
    """Somebody signed in twice would see nothing at all."""
    monkeypatch.setenv(name, value)
    assert call_once(tmp_path, patience=0.1) is False
    assert listener.accept() is None


def test_a_port_of_another_computer_is_not_called(tmp_path, listener):
    write_note(tmp_path, desktop=str(note(tmp_path)["desktop"]).replace(socket.gethostname(), "desk7.example.com"))
    assert call_once(tmp_path, patience=0.1) is False
    assert listener.accept() is None


@pytest.mark.parametrize(
    "changes",
    [
        {"port": 0},
        {"port": None},
        {"port": {}},
        {"desktop": 5},
        {"answer": ""},
        {"answer": 5},
        {"answer": [1] * 40},
        {"x": 1},
    ],
    ids=str,
)
def test_a_note_that_makes_no_sense_is_none(tmp_path, listener, changes):
    write_note(tmp_path, **changes)
    assert call_once(tmp_path, patience=0.1) is False
    assert listener.accept() is None


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "5", '"x"', "{", "\x00", "[" * 4000, "\udcff"], ids=lambda t: ascii(t[:9])
)
def test_a_broken_note_is_none(tmp_path, text):
    (tmp_path / "open-program.json").write_bytes(text.encode(errors="surrogateescape"))
    assert call_once(tmp_path) is False


def test_a_directory_in_its_place_is_none(tmp_path):
    (tmp_path / "open-program.json").mkdir()
    assert call_once(tmp_path) is False


# A second start


def test_a_free_lock_is_taken_and_nobody_called(tmp_path, listener):
    lock = DirectoryLock(tmp_path)
    assert call_running_program(lock, tmp_path) is False
    assert listener.accept() is None
    with pytest.raises(Exception, match="already open"):
        DirectoryLock(tmp_path).take()
    lock.release()


def test_an_old_version_that_does_not_listen_is_given_up(tmp_path):
    first, second = DirectoryLock(tmp_path), DirectoryLock(tmp_path)
    first.take()
    assert call_running_program(second, tmp_path, patience=0.1) is False
    assert second.is_elsewhere()
    first.release()


def test_a_program_that_is_about_to_open_is_waited_for(tmp_path):
    """An impatient second double-click finds the lock taken and nobody who listens yet."""
    first = DirectoryLock(tmp_path)
    first.take()
    tried = threading.Event()

    class Tried(DirectoryLock):
        def is_elsewhere(self) -> bool:
            tried.set()
            return super().is_elsewhere()

    called = in_background(call_running_program, Tried(tmp_path), tmp_path, "Shop", 10)
    assert tried.wait(10)
    listener = Listener(tmp_path)
    caller = caller_of(listener)
    assert heard(caller) == Call("Shop")
    caller.answer()
    assert called.result(10) is True
    listener.close()
    first.release()


def test_a_program_that_is_about_to_end_makes_room(tmp_path):
    """Closed and started again at once: the end may take a moment."""
    first, second = DirectoryLock(tmp_path), DirectoryLock(tmp_path)
    first.take()
    with ThreadPoolExecutor() as pool:
        called = pool.submit(call_running_program, second, tmp_path, patience=10)
        first.release()
        assert called.result(10) is False
    with pytest.raises(Exception, match="already open"):
        first.take()
    second.release()
