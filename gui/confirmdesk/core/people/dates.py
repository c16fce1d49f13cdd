"""Dates and times as people type them, and as mails, tickets and logs have them. What is none is never guessed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo

from confirmdesk.core import times
from confirmdesk.core.text import search_key, without_invisible

# English first; then German, French, Spanish, Italian, Portuguese and Dutch, without accents.
_MONTHS = (
    "january januar janvier enero gennaio janeiro januari",
    "february februar fevrier febrero febbraio fevereiro februari feb",
    "march marz maerz mars marzo marco maart mrt",
    "april avril abril aprile avr abr",
    "may mai mayo maggio maio mei",
    "june juni juin junio giugno junho",
    "july juli juillet julio luglio julho juil",
    "august aout agosto augustus",
    "september septembre septiembre settembre setembro sept",
    "october oktober octobre octubre ottobre outubro okt",
    "november novembre noviembre novembro",
    "december dezember decembre diciembre dicembre dezembro",
)
_WEEKDAYS = """
    monday tuesday wednesday thursday friday saturday sunday tues wednes thurs mon tue wed thu thur fri sat sun
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
    lundi mardi mercredi jeudi vendredi samedi dimanche lun mer jeu ven sam dim
    lunes martes miercoles jueves viernes sabado domingo lunedi martedi mercoledi giovedi venerdi domenica
    maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
"""
_FILLING = frozenset(
    ["at", "on", "the", "of", "um", "den", "am", "uhr", "le", "a", "de", "del", "el", "op", "om", *_WEEKDAYS.split()]
)
# Hours from UTC of the zones that mean one thing: those of mail (RFC 2822) and of Europe.
_ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "cest": 2, "mez": 1, "mesz": 2}
_ZONES |= {"eet": 2, "eest": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
_ZONE = rf"(?:\s*\(?(?P<zone>{'|'.join(sorted(_ZONES, key=len, reverse=True))})\b\)?)?"
_OFFSET = r"(?:\s*\(?(?:utc|gmt)?\s*(?P<offset>[+-]\d\d?(?::?\d\d)?)(?!\d)\)?(?:\s*\([a-z ]{2,30}\)?)?)?"
_TIME = re.compile(
    r"(?<![\d.:/-])(?P<hour>\d{1,2})(?:[:h](?P<minute>\d\d))(?::(?P<second>\d\d)(?:[.,]\d+)?)?(?!\d)"
    rf"(?:\s*(?P<half>[ap])\.?m\b\.?)?(?:\s*uhr\b)?{_ZONE}{_OFFSET}"
)
_HOUR_ONLY = re.compile(
    rf"(?<![\d.:/-])(?P<hour>\d{{1,2}})(?P<minute>(?!))?(?P<second>(?!))?\s*(?:(?P<half>[ap])\.?m\b\.?|uhr\b){_ZONE}{_OFFSET}"
)
# Forms without blanks or with a colon between day and time, taken apart first: of logs and of ISO 8601.
_COMPACT = re.compile(r"\b(\d{4})(\d\d)(\d\d)[t ]?(\d\d)(\d\d)(\d\d)?(?!\d)")
_COMPACT_DAY = re.compile(r"\b((?:19|20)\d\d)(\d\d)(\d\d)\b")
_SEAM = re.compile(r"(?<=\d)t(?=\d\d)|(?<=\d{4}):(?=\d\d:)")
_AGO = re.compile(r"(\d{1,4}) ?(m|min|minutes?|h|hours?|d|days?|w|weeks?) ago")
_UNITS = {"m": 60.0, "h": 3600.0, "d": 86400.0, "w": 7 * 86400.0}
_EPOCH = re.compile(r"(1\d{9})(\d{3})?")
_NUMBER = re.compile(r"(\d+)(?:st|nd|rd|th|er)?")
_NUMERIC = re.compile(r"(\d{1,4})([./-])(\d{1,2})(?:\2(\d{4}|\d\d)?)?")
FIRST_YEAR, LAST_YEAR = 1970, 2100


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in seconds since the epoch, or a whole day, of which it is the beginning. `tz` as in `times`."""

    at: float
    whole_day: bool = False
    tz: tzinfo | None = None

    @property
    def end(self) -> float:
        """The end of the day, which summer time may make longer or shorter; a time ends where it begins."""
        day = times.local(self.at, self.tz).date()
        return _midnight(day + timedelta(days=1), self.tz) if self.whole_day else self.at

    def text(self) -> str:
        """`25 Nov 2026` or `25 Nov 2026 09:00`, with seconds where there are some: `parse` reads it everywhere."""
        if self.whole_day:
            return times.date(self.at, self.tz)
        local = times.local(self.at, self.tz)
        return f"{times.date(self.at, self.tz)} {local:{'%H:%M:%S' if local.second else '%H:%M'}}"


