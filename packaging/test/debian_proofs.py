"""What is shown without a screen: the package is well made, installs, checks itself, and leaves nothing."""

import json
import shutil
import tempfile
from pathlib import Path

from debian_report import Report, need
from debian_system import PERSON, System
from debian_tools import tool

NAME, APP_ID = "confirmdesk", "io.github.confirmdesk.Confirmdesk"
HERE = Path(f"usr/lib/{NAME}")
PRESETS = Path(f"etc/{NAME}/connections.d")
# Under names of their own: what is left of the package has to be found by its name.
NEWER, OLDER = Path("var/tmp/newer.deb"), Path("var/tmp/older.deb")
# Recommended, as a system without Wayland works without them.
RECOMMENDED = ("libwayland-client", "libwayland-cursor", "libwayland-egl")
_LDD = f"""
cd /{HERE}
export LD_LIBRARY_PATH=/{HERE}/_internal
find . -type f | while read -r file; do
  if [ "$(head -c 4 "$file" | tail -c 3)" = ELF ]; then ldd "$file" 2>/dev/null | sed "s|^|$file: |"; fi
done
"""


def prove_package(report: Report, deb: Path) -> None:
    """What the tools of this computer say of the file."""
    report.prove("package", "lintian finds no error", lambda: _said("lintian", "--fail-on", "error", str(deb)))
    with tempfile.TemporaryDirectory() as folder:
        tool("dpkg-deb", "--extract", str(deb), folder)
        share = Path(folder) / "usr" / "share"
        entry, about = share / "applications" / f"{APP_ID}.desktop", share / "metainfo" / f"{APP_ID}.metainfo.xml"
        report.prove("package", "the desktop entry is valid", lambda: _said("desktop-file-validate", str(entry)))
        strictly = ("appstreamcli", "validate", "--no-net", "--pedantic", "--no-color")
        report.prove("package", "the AppStream metainfo is valid", lambda: _said(*strictly, str(about)))
    report.prove("package", "size", lambda: f"{deb.stat().st_size / 1e6:.1f} MB")


def _said(*command: str) -> str:
    """What a validator remarks; where it finds an error, the proof fails."""
    done = tool(*command)
    said = "; ".join(line.strip() for line in done.output.splitlines() if line.strip() and "root" not in line)
    need(done.status == 0, said or f"status {done.status}")
    return said


def put(system: System, deb: Path, place: Path) -> str:
    """Copy `deb` into the system; what apt has to be told to install it."""
    shutil.copy(deb, system.root / place)
    return f"/{place}"


def prove_bare(report: Report, system: System, deb: Path) -> None:
    """In the smallest system: no screen, no bus, no keyring, nothing recommended."""
    where, before = system.suite, system.packages()
    installed = report.prove(where, "installs on a bare system", lambda: _install(system, deb))
    if not installed:
        return
    report.prove(where, "--version", lambda: _version(system))
    report.prove(where, "--self-check without display, bus and keyring", lambda: _bare_check(system))
    report.prove(where, "without a display it says so", lambda: _no_display(system))
    report.prove(where, "every library is found", lambda: _libraries(system))
    report.prove(where, "purge leaves a bare system as it was", lambda: purge(system, before))


def _install(system: System, deb: Path) -> str:
    before = system.packages()
    done = system.apt("install", "--no-install-recommends", put(system, deb, NEWER))
    need(done.status == 0, done.output)
    return f"{len(system.packages() - before)} packages in {done.seconds:.1f} s"


def _version(system: System) -> str:
    done = system.run(NAME, "--version")
    version = version_of(system.root / NEWER).partition("-")[0]
    need(done.status == 0 and done.output.strip() == f"Confirmdesk {version}", done.output)
    return done.output.strip()


def version_of(deb: Path) -> str:
    """The version that the package says it has."""
    return tool("dpkg-deb", "--field", str(deb), "Version").output.strip()


def _bare_check(system: System) -> str:
    done = system.run(NAME, "--self-check")
    need(done.status == 0, done.output)
    said = json.loads(done.output)
    need(said["ok"] is True, done.output)
    need(said["qt"]["platform"] == "offscreen", f"Qt platform {said['qt']['platform']}")
    need(said["keyring"]["state"] == "missing" and said["keyring"]["problem"] != "", str(said["keyring"]))
    need(done.seconds < 5, f"{done.seconds:.1f} s")
    return f"ok, offscreen, keyring missing, {said['tls']['certificates']} TLS roots, {done.seconds:.1f} s"


def _no_display(system: System) -> str:
    done = system.run(NAME)
    need(done.status == 1 and done.output.startswith("Confirmdesk needs a display"), done.output)
    return done.output.strip()


def _libraries(system: System) -> str:
    lines = system.run("sh", "-c", _LDD).output.splitlines()
    missing = {line for line in lines if line.endswith("not found") and not any(name in line for name in RECOMMENDED)}
    need(not missing, "; ".join(sorted(missing)))
    files = {line.partition(": ")[0] for line in lines}
    need(len(files) > 50, f"only {len(files)} files were looked at")
    return f"{len(files)} files"


def purge(system: System, before: frozenset[str], kept: Path | None = None) -> str:
    """Remove the package with all that came with it; only what people have in their homes may stay, and `kept`, which
    an administrator put beside ours."""
    done = system.apt("purge", NAME)
    need(done.status == 0, done.output)
    done = system.apt("autoremove", "--purge")
    need(done.status == 0, done.output)
    for place in (NEWER, OLDER):
        (system.root / place).unlink(missing_ok=True)
    changed = before ^ system.packages()
    need(not changed, f"packages: {', '.join(sorted(changed))}")
    home = system.root / "home" / PERSON
    if kept:
        need(kept.is_file(), f"{kept.name} of the administrator is gone")
        need([f.name for f in kept.parent.iterdir()] == [kept.name], "what is ours is still beside it")
        shutil.rmtree(system.root / "etc" / NAME)
    left = [f for f in system.root.rglob("*") if NAME in f.name.casefold() and home not in f.parents]
    need(not left, f"left: {', '.join(map(str, left))}")
    need((home / ".local" / "share" / NAME).is_dir(), "what the person had is gone")
    stays = " and the administrator's preset" if kept else ""
    return f"no file and no package left, the person's own data{stays} untouched"
