import struct
import sys
import uuid
import zipfile
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from project import ROOT, Project, read_project

# tests/support has a module called windows, too.
_package = ModuleType("windows_packaging")
_package.__path__ = [str(ROOT / "packaging" / "windows")]
sys.modules[_package.__name__] = _package
from windows_packaging import launcher, libraries, msi, nsis, payload  # noqa: E402


@pytest.fixture
def project() -> Project:
    return replace(read_project(), version="1.22.333")


def tree(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(b"12345")
    return root


# ---- the programs ----


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.22.333", (1, 22, 333, 0)), ("2.0", (2, 0, 0, 0)), ("0.4.0rc1", (0, 4, 0, 0)), ("1.2.3.4", (1, 2, 3, 4))],
)
def test_a_version_becomes_four_numbers(version: str, expected: tuple[int, ...]):
    assert launcher.numbers(version) == expected


@pytest.mark.parametrize("version", ["1.65536", "next"])
def test_what_windows_cannot_number_is_refused(version: str):
    with pytest.raises(ValueError, match="cannot express"):
        launcher.numbers(version)


def test_the_resources_tell_name_version_and_file(project: Project):
    script = launcher.resources(project, "confirmdesk-cli.exe", Path("/x/icon.ico"), Path("/x/manifest.xml"))
    assert "FILEVERSION 1,22,333,0\n" in script
    for key, value in {
        "FileDescription": "Confirmdesk",
        "ProductVersion": "1.22.333",
        "InternalName": "confirmdesk-cli",
        "OriginalFilename": "confirmdesk-cli.exe",
    }.items():
        assert f'VALUE "{key}", "{value}"\n' in script
    assert '1 ICON "/x/icon.ico"' in script
    assert '1 24 "/x/manifest.xml"' in script


def test_quotes_in_a_name_stay_in_the_string(project: Project):
    script = launcher.resources(replace(project, publisher='The "C\\D" team'), "a.exe", Path("i"), Path("m"))
    assert r'VALUE "CompanyName", "The ""C\\D"" team"' in script


def test_the_manifest_is_sharp_utf8_and_asks_for_no_rights(project: Project):
    root = ElementTree.fromstring(launcher.manifest(project))
    found = {element.tag.rpartition("}")[2]: element for element in root.iter()}
    assert found["dpiAwareness"].text == "PerMonitorV2,PerMonitor"
    assert found["activeCodePage"].text == "UTF-8"
    assert found["requestedExecutionLevel"].get("level") == "asInvoker"
    own = root.find("{urn:schemas-microsoft-com:asm.v1}assemblyIdentity")
    assert own is not None
    assert (own.get("name"), own.get("version")) == (project.app_id, "1.22.333.0")


# ---- what is inside ----


def fake_python(directory: Path, machine: bytes = b"\x64\x86") -> Path:
    binary = bytearray(0x200)
    binary[0x3C:0x40] = (0x80).to_bytes(4, "little")
    binary[0x84:0x86] = machine
    binary += "ProductVersion".encode("utf-16-le") + bytes(4) + "3.13.7".encode("utf-16-le") + bytes(2)
    tree(directory, "python3.dll")
    (directory / "python313.dll").write_bytes(binary)
    with zipfile.ZipFile(directory / "python313.zip", "w") as modules:
        modules.writestr("os.pyc", b"\xf3\r\r\nrest")
    return directory


def test_an_embeddable_package_tells_which_python_it_is(tmp_path: Path):
    python = payload.recognise(fake_python(tmp_path))
    assert (python.version, python.minor, python.magic, python.library) == (
        "3.13.7",
        13,
        b"\xf3\r\r\n",
        "python313.dll",
    )
    target = python.target()
    assert target.markers["python_full_version"] == "3.13.7"
    assert target.pip[:2] == ("--platform", "win_amd64")
    assert "cp313" in target.pip


def test_a_python_for_other_processors_is_refused(tmp_path: Path):
    with pytest.raises(SystemExit, match="not for 64-bit Windows"):
        payload.recognise(fake_python(tmp_path, b"\x64\xaa"))


def test_a_directory_without_python_is_refused(tmp_path: Path):
    with pytest.raises(SystemExit, match="no embeddable package"):
        payload.recognise(tree(tmp_path, "readme.txt"))