def today(now: float, tz: tzinfo | None = None, days: int = 0) -> Moment:
    """The whole day of `now`, or the one so many `days` later."""
    return Moment(_midnight(times.local(now, tz).date() + timedelta(days=days), tz), True, tz)


def on_day(day: date, like: Moment | None, tz: tzinfo | None = None) -> Moment:
    """`day`, at the time of `like` where that has one."""
    if like is None or like.whole_day:
        return Moment(_midnight(day, tz), True, tz)
    clock = times.local(like.at, tz).time()
    return Moment(datetime.combine(day, clock, tzinfo=tz).timestamp(), tz=tz)


def parse(text: str, now: float, order: str = "dmy", tz: tzinfo | None = None) -> Moment | None:
    """The moment that `text` means, or None where it is none.

    `order` is how the system writes dates, for those where day and month could be either: "dmy", "mdy" or "ymd". A day
    without a year is the last one before `now`, a time without a day today's. Without a zone it is in `tz`.
    """
    typed = search_key(without_invisible(text)).strip(" '()[]<>,;")
    for read in (_relative, _epoch):
        if found := read(typed, now, tz):
            return found
    try:
        return _absolute(_SEAM.sub(" ", _COMPACT.sub(_taken_apart, typed)), now, order, tz)
    except (ValueError, OverflowError):
        return None  # a 31st of February, an hour 25


def _taken_apart(match: re.Match[str]) -> str:
    year, month, day, hour, minute, second = match.groups()
    return f"{year}-{month}-{day} {hour}:{minute}:{second or '00'}"


def _relative(typed: str, now: float, tz: tzinfo | None) -> Moment | None:
    if typed in ("now", "just now"):
        return Moment(now, tz=tz)
    if ago := _AGO.fullmatch(typed):
        return Moment(now - int(ago[1]) * _UNITS[ago[2][0]], tz=tz)
    return None


def _epoch(typed: str, now: float, tz: tzinfo | None) -> Moment | None:  # noqa: ARG001 - as its sibling
    """Seconds or milliseconds since 1970, as logs have them."""
    seconds = _EPOCH.fullmatch(typed)
    return Moment(float(seconds[1]), tz=tz) if seconds else None


