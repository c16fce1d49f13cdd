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
from confirmdesk.core.computer.second_start import LONGEST, Bell, Ring, Visitor, call_forward, ring

SOURCE = str(Path(__file__).resolve().parents[3] / "gui")
HOLDER = """
import sys, pathlib
from confirmdesk.core.computer.second_start import Bell
bell = Bell(pathlib.Path(sys.argv[1]))
print("listening", flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _desktop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DESKTOP_STARTUP_ID", raising=False)


@pytest.fixture
def bell(tmp_path: Path) -> Iterator[Bell]:
    made = Bell(tmp_path)
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


def visitor_of(bell: Bell) -> Visitor:
    wait_for(bell.socket)
    visitor = bell.admit()
    assert visitor
    return visitor


def heard(visitor: Visitor) -> Ring | None:
    wait_for(visitor.socket)
    return visitor.read()


def note(directory: Path) -> dict[str, object]:
    return json.loads((directory / "bell").read_text())


def write_note(directory: Path, **changes: object) -> None:
    (directory / "bell").write_text(json.dumps(note(directory) | changes))


@contextmanager
def connected(directory: Path) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", note(directory)["port"])) as line:
        line.settimeout(10)
        yield line


def test_a_ring_tells_what_the_second_start_was_asked_for_and_is_answered(tmp_path, bell, monkeypatch):
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "permission-1")
    rung = in_background(ring, tmp_path, "Läden “Süd”")
    visitor = visitor_of(bell)
    assert heard(visitor) == Ring("Läden “Süd”", "permission-1")
    assert not rung.done()
    visitor.answer()
    visitor.close()
    assert rung.result(10) is True


def test_the_older_name_of_the_permission_serves_as_well(tmp_path, bell, monkeypatch):
    monkeypatch.setenv("DESKTOP_STARTUP_ID", "startup-1")
    in_background(ring, tmp_path, "", 10)
    assert heard(visitor_of(bell)) == Ring("", "startup-1")


def test_only_this_computer_reaches_it_and_only_the_owner_reads_the_note(tmp_path, bell):
    assert bell.socket.getsockname()[0] == "127.0.0.1"
    assert (tmp_path / "bell").stat().st_mode & 0o777 == 0o600


def test_each_bell_has_a_key_of_its_own(tmp_path):
    notes = []
    for _ in range(2):
        made = Bell(tmp_path)
        notes.append(note(tmp_path))
        made.close()
    assert len({notes[0]["key"], notes[1]["key"], notes[0]["answer"], notes[1]["answer"]}) == 4


def test_a_closed_bell_leaves_nothing_behind(tmp_path):
    Bell(tmp_path).close()
    assert list(tmp_path.iterdir()) == []


def test_a_bell_that_cannot_leave_its_note_does_not_listen(tmp_path):
    # Python warns of a socket that nobody closed.
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with pytest.raises(OSError, match="missing"):
            Bell(tmp_path / "missing")
        gc.collect()
    assert warned == []


def test_nobody_there_is_nobody(bell):
    assert bell.admit() is None


def test_a_ring_may_come_in_pieces(tmp_path, bell):
    line = f"{note(tmp_path)['key']} {json.dumps({'connection': 'Shop', 'activation_token': ''})}\n".encode()
    with connected(tmp_path) as stranger:
        visitor = visitor_of(bell)
        assert visitor.read() is None
        stranger.sendall(line[:70])
        assert heard(visitor) is None
        stranger.sendall(line[70:])
        assert heard(visitor) == Ring("Shop")


NO_RINGS = {
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
    "an unknown wish": b'KEY {"connection": "", "activation_token": "", "send": true}\n',
    "too deep": b"KEY " + b"[" * 4000 + b"\n",
    "too much": b'KEY {"connection": "' + b"x" * LONGEST + b'", "activation_token": ""}\n',
    "no end": b"x" * (LONGEST + 1),
}


@pytest.mark.parametrize("sent", NO_RINGS.values(), ids=NO_RINGS)
def test_what_is_no_ring_ends_the_visit_without_a_word(tmp_path, bell, sent):
    key = str(note(tmp_path)["key"]).encode()
    with connected(tmp_path) as stranger:
        visitor = visitor_of(bell)
        stranger.sendall(sent.replace(b"KEY", key).replace(b"HALF", key[:32]))
        assert ended(visitor)
        visitor.close()
        assert said_by(stranger) == b""


def ended(visitor: Visitor) -> bool:
    try:
        for _ in range(100):
            heard(visitor)
    except OSError:
        return True
    return False


def said_by(line: socket.socket) -> bytes:
    try:
        return line.recv(100)
    except ConnectionResetError:  # closed with something unread
        return b""


def test_who_hangs_up_is_no_ring(tmp_path, bell):
    with connected(tmp_path):
        visitor = visitor_of(bell)
    assert ended(visitor)


def test_a_key_without_an_end_is_waited_for_and_no_longer(tmp_path, bell):
    """A sender that never ends its line cannot fill the memory."""
    with connected(tmp_path) as stranger:
        visitor = visitor_of(bell)
        stranger.sendall(b"x" * LONGEST)
        assert heard(visitor) is None
        stranger.sendall(b"x")
        assert ended(visitor)


# Who rings


def test_without_a_note_nobody_is_rung(tmp_path):
    assert ring(tmp_path) is False


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
    assert ring(tmp_path) is False


def test_a_program_that_hangs_is_not_waited_for_forever(tmp_path, bell):
    assert ring(tmp_path, patience=0.1) is False


@pytest.mark.parametrize("said", [b"ok\n", b"", b"0" * 64 + b"\n", b"HTTP/1.1 400 Bad Request\r\n" * 9])
def test_somebody_else_at_that_port_is_not_believed(tmp_path, bell, said):
    rung = in_background(ring, tmp_path)
    visitor = visitor_of(bell)
    assert heard(visitor)
    visitor.socket.sendall(said)
    visitor.close()
    assert rung.result(10) is False


@pytest.mark.parametrize(("name", "value"), [("DISPLAY", ":8"), ("WAYLAND_DISPLAY", "wayland-1")])
def test_a_window_on_another_desktop_is_not_rung(tmp_path, bell, monkeypatch, name, value):
    """Somebody signed in twice would see nothing at all."""
    monkeypatch.setenv(name, value)
    assert ring(tmp_path, patience=0.1) is False
    assert bell.admit() is None


def test_a_port_of_another_computer_is_not_rung(tmp_path, bell):
    write_note(tmp_path, place=str(note(tmp_path)["place"]).replace(socket.gethostname(), "desk7.example.com"))
    assert ring(tmp_path, patience=0.1) is False
    assert bell.admit() is None


@pytest.mark.parametrize(
    "changes",
    [
        {"port": 0},
        {"port": None},
        {"port": {}},
        {"place": 5},
        {"answer": ""},
        {"answer": 5},
        {"answer": [1] * 40},
        {"x": 1},
    ],
    ids=str,
)
def test_a_note_that_makes_no_sense_is_none(tmp_path, bell, changes):
    write_note(tmp_path, **changes)
    assert ring(tmp_path, patience=0.1) is False
    assert bell.admit() is None


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "5", '"x"', "{", "\x00", "[" * 4000, "\udcff"], ids=lambda t: ascii(t[:9])
)
def test_a_broken_note_is_none(tmp_path, text):
    (tmp_path / "bell").write_bytes(text.encode(errors="surrogateescape"))
    assert ring(tmp_path) is False


def test_a_directory_in_its_place_is_none(tmp_path):
    (tmp_path / "bell").mkdir()
    assert ring(tmp_path) is False


# A second start


def test_a_free_lock_is_taken_and_nobody_rung(tmp_path, bell):
    lock = DirectoryLock(tmp_path)
    assert call_forward(lock, tmp_path) is False
    assert bell.admit() is None
    with pytest.raises(Exception, match="already open"):
        DirectoryLock(tmp_path).take()
    lock.release()


def test_an_old_version_without_a_bell_is_given_up(tmp_path):
    first, second = DirectoryLock(tmp_path), DirectoryLock(tmp_path)
    first.take()
    assert call_forward(second, tmp_path, patience=0.1) is False
    assert second.is_elsewhere()
    first.release()


def test_a_program_that_is_about_to_open_is_waited_for(tmp_path):
    """An impatient second double-click finds the lock taken and no bell yet."""
    first = DirectoryLock(tmp_path)
    first.take()
    tried = threading.Event()

    class Tried(DirectoryLock):
        def is_elsewhere(self) -> bool:
            tried.set()
            return super().is_elsewhere()

    rung = in_background(call_forward, Tried(tmp_path), tmp_path, "Shop", 10)
    assert tried.wait(10)
    bell = Bell(tmp_path)
    visitor = visitor_of(bell)
    assert heard(visitor) == Ring("Shop")
    visitor.answer()
    assert rung.result(10) is True
    bell.close()
    first.release()


def test_a_program_that_is_about_to_end_makes_room(tmp_path):
    """Closed and started again at once: the end may take a moment."""
    first, second = DirectoryLock(tmp_path), DirectoryLock(tmp_path)
    first.take()
    with ThreadPoolExecutor() as pool:
        rung = pool.submit(call_forward, second, tmp_path, patience=10)
        first.release()
        assert rung.result(10) is False
    with pytest.raises(Exception, match="already open"):
        first.take()
    second.release()
