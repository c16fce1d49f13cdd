#!/usr/bin/env python3
"""Proves the .deb in fresh Debian systems: installed, used through its windows, upgraded and purged.

    packaging/test/debian.py [--deb DEB] [--older DEB] [--fresh] [SUITE...]

One line per proof; pictures and logs in build/package-test. Exit status 1 if a proof failed. Needs root, debootstrap
and a Debian mirror; some minutes the first time in a day, then about two for each suite.
"""

import argparse
import signal
import sys
import time
from pathlib import Path

from debian_proofs import prove_bare, prove_package, version_of
from debian_report import Report
from debian_scenes import older_version, prove_desk
from debian_system import Systems
from debian_tools import need_tools, tool

ROOT = Path(__file__).resolve().parents[2]
DIST, WORK = ROOT / "dist", ROOT / "build" / "package-test"
SUITES = ("bookworm", "trixie")
TOOLS = {
    "debootstrap": "debootstrap",
    "unshare": "util-linux",
    "ip": "iproute2",
    "lintian": "lintian",
    "desktop-file-validate": "desktop-file-utils",
    "appstreamcli": "appstream",
}


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Prove the .deb in fresh Debian systems.")
    parser.add_argument("--deb", type=Path, help="the package (the one in dist/)")
    parser.add_argument("--older", type=Path, help="an older one to upgrade from (the same, under a lower version)")
    parser.add_argument("--fresh", action="store_true", help="make the systems anew, even if today's are there")
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"default: {' '.join(SUITES)}")
    given = parser.parse_args()
    need_tools(TOOLS)
    # As for Ctrl+C: what runs inside ends, and its directory goes.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    WORK.mkdir(parents=True, exist_ok=True)
    began, deb = time.monotonic(), (given.deb or _built()).resolve()
    older = given.older.resolve() if given.older else older_version(deb, WORK / "older.deb")
    if tool("dpkg", "--compare-versions", version_of(older), "lt", version_of(deb)).status:
        sys.exit(f"{older} is version {version_of(older)}, and that is not older than {version_of(deb)}.")
    report = Report(WORK / "report.txt")
    report.file.unlink(missing_ok=True)
    prove_package(report, deb)
    systems = Systems(WORK, given.fresh)
    for suite in given.suites or SUITES:
        _prove_suite(report, systems, suite, deb, older)
    print(f"{len(report.failures)} failed, {time.monotonic() - began:.0f} s; pictures and logs are in {WORK}")
    return 1 if report.failures else 0


def _prove_suite(report: Report, systems: Systems, suite: str, deb: Path, older: Path) -> None:
    began = time.monotonic()
    with systems.bare(suite) as system:
        prove_bare(report, system, deb)
    with systems.desk(suite) as system:
        prove_desk(report, system, deb, older, WORK / suite)
    print(f"      {suite:9} took {time.monotonic() - began:.0f} s", flush=True)


def _built() -> Path:
    """The newest package that was built here."""
    debs = sorted(DIST.glob("*.deb"), key=lambda deb: deb.stat().st_mtime)
    if not debs:
        sys.exit("There is no .deb in dist/: make it with make package-linux, or name one with --deb.")
    return debs[-1]


if __name__ == "__main__":
    sys.exit(main())
