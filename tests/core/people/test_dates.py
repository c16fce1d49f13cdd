from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confirmdesk.core import times
from confirmdesk.core.people.dates import Moment, parse, today

LONDON, BERLIN = ZoneInfo("Europe/London"), ZoneInfo("Europe/Berlin")
# A Thursday evening.
NOW = datetime(2026, 11, 26, 20, 26, tzinfo=UTC).timestamp()


def said(text, order="dmy", tz=UTC, now=NOW):
    moment = parse(text, now, order, tz)
    return moment and moment.text()


@pytest.mark.parametrize(
    "typed",
    [
        "25 Nov 2026",
        "25 November 2026",
        "25. November 2026",
        "25th of November 2026",
        "November 25, 2026",
        "Nov 25 2026",
        "Wed, 25 Nov 2026",
        "25-Nov-2026",
        "25/Nov/26",
        "25 nov '26",
        "2026 Nov 25",
        "25.11.2026",
        "25.11.26",
        "25.11.",
        "25/11/2026",
        "11/25/2026",
        "25/11",
        "2026-11-25",
        "2026/11/25",
        "2026.11.25",
        "20261125",
        "25 nov",
        "yesterday",
        "gestern",
        "Mittwoch, 25. Nov. 2026",
        "le 25 novembre 2026",
        "25 de noviembre de 2026",
        "\u200b 25\u00a0Nov 2026;",
        "２０２６－１１－２５",
    ],
)
def test_a_day_as_people_write_it(typed):
    assert said(typed) == "25 Nov 2026"


@pytest.mark.parametrize(
    "typed",
    [
        "25 Nov 2026 09:00",
        "25 Nov 2026, 9:00",
        "25 Nov 2026 at 9 am",
        "25/11/2026 9:00 AM",
        "11/25/2026 09:00:00 a.m.",
        "25.11.2026 09:00 Uhr",
        "25.11.2026 um 9 Uhr",
        "25/11/2026 9h00",
        "09:00 25 Nov 2026",
        "2026-11-25 09:00",
        "2026-11-25T09:00",
        "2026-11-25T09:00:00Z",
        "2026-11-25T09:00:00.123456Z",
        "2026-11-25 09:00:00,123",
        "2026-11-25T10:00:00+01:00",
        "2026-11-25 10:00:00+0100",
        "2026-11-25T04:00:00-05:00",
        "20261125T090000Z",
        "20261125090000",
        "Wed, 25 Nov 2026 09:00:00 +0000",
        "Wed, 25 Nov 2026 10:00:00 +0100 (CET)",
        "Wed Nov 25 09:00:00 UTC 2026",
        "[25/Nov/2026:09:00:00 +0000]",
        "Nov 25 09:00:00",
        "25 Nov 2026 09:00 GMT",
        "25 Nov 2026, 10:00:00 CET (UTC+01:00)",
        "25 Nov 2026 04:00 EST",
        "2026-11-25 09:00 UTC+0",
        "1795597200",
        "1795597200000",
        "yesterday 09:00",
        "Yesterday, 9 am",
    ],
)
def test_a_time_as_mails_tickets_and_logs_have_it(typed):
    assert said(typed) == "25 Nov 2026 09:00"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("today", "26 Nov 2026"),
        ("09:30", "26 Nov 2026 09:30"),
        ("9 pm", "26 Nov 2026 21:00"),
        ("12 am", "26 Nov 2026 00:00"),
        ("12:15 pm", "26 Nov 2026 12:15"),
        ("25 Nov 2026 24:00", "26 Nov 2026 00:00"),
        ("now", "26 Nov 2026 20:26"),
        ("12 min ago", "26 Nov 2026 20:14"),
        ("2 h ago", "26 Nov 2026 18:26"),
        ("3 days ago", "23 Nov 2026 20:26"),
        ("25 Nov 2026 09:00:15", "25 Nov 2026 09:00:15"),
        ("1 Mar 2026", "1 Mar 2026"),
        ("3. März 2026", "3 Mar 2026"),
        ("27 Nov", "27 Nov 2025"),  # there is no other yet
        ("Dec 31", "31 Dec 2025"),
        ("29.02.2028", "29 Feb 2028"),
    ],
)
def test_what_is_left_out_is_near(typed, text):
    assert said(typed) == text


