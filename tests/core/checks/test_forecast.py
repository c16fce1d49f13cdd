from datetime import UTC, datetime

import pytest
from samples import JANE, MARY

from confirmdesk.core.checks.forecast import forecast, mail_day
from confirmdesk.core.cognito.control import PoolFacts
from confirmdesk.core.sending.plan import Plan, make_plan

BOTH = frozenset({"email", "phone_number"})
BUILT_IN = PoolFacts("Shop", BOTH, False)
SES = PoolFacts("Shop", BOTH, False, built_in_mailer=False)
SENDER = PoolFacts("Shop", BOTH, False, custom_email_sender=True)
(MAIL,), (TEXT,) = (make_plan([user], [], BOTH).recipients for user in (JANE, MARY))


def plan(mails, texts=0):
    return Plan((MAIL,) * mails + (TEXT,) * texts)


def test_the_built_in_mailer_stops_a_run():
    assert forecast(plan(60, 100), BUILT_IN, 12) == (
        "The built-in mailer sends 50 e-mails a day, so this run will stop after 38 of 60 e-mails. "
        "The rest can go after 09:00 UTC."
    )


def test_a_day_that_is_used_up_lets_nothing_through():
    assert "stop before its first e-mail" in forecast(plan(1), BUILT_IN, 70)


@pytest.mark.parametrize(
    ("people", "facts", "sent_today"),
    [(plan(50), BUILT_IN, 0), (plan(0, 60), BUILT_IN, 50), (plan(500), SES, 0), (plan(500), SENDER, 0)],
)
def test_no_limit_in_the_way(people, facts, sent_today):
    assert forecast(people, facts, sent_today) == ""


def test_a_pool_that_nobody_may_describe_is_said_with_an_if():
    told = "If this pool uses Cognito's built-in mailer, this run will stop after 50 of 60 e-mails."
    assert forecast(plan(60), None) == told
    assert forecast(plan(50), None) == ""


@pytest.mark.parametrize(
    ("now", "began"),
    [((13, 8, 59), (12, 9, 0)), ((13, 9, 0), (13, 9, 0)), ((13, 23, 0), (13, 9, 0)), ((1, 0, 0), (30, 9, 0))],
)
def test_the_mailers_day_begins_at_nine(now, began):
    day, hour, minute = began
    month = 9 if day == 30 else 10
    expected = datetime(2026, month, day, hour, minute, tzinfo=UTC).timestamp()
    assert mail_day(datetime(2026, 10, *now, tzinfo=UTC).timestamp()) == expected
