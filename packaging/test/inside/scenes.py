"""The scenes: what somebody does with the installed program, and what has to be seen then."""

import configparser
import secrets
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk import stored_secret
from gi.repository import Gio
from program import (
    APP_ID,
    ENTRY,
    PRACTICE_WINDOW,
    WINDOW,
    close_window,
    leading_to_ours,
    opened,
    processes,
    self_check,
    start,
)
from screen import BUTTONS
from signing_in import by_portal, by_program
from stage import Stage, need

CONNECTION = "Example shop"
PRESET = "Preset by IT"
DONE = "accepted 1 · doubtful 0 · not needed 0 · waiting 0 · failed 0 · unknown 0 · left 0"
SCREEN = "1440x900"


@dataclass(frozen=True, slots=True)
class Scene:
    """What is played, at which desk."""

    play: Callable[[Stage], None]
    size: str = SCREEN
    keyring: bool = False
    wayland: bool = False


def before(stage: Stage) -> None:
    """With the older version: a connection with a secret, and a run of one in the practice pool."""
    screen, log = stage.screen, stage.out / "before.log"
    secret = secrets.token_hex(26)
    (stage.out / "secret").write_text(secret)
    with stage.proof("a connection with a client secret is saved in the dialog"):
        with opened(screen, log):
            stage.picture("welcome")
            screen.press("Create a connection")
            fields = {"Connection name": CONNECTION, "Region": "eu-west-1", "User pool": "eu-west-1_Ab12Cd34E"}
            for name, text in (fields | {"App client": "1example23456789", "Client secret": secret}).items():
                screen.fill(name, text)
            stage.picture("connection")
            screen.press("Save connection")
            screen.see("Edit connection", BUTTONS)
            # There is no network and nobody is signed in, and the window says so; the connection is there all the same.
            screen.wait_for_text("Connection status", lambda text: text != "")
        need(stored_secret(APP_ID) == secret, "the Secret Service has another secret, or none")
    with stage.proof("a run in the practice pool"), opened(screen, log, "--practice"):
        send_to_one(stage, 0)


def address(person: dict[str, str]) -> str:
    """Where a code for this row of the list goes."""
    return person["Phone" if person["Channel"] == "SMS" else "E-mail"]


def send_to_one(stage: Stage, row: int, pictures: str = "") -> str:
    """Pick the person in `row`, review, send; whose address it was."""
    screen = stage.screen
    screen.wait_for_text("User counts", lambda text: " loaded" in text and not text.startswith("0 "))
    person = address(screen.rows("Unconfirmed users")[row])
    screen.tick("Unconfirmed users", row)
    if pictures:
        stage.picture(f"{pictures}users")
    screen.press("Review and send")
    screen.wait("one recipient", lambda: len(screen.rows("Recipients")) == 1)
    reviewed = " ".join(screen.rows("Recipients")[0].values())
    need(person in reviewed, f"picked {person}, reviewed {reviewed}")
    if pictures:
        stage.picture(f"{pictures}review")
    screen.press("Send codes")
    screen.wait_for_text("Run summary", lambda text: text == DONE)
    if pictures:
        stage.picture(f"{pictures}run")
    return person


def after(stage: Stage) -> None:
    """With the newer version: what the older one left is still there."""
    screen, log = stage.screen, stage.out / "after.log"
    secret = (stage.out / "secret").read_text()
    with stage.proof("self-check on X11 with an open keyring") as tell:
        report = self_check()
        need(report["qt"]["platform"] == "xcb", f"Qt platform {report['qt']['platform']}")
        need(report["keyring"]["usable"] is True, str(report["keyring"]))
        need(report["presets"]["count"] == 1, str(report["presets"]))
        tell(f"{report['qt']['platform']}, {report['keyring']['backend']}, one preset")
    with opened(screen, log):
        with stage.proof("own connection and preset are offered"):
            offered = screen.wait("connections", lambda: screen.entries("Connection"))
            need(any(entry.startswith(CONNECTION) for entry in offered), str(offered))
            need(any(entry.startswith(PRESET) for entry in offered), str(offered))
        with stage.proof("the dialog knows the stored secret, and so does the Secret Service"):
            screen.press("Edit connection")
            note = "A secret is stored in the keyring. Type another one to replace it."
            screen.wait(note, lambda: screen.shows(note))
            stage.picture("stored")
            screen.press("Discard connection")
            need(stored_secret(APP_ID) == secret, "the Secret Service has another secret, or none")
    with stage.proof("the secret is in no file of this person's in clear"):
        home = ["grep", "-rlF", secret, str(Path.home())]
        found = subprocess.run(home, stdout=subprocess.PIPE, text=True, check=False)
        need(found.returncode == 1, found.stdout)


