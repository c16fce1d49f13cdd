"""Text that strangers typed, made safe to look at.

Cognito's attributes are written by anonymous people at sign-up: they may hold control characters that break a table,
bidirectional overrides that turn an address round, hundreds of accents on one letter, or 2,048 characters.
"""

import re
import unicodedata
from functools import lru_cache
from math import ceil

# Ends of lines, however they are written.
_LINE_ENDS = "\n\r\u2028\u2029\x0b\x0c\x85"
# Characters that nobody sees and that change how their neighbours read, or stand for text that is not there: formats,
# fillers, blank Braille, tags.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
)
# Invisible as well, and needed where they belong: joiners by Persian, India's scripts and emoji, selectors by emoji,
# Myanmar, Mongolian and Japanese names. Anywhere else they only make two names look like one.
_JOINED = (
    "\u0590-\u1cff\u2190-\u2bff\ua800-\uabff\ufb50-\ufdff\ufe0f\ufe70-\ufefc\U0001e900-\U0001e95f\U0001f000-\U0001faff"
)
_VARIED = "#*0-9\u00a9\u00ae\u1000-\ufdff\U00010000-\U0003ffff"
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# What nobody sees, wherever it stands, for the set of a regular expression: it comes along when an address is copied
# from a web page or a chat.
UNSEEN = f"{_INVISIBLE}\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\ufffc\U000e0100-\U000e01ef"
# England, Scotland, Wales: the only tags that are a flag.
_FLAG = (
    "\U0001f3f4\U000e0067\U000e0062(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074"
    "|\U000e0077\U000e006c\U000e0073)\U000e007f"
)
_UNSAFE = re.compile(
    f"{_FLAG}|[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff{_INVISIBLE}]"
    f"|(?<![{_JOINED}])[\u200c\u200d]|(?<![{_VARIED}])[\ufe00-\ufe0f]"
    f"|(?<![\u1820-\u18aa])[\u180b-\u180d\u180f]|(?<![{_IDEOGRAPHS}])[\U000e0100-\U000e01ef]"
)

# On one letter: two that stack in one direction, as in Vietnamese; seven in all, as in Burmese and Tibetan, where each
# has a place of its own.
_STACKED, _MARKS = 2, 7
# Unicode's canonical combining classes from here on are above and below; those before are places of single scripts.
_ABOVE_AND_BELOW, _THROUGH = 200, 1


def _visible(match: re.Match[str]) -> str:
    char = match.group()
    if len(char) > 1:
        return char
    return " " if char == "\t" else mark_of(char)


def mark_of(char: str) -> str:
    """What stands for a character that cannot be shown as it is: ⏎ for the end of a line, else `⟨U+202E⟩`."""
    return "\u23ce" if char in _LINE_ENDS else f"\u27e8U+{ord(char):04X}\u27e9"


def plain(text: str, limit: int = 2048) -> str:
    """One line that shows what is really there: line breaks as ⏎; what is invisible, controls or piles up as ⟨U+202E⟩.

    `limit` is in characters; what is longer ends in an ellipsis.
    """
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    # Nearly every address is plain ASCII, and this runs for each cell that is painted.
    if text.isascii() and text.isprintable():
        return text
    return _shown(text)


@lru_cache(maxsize=4096)
def _shown(text: str) -> str:
    return _without_piles(_UNSAFE.sub(_visible, text))


def _without_piles(text: str) -> str:
    """Accents and other marks as far as a letter of some language has them; more would be painted over other rows."""
    shown: list[str] = []
    # The marks of the letter before; None where there is nothing yet that one could belong to.
    marks: str | None = None
    for char in text:
        if char < "\u0300" or unicodedata.category(char)[0] != "M":
            marks = None if char.isspace() else ""
        elif marks is None or _piles_up(char, marks):
            char = mark_of(char)
        else:
            marks += char
        shown.append(char)
    return "".join(shown)


def _piles_up(mark: str, others: str) -> bool:
    if mark in others or len(others) == _MARKS:
        return True
    place = _place(mark)
    return place != 0 and sum(1 for other in others if _place(other) == place) == _STACKED


