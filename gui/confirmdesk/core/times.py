"""Moments as people say them."""

from datetime import UTC, datetime, timedelta, tzinfo

UNKNOWN = "unknown"
_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86400.0
# Not strftime: that follows the system's language, and the program's is English.
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def local(then: float, tz: tzinfo | None) -> datetime:
    """`then` (seconds since the epoch) in `tz`; None is this computer's zone, with the summer time of that day."""
    try:
        return datetime.fromtimestamp(then, UTC).astimezone(tz)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)


def relative(then: float, now: float, tz: tzinfo | None = None) -> str:
    """How long ago `then` was, as precisely as it matters: `12 min ago`, `2 h ago`, `yesterday 16:02`, `3 days ago`,
    `12 Oct 2026`. Both in seconds since the epoch. A clock that is a little ahead of ours reads `just now`, and 0 that
    nobody knows.
    """
    if not then:
        return UNKNOWN
    age = now - then
    if age < -5 * _MINUTE:
        return date(then, tz)
    if age < _MINUTE:
        return "just now"
    if age < _HOUR:
        return f"{int(age // _MINUTE)} min ago"
    days = (local(now, tz).date() - local(then, tz).date()).days
    if days == 0 or age < 6 * _HOUR:
        return f"{int(age // _HOUR)} h ago"
    if days == 1:
        return f"yesterday {clock(then, tz)}"
    return f"{days} days ago" if days < 7 else date(then, tz)


def clock(then: float, tz: tzinfo | None = None) -> str:
    """`16:02`."""
    return f"{local(then, tz):%H:%M}"


def moment(then: float, now: float, tz: tzinfo | None = None) -> str:
    """`16:02`; on another day than that of `now` with the day, `23 Nov 16:02`."""
    at = local(then, tz)
    same_day = at.date() == local(now, tz).date()
    return clock(then, tz) if same_day else f"{at.day} {_MONTHS[at.month - 1]} {clock(then, tz)}"


def date(then: float, tz: tzinfo | None = None) -> str:
    """`12 Oct 2026`."""
    at = local(then, tz)
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def with_utc(then: float, tz: tzinfo | None = None, year: bool = False) -> str:
    """`27 Nov at 10:00 CET (09:00 UTC)`: a moment that the service counts in UTC, as clocks here show it."""
    at = local(then, tz)
    day = date(then, tz) if year else f"{at.day} {_MONTHS[at.month - 1]}"
    zone = at.tzname() or ""
    here = f"{day} at {at:%H:%M}"
    if zone == "UTC":
        return f"{here} UTC"
    # A zone without a name is told by its offset, as `+0530`.
    named = f"UTC{zone}" if zone.startswith(("+", "-")) else zone
    return f"{here} {named} ({local(then, UTC):%H:%M} UTC)"


def exact(then: float, tz: tzinfo | None = None) -> str:
    """`12 Oct 2026, 16:02:09 BST (UTC+01:00)`: to the second, with the zone by name and offset. 0: nobody knows."""
    if not then:
        return UNKNOWN
    at = local(then, tz)
    offset = at.utcoffset() or timedelta()
    minutes = int(abs(offset).total_seconds() // 60)
    sign = "-" if offset < timedelta() else "+"
    utc = f"UTC{sign}{minutes // 60:02}:{minutes % 60:02}"
    zone = at.tzname() or ""
    named = f"{zone} ({utc})" if zone and not zone.startswith(("UTC", "+", "-")) else utc
    return f"{date(then, tz)}, {at:%H:%M:%S} {named}"
