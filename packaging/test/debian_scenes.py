"""What is shown on a screen: scenes played inside a system with a desk, by packaging/test/inside/play.py."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from debian_proofs import NAME, NEWER, OLDER, PRESETS, purge, put, version_of
from debian_report import Report, need
from debian_system import PERSON, System
from debian_tools import tool

INSIDE = Path(__file__).resolve().parent / "inside"
SUPPORT = Path(__file__).resolve().parents[2] / "tests" / "support"
PLAYER, OUT = Path("opt/package-test"), Path("var/tmp/package-test")
PRESET = {
    "name": "Preset by IT",
    "region": "eu-west-1",
    "pool_id": "eu-west-1_Zz98Yx76W",
    "client_id": "2example23456789",
    "environment": "Staging",
}
# Writes down how it was called, in front of whatever the system has under this name.
XDG_OPEN = f"""#!/bin/sh
exec >>/{OUT}/xdg-open.txt
env
printf 'opened: %s\\n' "$@"
"""


def prove_desk(report: Report, system: System, newer: Path, older: Path, pictures: Path) -> None:
    """The older version is used, upgraded to the newer one, used again, and purged."""
    where, before = system.suite, system.packages()
    _furnish(system)
    words = f"installs version {version_of(older)}"
    if not report.prove(where, words, lambda: _install(system, older, OLDER)):
        return
    _play(report, system, "before", pictures)
    preset = system.root / PRESETS / "it.json"
    preset.write_text(json.dumps(PRESET))
    words = f"upgrades to version {version_of(newer)}"
    if not report.prove(where, words, lambda: _upgrade(system, newer, preset)):
        return
    for scene in ("after", "main_job", "dark", "large", "desktop_entry", "wayland"):
        _play(report, system, scene, pictures)
    with _nobody_presets(preset):
        for scene in ("by_portal", "by_program"):
            _play(report, system, scene, pictures)
    report.prove(where, "purge leaves a used system as it was", lambda: purge(system, before, preset))


def _furnish(system: System) -> None:
    """The player, a place for what it makes, and an xdg-open that only tells who called."""
    for source, place in ((INSIDE, PLAYER), (SUPPORT, PLAYER / "support")):
        shutil.copytree(source, system.root / place, ignore=shutil.ignore_patterns("__pycache__"))
    xdg_open = system.root / "usr" / "local" / "bin" / "xdg-open"
    xdg_open.write_text(XDG_OPEN)
    xdg_open.chmod(0o755)
    system.run("install", "-d", "-o", PERSON, f"/{OUT}", user="root")


def _install(system: System, deb: Path, place: Path) -> str:
    done = system.apt("install", "--no-install-recommends", put(system, deb, place))
    need(done.status == 0, done.output)
    return f"{done.seconds:.1f} s"


def _upgrade(system: System, newer: Path, preset: Path) -> str:
    took = _install(system, newer, NEWER)
    now = system.run("dpkg-query", "-W", "-f", "${Version}", NAME, user="root").output
    need(now == version_of(newer), f"version {now} is installed")
    need(json.loads(preset.read_text()) == PRESET, "the preset of the administrator changed")
    return took


@contextmanager
def _nobody_presets(preset: Path) -> Iterator[None]:
    """For a program that is fresh: with a connection of IT's it begins elsewhere."""
    text = preset.read_text()
    preset.unlink()
    yield
    preset.write_text(text)


def _play(report: Report, system: System, scene: str, pictures: Path) -> None:
    player = ("python3", "-B", f"/{PLAYER}/play.py", scene, f"/{OUT}")
    done = system.run("dbus-run-session", "--", *player, limit=300)
    told = [json.loads(line) for line in done.output.splitlines() if line.startswith('{"proof"')]
    for line in told:
        report.line(system.suite, line["proof"], line["held"], line["detail"])
    if done.status != any(not line["held"] for line in told) or not told:
        report.line(system.suite, f"scene {scene}", False, f"status {done.status}: {done.output}")
    (system.root / OUT / f"{scene}-session.log").write_text(done.output)
    pictures.mkdir(parents=True, exist_ok=True)
    for made in (system.root / OUT).iterdir():
        if made.suffix in (".png", ".log", ".txt"):
            shutil.copy(made, pictures)


def older_version(deb: Path, out: Path) -> Path:
    """`deb` again under a lower version, for an upgrade where no older package was given."""
    with tempfile.TemporaryDirectory() as folder:
        unpacked = Path(folder) / "deb"
        tool("dpkg-deb", "--raw-extract", str(deb), str(unpacked))
        control = unpacked / "DEBIAN" / "control"
        version = version_of(deb)
        control.write_text(control.read_text().replace(f"Version: {version}\n", "Version: 0.0.1~test\n"))
        tool("dpkg-deb", "--root-owner-group", "-Zgzip", "-z1", "--build", str(unpacked), str(out))
    return out
