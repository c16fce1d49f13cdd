"""The .msi, for group policy and other tools that roll out nothing else: per machine, without questions. By wixl."""

import hashlib
import struct
import uuid
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from project import DIST, Project, source_date
from steps import run

from .launcher import numbers
from .payload import WORK

# The summary's property set, its properties of that name, and how its times and texts are typed.
# https://learn.microsoft.com/en-us/windows/win32/msi/summary-list-of-all-predefined-properties
SUMMARY = uuid.UUID("F29F85E0-4FF9-1068-AB91-08002B27B3D9").bytes_le
_PACKAGE_CODE, _CREATED, _SAVED = 9, 12, 13
_TEXT, _TIME = 30, 64
# Administrators and system may do everything, users read; nothing is inherited from ProgramData, where everybody may
# make files. https://learn.microsoft.com/en-us/windows/win32/secauthz/security-descriptor-string-format
_ACCESS = "D:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;0x1200a9;;;BU)"
_PRESETS = {"PRESETS": "component_presets", "PRESETS_ROOT": "component_presets_root"}


def identity(project: Project, what: str) -> str:
    """A GUID that is the same in every build of every version: Windows finds by it what it installed."""
    return "{" + str(uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_DNS, project.app_id), what)).upper() + "}"


def build_msi(project: Project, payload: Path, icon: Path) -> Path:
    """The package in dist/."""
    out = DIST / f"{project.command}-{project.version}-x64.msi"
    recipe = WORK / f"{project.command}.wxs"
    recipe.write_text(describe(project, payload, icon), encoding="utf-8")
    # wixl finds only files that are named from where it runs.
    run("wixl", "-a", "x64", "-o", out, recipe.name, cwd=WORK)
    _protect_presets(out)
    condition = "Installed OR VersionNT >= 603"
    needs = f"{project.name} needs Windows 10 or newer."
    into = "INSERT INTO `LaunchCondition` (`Condition`, `Description`)"
    run("msibuild", out, "-q", f"{into} VALUES ('{condition}', '{needs}')")
    make_reproducible(out)
    return out


def describe(project: Project, payload: Path, icon: Path) -> str:
    """The recipe for wixl: https://wixtoolset.org/docs/v3/xsd/wix/"""
    # Windows Installer compares three numbers.
    version = ".".join(map(str, numbers(project.version)[:3]))
    maker = quoteattr(project.publisher)
    files, references = [], [f'<ComponentRef Id="{component}"/>' for component in _PRESETS.values()]
    for line in _tree(project, payload, payload):
        files.append(line)
        if line.startswith("<Component "):
            references.append(f'<ComponentRef Id="{line.split(chr(34))[1]}"/>')
    return f"""<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
<Product Id="{identity(project, f"product {version}")}" Name={quoteattr(project.name)} Version="{version}"
  Manufacturer={maker} Language="1033" UpgradeCode="{identity(project, "upgrade")}">
<Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine" Manufacturer={maker}
  Description={quoteattr(project.summary)} Comments={quoteattr(f"{project.name} {project.version}")}/>
<MajorUpgrade DowngradeErrorMessage="A newer version of {project.name} is installed."/>
<Media Id="1" Cabinet="{project.command}.cab" EmbedCab="yes"/>
<Icon Id="program.ico" SourceFile="{icon.relative_to(WORK).as_posix()}"/>
<Property Id="ARPPRODUCTICON" Value="program.ico"/>
<Property Id="ARPURLINFOABOUT" Value={quoteattr(project.url)}/>
<Property Id="ARPNOMODIFY" Value="1"/>
<Property Id="ARPNOREPAIR" Value="1"/>
<Directory Id="TARGETDIR" Name="SourceDir">
<Directory Id="ProgramFiles64Folder"><Directory Id="INSTALLDIR" Name={quoteattr(project.name)}>
{chr(10).join(files)}
</Directory></Directory>
<Directory Id="ProgramMenuFolder"/>
<Directory Id="CommonAppDataFolder"><Directory Id="PRESETS_ROOT" Name={quoteattr(project.name)}>
<Component Id="component_presets_root" Guid="{identity(project, "presets root")}" Win64="yes">
<CreateFolder/></Component>
<Directory Id="PRESETS" Name="connections.d">
<Component Id="component_presets" Guid="{identity(project, "presets")}" Win64="yes"><CreateFolder/></Component>
</Directory></Directory></Directory>
</Directory>
<Feature Id="Main" Level="1" Title={quoteattr(project.name)}>
{chr(10).join(references)}
</Feature>
</Product>
</Wix>
"""