def _absolute(typed: str, now: float, order: str, tz: tzinfo | None) -> Moment | None:
    found = _TIME.search(typed) or _HOUR_ONLY.search(typed)
    if found is None:
        day = _day(typed, times.local(now, tz).date(), order) if typed else None
        return Moment(_midnight(day, tz), True, tz) if day else None
    zone = _zone(found) or tz
    rest = f"{typed[: found.start()]} {typed[found.end() :]}".strip(" ,")
    present = times.local(now, zone).date()
    day = _day(rest, present, order) if rest else present
    hour, clock = _clock(found)
    if day is None:
        return None
    at = datetime.combine(day, clock, tzinfo=zone) + timedelta(days=hour // 24)
    return Moment(at.timestamp(), tz=tz)


def _clock(found: re.Match[str]) -> tuple[int, time]:
    """The hour as it was written, 24 being the end of the day, and the time of day."""
    hour, half = int(found["hour"]), found["half"]
    if half and not 1 <= hour <= 12:
        raise ValueError
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    clock = time(hour % 24 if hour == 24 else hour, int(found["minute"] or 0), int(found["second"] or 0))
    if hour == 24 and clock != time(0):
        raise ValueError
    return hour, clock


def _zone(found: re.Match[str]) -> tzinfo | None:
    if offset := found["offset"]:
        if ":" in offset and offset.startswith("-") and not found["second"]:
            raise ValueError  # 09:00-10:00 is rather from nine to ten than nine o'clock on Hawaii
        digits = offset[1:].replace(":", "")
        hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
        distance = timedelta(hours=hours, minutes=minutes)
        return timezone(-distance if offset.startswith("-") else distance)
    return timezone(timedelta(hours=_ZONES[found["zone"]])) if found["zone"] else None


def _day(typed: str, present: date, order: str) -> date | None:
    words = {"today": 0, "heute": 0, "yesterday": -1, "gestern": -1, "tomorrow": 1}
    meant = [word for word in re.split(r"[\s,]+", typed) if word and word.rstrip(".") not in _FILLING]
    if len(meant) == 1 and meant[0] in words:
        return present + timedelta(days=words[meant[0]])
    if len(meant) == 1 and (numeric := _NUMERIC.fullmatch(_COMPACT_DAY.sub(r"\1-\2-\3", meant[0]))):
        return _numeric(numeric, present, order)
    return _worded([part for word in meant for part in re.split(r"[./'-]", word) if part], present)


def _numeric(found: re.Match[str], present: date, order: str) -> date | None:
    first, sign, second, third = found[1], found[2], found[3], found[4]
    if third is None:
        # 25.11. and 25/11 are days; 09.30 may be a time, and 2026-11 is a month.
        if len(first) > 2 or sign == "-" or (sign == "." and not found[0].endswith(".")):
            return None
        return _with_year(lambda year: date(year, *_month_and_day(int(first), int(second), order)), present)
    if len(first) == 4:
        return _checked(int(first), int(second), int(third))
    if len(first) == 3:
        return None
    if len(third) == 2 and order.startswith("y"):
        return _checked(_full(first), int(second), int(third))
    return _checked(_full(third), *_month_and_day(int(first), int(second), order))


def _month_and_day(first: int, second: int, order: str) -> tuple[int, int]:
    """Whichever can only be the day is; else as the system has it."""
    day_first = first > 12 or (second <= 12 and order.index("d") < order.index("m"))
    return (second, first) if day_first else (first, second)


def _worded(parts: list[str], present: date) -> date | None:
    """A date with its month as a word: `25 Nov 2026`, `November 25th`, `2026 Nov 25`."""
    places = [place for place, part in enumerate(parts) if _month(part)]
    numbers = [_NUMBER.fullmatch(part) for part in parts]
    if len(places) != 1 or not 2 <= len(parts) <= 3 or sum(number is None for number in numbers) != 1:
        return None
    month = _month(parts[places[0]])
    others = [number[1] for number in numbers if number]
    years = [other for other in others if len(other) == 4]
    days = [other for other in others if len(other) <= 2]
    if len(others) == 1:
        return _with_year(lambda year: date(year, month, int(days[0])), present) if days else None
    if len(years) == 1 and len(days) == 1:
        return _checked(int(years[0]), month, int(days[0]))
    # 25 Nov 26: the day stands beside its month, and the year at the end.
    return _checked(_full(others[1]), month, int(others[0])) if len(days) == 2 and places[0] < 2 else None


def _month(word: str) -> int:
    """1 to 12 for a month's name or at least three letters of its beginning; 0 for any other word."""
    if len(word) < 3 or not word.isalpha():
        return 0
    found = {at for at, names in enumerate(_MONTHS, 1) if any(name.startswith(word) for name in names.split())}
    return found.pop() if len(found) == 1 else 0


def _with_year(make: Callable[[int], date], present: date) -> date:
    made = make(present.year)
    return made if made <= present else make(present.year - 1)


def _checked(year: int, month: int, day: int) -> date | None:
    return date(year, month, day) if FIRST_YEAR <= year <= LAST_YEAR else None


def _full(year: str) -> int:
    return int(year) + (2000 if len(year) == 2 else 0)


def _midnight(day: date, tz: tzinfo | None) -> float:
    return datetime.combine(day, time(), tzinfo=tz).timestamp()
