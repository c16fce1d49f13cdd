"""macOS: the frozen program as an app bundle, signed, in a .dmg. README.md beside this says what was never proven."""

import json
import os
import platform
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import components
import icons
import notices
import sbom
from macos.bundle import signing_order
from project import BUILD, DIST, ROOT, Project
from steps import build_environment, empty, fill_site, run

HERE = Path(__file__).resolve().parent
WORK = BUILD / "macos"
# Where this Python looks for libraries below a user's directory: python.org's for macOS leaves out its version.
SITE = Path(sysconfig.get_path("purelib", sysconfig.get_preferred_scheme("user"), {"userbase": str(WORK)}))


def build(project: Project, wheel: Path) -> list[Path]:
    """Freeze `wheel`, sign it, pack it and try it: the .dmg and the bill of materials, in dist/.

    CONFIRMDESK_SIGN_IDENTITY names a "Developer ID Application" certificate in a keychain; without one the signature is
    ad hoc. CONFIRMDESK_NOTARY_PROFILE names what `notarytool store-credentials` stored; without one Apple is not asked.
    """
    if platform.system() != "Darwin":
        sys.exit("The package for macOS can only be made on macOS: codesign and hdiutil exist nowhere else.")
    identity, profile = os.environ.get("CONFIRMDESK_SIGN_IDENTITY"), os.environ.get("CONFIRMDESK_NOTARY_PROFILE")
    name = f"{project.command}-{project.version}-macos-{platform.machine()}"
    empty(WORK)
    fill_site(wheel, SITE)
    bill = describe(project, DIST / f"{name}.cdx.json")
    app = freeze(project)
    sign(app, identity)
    image = pack(project, app, DIST / f"{name}.dmg")
    if identity:
        run("codesign", "--sign", identity, "--timestamp", image)
    check(project, app.name, image)
    if profile:
        notarize(image, profile)
    return [image, bill]


def describe(project: Project, bill: Path) -> Path:
    """Put the licence notices into SITE, before the program is sealed, and write the bill of materials."""
    shipped = [
        components.this_python(),
        components.bootloader(),
        *components.python_components(SITE, project.command),
    ]
    notices.write(project, shipped, SITE / project.command / notices.PLACE)
    sbom.write(project, shipped, f"macos-{platform.machine()}", bill)
    return bill


def freeze(project: Project) -> Path:
    """The app bundle, from what lies in SITE. SystemExit where a library of neither Python nor a wheel got into it."""
    run(
        *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"),
        *("--distpath", WORK, "--workpath", WORK / "pyinstaller"),
        ROOT / "packaging" / "pyinstaller" / f"{project.command}.spec",
        CONFIRMDESK_SITE=str(SITE),
        CONFIRMDESK_ICON=str(icons.icns(ROOT / "resources" / "icons" / f"{project.command}.svg", WORK / "app.icns")),
        PYTHONPATH=str(SITE),
        PYTHONUSERBASE=str(WORK),
    )
    table = WORK / "pyinstaller" / project.command / "COLLECT-00.toc"
    if foreign := components.collected(table, (SITE, Path(sys.base_prefix).resolve())):
        sys.exit("Nobody can tell the licence of " + ", ".join(map(str, foreign)))
    return WORK / f"{project.name}.app"


def sign(app: Path, identity: str | None) -> None:
    """Sign everything inside out under the hardened runtime. An ad hoc signature has no team, so macOS would take our
    own libraries for somebody else's: only there it is told not to ask."""
    codesign = ("codesign", "--force", "--options", "runtime", "--sign", identity or "-")
    stamped = (*codesign, "--timestamp" if identity else "--timestamp=none")
    for part in signing_order(app):
        run(*stamped, part)
    entitlements = HERE / ("entitlements.plist" if identity else "entitlements-adhoc.plist")
    run(*stamped, "--entitlements", entitlements, app)
    run("codesign", "--verify", "--deep", "--strict", app)


def pack(project: Project, app: Path, image: Path) -> Path:
    """The disk image that opens with the program beside a link to where it belongs."""
    content = empty(WORK / "image")
    shutil.copytree(app, content / app.name, symlinks=True)
    (content / "Applications").symlink_to("/Applications")
    create = ("hdiutil", "create", "-ov", "-format", "ULMO", "-fs", "APFS")
    run(*create, "-volname", project.name, "-srcfolder", content, image)
    return image


def check(project: Project, app: str, image: Path) -> None:
    """Start the program out of the image; SystemExit unless it can work here, with windows and the Keychain."""
    volume = empty(WORK / "volume")
    run("hdiutil", "attach", image, "-readonly", "-nobrowse", "-mountpoint", volume)
    try:
        program = volume / app / "Contents" / "MacOS" / project.command
        words: list[str | Path] = [program, "--self-check", "--data-dir", WORK / "data"]
        done = subprocess.run(words, capture_output=True, text=True, env=build_environment(), timeout=60, check=False)
    finally:
        run("hdiutil", "detach", volume, "-force")
    report = json.loads(done.stdout) if done.returncode == 0 else {}
    found = (report.get("qt", {}).get("platform"), report.get("keyring", {}).get("backend"))
    if found != ("cocoa", "macOS Keychain"):
        sys.exit(f"The packed program does not work ({done.returncode}).\n{done.stdout}{done.stderr}")


def notarize(image: Path, profile: str) -> None:
    """Ask Apple, wait for the answer (minutes), and staple it. Refused images have no ticket: then stapling fails."""
    run("xcrun", "notarytool", "submit", image, "--keychain-profile", profile, "--wait")
    run("xcrun", "stapler", "staple", image)