def _tree(project: Project, payload: Path, directory: Path) -> Iterator[str]:
    """What lies in `directory`, each file a component of its own: the rule of Windows Installer."""
    for path in sorted(directory.iterdir()):
        inside = path.relative_to(payload).as_posix()
        # Ids must begin with a letter and be short; paths are neither.
        mark = hashlib.sha256(inside.encode()).hexdigest()[:16]
        if path.is_dir():
            yield f'<Directory Id="d{mark}" Name={quoteattr(path.name)}>'
            yield from _tree(project, payload, path)
            yield "</Directory>"
            continue
        yield f'<Component Id="c{mark}" Guid="{identity(project, inside)}" Win64="yes">'
        source = quoteattr(path.relative_to(WORK).as_posix())
        yield f'<File Id="f{mark}" Name={quoteattr(path.name)} Source={source} KeyPath="yes"/>'
        if inside == f"{project.command}.exe":
            yield (
                f'<Shortcut Id="shortcut" Directory="ProgramMenuFolder" Name={quoteattr(project.name)} '
                f'Target="[INSTALLDIR]{project.command}.exe" WorkingDirectory="INSTALLDIR" Icon="program.ico" '
                f"Description={quoteattr(project.summary)}/>"
            )
        yield "</Component>"


def _protect_presets(package: Path) -> None:
    """wixl does not know this table. https://learn.microsoft.com/en-us/windows/win32/msi/msilockpermissionsex-table"""
    name = "MsiLockPermissionsEx"
    rows = [
        f"{name}\tLockObject\tTable\tSDDLText\tCondition",
        "s72\ts72\ts32\ts0\tS255",
        f"{name}\t{name}",
        *(f"lock_{directory}\t{directory}\tCreateFolder\t{_ACCESS}\t" for directory in _PRESETS),
    ]
    table = WORK / f"{name}.idt"
    table.write_text("".join(f"{row}\r\n" for row in rows), encoding="ascii", newline="")
    run("msibuild", package, "-i", table)


def make_reproducible(package: Path) -> None:
    """Give the package code and the times in the summary of `package` values that follow from its content and its
    source: wixl takes random ones and the clock's. Two different packages still never share a code."""
    data = bytearray(package.read_bytes())
    places = _summary(data)
    code_at, moment = places[_PACKAGE_CODE, _TEXT] + 4, _filetime()
    for key in (_CREATED, _SAVED):
        data[places[key, _TIME] : places[key, _TIME] + 8] = moment
    length = len("{3F2504E0-4F89-11D3-9A0C-0305E82C3301}")
    data[code_at : code_at + length] = b"0" * length
    code = "{" + str(uuid.uuid5(uuid.NAMESPACE_OID, hashlib.sha256(data).hexdigest())).upper() + "}"
    data[code_at : code_at + length] = code.encode("ascii")
    package.write_bytes(data)


def _filetime() -> bytes:
    """The date of this build in tenths of a microsecond since 1601."""
    return struct.pack("<Q", (int(source_date().timestamp()) + 11_644_473_600) * 10_000_000)


def _summary(data: bytearray) -> dict[tuple[int, int], int]:
    """Where the values of the summary lie in the file `data`, by property and type. ValueError for a file that has its
    summary in pieces.

    https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-oleps/
    """
    start = data.index(SUMMARY) - 28
    section = start + struct.unpack_from("<I", data, start + 44)[0]
    count = struct.unpack_from("<I", data, section + 4)[0]
    places = {}
    for index in range(count):
        key, offset = struct.unpack_from("<II", data, section + 8 + 8 * index)
        kind = struct.unpack_from("<I", data, section + offset)[0]
        places[key, kind] = section + offset + 4
    code = places.get((_PACKAGE_CODE, _TEXT), 0) + 4
    if data[code : code + 1] != b"{" or (_CREATED, _TIME) not in places or (_SAVED, _TIME) not in places:
        raise ValueError("The summary of the package does not look as wixl writes it.")
    return places
