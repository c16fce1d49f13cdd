import time
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from samples import JANE, MARY

from confirmdesk.core.checks.forecast import forecast
from confirmdesk.core.cognito.control import PoolFacts
from confirmdesk.core.sending.plan import Plan, make_plan

BOTH = frozenset({"email", "phone_number"})
BUILT_IN = PoolFacts("Shop", BOTH, False)
SES = PoolFacts("Shop", BOTH, False, built_in_mailer=False)
SENDER = PoolFacts("Shop", BOTH, False, custom_email_sender=True)
(MAIL,), (TEXT,) = (make_plan([user], [], BOTH).recipients for user in (JANE, MARY))


# A quarter to eleven in the evening in Berlin, a quarter to eleven in the morning in Honolulu.
NOW = datetime(2026, 10, 12, 20, 45, tzinfo=UTC).timestamp()
BERLIN, HONOLULU = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Honolulu")


def plan(mails, texts=0):
    return Plan((MAIL,) * mails + (TEXT,) * texts)


def test_the_built_in_mailer_stops_a_run():
    assert forecast(plan(60, 100), BUILT_IN, 12, NOW, BERLIN) == (
        "The built-in mailer sends 50 e-mails a day, so this run will stop after 38 of 60 e-mails. "
        "The rest can go from 13 Oct at 11:00 CEST (09:00 UTC) on."
    )


@pytest.mark.parametrize(
    ("tz", "told"),
    [(HONOLULU, "12 Oct at 23:00 HST (09:00 UTC)"), (UTC, "13 Oct at 09:00 UTC"), (None, "(09:00 UTC)")],
)
def test_when_the_rest_can_go_is_told_by_the_clock_on_the_wall(tz, told, monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        assert told in forecast(plan(60), BUILT_IN, 0, NOW, tz)
        if tz is None:
            assert "13 Oct at 14:30 IST" in forecast(plan(60), BUILT_IN, 0, NOW, tz)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_day_that_is_used_up_lets_nothing_through():
    assert "stop before its first e-mail" in forecast(plan(1), BUILT_IN, 70, NOW)


@pytest.mark.parametrize(
    ("people", "facts", "sent_today"),
    [(plan(50), BUILT_IN, 0), (plan(0, 60), BUILT_IN, 50), (plan(500), SES, 0), (plan(500), SENDER, 0)],
)
def test_no_limit_in_the_way(people, facts, sent_today):
    assert forecast(people, facts, sent_today, NOW) == ""


def test_a_pool_that_nobody_may_describe_is_said_with_an_if():
    told = "If this pool uses Cognito's built-in mailer, this run will stop after 50 of 60 e-mails."
    assert forecast(plan(60), None, 0, NOW) == told
    assert forecast(plan(50), None, 0, NOW) == ""
