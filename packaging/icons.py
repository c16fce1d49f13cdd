"""The icons of all systems, rendered from the one SVG by Qt: the same bytes for the same drawing, and no display."""

import struct
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
# Apple's types that hold PNG, by pixels; those with "@2x" in Apple's tables are the same picture under another name.
# https://en.wikipedia.org/wiki/Apple_Icon_Image_format
ICNS_TYPES = (
    (b"ic11", 32),
    (b"ic12", 64),
    (b"ic07", 128),
    (b"ic13", 256),
    (b"ic08", 256),
    (b"ic14", 512),
    (b"ic09", 512),
    (b"ic10", 1024),
)


def png(svg: Path, size: int, out: Path) -> Path:
    """Write `svg` to `out` as a PNG of `size` by `size` pixels."""
    return _write(out, _png_bytes(draw(svg, size)))


def ico(svg: Path, out: Path) -> Path:
    """Write `svg` to `out` as a Windows icon. Only the largest is a PNG: no other size is read everywhere so."""
    pictures = [_dib(draw(svg, size)) if size < 256 else _png_bytes(draw(svg, size)) for size in ICO_SIZES]
    head, offset = struct.pack("<HHH", 0, 1, len(pictures)), 6 + 16 * len(pictures)
    for size, picture in zip(ICO_SIZES, pictures, strict=True):
        # A byte each for width and height, where 0 stands for 256.
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(picture), offset)
        offset += len(picture)
    return _write(out, head + b"".join(pictures))


def icns(svg: Path, out: Path) -> Path:
    """Write `svg` to `out` as a macOS icon."""
    pictures = {size: _png_bytes(draw(svg, size)) for _, size in ICNS_TYPES}
    body = b"".join(kind + struct.pack(">I", 8 + len(pictures[size])) + pictures[size] for kind, size in ICNS_TYPES)
    return _write(out, b"icns" + struct.pack(">I", 8 + len(body)) + body)


def bmp(svg: Path, width: int, height: int, icon: QRectF, ground: str, out: Path) -> Path:
    """Write `svg`, drawn into the rectangle `icon` of a picture in the colour `ground`, to `out`: NSIS takes BMP."""
    picture = QImage(width, height, QImage.Format.Format_RGB888)
    picture.fill(QColor(ground))
    _paint(svg, picture, icon)
    out.parent.mkdir(parents=True, exist_ok=True)
    if not picture.save(str(out), "BMP"):  # type: ignore[call-overload] # the stub is wrong
        raise OSError(f"{out} could not be written.")
    return out


def draw(svg: Path, size: int) -> QImage:
    """`svg` on nothing, `size` by `size` pixels."""
    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    _paint(svg, picture, QRectF(0, 0, size, size))
    return picture


def _paint(svg: Path, picture: QImage, where: QRectF) -> None:
    renderer = QSvgRenderer(str(svg))
    if not renderer.isValid():
        raise ValueError(f"{svg} is not an SVG that Qt can draw.")
    painter = QPainter(picture)
    renderer.render(painter, where)
    painter.end()


def _png_bytes(picture: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not picture.save(buffer, "PNG"):  # type: ignore[call-overload] # the stub is wrong
        raise OSError("Qt wrote no PNG.")
    return bytes(data.data())


def _dib(picture: QImage) -> bytes:
    """BGRA from the bottom up, under a header that says twice the height, and a mask that nobody has used since 2001.

    https://learn.microsoft.com/en-us/previous-versions/ms997538(v=msdn.10)
    """
    size = picture.width()
    pixels = bytes(picture.constBits())
    rows = [pixels[4 * size * row : 4 * size * (row + 1)] for row in reversed(range(size))]
    mask_row = b"\0" * ((size + 31) // 32 * 4)
    header = struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, 32, 0, 0, 0, 0, 0, 0)
    return header + b"".join(rows) + mask_row * size


def _write(out: Path, data: bytes) -> Path:
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(data)
    return out