@pytest.mark.skipif(sys.platform == "win32", reason="the interpreters of this test are shell scripts")
def test_modules_are_compiled_by_the_python_that_windows_will_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The shim of a version manager fails; what it stands for, and writes the right magic number, is found."""

    def interpreter(path: Path, script: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    # On a computer with the very Python that is asked for, the one that runs this test would do.
    monkeypatch.setattr(sys, "executable", str(interpreter(tmp_path / "running" / "python3", "printf running")))
    interpreter(tmp_path / "shims" / "python3.13", "exit 127")
    interpreter(tmp_path / "older" / "python3.13", "printf other")
    right = interpreter(tmp_path / "versions" / "3.13.0" / "bin" / "python3.13", r"printf '\363\r\r\n'")
    monkeypatch.setenv("PATH", f"{tmp_path / 'shims'}:{tmp_path / 'older'}")
    python = payload.Embedded(tmp_path, "3.13.7", 13, b"\xf3\r\r\n")
    assert payload.find_compiler(python) == right
    assert payload.find_compiler(replace(python, magic=b"none")) is None
    assert payload.find_compiler(replace(python, magic=b"running")) == Path(sys.executable)


@pytest.mark.parametrize("name", ["python.exe", "pythonw.exe", "python.cat", "_wmi.pyd", "python313._pth"])
def test_what_the_program_brings_itself_or_cannot_use_stays_out(name: str):
    assert payload.NOT_OF_PYTHON.fullmatch(name)


@pytest.mark.parametrize("name", ["python313.dll", "python3.dll", "_ssl.pyd", "sqlite3.dll", "vcruntime140_1.dll"])
def test_what_python_needs_stays(name: str):
    assert not payload.NOT_OF_PYTHON.fullmatch(name)


def fake_binary(path: Path, *names: str) -> None:
    """A PE file with one section, and an import table of `names` in it."""
    header, sections, raw, address = 0x40, 0x40 + 24 + 240, 0x200, 0x1000
    table, texts = b"", b""
    for name in names:
        where = address + 20 * (len(names) + 1) + len(texts)
        table += struct.pack("<IIIII", 1, 0, 0, where, 1)
        texts += name.encode() + b"\0"
    data = bytearray(raw) + table + bytes(20) + texts
    struct.pack_into("<I", data, 0x3C, header)
    struct.pack_into("<4sHHIIIHH", data, header, b"PE\0\0", 0x8664, 1, 0, 0, 0, 240, 0x22)
    struct.pack_into("<I", data, header + 24 + 112 + 8, address if names else 0)
    struct.pack_into("<8sIIII", data, sections, b".rdata", len(data), address, len(data), raw)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_a_library_that_nobody_has_is_named_with_who_asks_for_it(tmp_path: Path):
    fake_binary(tmp_path / "lib" / "one.pyd", "KERNEL32.dll", "Two.DLL", "api-ms-win-crt-heap-l1-1-0.dll", "lost.dll")
    fake_binary(tmp_path / "two.dll")
    assert list(libraries.missing(tmp_path)) == [f"{Path('lib', 'one.pyd')} asks for lost.dll"]


def test_only_libraries_that_nobody_asks_for_are_unused(tmp_path: Path):
    fake_binary(tmp_path / "one.pyd", "used.dll")
    for name in ("used.dll", "unused.dll"):
        fake_binary(tmp_path / name)
    assert libraries.unused(tmp_path) == [tmp_path / "unused.dll"]


# ---- setup.exe ----


def test_the_files_of_the_installer_come_in_one_order_each_in_its_folder(tmp_path: Path):
    root = tree(tmp_path, "b.exe", "program/lib/z.pyc", "program/a.dll", "a.txt")
    assert list(nsis.file_list(root)) == [
        'SetOutPath "$INSTDIR"',
        f'File "{root / "a.txt"}"',
        f'File "{root / "b.exe"}"',
        'SetOutPath "$INSTDIR\\program"',
        f'File "{root / "program" / "a.dll"}"',
        'SetOutPath "$INSTDIR\\program\\lib"',
        f'File "{root / "program" / "lib" / "z.pyc"}"',
        "SetOutPath $INSTDIR",
    ]


def test_the_script_is_told_what_it_uses(project: Project):
    """A define that nobody gives would be installed as "${NAME}"."""
    script = (nsis.HERE / "confirmdesk.nsi").read_text(encoding="utf-8")
    given = nsis.facts(project)
    assert given["NUMBER"] == "1.22.333.0"
    for name in given:
        assert f"${{{name}}}" in script, name


def test_personal_data_and_the_directory_that_uninstalling_deletes_never_meet(project: Project):
    """The uninstaller deletes PROGRAM with all that is in it, also where somebody installed into %LOCALAPPDATA%."""
    assert payload.PROGRAM.lower() not in (project.command, project.name.lower())


@pytest.mark.skipif(sys.platform == "win32", reason="signs with a shell command")
def test_a_signing_command_gets_each_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tree(tmp_path, "a program.exe") / "a program.exe"
    nsis.sign(file)
    assert file.read_bytes() == b"12345"
    monkeypatch.setenv("CONFIRMDESK_WINDOWS_SIGN", "sh -c 'printf signed >\"$0\"'")
    nsis.sign(file)
    assert file.read_bytes() == b"signed"


# ---- .msi ----


def test_the_upgrade_code_is_what_it_was_at_the_first_release(project: Project):
    """Windows Installer finds the version to replace by it: another one would leave both installed."""
    assert msi.identity(project, "upgrade") == "{CA4201FE-CC78-5994-AA81-C7D874E51890}"


def described(project: Project, root: Path, monkeypatch: pytest.MonkeyPatch) -> ElementTree.Element:
    monkeypatch.setattr(msi, "WORK", root)
    return ElementTree.fromstring(msi.describe(project, root / "payload", root / "confirmdesk.ico"))


def test_components_keep_their_guids_and_the_product_does_not(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    tree(tmp_path, "payload/confirmdesk.exe", "payload/p/one.pyd")
    before = described(project, tmp_path, monkeypatch)
    tree(tmp_path, "payload/p/another.pyd")
    after = described(replace(project, version="1.23.0"), tmp_path, monkeypatch)
    guids = [{c.get("Id"): c.get("Guid") for c in root.iter(f"{WIX}Component")} for root in (before, after)]
    assert len(guids[0]) == 4
    assert guids[0].items() < guids[1].items()
    assert len(set(guids[1].values())) == len(guids[1])
    products = [root.find(f"{WIX}Product") for root in (before, after)]
    assert products[0].get("UpgradeCode") == products[1].get("UpgradeCode")
    assert products[0].get("Id") != products[1].get("Id")


WIX = "{http://schemas.microsoft.com/wix/2006/wi}"


def test_every_component_is_part_of_the_feature(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    tree(tmp_path, "payload/confirmdesk.exe", "payload/p/q & r/one.pyd")
    root = described(project, tmp_path, monkeypatch)
    components = {element.get("Id") for element in root.iter(f"{WIX}Component")}
    assert components == {element.get("Id") for element in root.iter(f"{WIX}ComponentRef")}
    assert [element.get("Name") for element in root.iter(f"{WIX}File")] == ["confirmdesk.exe", "one.pyd"]
    (shortcut,) = root.iter(f"{WIX}Shortcut")
    assert shortcut.get("Target") == "[INSTALLDIR]confirmdesk.exe"


def fake_package(code: uuid.UUID, moment: int, content: bytes = b"content") -> bytes:
    """As much of a .msi as its summary is: a property set with the package code and two times."""
    text = b"{" + str(code).upper().encode() + b"}\0\0"
    values = [
        (9, struct.pack("<II", 30, len(text)) + text),
        (12, struct.pack("<IQ", 64, moment)),
        (13, struct.pack("<IQ", 64, moment + 1)),
    ]
    offset, index, body = 8 + 8 * len(values), b"", b""
    for key, value in values:
        index += struct.pack("<II", key, offset + len(body))
        body += value
    section = struct.pack("<II", offset + len(body), len(values)) + index + body
    return bytes(100) + bytes(28) + msi.SUMMARY + struct.pack("<I", 48) + section + content


def test_two_builds_of_one_package_become_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    packages = [tmp_path / name for name in ("one.msi", "two.msi", "other.msi")]
    packages[0].write_bytes(fake_package(uuid.uuid4(), 1))
    packages[1].write_bytes(fake_package(uuid.uuid4(), 2))
    packages[2].write_bytes(fake_package(uuid.uuid4(), 1, b"changed"))
    for package in packages:
        msi.make_reproducible(package)
    one, two, other = (package.read_bytes() for package in packages)
    assert one == two
    at = one.index(b"{")
    assert one[at : at + 38] != other[at : at + 38], "another content needs another package code"
    assert struct.pack("<Q", (1_790_000_000 + 11_644_473_600) * 10_000_000) in one


def test_a_summary_in_another_shape_is_refused(tmp_path: Path):
    package = tmp_path / "odd.msi"
    package.write_bytes(bytes(28) + msi.SUMMARY + struct.pack("<I", 48) + struct.pack("<II", 8, 0))
    with pytest.raises(ValueError, match="does not look as wixl"):
        msi.make_reproducible(package)
