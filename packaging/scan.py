"""Looks through finished packages for what has no business there: tests, secrets, paths of the building computer,
services of AWS and of moto that nobody asked for, sizes above what was promised."""

import io
import marshal
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

from project import BUILD, ROOT
from steps import empty, run
from trim import AWS_SERVICES, MOTO

MEGABYTE = 1_000_000
BUDGETS = {".deb": 50 * MEGABYTE, "-setup-x64.exe": 35 * MEGABYTE}

_TEST = re.compile(r"(^|/)(tests?|testing|conftest\.pyc?|test_\w+\.pyc?)(/|$)")
_SERVICE = re.compile(r"(?:^|/)botocore/data/([^/]+)/")
_MOTO = re.compile(r"(?:^|/)moto/(\w+)/")
_SECRETS = (
    # AWS's own documents write their keys with EXAMPLE at the end.
    re.compile(rb"\b(AKIA|ASIA)(?!\w*EXAMPLE)[0-9A-Z]{16}\b"),
    re.compile(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{40}"),
    re.compile(rb"aws_secret_access_key\s*=\s*[A-Za-z0-9/+]{40}\b"),
    re.compile(rb"\bgh[pousr]_[A-Za-z0-9]{36}\b"),
)


def scan(package: Path) -> list[str]:
    """A sentence for each thing in `package` (.deb, .rpm, .whl, .exe, .msi) that should not be there."""
    size = package.stat().st_size
    budget = next((most for end, most in BUDGETS.items() if package.name.endswith(end)), size)
    too_big = [f"it is {size / MEGABYTE:.1f} MB, and {budget / MEGABYTE:.0f} MB are the most"] if size > budget else []
    inside = unpack(package, empty(BUILD / "scan" / package.name))
    return too_big + sorted(set(look(inside)))


def look(directory: Path) -> Iterator[str]:
    """The same for a directory that was a package."""
    found = 0
    for name, data in contents(directory):
        found += 1
        yield from _misplaced(name)
        yield from _told(name, data)
    if not found:
        yield "there is nothing in it"


def contents(directory: Path) -> Iterator[tuple[str, bytes]]:
    """Every file by its path, and every module inside a frozen program or a zip as if it were a file."""
    for file in sorted(path for path in directory.rglob("*") if path.is_file() and not path.is_symlink()):
        name, data = file.relative_to(directory).as_posix(), file.read_bytes()
        yield name, data
        if data[:4] == b"\x7fELF" and b"MEI\014\013\012\013\016" in data[-100_000:]:
            yield from _frozen(file)
        elif data[:4] == b"PK\3\4":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                yield from ((f"{name}/{member}", archive.read(member)) for member in archive.namelist())


def unpack(package: Path, into: Path) -> Path:
    """Unpack `package` with the tools of its own kind; the directory."""
    match package.suffix:
        case ".deb":
            run("dpkg-deb", "--raw-extract", package, into)
        case ".rpm":
            _unpack_rpm(package, into)
        case ".whl":
            zipfile.ZipFile(package).extractall(into)
        case ".msi":
            run("msiextract", "--directory", into, package)
        case ".exe":
            run("7z", "x", "-y", f"-o{into}", package)
        case other:
            sys.exit(f"Nobody knows how to unpack {other}.")
    return into


def _unpack_rpm(package: Path, into: Path) -> None:
    with subprocess.Popen(["rpm2cpio", str(package)], stdout=subprocess.PIPE) as reader:
        subprocess.run(["cpio", "-idm", "--quiet"], stdin=reader.stdout, cwd=into, check=True)


def _frozen(program: Path) -> Iterator[tuple[str, bytes]]:
    # Only who looks into a frozen program needs what made it.
    from PyInstaller.archive.readers import CArchiveReader

    archive = CArchiveReader(str(program))
    for name, entry in archive.toc.items():
        if entry[-1] in ("z", "Z"):
            inner = archive.open_embedded_archive(name)
            for module in inner.toc:
                code = inner.extract(module)
                yield f"{module.replace('.', '/')}.pyc", marshal.dumps(code) if isinstance(code, CodeType) else b""
        else:
            yield f"{program.name}/{name}", archive.extract(name)


def _misplaced(name: str) -> Iterator[str]:
    if _TEST.search(name) and not name.startswith("unittest/"):
        yield f"{name} is a test"
    service = _SERVICE.search(name)
    if service and service[1] not in AWS_SERVICES:
        yield f"{name} is a service of AWS that is not used"
    imitation = _MOTO.search(name)
    if imitation and imitation[1] not in MOTO:
        yield f"{name} is a service of moto that is not used"


def _told(name: str, data: bytes) -> Iterator[str]:
    yield from (f"{name} holds a secret" for secret in _SECRETS if secret.search(data))
    yield from (f"{name} tells the path {path.decode()}" for path in building_paths() if path in data)


def building_paths() -> list[bytes]:
    """What only this computer's paths begin with."""
    homes = [Path.home() / hidden for hidden in (".pyenv", ".cache", ".local", ".venv")]
    own = Path(sys.base_prefix)
    general = any(own.is_relative_to(place) for place in ("/usr", "/opt", "/Library"))
    paths = [ROOT, Path(sys.prefix), *homes, *([] if general else [own])]
    return sorted({os.fsencode(path) for path in paths})
