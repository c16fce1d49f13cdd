"""Linux: the frozen program, a directory tree as it is installed, and the .deb and .rpm made of that tree."""

import gzip
import json
import platform
import re
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from string import Template
from textwrap import wrap
from xml.sax.saxutils import escape

import components
import icons
import notices
import sbom
from project import BUILD, DIST, ROOT, Project, Release, source_date
from steps import empty, fill_site, run, stamp

HERE = Path(__file__).resolve().parent
WORK = BUILD / "linux"
SITE = WORK / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
FROZEN, TREE = WORK / "confirmdesk", WORK / "tree"
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}
ICON_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)

# What the tree links to and does not carry: display drivers belong to the computer. Measured in bare Debian systems.
DEB_DEPENDS = ("libgl1", "libegl1", "libxcb1", "fontconfig")
DEB_RECOMMENDS = (
    *("libwayland-client0", "libwayland-cursor0", "libwayland-egl1", "xdg-utils"),
    *(
        "gnome-keyring | kwalletmanager | keepassxc",
        "at-spi2-core",
        "fonts-dejavu-core | fonts-noto-core | fonts-freefont-ttf",
    ),
)
RPM_DEPENDS = ("libGL.so.1()(64bit)", "libEGL.so.1()(64bit)", "libxcb.so.1()(64bit)", "fontconfig")
RPM_RECOMMENDS = ("libwayland-client.so.0()(64bit)", "libwayland-cursor.so.0()(64bit)", "gnome-keyring", "xdg-utils")


def build(project: Project, wheel: Path) -> list[Path]:
    """Freeze `wheel` and pack it: the .deb, the .rpm and the bill of materials, in dist/."""
    empty(WORK)
    fill_site(wheel, SITE)
    freeze(project)
    strip(FROZEN)
    bill = describe(project)
    lay_out(project, bill)
    return [pack(project, "deb"), pack(project, "rpm"), bill]


def freeze(project: Project) -> None:
    """The program with its Python and libraries in FROZEN, from what lies in SITE."""
    run(
        *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "WARN"),
        *("--distpath", WORK, "--workpath", WORK / "pyinstaller"),
        ROOT / "packaging" / "pyinstaller" / f"{project.command}.spec",
        CONFIRMDESK_SITE=str(SITE),
        PYTHONPATH=str(SITE),
        # Only below a site directory that Python knows, PyInstaller leaves libraries where their packages look.
        PYTHONUSERBASE=str(WORK),
    )


def strip(frozen: Path) -> None:
    """Take the symbols off a Python built from source. Qt's wheels come as they should be, and stay as they are."""
    inside = frozen / "_internal"
    run("strip", "--strip-unneeded", *inside.glob("libpython*"), *inside.glob("python*/lib-dynload/*.so"))


def describe(project: Project) -> Path:
    """Put the licence notices into the program, and write the bill of materials."""
    table = WORK / "pyinstaller" / project.command / "COLLECT-00.toc"
    shipped = [
        components.this_python(),
        components.bootloader(),
        *components.python_components(SITE, project.command),
        *components.debian_components(components.collected(table, (SITE, *components.places_of_python()))),
    ]
    notices.write(project, shipped, FROZEN / "_internal" / project.command / notices.PLACE)
    bill = DIST / f"{project.command}-{project.version}-linux-{platform.machine()}.cdx.json"
    sbom.write(project, shipped, f"linux-{platform.machine()}", bill)
    return bill


def lay_out(project: Project, bill: Path) -> None:
    """Make TREE: every file where it is installed, with the rights and the date it has there."""
    share = empty(TREE) / "usr" / "share"
    shutil.copytree(FROZEN, TREE / "usr" / "lib" / project.command, symlinks=True)
    (TREE / "usr" / "bin").mkdir()
    (TREE / "usr" / "bin" / project.command).symlink_to(f"../lib/{project.command}/{project.command}")
    _fill("confirmdesk.desktop", share / "applications" / f"{project.app_id}.desktop", project)
    _fill("confirmdesk.metainfo.xml", share / "metainfo" / f"{project.app_id}.metainfo.xml", project, escape)
    _compress(_fill("confirmdesk.1", share / "man" / "man1" / f"{project.command}.1", project))
    _draw_icons(project, share / "icons" / "hicolor")
    papers = share / "doc" / project.command
    _fill("copyright", papers / "copyright", project)
    shutil.copy(FROZEN / "_internal" / project.command / notices.PLACE, papers)
    shutil.copy(bill, papers / f"{project.command}.cdx.json")
    _compress(Path(shutil.copy(ROOT / "CHANGELOG.md", papers / "changelog")))
    _fill("lintian-overrides", share / "lintian" / "overrides" / project.command, project)
    _fill("presets-readme", TREE / "etc" / project.command / "connections.d" / "README", project)
    _settle(TREE)


