import plistlib
from dataclasses import replace
from pathlib import Path

import pytest

from macos import bundle
from project import ROOT, read_project

QT = "PySide6/Qt/lib/QtCore.framework"
LINKS = [
    (f"{QT}/QtCore", "Versions/Current/QtCore", "SYMLINK"),
    (f"{QT}/Versions/Current", "A", "SYMLINK"),
    (f"{QT}/Resources", "Versions/Current/Resources", "SYMLINK"),
]


def test_a_kept_framework_keeps_its_links_and_a_dropped_one_none() -> None:
    kept = [(f"{QT}/Versions/A/QtCore", "/wheel/QtCore", "BINARY"), ("six.so", "/wheel/six.so", "EXTENSION")]
    dropped = [(name.replace("QtCore", "QtQml"), target, kind) for name, target, kind in LINKS]
    others = [("QtCore", f"{QT}/Versions/A/QtCore", "SYMLINK"), (f"{QT}/Versions/A/Info.plist", "/wheel/p", "DATA")]
    assert bundle.framework_links([*dropped, *LINKS, *others], kept) == LINKS


def test_code_is_signed_from_the_inside_out(tmp_path: Path) -> None:
    app = tmp_path / "Confirmdesk.app"
    thin, fat = b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe"
    code = {
        "MacOS/confirmdesk": thin,
        "Frameworks/QtCore.framework/Versions/A/QtCore": fat,
        "Frameworks/PySide6/QtCore.abi3.so": thin,
        "Frameworks/PySide6/Qt/plugins/platforms/libqcocoa.dylib": fat,
        "Resources/strayed.so": thin,
        "Resources/confirmdesk.svg": b"<svg/>",
        "Resources/empty": b"",
    }
    for name, data in code.items():
        file = app / "Contents" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data + b"rest" if data else b"")
    (app / "Contents/Frameworks/QtCore").symlink_to("QtCore.framework/Versions/A/QtCore")
    (app / "Contents/Resources/PySide6").symlink_to("../Frameworks/PySide6")
    assert [path.relative_to(app / "Contents").as_posix() for path in bundle.signing_order(app)] == [
        "Frameworks/PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "Frameworks/PySide6/QtCore.abi3.so",
        "Frameworks/QtCore.framework",
        "Resources/strayed.so",
    ]


def test_the_oldest_system_is_the_one_that_all_wheels_run_on(tmp_path: Path) -> None:
    tags = {
        "pyside6_essentials-6.12.0": ["cp310-abi3-macosx_14_0_universal2"],
        "awscrt-0.38.0": ["cp313-abi3-macosx_9_9_universal2"],
        "mild-1.0": ["cp313-cp313-macosx_26_0_arm64", "cp313-cp313-macosx_11_0_universal2"],
        "six-1.17.0": ["py3-none-any"],
    }
    for name, lines in tags.items():
        (tmp_path / f"{name}.dist-info").mkdir()
        text = "Wheel-Version: 1.0\n" + "".join(f"Tag: {tag}\n" for tag in lines)
        (tmp_path / f"{name}.dist-info" / "WHEEL").write_text(text, encoding="utf-8")
    assert bundle.system_floor(tmp_path) == "14.0"


def test_wheels_of_another_system_are_no_floor(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no wheel for macOS"):
        bundle.system_floor(tmp_path)


def test_apple_gets_the_version_in_three_numbers() -> None:
    plist = bundle.info_plist(replace(read_project(), version="1.20.3rc1"), "14.0")
    assert (plist["CFBundleShortVersionString"], plist["CFBundleVersion"]) == ("1.20.3", "1.20.3")
    assert plist["LSMinimumSystemVersion"] == "14.0"
    assert str(plist["NSHumanReadableCopyright"]).startswith("Copyright (c) 2")


def test_a_signed_program_asks_for_no_exception_from_the_hardened_runtime() -> None:
    # And codesign takes no comments in these files.
    here = ROOT / "packaging" / "macos"
    texts = {path.stem: path.read_text(encoding="utf-8") for path in here.glob("*.plist")}
    assert not any("<!--" in text for text in texts.values())
    assert {name: plistlib.loads(text.encode()) for name, text in texts.items()} == {
        "entitlements": {},
        "entitlements-adhoc": {"com.apple.security.cs.disable-library-validation": True},
    }