def _place(mark: str) -> int:
    """Where `mark` stacks, 0 if it has a place of its own."""
    place = unicodedata.combining(mark)
    if unicodedata.category(mark) == "Me":
        return _THROUGH
    return place if place >= _ABOVE_AND_BELOW or place == _THROUGH else 0


_CONTROL = "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
_WITHOUT = re.compile(f"[{UNSEEN}{_CONTROL}]+")
_BLANKS = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Accents, and what nobody sees.
_NOT_COMPARED = re.compile(f"[\u0300-\u036f{UNSEEN}]+")
# Quotation marks, dashes and letters that the keyboard at hand has in another form or not at all.
_SINGLE = re.compile(
    "[\u0060\u00b4\u02b9-\u02bd\u02bf\u02c8\u02ca\u02cb\u2018-\u201b\u2032\u2035\u2039\u203a\u275b\u275c\uff07\uff40]"
)
_DOUBLE = re.compile("[\u00ab\u00bb\u201c-\u201f\u2033\u2036\u275d\u275e\u300c-\u300f\uff02]")
_DASH = re.compile("[\u02d7\u05be\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]")
_LETTERS = {ord(char): plain for char, plain in zip("łŁøØđĐıħŧ", "llooddiht", strict=True)}
FIELDS_PART = "\x1f"


# A password may hold anything, in an address that is well-formed or not: all up to the last @ counts as the login, also
# behind a blank, unless what stands there is a port. Bounded, for strangers may write anything.
_LOGIN = re.compile(r"""//(?:\S{0,400}|[^\s/@:]{1,400}:(?!\d+(?:[/\s"')]|$)).{0,400})@""")


def without_logins(text: str) -> str:
    """`text` without the user names and passwords that stand in addresses, as http://name:password@proxy:8080."""
    return _LOGIN.sub("//…@", text) if "@" in text else text


def search_key(*texts: str) -> str:
    """What a search box compares: without case and accents, quotation marks and dashes in one form, fields parted by a
    character nobody types."""
    joined = FIELDS_PART.join(texts)
    if not joined.isascii():
        # Nearly always it is the name alone.
        joined = FIELDS_PART.join(text if text.isascii() else _without_accents(text) for text in texts)
    return joined.replace('"', "'").replace("`", "'").casefold()


def _without_accents(text: str) -> str:
    parted = _NOT_COMPARED.sub("", unicodedata.normalize("NFKD", _with_plain_marks(text)))
    # Composed again: Hangul falls apart into letters as accents do.
    return unicodedata.normalize("NFC", parted).translate(_LETTERS)


def without_invisible(text: str) -> str:
    """As it was meant: no characters that nobody sees; one kind of blanks, quotation marks, dashes and digits."""
    if text.isascii() and text.isprintable():
        return text
    text = _with_plain_marks(_BLANKS.sub(" ", _WITHOUT.sub("", text)))
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def visible(text: str) -> str:
    """Without the characters that nobody sees; all others as they are."""
    return text if text.isascii() and text.isprintable() else _WITHOUT.sub("", text)


def hidden_in(text: str) -> str:
    """The first character of `text` that nobody sees, with its place: `zero width space, U+200B, as the 9th character`.
    "" where all is seen; a plain blank counts as seen."""
    match = _WITHOUT.search(text) or _BLANKS.search(text)
    return character_at(text, match.start()) if match else ""


def character_at(text: str, index: int) -> str:
    """`cyrillic small letter a, U+0430, as the 3rd character`."""
    char = text[index]
    called = unicodedata.name(char, "control character").lower()
    return f"{called}, U+{ord(char):04X}, as the {ordinal(index + 1)} character"


def ordinal(number: int) -> str:
    """`1st`, `12th`, `23rd`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _with_plain_marks(text: str) -> str:
    return _DASH.sub("-", _DOUBLE.sub('"', _SINGLE.sub("'", text)))


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


_CALLED_SO = re.compile(r"secret|passw|passphrase|pwd|token|credential|accesskey|apikey|privatekey")


def names_a_secret(key: str) -> bool:
    """Whether a field of that name in a file looks as if it held a secret, which belongs in none."""
    return _CALLED_SO.search(re.sub(r"[^a-z]", "", key.casefold())) is not None
