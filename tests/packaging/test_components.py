"""What ships besides our own code is named, with its licence texts."""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

import components

DEBIAN = pytest.mark.skipif(not shutil.which("dpkg-query"), reason="asks Debian's package list")


def table(tmp_path, rows):
    """PyInstaller's table of what it collected."""
    written = tmp_path / "COLLECT-00.toc"
    written.write_text(repr(("name", [(Path(file).name, str(file), kind) for file, kind in rows])), encoding="utf-8")
    return written


def libraries_of(package):
    files = subprocess.run(["dpkg-query", "-L", package], capture_output=True, text=True, check=True).stdout
    return [Path(line) for line in files.splitlines() if ".so." in line]


def test_the_computers_libraries_are_told_though_debians_python_lies_beside_them(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "base_prefix", "/usr")
    site, libraries = tmp_path / "site", [Path("/usr/lib/x/libcrypto.so.3"), Path("/usr/lib/x/libpython3.so.1.0")]
    own = Path(sysconfig.get_path("stdlib")) / "lib-dynload" / "_ssl.so"
    rows = [(file, "BINARY") for file in (*libraries, own, site / "libQt6Core.so.6")]
    written = table(tmp_path, [*rows, (tmp_path / "module.so", "EXTENSION")])
    assert components.collected(written, (site, *components.places_of_python())) == libraries


def test_another_python_is_told_once_as_itself(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "base_prefix", "/opt/python")
    shared = Path(sysconfig.get_config_var("LIBDIR"), sysconfig.get_config_var("INSTSONAME"))
    written = table(tmp_path, [(shared, "BINARY")])
    assert components.collected(written, components.places_of_python()) == []


@DEBIAN
def test_a_library_is_told_by_its_package_with_version_and_texts():
    (libc,) = [file for file in libraries_of("libc6") if file.name == "libc.so.6"]
    (component,) = components.debian_components([libc.resolve()])
    assert (component.kind, component.name) == ("deb", "libc6")
    assert (
        component.version
        == subprocess.run(
            ["dpkg-query", "-W", "-f=${Version}", "libc6"], capture_output=True, text=True, check=True
        ).stdout
    )
    said, *common = component.texts
    assert "GNU C Library" in said
    # Its file only points to the text, which only Debian has at that place.
    assert any("GNU LESSER GENERAL PUBLIC LICENSE" in text for text in common)


@DEBIAN
def test_a_library_that_nobody_packaged_stops_the_build(tmp_path):
    with pytest.raises(SystemExit, match="belongs to no Debian package"):
        list(components.debian_components([tmp_path / "libstranger.so.1"]))


@DEBIAN
def test_a_package_without_its_licence_stops_the_build(tmp_path, monkeypatch):
    (libc,) = [file for file in libraries_of("libc6") if file.name == "libc.so.6"]
    monkeypatch.setattr(components, "DEBIAN_PAPERS", tmp_path)
    with pytest.raises(SystemExit, match="cannot be shipped"):
        list(components.debian_components([libc.resolve()]))