@pytest.mark.parametrize(
    ("typed", "order", "text"),
    [
        ("11/12/2026", "dmy", "11 Dec 2026"),
        ("11/12/2026", "mdy", "12 Nov 2026"),
        ("11/12/2026", "ymd", "12 Nov 2026"),
        ("11.12.26", "dmy", "11 Dec 2026"),
        ("11/12/26", "mdy", "12 Nov 2026"),
        ("26/11/12", "ymd", "12 Nov 2026"),
        ("13/12/2026", "mdy", "13 Dec 2026"),
        ("12/13/2026", "dmy", "13 Dec 2026"),
        ("2026-11-12", "mdy", "12 Nov 2026"),
        ("03/04", "mdy", "4 Mar 2026"),
    ],
)
def test_where_day_and_month_could_be_either_the_systems_order_counts(typed, order, text):
    assert said(typed, order) == text


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "25",
        "2026",
        "Nov 2026",
        "2026-11",
        "09.30",
        "31 Feb 2026",
        "29.02.2026",
        "25 Nov 2026 25:00",
        "25 Nov 2026 09:61",
        "25 Nov 2026 13:00 pm",
        "25 Nov 2026 24:30",
        "32/11/2026",
        "13/13/2026",
        "25/11.2026",
        "25 Nov 2026 09:00 IST",  # India, Ireland or Israel
        "25 Nov 2026 09:00 - 10:00",
        "25 Nov 2026 09:00-10:00",
        "25 Nov 26 Nov",
        "25 Nov 2026 jane",
        "jane.doe@example.com",
        "25 Ju 2026",
        "25 Nov 1066",
        "25 Nov 12026",
        "07700 900112",
        "0x11",
    ],
)
def test_what_is_no_date_is_never_guessed(typed):
    assert said(typed) is None


def test_a_time_without_zone_is_this_computers_with_its_summer_time():
    assert parse("25 Jul 2026 09:00", NOW, tz=LONDON) == parse("25 Jul 2026 08:00 UTC", NOW, tz=LONDON)
    assert said("2026-07-25T09:00:00Z", tz=LONDON) == "25 Jul 2026 10:00"
    assert said("00:30 +02:00", tz=LONDON) == "25 Nov 2026 22:30"


def test_a_day_ends_with_the_next_midnight_whatever_summer_time_does():
    short, long = parse("29 Mar 2026", NOW, tz=BERLIN), parse("25 Oct 2026", NOW, tz=BERLIN)
    assert (short.end - short.at, long.end - long.at) == (23 * 3600, 25 * 3600)
    at = parse("25 Nov 2026 09:00", NOW, tz=BERLIN)
    assert at.end == at.at


def test_today_and_the_days_beside_it():
    assert today(NOW, UTC).text() == "26 Nov 2026"
    assert today(NOW, UTC, -1).text() == "25 Nov 2026"
    assert today(NOW, timezone(timedelta(hours=10))).text() == "27 Nov 2026"


MOMENTS = st.integers(86400, 4_133_900_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(MOMENTS, st.sampled_from(["dmy", "mdy", "ymd"]), st.booleans())
def test_what_is_shown_means_the_same_when_it_is_read(at, order, whole_day):
    moment = today(at.timestamp(), UTC) if whole_day else Moment(at.timestamp(), tz=UTC)
    assert parse(moment.text(), NOW, order, UTC) == moment


@given(MOMENTS)
def test_what_the_program_shows_elsewhere_can_be_pasted(at):
    for zone in (UTC, LONDON, BERLIN):
        assert parse(times.exact(at.timestamp(), zone), NOW, "dmy", zone).at == at.timestamp()


@given(st.text("0123456789 :./-+aptmznov,", max_size=24))
def test_no_text_raises(text):
    parse(text, NOW, "dmy", UTC)
