"""Whether every library that a shipped one asks for is there: shipped beside it, or part of every Windows.

Wine has libraries that a fresh Windows has not, msvcp140.dll for one, so running there proves nothing about this.
"""

import re
import struct
from collections.abc import Iterator
from pathlib import Path

# Part of Windows 10 and 11 for x64, without "features on demand". What else turns up here has to be looked up first.
OF_WINDOWS = frozenset(
    f"{name}.dll"
    for name in (
        *("advapi32", "authz", "bcrypt", "bcryptprimitives", "comdlg32", "crypt32", "d2d1", "d3d11", "d3d12", "d3d9"),
        *("dnsapi", "dwmapi", "dwrite", "dxgi", "dxva2", "gdi32", "icuuc", "imm32", "iphlpapi", "kernel32", "mpr"),
        *(
            "mscms",
            "msvcrt",
            "ncrypt",
            "netapi32",
            "ntdll",
            "ole32",
            "oleaut32",
            "rpcrt4",
            "secur32",
            "setupapi",
            "shcore",
        ),
        *("shell32", "shlwapi", "user32", "userenv", "uiautomationcore", "uxtheme", "version", "winmm", "winspool"),
        *("winhttp", "ws2_32", "wtsapi32", "opengl32"),
    )
) | {"winspool.drv"}
_OF_C = re.compile(r"api-ms-win-.*\.dll")


def imports(binary: Path) -> set[str]:
    """The names, in lower case, of the libraries that `binary` cannot be loaded without.

    https://learn.microsoft.com/en-us/windows/win32/debug/pe-format#import-directory-table
    """
    data = binary.read_bytes()
    header = _number(data, 0x3C)
    sections, size = int.from_bytes(data[header + 6 : header + 8], "little"), data[header + 20]
    table = _number(data, header + 24 + 112 + 8)
    at = header + 24 + size
    where: list[tuple[int, int, int, int]] = [
        struct.unpack_from("<8xIIII", data, at + 40 * index) for index in range(sections)
    ]

    def place(address: int) -> int:
        """Where in the file lies what Windows maps to `address`."""
        return next(address - start + raw for _, start, length, raw in where if start <= address < start + length)

    names, row = set(), place(table) if table else len(data)
    while row < len(data) and (name := _number(data, row + 12)):
        start = place(name)
        names.add(data[start : data.index(0, start)].decode("ascii").lower())
        row += 20
    return names


def _number(data: bytes, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


def binaries(root: Path) -> list[Path]:
    """All that Windows can load below `root`."""
    return sorted(path for path in root.rglob("*") if path.suffix in (".exe", ".dll", ".pyd"))


def missing(root: Path) -> Iterator[str]:
    """One line for each library that somebody below `root` asks for and nobody has."""
    found = binaries(root)
    shipped = {path.name.lower() for path in found}
    for binary in found:
        for name in sorted(imports(binary) - shipped - OF_WINDOWS):
            if not _OF_C.fullmatch(name):
                yield f"{binary.relative_to(root)} asks for {name}"


def unused(root: Path) -> list[Path]:
    """Plain libraries below `root` that no other binary there asks for."""
    found = binaries(root)
    asked = set().union(*(imports(path) for path in found))
    return [path for path in found if path.suffix == ".dll" and path.name.lower() not in asked]
