"""Proves the installers for Windows under Wine: `make package-test-windows`. Real Windows is another matter; what is
not proven here stands in packaging/windows/README.md."""

import json
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from windows_wine import STUBS, Wine, ink, picture, screen, settled_picture, wait_until, windows_titled

import icons
from project import DIST, read_project
from steps import empty
from windows.launcher import build_launchers
from windows.nsis import SVG, build_setup
from windows.payload import PROGRAM, WORK, recognise

PROJECT = read_project()
OLD = "0.0.9"
SETUP = DIST / f"{PROJECT.command}-{PROJECT.version}-setup-x64.exe"
MSI = DIST / f"{PROJECT.command}-{PROJECT.version}-x64.msi"
PAYLOAD, PICTURES = WORK / "payload", WORK / "pictures"
UNINSTALL = r"Software\Microsoft\Windows\CurrentVersion\Uninstall" + "\\" + PROJECT.app_id
OFFSCREEN = {"WINEQT_QPA_PLATFORM": "offscreen"}
IN_USE = 1618
# Where the rows of users are, in the lower half of the table: empty until they are listed.
ROWS = "800x240+60+430"
STRANGE = r"C:\Ünïcödé-漢字\Confirm desk"

# One saved connection, as the program writes it; no call is ever made to it.
SETTINGS = {
    "version": 1,
    "connections": [
        {
            "name": "Kept by the upgrade",
            "region": "eu-west-1",
            "pool_id": "eu-west-1_EXAMPLE12",
            "client_id": "1example23456789",
            "endpoint": "https://cognito.example.org",
        }
    ],
}

# Runs in the installed program's own Python, with its libraries: each step in a process of its own.
KEYRING = """
import sys
from confirmdesk.core.connections.connection import SecretSlot
from confirmdesk.core.connections.keychain import system_keychain
from confirmdesk.core.connections.secret import Secret
slot = SecretSlot("", "eu-west-1", "eu-west-1_EXAMPLE12", "1example23456789")
keychain, step = system_keychain(), sys.argv[1]
if step == "write":
    keychain.write(slot, Secret("proof-é-secret"))
if step == "forget":
    keychain.forget(slot)
found = keychain.read(slot)
right = "right" if found == Secret("proof-é-secret") else "wrong"
print(step, keychain.state().backend, right if found else "none")
"""


