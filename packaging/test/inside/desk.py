"""A desk to sit at: a screen with a window manager or a Wayland compositor, accessibility, and a keyring."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from gi.repository import Gio, GLib

PASSWORD = "keyring"  # noqa: S105 - of a keyring that lives for a test


@contextmanager
def runtime_directory() -> Iterator[Path]:
    """XDG_RUNTIME_DIR, as a login makes it."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        os.environ["XDG_RUNTIME_DIR"] = made
        yield Path(made)


@contextmanager
def x_screen(size: str) -> Iterator[Path]:
    """An X server of `size` ("1440x900") with a window manager; the file that holds what is on its screen."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as ends:
        here, there = os.pipe()
        screen = ("-screen", "0", f"{size}x24", "-fbdir", folder, "-nolisten", "tcp")
        command = ["Xvfb", "-displayfd", str(there), *screen]
        ends.enter_context(_running(command, Path(folder) / "xvfb.log", pass_fds=(there,)))
        os.close(there)
        with os.fdopen(here) as pipe:
            os.environ["DISPLAY"] = f":{pipe.readline().strip()}"
        ends.enter_context(_running(["openbox"], Path(folder) / "openbox.log"))
        yield Path(folder) / "Xvfb_screen0"
        del os.environ["DISPLAY"]


@contextmanager
def wayland_screen(runtime: Path, size: str) -> Iterator[None]:
    """A Wayland compositor without a screen; programs find it, and no X server."""
    width, height = size.split("x")
    os.environ.pop("DISPLAY", None)
    os.environ["WAYLAND_DISPLAY"] = "desk"
    # Its debugging protocol is what lets somebody else take pictures.
    look = ["--backend=headless-backend.so", "--use-pixman", f"--width={width}", f"--height={height}", "--debug"]
    command = ["weston", "--no-config", "--socket=desk", "--idle-time=0", *look]
    with _running(command, runtime / "weston.log"):
        yield
    del os.environ["WAYLAND_DISPLAY"]


@contextmanager
def _running(command: list[str], log: Path, pass_fds: tuple[int, ...] = ()) -> Iterator[None]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, pass_fds=pass_fds)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def ask_for_accessibility() -> None:
    """What a screen reader does first: tell every program that somebody reads its windows."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)
    status = ("org.a11y.Status", "ScreenReaderEnabled", GLib.Variant("b", True))
    bus.call_sync(
        *("org.a11y.Bus", "/org/a11y/bus", "org.freedesktop.DBus.Properties", "Set"),
        *(GLib.Variant("(ssv)", status), None, Gio.DBusCallFlags.NONE, 30_000, None),
    )


def unlock_keyring() -> None:
    """A Secret Service with an open keyring, as after a login with a password."""
    command = ["gnome-keyring-daemon", "--unlock", "--components=secrets"]
    subprocess.run(command, input=PASSWORD.encode(), stdout=subprocess.DEVNULL, check=True)


def stored_secret(service: str) -> str:
    """What the Secret Service keeps for `service`, as another program of this person sees it."""
    command = ["secret-tool", "lookup", "service", service]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
