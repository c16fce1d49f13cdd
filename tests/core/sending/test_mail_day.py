from datetime import UTC, datetime

import pytest

from confirmdesk.core.sending.mail_day import mail_day, next_mail_day


@pytest.mark.parametrize(
    ("now", "began"),
    [((13, 8, 59), (12, 9, 0)), ((13, 9, 0), (13, 9, 0)), ((13, 23, 0), (13, 9, 0)), ((1, 0, 0), (30, 9, 0))],
)
def test_the_mailers_day_begins_at_nine(now, began):
    day, hour, minute = began
    month = 9 if day == 30 else 10
    expected = datetime(2026, month, day, hour, minute, tzinfo=UTC).timestamp()
    moment = datetime(2026, 10, *now, tzinfo=UTC).timestamp()
    assert mail_day(moment) == expected
    assert next_mail_day(moment) - expected == 24 * 3600
