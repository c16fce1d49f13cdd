"""Text that strangers typed, made safe to look at.

Cognito's attributes are written by anonymous people at sign-up: they may hold control characters that break a table,
bidirectional overrides that turn an address round, or 2,048 characters.
"""

import re
import unicodedata
from math import ceil

# Invisible characters that change how their neighbours read. U+200C and U+200D stay: Persian and emoji need them.
_INVISIBLE = "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
_UNSAFE = re.compile(f"[\x00-\x1f\x7f-\x9f\u2028\u2029{_INVISIBLE}\ud800-\udfff]")


def _visible(match: re.Match[str]) -> str:
    char = match.group()
    if char in "\n\r\t\u2028\u2029\x0b\x0c\x85":
        return "\u23ce" if char != "\t" else " "
    return f"\u27e8U+{ord(char):04X}\u27e9"


def plain(text: str, limit: int = 2048) -> str:
    """One line that shows what is really there: line breaks as ⏎, invisible and control characters as ⟨U+202E⟩.

    `limit` is in characters; what is longer ends in an ellipsis.
    """
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    # Nearly every address is plain ASCII, and this runs for each cell that is painted.
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(_visible, text)


def search_key(*texts: str) -> str:
    """What a search box compares: composed, without case, fields parted by a character nobody types."""
    joined = "\x1f".join(texts)
    return (joined if joined.isascii() else unicodedata.normalize("NFKC", joined)).casefold()


def count(number: int, one: str, many: str = "") -> str:
    """`3,180 people`: a grouped number with the right form of its word."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """`8 s`, `9 min`, `1 h 20 min`: as long as somebody plans with, rounded up."""
    whole = max(1, ceil(seconds))
    if whole < 100:
        return f"{whole} s"
    minutes = ceil(whole / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
