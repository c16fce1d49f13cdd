"""A Windows to test installers on: a Wine prefix of its own, a screen, and what Wine 8 lacks."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Of this computer, and nothing that a Windows would have.
FOREIGN = ("AWS_", "REQUESTS_", "SSL_", "CURL_", "PYTHON", "QT_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
PATIENCE = 180.0
FONTS = dict.fromkeys(("Segoe UI", "MS Shell Dlg", "MS Shell Dlg 2", "Tahoma"), "DejaVu Sans") | dict.fromkeys(
    ("Courier New", "Consolas"), "DejaVu Sans Mono"
)
# Bits that a text cursor changes.
CURSOR = 4000
STUBS = ("bcryptprimitives", "icuuc", "mscms")


class Wine:
    """The prefix in `directory`, made anew. Paths inside are Windows' own, except where they are a Path."""

    def __init__(self, directory: Path, display: str) -> None:
        self.prefix = directory
        clean = {name: value for name, value in os.environ.items() if not name.upper().startswith(FOREIGN)}
        self.environment = clean | {
            "WINEPREFIX": str(directory),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            # How Wine writes foreign letters to this computer's disk.
            "LC_ALL": "C.UTF-8",
            # Our own stub first; no menus of the desktop that runs the test; no questions for Mono and Gecko.
            "WINEDLLOVERRIDES": "mscms=n,b;winemenubuilder.exe=d;mscoree=d;mshtml=d",
            "DISPLAY": display,
        }
        shutil.rmtree(directory, ignore_errors=True)
        self.run("wineboot", "-i")
        self.run("winecfg", "-v", "win10")
        for name in STUBS:
            target = self.path("C:/windows/system32") / f"{name}.dll"
            words = (
                "-shared",
                "-O2",
                "-s",
                f"-D{name.upper()}",
                str(HERE / "windows_stubs.c"),
                "-o",
                str(target),
                "-ladvapi32",
            )
            subprocess.run(["x86_64-w64-mingw32-gcc", *words], check=True)

        # Where nobody has Microsoft's fonts Wine takes the first that it finds.
        for name, stand_in in FONTS.items():
            key = r"HKCU\Software\Wine\Fonts\Replacements"
            self.run("reg", "add", key, "/v", name, "/t", "REG_SZ", "/d", stand_in, "/f")

    def path(self, windows: str) -> Path:
        """Where a file of C: lies, whatever the case of its letters."""
        here = self.prefix / "drive_c"
        for part in windows.replace("\\", "/").split("/")[1:]:
            known = here.iterdir() if here.is_dir() else ()
            here = next((path for path in known if path.name.lower() == part.lower()), here / part)
        return here

    def folder(self, variable: str) -> str:
        """What %VARIABLE% stands for."""
        return self.run("cmd", "/c", f"echo %{variable}%").stdout.strip()

    def start(self, *command: str, **environment: str) -> subprocess.Popen[str]:
        """Start a program and leave it running. Wine wants pipes: it cannot pass on other files as Windows' handles."""
        return subprocess.Popen(
            ["wine", *command],
            env=self.environment | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a program to its end. Of its exit status 8 bits are left; see `status`."""
        process = self.start(*command, **environment)
        try:
            out, err = process.communicate("", PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    def status(self, command: str, **environment: str) -> int:
        """The whole exit status of a command line, as Windows' own shell sees it."""
        shell = self.prefix / "drive_c" / "status.bat"
        shell.write_text(f"@{command}\r\n@echo status %errorlevel%\r\n", encoding="utf-8", newline="")
        return int(self.run("cmd", "/c", r"C:\status.bat", **environment).stdout.rpartition("status ")[2])

    def registry(self, key: str) -> dict[str, str]:
        """The values of a key of the registry, numbers in hexadecimal; {} where it is not there."""
        file = self.prefix / "drive_c" / "key.reg"
        file.unlink(missing_ok=True)
        # What "reg query" prints has lost every letter that its code page does not know.
        if self.run("reg", "export", key, r"C:\key.reg", "/y").returncode or not file.is_file():
            return {}
        values = re.findall(r'^"([^"]+)"=(?:"(.*)"|dword:(\w+))$', file.read_text(encoding="utf-16"), re.MULTILINE)
        return {name: number or re.sub(r"\\(.)", r"\1", text) for name, text, number in values}

    def running(self, program: str) -> int:
        """How many processes of `program` run in this prefix. Wine's own tasklist lists nothing."""
        own = f"WINEPREFIX={self.prefix}".encode()
        count = 0
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                named = (process / "comm").read_text().strip() == program[:15]
                count += named and own in (process / "environ").read_bytes().split(b"\0")
        return count

    def end(self) -> None:
        """End whatever runs in this prefix, and nothing else."""
        subprocess.run(["wineserver", "-k"], env=self.environment, check=False)
        subprocess.run(["wineserver", "-w"], env=self.environment, check=False)


def wait_until(true: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Look every quarter of a second; TimeoutError naming `what`."""
    end = time.monotonic() + patience
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"In {patience:.0f} s this did not happen: {what}")
        # Windows' processes and files under Wine send nothing that could be waited for.
        time.sleep(0.25)


@contextmanager
def screen(size: str = "1280x800x24") -> Iterator[str]:
    """An X server of our own; gives its DISPLAY."""
    reading, writing = os.pipe()
    words = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"]
    server = subprocess.Popen(words, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as numbers:
            yield f":{numbers.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def windows_titled(display: str, title: str) -> list[str]:
    """The ids of the visible windows with `title` in their titles."""
    words = ["xdotool", "search", "--onlyvisible", "--name", title]
    done = subprocess.run(words, env=os.environ | {"DISPLAY": display}, capture_output=True, text=True, check=False)
    return done.stdout.split()


def picture(display: str, out: Path) -> Path:
    """The whole screen, as a PNG."""
    out.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["import", "-display", display, "-window", "root", str(out)], check=True)
    return out


def settled_picture(display: str, out: Path, enough: Callable[[], bool] = lambda: True) -> Path:
    """The screen, once `enough` holds and four looks in a row saw the same, but for a blinking cursor."""
    seen: list[int] = []

    def calm() -> bool:
        words = ["import", "-display", display, "-window", "root", "rgb:-"]
        seen.append(int.from_bytes(subprocess.run(words, capture_output=True, check=True).stdout, "little"))
        steady = len(seen) >= 4 and all((seen[-1] ^ other).bit_count() < CURSOR for other in seen[-4:-1])
        return steady and enough()

    wait_until(calm, f"a calm picture for {out.name}")
    return picture(display, out)


def ink(display: str, area: str) -> float:
    """How much of an `area` of the screen (800x400+60+200) is dark, from 0 to 1."""
    words = ["import", "-display", display, "-window", "root", "-crop", area, "-colorspace", "gray", "-depth", "8"]
    shades = subprocess.run([*words, "gray:-"], capture_output=True, check=True).stdout
    return sum(shade < 128 for shade in shades) / len(shades)
