"""Pictures of a virtual screen, without any program that takes pictures: Xvfb keeps its screen in a file."""

import struct
import time
import zlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels of four bytes each, blue first, in rows of `width`."""

    width: int
    height: int
    pixels: bytes

    @property
    def colours(self) -> int:
        """How many different ones there are: text alone makes dozens, an empty window a handful."""
        return len(set(memoryview(self.pixels).cast("I")))

    @property
    def brightness(self) -> float:
        """The mean of all greens, 0 to 255."""
        return sum(self.pixels[1::4]) / (self.width * self.height)

    def save(self, file: Path) -> None:
        """https://www.w3.org/TR/png-3/"""
        out = bytearray()
        for start in range(0, len(self.pixels), self.width * 4):
            row = self.pixels[start : start + self.width * 4]
            line = bytearray(self.width * 3)
            line[0::3], line[1::3], line[2::3] = row[2::4], row[1::4], row[0::4]
            out += b"\0" + line
        head = struct.pack(">IIBBBBB", self.width, self.height, 8, 2, 0, 0, 0)
        parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(out), 6)), (b"IEND", b""))
        file.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def take(screen: Path) -> Picture:
    """The picture in `screen`, Xvfb's file, as soon as nothing moves in it."""
    deadline, last = time.monotonic() + 10, b""
    while True:
        now = screen.read_bytes()
        if now == last or time.monotonic() > deadline:
            return _decode(now)
        last = now
        # Xvfb tells nobody when it has drawn.
        time.sleep(0.3)


def _decode(dump: bytes) -> Picture:
    """XWD, as in X11/XWDFile.h: a head of 25 numbers, a name, a table of colours of 12 bytes each, the rows."""
    head = struct.unpack(">25I", dump[:100])
    width, height, per_line = head[4], head[5], head[12]
    start = head[0] + head[19] * 12
    rows = (dump[start + y * per_line : start + y * per_line + width * 4] for y in range(height))
    return Picture(width, height, b"".join(rows))