class Proofs:
    """The verdicts so far, and the Windows that they are about."""

    def __init__(self, wine: Wine, display: str) -> None:
        self.wine = wine
        self.display = display
        self.failed: list[str] = []
        self.local = wine.folder("LOCALAPPDATA")
        self.mine = self.local + r"\Programs\Confirmdesk"
        self.shared = r"C:\Program Files\Confirmdesk"
        self.data = wine.path(self.local) / PROJECT.command

    def prove(self, what: str, held: bool, seen: object = "") -> None:
        """Print one line; what did not hold ends in the verdict."""
        print(f"{'ok     ' if held else 'FAILED '} {what}" + ("" if held else f"\n        {seen}"), flush=True)
        if not held:
            self.failed.append(what)

    # ---- what the proofs ask ----

    def setup(self, words: str, installer: Path = SETUP) -> int:
        return self.wine.status(f"Z:{str(installer).replace('/', chr(92))} {words}")

    def uninstall(self, folder: str, words: str) -> int:
        """The uninstaller as Windows' settings call it. It goes on in a copy of itself."""
        status = self.wine.run(f"{folder}\\Uninstall.exe", "/S", *words.split()).returncode
        if status == 0:
            wait_until(lambda: not (self.wine.path(folder) / "Uninstall.exe").exists(), "the uninstaller is gone")
        return status

    def cli(self, folder: str, *words: str, twin: str = "-cli") -> subprocess.CompletedProcess[str]:
        return self.wine.run(f"{folder}\\{PROJECT.command}{twin}.exe", *words, **OFFSCREEN)

    def check(self, folder: str, *words: str, twin: str = "-cli") -> dict[str, Any]:
        """The report of --self-check, and its exit status as "status"; {} where it is no report."""
        done = self.cli(folder, "--self-check", *words, twin=twin)
        try:
            report: dict[str, Any] = json.loads(done.stdout)
        except ValueError:
            print(done.stdout + done.stderr)
            return {}
        return report | {"status": done.returncode}

    def files(self, folder: str) -> list[str]:
        root = self.wine.path(folder)
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())

    def kept(self) -> dict[str, bytes]:
        """The personal data."""
        return {p.relative_to(self.data).as_posix(): p.read_bytes() for p in self.data.rglob("*") if p.is_file()}

    # ---- the proofs ----

    def per_user(self) -> None:
        self.prove("installs silently for one person: exit status 0", self.setup("/S /CurrentUser") == 0)
        self.whole(self.mine, "HKCU", "/CurrentUser")
        self.programs_speak(self.mine)

    def whole(self, folder: str, hive: str, mode: str) -> None:
        expected = sorted(p.relative_to(PAYLOAD).as_posix() for p in PAYLOAD.rglob("*") if p.is_file())
        self.prove(
            f"{folder} holds the {len(expected)} files of the package and the uninstaller, nothing else",
            self.files(folder) == sorted([*expected, "Uninstall.exe"]),
        )
        entry = self.wine.registry(f"{hive}\\{UNINSTALL}")
        told = [entry.get(key) for key in ("DisplayName", "DisplayVersion", "Publisher", "InstallLocation")]
        self.prove(
            f"Windows' settings list it ({hive}): name, version, publisher, folder",
            told == [PROJECT.name, PROJECT.version, PROJECT.publisher, folder],
            entry,
        )
        self.prove(
            "with a quiet way to uninstall it, an icon and its size",
            entry.get("QuietUninstallString") == f'"{folder}\\Uninstall.exe" {mode} /S'
            and entry.get("DisplayIcon") == f"{folder}\\{PROJECT.command}.exe,0"
            and 50_000 < int(entry.get("EstimatedSize", "0"), 16) < 150_000,
            entry,
        )
        self.prove("the Start menu has it", self.shortcut(hive).is_file())

    def shortcut(self, hive: str) -> Path:
        root = self.wine.folder("APPDATA" if hive == "HKCU" else "PROGRAMDATA")
        return self.wine.path(root + rf"\Microsoft\Windows\Start Menu\Programs\{PROJECT.name}.lnk")

    def programs_speak(self, folder: str) -> None:
        for twin, name in (("-cli", "console program"), ("", "window program")):
            said = self.cli(folder, "--version", twin=twin)
            self.prove(
                f"the {name} tells its version",
                (said.returncode, said.stdout.strip()) == (0, f"{PROJECT.name} {PROJECT.version}"),
                said,
            )
            report = self.check(folder, twin=twin)
            self.prove(
                f"the {name}'s self-check: all well", (report.get("ok"), report.get("status")) == (True, 0), report
            )
        self.prove(
            "the keyring is the Windows Credential Manager, usable",
            report.get("keyring", {}).get("backend") == "Windows Credential Manager"
            and report["keyring"]["usable"] is True,
            report,
        )
        mute = self.wine.status(f'start /wait "" "{folder}\\{PROJECT.command}.exe" --self-check', **OFFSCREEN)
        self.prove("the window program's self-check without console or pipe: exit status 0", mute == 0, mute)
        wrong = self.wine.status(f'"{folder}\\{PROJECT.command}-cli.exe" --nonsense')
        self.prove("an unknown option: exit status 2", wrong == 2, wrong)

    def keyring(self) -> None:
        inside = self.wine.path(self.mine) / PROGRAM
        shutil.copyfile(WORK / "python" / "python.exe", inside / "python.exe")
        script = self.wine.prefix / "drive_c" / "keyring_proof.py"
        script.write_text(KEYRING, encoding="utf-8")
        python = f"{self.mine}\\{PROGRAM}\\python.exe"
        said = [
            self.wine.run(python, "-B", r"C:\keyring_proof.py", step).stdout.strip()
            for step in ("write", "read", "forget", "read")
        ]
        name = "Windows Credential Manager"
        self.prove(
            "a client secret written by the program's keychain is read by another process, and forgotten",
            said == [f"write {name} right", f"read {name} right", f"forget {name} none", f"read {name} none"],
            said,
        )
        (inside / "python.exe").unlink()

    def practice_server(self) -> None:
        program = self.wine.start(f"{self.mine}\\{PROJECT.command}.exe", "--practice-server", "30")
        assert program.stdout
        assert program.stdin
        try:
            announced = json.loads(program.stdout.readline())
            pool = announced["pools"][0]["pool_id"]
            answer = ask(announced["port"], announced["headers"], "ListUsers", {"UserPoolId": pool})
            self.prove(
                "the window program serves the practice pool to another process", len(answer["Users"]) >= 10, answer
            )
        finally:
            program.stdin.close()
            wait_until(lambda: program.poll() is not None, "the practice server ends with its stdin", 30)
        self.prove("and ends when its stdin does", program.poll() == 0, program.poll())

    def window(self) -> None:
        program = self.open(self.mine, "--practice", "--theme", "light")
        settled_picture(self.display, PICTURES / "practice.png", lambda: 0.01 < ink(self.display, ROWS) < 0.5)
        self.prove("the practice pool is listed in the real window: build/windows/pictures/practice.png", True)
        self.prove("by a server of its own, the same program", self.running() == 2, self.running())
        before = self.files(self.mine)
        status = self.setup("/S /CurrentUser")
        self.prove(f"while it is open, installing over it ends with {IN_USE}", status == IN_USE, status)
        # Only in place, and not in a copy of itself, the uninstaller is waited for and its status seen.
        status = self.wine.status(f'"{self.mine}\\Uninstall.exe" /S /CurrentUser _?={self.mine}')
        self.prove(f"and so does uninstalling ({IN_USE})", status == IN_USE, status)
        self.prove("neither changed a file", self.files(self.mine) == before)
        self.close(program)
        self.prove("closing it ends the practice server too", self.running() == 0, self.running())

    def open(self, folder: str, *words: str) -> "subprocess.Popen[str]":
        program = self.wine.start(f"{folder}\\{PROJECT.command}.exe", *words)
        wait_until(lambda: bool(windows_titled(self.display, PROJECT.name)), "a window")
        return program

    def close(self, program: "subprocess.Popen[str]") -> None:
        self.wine.run("taskkill", "/IM", f"{PROJECT.command}.exe")
        wait_until(lambda: program.poll() is not None and self.running() == 0, "the window is closed", 60)

    def running(self) -> int:
        return self.wine.running(f"{PROJECT.command}.exe")

    def upgrade(self) -> None:
        old = make_old()
        self.prove(f"version {OLD} installs", self.setup("/S /CurrentUser", old) == 0)
        said = self.cli(self.mine, "--version").stdout.strip()
        self.prove("and runs", said == f"{PROJECT.name} {OLD}", said)
        self.data.mkdir(parents=True, exist_ok=True)
        (self.data / "settings.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
        program = self.open(self.mine)
        wait_until(lambda: (self.data / "ledger.sqlite3").is_file(), "the program has made its ledger")
        settled_picture(self.display, PICTURES / "welcome.png")
        self.close(program)
        before = self.kept()
        self.prove(f"{PROJECT.version} installs over it", self.setup("/S") == 0)
        self.whole(self.mine, "HKCU", "/CurrentUser")
        self.prove("settings, ledger and log are as they were", self.kept() == before, sorted(before))
        endpoint = self.check(self.mine, "--connection", "Kept by the upgrade").get("endpoint")
        self.prove(
            "and the new version reads those settings",
            endpoint == {"connection": "Kept by the upgrade", "url": "https://cognito.example.org", "custom": True},
            endpoint,
        )

    def per_user_uninstall(self) -> None:
        before = self.kept()
        self.prove("uninstalls silently: exit status 0", self.uninstall(self.mine, "/CurrentUser") == 0)
        self.gone(self.mine, "HKCU")
        self.prove("personal data stay", before == self.kept() and "ledger.sqlite3" in before)
        self.setup("/S /CurrentUser")
        self.uninstall(self.mine, "/CurrentUser /PurgeData")
        self.gone(self.mine, "HKCU")
        self.prove("with /PurgeData personal data go as well", not self.data.exists())

    def gone(self, folder: str, hive: str) -> None:
        self.prove(f"{folder} is gone", not self.wine.path(folder).exists(), self.files(folder)[:20])
        self.prove("the entry in Windows' settings is gone", not self.wine.registry(f"{hive}\\{UNINSTALL}"))
        self.prove("the Start menu has it no more", not self.shortcut(hive).exists())

    def strange_folder(self) -> None:
        # /D= takes no quotation marks, so its words must arrive one by one.
        done = self.wine.run(str(SETUP), "/S", "/CurrentUser", *f"/D={STRANGE}".split())
        self.prove(f"installs into {STRANGE}", done.returncode == 0, done)
        self.whole(STRANGE, "HKCU", "/CurrentUser")
        report = self.check(STRANGE)
        self.prove("self-check there: all well", report.get("ok") is True, report)
        self.prove("uninstalls from there", self.uninstall(STRANGE, "/CurrentUser") == 0)
        self.gone(STRANGE, "HKCU")

    def per_machine(self) -> None:
        self.prove("installs silently for everybody: exit status 0", self.setup("/S /AllUsers") == 0)
        self.whole(self.shared, "HKLM", "/AllUsers")
        self.programs_speak(self.shared)
        presets = self.wine.path(r"C:\ProgramData\Confirmdesk\connections.d")
        self.prove("there is a folder for preset connections", presets.is_dir())
        preset = {key: SETTINGS["connections"][0][key] for key in ("region", "pool_id", "client_id")}  # type: ignore[index]
        (presets / "shop.json").write_text(json.dumps({"name": "Preset by IT", **preset}), encoding="utf-8")
        report = self.check(self.shared, "--connection", "Preset by IT")
        self.prove("a connection in it is found", report.get("presets", {}).get("count") == 1, report.get("presets"))
        self.prove("uninstalls for everybody", self.uninstall(self.shared, "/AllUsers") == 0)
        self.gone(self.shared, "HKLM")
        self.prove("IT's presets stay", (presets / "shop.json").is_file())
        (presets / "shop.json").unlink()
        self.setup("/S /AllUsers")
        self.uninstall(self.shared, "/AllUsers")
        self.prove("an empty presets folder goes", not presets.parent.exists())

    def msi(self) -> None:
        package = f"Z:{str(MSI).replace('/', chr(92))}"
        self.prove("msiexec /i /qn: exit status 0", self.wine.status(f"msiexec /i {package} /qn") == 0)
        expected = sorted(p.relative_to(PAYLOAD).as_posix() for p in PAYLOAD.rglob("*") if p.is_file())
        self.prove("the .msi installs the same files", self.files(self.shared) == expected)
        # Windows has one for everybody there; Wine knows only the account's own.
        shortcuts = [self.shortcut(hive) for hive in ("HKLM", "HKCU")]
        self.prove("the Start menu has it", any(path.is_file() for path in shortcuts))
        report = self.check(self.shared)
        self.prove("its self-check: all well", report.get("ok") is True, report)
        self.prove("msiexec /x /qn: exit status 0", self.wine.status(f"msiexec /x {package} /qn") == 0)
        self.prove("nothing of it is left", not self.wine.path(self.shared).exists(), self.files(self.shared)[:20])
        self.prove("nor in the Start menu", not any(path.exists() for path in shortcuts))


def ask(port: int, headers: dict[str, str], operation: str, parameters: dict[str, str]) -> dict[str, list[object]]:
    """A call of Cognito's API, over HTTP and without any library of ours."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/",
        json.dumps(parameters).encode(),
        {
            **headers,
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"AWSCognitoIdentityProviderService.{operation}",
            "Authorization": "AWS4-HMAC-SHA256 Credential=practice/20200101/us-east-1/cognito-idp/aws4_request",
        },
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
        body: dict[str, list[object]] = json.load(answer)
    return body


def make_old() -> Path:
    """An installer of an earlier version, with one file that this version has no more."""
    project, work = read_project(version=OLD), empty(WORK / "old")
    payload = work / "payload"
    shutil.copytree(PAYLOAD, payload)
    library = payload / PROGRAM / "lib"
    about = library / f"{PROJECT.command}-{PROJECT.version}.dist-info" / "METADATA"
    text = about.read_text(encoding="utf-8")
    about.write_text(text.replace(f"\nVersion: {PROJECT.version}\n", f"\nVersion: {OLD}\n"), encoding="utf-8")
    (library / "only_in_the_old_version.py").write_text("", encoding="utf-8")
    icon = icons.ico(SVG, work / "icon.ico")
    build_launchers(project, recognise(WORK / "python"), icon, payload)
    return build_setup(project, payload, icon, work, quick=True)


def package_is_clean(proofs: Proofs) -> None:
    """Before anything is installed: what must not be in the package."""
    names = {path.name.lower() for path in PAYLOAD.rglob("*")}
    proofs.prove("no stub of this test is in the package", not names & {f"{stub}.dll" for stub in STUBS})
    size = SETUP.stat().st_size / 1_000_000
    proofs.prove(f"the installer has {size:.1f} MB, 35 at most", size <= 35)


PARTS: dict[str, Callable[[Proofs], None]] = {
    "clean": package_is_clean,
    "per-user": Proofs.per_user,
    "keyring": Proofs.keyring,
    "practice": Proofs.practice_server,
    "window": Proofs.window,
    "upgrade": Proofs.upgrade,
    "uninstall": Proofs.per_user_uninstall,
    "folder": Proofs.strange_folder,
    "per-machine": Proofs.per_machine,
    "msi": Proofs.msi,
}


def main() -> int:
    """All proofs, or the parts named on the command line; the exit status."""
    chosen = sys.argv[1:] or list(PARTS)
    for needed in (SETUP, MSI, PAYLOAD):
        if not needed.exists():
            sys.exit(f"{needed} is missing: run make package-windows first.")
    began = time.monotonic()
    with screen() as display:
        wine = Wine(WORK / "wine", display)
        try:
            proofs = Proofs(wine, display)
            for name in chosen:
                PARTS[name](proofs)
        finally:
            picture(display, PICTURES / "last.png")
            wine.end()
    took = time.monotonic() - began
    if proofs.failed:
        print(f"\n{len(proofs.failed)} proofs failed, after {took:.0f} s:", *proofs.failed, sep="\n  ")
        return 1
    print(
        f"\nAll held, in {took:.0f} s. Proven under {wine.run('--version').stdout.strip() or 'Wine'}, not on Windows."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