def main_job(stage: Stage) -> None:
    """A code is sent in the practice pool, arrives in its outbox, and is in the history beside the older version's."""
    screen, log = stage.screen, stage.out / "main_job.log"
    with opened(screen, log, "--practice"):
        with stage.proof("the practice pool opens and lists its people") as tell:
            tell(screen.wait_for_text("User counts", lambda text: text.startswith("200 loaded")))
        with stage.proof("the older version's run is in the history"):
            screen.press("History")
            screen.wait("one run", lambda: len(screen.rows("Runs")) == 1)
            stage.picture("history")
            screen.press("Close history")
        with stage.proof("a code is sent") as tell:
            person = send_to_one(stage, 1, "light-")
            tell(f"to {person}: {DONE}")
            screen.press("Close run")
        with stage.proof("it is in the practice outbox"):
            screen.press("Practice outbox")
            screen.wait("one message", lambda: len(screen.rows("Outbox messages")) == 1)
            message = screen.rows("Outbox messages")[0]
            need(message["To"] == person, f"sent to {person}, arrived at {message['To']}")
            stage.picture("outbox")
            screen.keys("Escape")
            screen.wait("the main window alone", lambda: screen.in_front() == [PRACTICE_WINDOW])
        with stage.proof("the log opens with the desktop's own libraries"):
            screen.keys("F1")
            screen.wait_for_text("Version", lambda text: text.startswith("Version "))
            stage.picture("about")
            screen.press("Show log file")
            called = stage.out / "xdg-open.txt"
            screen.wait("xdg-open", lambda: called.exists() and "opened:" in called.read_text())
            lines = called.read_text().splitlines()
            need(lines[-1].startswith("opened:") and lines[-1].endswith(".log"), lines[-1])
            ours = leading_to_ours(lines)
            need(not ours, f"xdg-open was started with {', '.join(ours)}")
            screen.press("Close about")


def dark(stage: Stage) -> None:
    """The same in dark."""
    with (
        stage.proof("the dark theme") as tell,
        opened(stage.screen, stage.out / "dark.log", "--practice", "--theme", "dark"),
    ):
        send_to_one(stage, 3, "dark-")
        brightness = stage.picture("dark-run")
        need(brightness < 90, f"brightness {brightness:.0f} of 255")
        tell(f"brightness {brightness:.0f} of 255")


def large(stage: Stage) -> None:
    """On a screen with small pixels."""
    # Qt tells places in units of its own, and the pointer goes by pixels.
    stage.screen.scale = 2
    log = stage.out / "large.log"
    with stage.proof("2560×1600 with a scale of 2"), opened(stage.screen, log, "--practice", QT_SCALE_FACTOR="2"):
        send_to_one(stage, 4, "large-")


