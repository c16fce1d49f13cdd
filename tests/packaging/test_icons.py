import struct
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage

import icons

SVG = Path(__file__).resolve().parents[2] / "resources" / "icons" / "confirmdesk.svg"


def test_a_png_has_its_size_the_drawing_and_a_transparent_corner(tmp_path: Path):
    picture = QImage(str(icons.png(SVG, 48, tmp_path / "new" / "icon.png")))
    assert (picture.width(), picture.height()) == (48, 48)
    assert picture.pixelColor(0, 0).alpha() == 0
    assert picture.pixelColor(6, 33) == QColor("#1a5fd0")


def test_the_same_drawing_gives_the_same_bytes(tmp_path: Path):
    for name in ("one", "two"):
        icons.png(SVG, 32, tmp_path / f"{name}.png")
        icons.ico(SVG, tmp_path / f"{name}.ico")
        icons.icns(SVG, tmp_path / f"{name}.icns")
    for kind in ("png", "ico", "icns"):
        assert (tmp_path / f"one.{kind}").read_bytes() == (tmp_path / f"two.{kind}").read_bytes()


def test_windows_finds_every_size_in_the_ico(tmp_path: Path):
    data = icons.ico(SVG, tmp_path / "icon.ico").read_bytes()
    assert struct.unpack_from("<HHH", data) == (0, 1, len(icons.ICO_SIZES))
    end = 6 + 16 * len(icons.ICO_SIZES)
    for index, size in enumerate(icons.ICO_SIZES):
        width, height, _, _, _, bits, length, offset = struct.unpack_from("<BBBBHHII", data, 6 + 16 * index)
        assert (width or 256, height or 256, bits, offset) == (size, size, 32, end)
        if size == 256:
            assert data[offset : offset + 8] == b"\x89PNG\r\n\x1a\n"
        else:
            assert struct.unpack_from("<Iii", data, offset) == (40, size, 2 * size)
        end = offset + length
    assert end == len(data)


def test_the_pictures_in_the_ico_stand_upright(tmp_path: Path):
    """Rows run from the bottom up: upside down, the round badge would be at the top right."""
    path = icons.ico(SVG, tmp_path / "icon.ico")
    data = path.read_bytes()
    index = icons.ICO_SIZES.index(64)
    (offset,) = struct.unpack_from("<I", data, 6 + 16 * index + 12)
    bottom_row_first = data[offset + 40 : offset + 40 + 4 * 64 * 64]

    def pixel(x: int, y: int) -> bytes:
        at = 4 * (64 * (63 - y) + x)
        return bottom_row_first[at : at + 4]

    assert pixel(48, 34) == bytes((0x45, 0x72, 0x17, 0xFF))
    assert pixel(48, 3)[3] == 0


def test_the_icns_says_what_it_holds(tmp_path: Path):
    data = icons.icns(SVG, tmp_path / "icon.icns").read_bytes()
    assert data[:4] == b"icns"
    assert struct.unpack_from(">I", data, 4)[0] == len(data)
    at, found = 8, []
    while at < len(data):
        kind, length = data[at : at + 4], struct.unpack_from(">I", data, at + 4)[0]
        picture = QImage.fromData(data[at + 8 : at + length], "PNG")
        found.append((kind, picture.width()))
        at += length
    assert tuple(found) == icons.ICNS_TYPES


def test_a_bmp_has_its_ground_and_the_icon(tmp_path: Path):
    picture = QImage(str(icons.bmp(SVG, 150, 57, QRectF(100, 10, 36, 36), "#eef1f5", tmp_path / "header.bmp")))
    assert (picture.width(), picture.height()) == (150, 57)
    assert picture.pixelColor(5, 5) == QColor("#eef1f5")
    assert picture.pixelColor(105, 34) == QColor("#1a5fd0")


def test_what_is_no_svg_is_refused(tmp_path: Path):
    (tmp_path / "broken.svg").write_text("<svg")
    with pytest.raises(ValueError, match="not an SVG that Qt can draw"):
        icons.png(tmp_path / "broken.svg", 16, tmp_path / "out.png")
