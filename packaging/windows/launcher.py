"""confirmdesk.exe and confirmdesk-cli.exe: launcher.c with icon, version and manifest, made by MinGW."""

import re
from pathlib import Path
from xml.sax.saxutils import quoteattr

from project import Project
from steps import run

from .payload import HERE, PROGRAM, WORK, Embedded

MINGW = "x86_64-w64-mingw32"
START = "confirmdesk_start"


def numbers(version: str) -> tuple[int, int, int, int]:
    """A version as Windows wants it, four numbers of 16 bits. What is behind them ("rc1") has no place there."""
    found = re.match(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.(\d+))?", version)
    parts = [int(part or 0) for part in found.groups()] if found else []
    if len(parts) != 4 or max(parts) > 0xFFFF:
        raise ValueError(f"Windows cannot express the version {version!r}.")
    return parts[0], parts[1], parts[2], parts[3]


def manifest(project: Project) -> str:
    """What Windows reads of a program before it runs it: sharp on every screen, UTF-8, as the user who started it.

    https://learn.microsoft.com/en-us/windows/win32/sbscs/application-manifests
    """
    name, version = quoteattr(project.app_id), ".".join(map(str, numbers(project.version)))
    return f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<assembly xmlns="urn:schemas-microsoft-com:asm.v1" manifestVersion="1.0">
  <assemblyIdentity type="win32" name={name} version="{version}" processorArchitecture="amd64"/>
  <description>{project.name}</description>
  <dependency><dependentAssembly>
    <assemblyIdentity type="win32" name="Microsoft.Windows.Common-Controls" version="6.0.0.0"
      processorArchitecture="amd64" publicKeyToken="6595b64144ccf1df" language="*"/>
  </dependentAssembly></dependency>
  <trustInfo xmlns="urn:schemas-microsoft-com:asm.v3"><security><requestedPrivileges>
    <requestedExecutionLevel level="asInvoker" uiAccess="false"/>
  </requestedPrivileges></security></trustInfo>
  <compatibility xmlns="urn:schemas-microsoft-com:compatibility.v1"><application>
    <supportedOS Id="{{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}}"/>
  </application></compatibility>
  <application xmlns="urn:schemas-microsoft-com:asm.v3"><windowsSettings>
    <dpiAware xmlns="http://schemas.microsoft.com/SMI/2005/WindowsSettings">true/pm</dpiAware>
    <dpiAwareness xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">PerMonitorV2,PerMonitor</dpiAwareness>
    <longPathAware xmlns="http://schemas.microsoft.com/SMI/2016/WindowsSettings">true</longPathAware>
    <activeCodePage xmlns="http://schemas.microsoft.com/SMI/2019/WindowsSettings">UTF-8</activeCodePage>
  </windowsSettings></application>
</assembly>
"""


def resources(project: Project, file: str, icon: Path, manifest_file: Path) -> str:
    """The resource script of the program `file`: what Explorer and the task bar show.

    https://learn.microsoft.com/en-us/windows/win32/menurc/versioninfo-resource
    """
    number = ",".join(map(str, numbers(project.version)))
    strings = {
        "CompanyName": project.publisher,
        # The task bar, the task manager and "Open with" show this one, and not the product's name.
        "FileDescription": project.name,
        "FileVersion": project.version,
        "InternalName": file.removesuffix(".exe"),
        "LegalCopyright": f"{project.publisher}, {project.licence} licence",
        "OriginalFilename": file,
        "ProductName": project.name,
        "ProductVersion": project.version,
    }
    values = "\n".join(f"      VALUE {_quoted(key)}, {_quoted(value)}" for key, value in strings.items())
    return f"""#pragma code_page(65001)
1 ICON {_quoted(icon.as_posix())}
1 24 {_quoted(manifest_file.as_posix())}
1 VERSIONINFO
FILEVERSION {number}
PRODUCTVERSION {number}
FILEOS 0x40004
FILETYPE 0x1
BEGIN
  BLOCK "StringFileInfo"
  BEGIN
    BLOCK "080904b0"
    BEGIN
{values}
    END
  END
  BLOCK "VarFileInfo"
  BEGIN
    VALUE "Translation", 0x0809, 1200
  END
END
"""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '""') + '"'


def build_launchers(project: Project, python: Embedded, icon: Path, into: Path) -> list[Path]:
    """The window program and its console twin, in `into`. Starting either runs start.py with `python`."""
    command = project.command
    return [
        _build(project, python, icon, into / f"{command}.exe", "-mwindows", "-DWINDOW"),
        _build(project, python, icon, into / f"{command}-cli.exe", "-mconsole"),
    ]


def _build(project: Project, python: Embedded, icon: Path, out: Path, *kind: str) -> Path:
    work = WORK / "launcher"
    work.mkdir(parents=True, exist_ok=True)
    described, script, compiled = work / "manifest.xml", work / f"{out.stem}.rc", work / f"{out.stem}.res.o"
    described.write_text(manifest(project), encoding="utf-8")
    script.write_text(resources(project, out.name, icon, described), encoding="utf-8")
    run(f"{MINGW}-windres", "-c", "65001", "-i", script, "-o", compiled)
    words = {"NAME": project.name, "PROGRAM": PROGRAM, "PYTHON": python.library, "START": START}
    defines = [f'-D{key}=L"{value}"' for key, value in words.items()]
    options = ("-std=c11", "-O2", "-s", "-Wall", "-Wextra", "-Werror", "-municode", "-DUNICODE", "-D_UNICODE")
    run(
        f"{MINGW}-gcc", *options, *defines, *kind, HERE / "launcher.c", compiled, "-o", out, "-Wl,--no-insert-timestamp"
    )
    return out
