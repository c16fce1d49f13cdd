"""Freezing for Linux, and the .deb and .rpm made of it."""

import sys
from pathlib import Path

from project import BUILD, ROOT
from steps import run

WORK = BUILD / "linux"
SITE = WORK / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def freeze(out: Path) -> Path:
    """The program with its Python and libraries in one directory below `out`, from what lies in SITE."""
    spec = ROOT / "packaging" / "pyinstaller" / "confirmdesk.spec"
    run(
        *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"),
        *("--distpath", out, "--workpath", WORK / "pyinstaller", spec),
        CONFIRMDESK_SITE=str(SITE),
        PYTHONPATH=str(SITE),
        # Only below a site directory that Python knows, PyInstaller keeps libraries where their packages look for them.
        PYTHONUSERBASE=str(WORK),
    )
    return out / "confirmdesk"
