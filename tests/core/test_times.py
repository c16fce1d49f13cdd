from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from samples import DAY, HOUR, MINUTE, NOW

from confirmdesk.core import times

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (-30, "just now"),
        (59, "just now"),
        (MINUTE, "1 min ago"),
        (12.5 * MINUTE, "12 min ago"),
        (HOUR - 1, "59 min ago"),
        (2 * HOUR, "2 h ago"),
        (14 * HOUR, "14 h ago"),  # this midnight
        (14 * HOUR + 1, "yesterday 23:59"),
        (22 * HOUR, "yesterday 16:00"),
        (38 * HOUR + 1, "2 days ago"),
        (6 * DAY, "6 days ago"),
        (7 * DAY, "5 Oct 2026"),
        (-DAY, "13 Oct 2026"),  # nobody signs up tomorrow: say what it says
    ],
)
def test_relative_times(age, words):
    assert times.relative(NOW - age, NOW, UTC) == words


def test_what_nobody_knows_is_not_1970():
    assert times.relative(0, NOW, UTC) == times.exact(0, UTC) == "unknown"


def test_shortly_after_midnight_hours_say_more_than_yesterday():
    one = datetime(2026, 10, 12, 1, 0, tzinfo=UTC).timestamp()
    assert times.relative(one - 3 * HOUR, one, UTC) == "3 h ago"


def test_days_are_those_of_the_zone():
    west = timezone(timedelta(hours=-10))
    assert times.relative(NOW - 12 * HOUR, NOW, UTC) == "12 h ago"
    assert times.relative(NOW - 12 * HOUR, NOW, west) == "yesterday 16:00"


def test_exact_times_name_the_zone_of_that_day():
    assert times.exact(NOW, LONDON) == "12 Oct 2026, 15:00:00 BST (UTC+01:00)"
    assert times.exact(NOW + 30 * DAY, LONDON) == "11 Nov 2026, 14:00:00 GMT (UTC+00:00)"
    assert times.exact(NOW, timezone(-timedelta(hours=3, minutes=30))) == "12 Oct 2026, 10:30:00 UTC-03:30"


def test_nonsense_does_not_stop_the_table():
    assert times.relative(1e18, NOW, UTC) == "1 Jan 1970"
    assert times.relative(-1e18, NOW, UTC) == "1 Jan 1970"


@pytest.mark.parametrize(
    ("tz", "told"),
    [
        (LONDON, "12 Oct at 15:00 BST (14:00 UTC)"),
        (ZoneInfo("Pacific/Kiritimati"), "13 Oct at 04:00 UTC+14 (14:00 UTC)"),
        (timezone(timedelta(hours=5, minutes=30), "+0530"), "12 Oct at 19:30 UTC+0530 (14:00 UTC)"),
        (UTC, "12 Oct at 14:00 UTC"),
    ],
)
def test_a_moment_that_others_tell_in_utc(tz, told):
    assert times.with_utc(NOW, tz) == told


def test_the_year_is_told_where_it_matters():
    assert times.with_utc(NOW, LONDON, year=True) == "12 Oct 2026 at 15:00 BST (14:00 UTC)"
