"""A real Secret Service on a session bus of its own: gnome-keyring, unlocked, locked, or none at all."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import secretstorage
from jeepney import DBusAddress, MatchRule, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

SECRETS = "org.freedesktop.secrets"
# Seconds; only ever waited for in full by a machine on which the daemon cannot start.
PATIENCE = 30

# Without service directories nothing else of the desktop is started on this bus, not even a password prompt.
BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:dir={run}</listen><auth>EXTERNAL</auth>
<policy context="default">
<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy>
</busconfig>
"""


@dataclass(frozen=True, slots=True)
class KeyringSession:
    """One bus, and the keyring on it if there is one."""

    address: str

    @contextmanager
    def prompter(self) -> Iterator[None]:
        """Somebody who would ask the user for the keyring's password, and never comes back with an answer."""
        with closing(open_dbus_connection(self.address)) as bus:
            Proxy(message_bus, bus).RequestName("org.gnome.keyring.SystemPrompter")
            yield

    def lock(self) -> None:
        """Locks the default collection, as a desktop does when its user asks for it."""
        with closing(secretstorage.dbus_init()) as bus:
            secretstorage.get_default_collection(bus).lock()


@pytest.fixture
def keyring_unlocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyringSession]:
    """An unlocked gnome-keyring, like a desktop after the sign-in."""
    with _session(monkeypatch, b"practice") as session:
        yield session


@pytest.fixture
def keyring_locked(keyring_unlocked: KeyringSession) -> KeyringSession:
    """A gnome-keyring whose collection is locked, and nobody there to unlock it."""
    keyring_unlocked.lock()
    return keyring_unlocked


@pytest.fixture
def keyring_new(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyringSession]:
    """A gnome-keyring of somebody who never had one: no collection yet."""
    with _session(monkeypatch, None) as session:
        yield session


@pytest.fixture
def keyring_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No session bus, as in a plain terminal on a server."""
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


@pytest.fixture
def bus_without_keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyringSession]:
    """A session bus on which nobody offers a Secret Service."""
    with ExitStack() as stack:
        yield KeyringSession(_start_bus(stack, monkeypatch, _room(stack)))


@contextmanager
def _session(monkeypatch: pytest.MonkeyPatch, password: bytes | None) -> Iterator[KeyringSession]:
    with ExitStack() as stack:
        room = _room(stack)
        session = KeyringSession(_start_bus(stack, monkeypatch, room))
        _start_keyring(stack, room, session.address, password)
        yield session


def _room(stack: ExitStack) -> Path:
    # Not pytest's tmp_path: the path of a socket has 107 characters at most.
    return Path(stack.enter_context(TemporaryDirectory(prefix="keyring-")))


def _start_bus(stack: ExitStack, monkeypatch: pytest.MonkeyPatch, room: Path) -> str:
    config = room / "bus.conf"
    config.write_text(BUS_CONFIG.format(run=room))
    command = ["dbus-daemon", f"--config-file={config}", "--nofork", "--print-address"]
    bus = stack.enter_context(_child(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL))
    assert bus.stdout is not None
    address = bus.stdout.readline().decode().strip()
    assert address, "the session bus did not start"
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    return address


def _start_keyring(stack: ExitStack, room: Path, address: str, password: bytes | None) -> None:
    environment = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(room),
        "XDG_RUNTIME_DIR": str(room),
        "XDG_DATA_HOME": str(room / "data"),
        "DBUS_SESSION_BUS_ADDRESS": address,
        # Each of the hundred items would otherwise ask the disk to settle its settings.
        "GSETTINGS_BACKEND": "memory",
    }
    command = ["gnome-keyring-daemon", "--foreground", "--components=secrets"]
    if password is not None:
        command.append("--unlock")
    bus = stack.enter_context(closing(open_dbus_connection(address)))
    rule = MatchRule(
        type="signal", sender="org.freedesktop.DBus", interface="org.freedesktop.DBus", member="NameOwnerChanged"
    )
    rule.add_arg_condition(0, SECRETS)
    Proxy(message_bus, bus).AddMatch(rule)
    with bus.filter(rule) as signals:
        daemon = stack.enter_context(
            _child(
                command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        )
        assert daemon.stdin is not None
        daemon.stdin.write(password or b"")
        daemon.stdin.close()
        bus.recv_until_filtered(signals, timeout=PATIENCE)
    _wait_until_ready(bus)


def _wait_until_ready(bus: DBusConnection) -> None:
    """The daemon takes its name before it answers; a question waits until it does."""
    service = DBusAddress("/org/freedesktop/secrets", SECRETS, "org.freedesktop.Secret.Service")
    bus.send_and_get_reply(new_method_call(service, "ReadAlias", "s", ("default",)), timeout=PATIENCE)


@contextmanager
def _child(command: list[str], **options: object) -> Iterator["subprocess.Popen[bytes]"]:
    child = subprocess.Popen(command, **options)
    try:
        yield child
    finally:
        child.terminate()
        child.wait(PATIENCE)
        if child.stdout is not None:
            child.stdout.close()