def desktop_entry(stage: Stage) -> None:
    """The desktop finds, starts and recognises the program."""
    screen = stage.screen
    entry = configparser.ConfigParser(interpolation=None)
    # Keys as they are written; the documented way, though the stub calls it a method.
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(ENTRY)
    known_as = entry["Desktop Entry"]["StartupWMClass"]
    info = _desktop_app_info().new(ENTRY.name)
    with stage.proof("the desktop entry starts the program, and its window is known as StartupWMClass") as tell:
        need(bool(info), f"the desktop cannot read {ENTRY.name}")
        info.launch([], None)
        screen.window(WINDOW)
        classes = screen.wait("a window in the list", _window_classes)
        need(all(known_as in words for words in classes), f"StartupWMClass {known_as}, WM_CLASS {classes}")
        tell(f"WM_CLASS {classes[0]}")
        close_window(screen)
        screen.wait("the end of it", lambda: not _window_classes())
    with stage.proof("so does its action “practice”"):
        command = entry["Desktop Action practice"]["Exec"]
        Gio.AppInfo.create_from_commandline(command, None, Gio.AppInfoCreateFlags.NONE).launch([], None)
        screen.window(PRACTICE_WINDOW)
        screen.wait_for_text("User counts", lambda text: text.startswith("200 loaded"))
        close_window(screen)
        screen.wait("the end of it", lambda: not _window_classes())
    with stage.proof("its icon is there in every size") as tell:
        icons = sorted(Path("/usr/share/icons/hicolor").glob(f"*/apps/{entry['Desktop Entry']['Icon']}.*"))
        sizes = [icon.parts[-3] for icon in icons]
        need({"16x16", "48x48", "256x256", "scalable"} <= set(sizes), str(sizes))
        tell(", ".join(sizes))


def _desktop_app_info() -> Any:
    try:  # where it lives since GLib 2.80
        import gi

        gi.require_version("GioUnix", "2.0")
        from gi.repository import GioUnix
    except (ImportError, ValueError):
        return Gio.DesktopAppInfo
    return GioUnix.DesktopAppInfo


def _window_classes() -> list[list[str]]:
    """WM_CLASS of every window that the window manager lists."""
    listed = _xprop("-root", "_NET_CLIENT_LIST")
    told = (_xprop("-id", word.strip(","), "WM_CLASS") for word in listed.split() if word.startswith("0x"))
    return [line.partition(" = ")[2].replace('"', "").strip().split(", ") for line in told]


def _xprop(*words: str) -> str:
    return subprocess.run(["xprop", *words], stdout=subprocess.PIPE, text=True, check=False).stdout


def wayland(stage: Stage) -> None:
    """Where there is no X server, and a keyring that nobody opened."""
    screen, log = stage.screen, stage.out / "wayland.log"
    with stage.proof("self-check on Wayland, keyring not open") as tell:
        report = self_check()
        need(report["qt"]["platform"] == "wayland", f"Qt platform {report['qt']['platform']}")
        need(report["keyring"]["usable"] is False, str(report["keyring"]))
        tell(f"{report['qt']['platform']}, keyring {report['keyring']['state']}")
    with stage.proof("the window opens on Wayland, known by the id of the desktop entry") as tell:
        process = start(log, "--practice", WAYLAND_DEBUG="1")
        screen.window(PRACTICE_WINDOW)
        screen.wait_for_text("User counts", lambda text: text.startswith("200 loaded"))
        known = f'set_app_id("{ENTRY.stem}")'
        need(known in log.read_text(errors="replace"), f"the program never said {known}")
        subprocess.run(["weston-screenshooter"], cwd=stage.out, timeout=30, check=True)
        next(stage.out.glob("wayland-screenshot*.png")).rename(stage.out / "wayland.png")
        tell(known)
    with stage.proof("no window but this one opens at the start"):
        windows = log.read_text(errors="replace").count(".get_toplevel(")
        need(windows == 1, f"{windows} windows were opened")
    with stage.proof("killed, it takes its practice server along"):
        need(len(processes()) > 1, "there is no practice server to begin with")
        process.kill()
        process.wait()
        screen.wait("the end of all its processes", lambda: not processes())


SCENES = {
    "before": Scene(before, keyring=True),
    "after": Scene(after, keyring=True),
    "main_job": Scene(main_job),
    "by_portal": Scene(by_portal, keyring=True),
    "by_program": Scene(by_program, keyring=True),
    "dark": Scene(dark, size="1280x800"),
    "large": Scene(large, size="2560x1600"),
    "desktop_entry": Scene(desktop_entry),
    "wayland": Scene(wayland, wayland=True),
}