def pack(project: Project, kind: str) -> Path:
    """One package, "deb" or "rpm", of TREE. https://nfpm.goreleaser.com/docs/configuration/"""
    machine = platform.machine()
    name = {
        "deb": f"{project.command}_{project.version}_{ARCHITECTURE[machine]}.deb",
        "rpm": f"{project.command}-{project.version}-1.{machine}.rpm",
    }[kind]
    recipe = WORK / "nfpm.json"
    recipe.write_text(json.dumps(_recipe(project), indent=2), encoding="utf-8")
    # Beside the interpreter, not on PATH: it comes with the locked tools.
    run(
        Path(sys.executable).with_name("nfpm"),
        "package",
        "--config",
        recipe,
        "--packager",
        kind,
        "--target",
        DIST / name,
    )
    if kind == "deb":
        _squeeze(DIST / name)
    return DIST / name


def _squeeze(deb: Path) -> None:
    """dpkg's own xz makes a fifth less of it than nfpm's."""
    unpacked = WORK / "deb"
    shutil.rmtree(unpacked, ignore_errors=True)
    run("dpkg-deb", "--raw-extract", deb, unpacked)
    run("dpkg-deb", "--root-owner-group", "-Zxz", "--build", unpacked, deb)


def glibc_floor(frozen: Path) -> str:
    """The newest glibc that any file asks for: "2.36" and older systems cannot run it."""
    asked = {
        tuple(map(int, found.split(b".")))
        for file in frozen.rglob("*")
        if file.is_file() and not file.is_symlink() and file.read_bytes()[:4] == b"\x7fELF"
        for found in re.findall(rb"\0GLIBC_(\d+\.\d+)", file.read_bytes())
    }
    return ".".join(map(str, max(asked)))


def _recipe(project: Project) -> dict[str, object]:
    floor = glibc_floor(FROZEN)
    return {
        "name": project.command,
        "version": project.version,
        "release": "1",
        "arch": ARCHITECTURE[platform.machine()],
        "maintainer": project.publisher,
        "vendor": project.publisher,
        "description": "\n".join([project.summary, *wrap(_PARAGRAPH, 78)]),
        "homepage": project.url,
        "license": project.licence,
        "section": "admin",
        "priority": "optional",
        "mtime": source_date().isoformat(),
        "contents": [
            {"src": f"{TREE}/usr", "dst": "/usr", "type": "tree"},
            {"dst": f"/etc/{project.command}/connections.d", "type": "dir"},
            {
                "src": f"{TREE}/etc/{project.command}/connections.d/README",
                "dst": f"/etc/{project.command}/connections.d/README",
                "type": "config",
            },
        ],
        "overrides": {
            "deb": {
                "depends": [f"libc6 (>= {floor})", *DEB_DEPENDS],
                "recommends": DEB_RECOMMENDS,
            },
            "rpm": {"depends": [f"glibc >= {floor}", *RPM_DEPENDS], "recommends": RPM_RECOMMENDS},
        },
        "deb": {"compression": "none"},
        "rpm": {
            "compression": "zstd:19",
            "buildhost": "localhost",
            "summary": project.summary,
            "group": "Applications/System",
        },
    }


_PARAGRAPH = (
    "Lists the unconfirmed users of an Amazon Cognito user pool; support staff pick people, edit the ClientMetadata, "
    "review and resend the codes, and nobody is mailed twice. Secrets stay in the keyring. Brings its own Python "
    "and Qt, and a practice pool that needs no AWS account."
)


def _fill(template: str, out: Path, project: Project, quote: Callable[[str], str] = str) -> Path:
    mit = (ROOT / "LICENSE").read_text(encoding="utf-8").partition("\n\n")[2]
    facts = {name: value for name, value in asdict(project).items() if isinstance(value, str)}
    words = {name: quote(value) for name, value in facts.items()}
    words |= {
        "developer_id": project.app_id.rpartition(".")[0],
        "releases": "\n".join(map(_release, project.releases)),
        "day": f"{source_date():%Y-%m-%d}",
        "mit": "\n".join(f" {line or '.'}" for line in mit.splitlines()),
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(Template((HERE / template).read_text(encoding="utf-8")).substitute(words), encoding="utf-8")
    return out


def _release(release: Release) -> str:
    changes = "".join(f"\n          <li>{escape(change)}</li>" for change in release.changes)
    return (
        f'    <release version="{release.version}" date="{release.day}">\n'
        f"      <description>\n        <ul>{changes}\n        </ul>\n      </description>\n    </release>"
    )


def _draw_icons(project: Project, hicolor: Path) -> None:
    drawing = ROOT / "resources" / "icons" / f"{project.command}.svg"
    for size in ICON_SIZES:
        out = hicolor / f"{size}x{size}" / "apps" / f"{project.app_id}.png"
        out.parent.mkdir(parents=True)
        icons.png(drawing, size, out)
    scalable = hicolor / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copy(drawing, scalable / f"{project.app_id}.svg")


def _compress(file: Path) -> None:
    packed = file.with_name(f"{file.name}.gz")
    packed.write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))
    file.unlink()


def _settle(tree: Path) -> None:
    """Rights as packages have them, whoever builds, and one date."""
    everything = [tree, *tree.rglob("*")]
    for path in everything:
        if not path.is_symlink():
            runs = path.is_dir() or (path.stat().st_mode & stat.S_IXUSR and _is_program(path))
            path.chmod(0o755 if runs else 0o644)
    stamp(everything)


def _is_program(file: Path) -> bool:
    return ".so" not in file.name
