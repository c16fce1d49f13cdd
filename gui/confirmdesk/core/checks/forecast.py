"""Where a run will stop, before anything is sent: the built-in mailer has a limit for each day."""

from datetime import tzinfo

from confirmdesk.core import times
from confirmdesk.core.cognito.control import PoolFacts
from confirmdesk.core.people.users import Channel
from confirmdesk.core.quotas import DAILY_MAILS
from confirmdesk.core.sending.mail_day import next_mail_day
from confirmdesk.core.sending.plan import Plan
from confirmdesk.core.text import count


def forecast(plan: Plan, facts: PoolFacts | None, sent_today: int, now: float, tz: tzinfo | None = None) -> str:
    """Where sending `plan` will stop, in a sentence; "" where no limit is in the way. `facts` is None where the pool
    could not be described.

    `sent_today` counts the e-mails that this program sent since the mailer's day began. Others may have sent more.
    `now` is in seconds since the epoch.
    """
    mails = plan.count(Channel.EMAIL)
    left = mails_left(sent_today)
    if mails <= left or (facts is not None and not daily_limit(facts)):
        return ""
    after = f"after {left} of {count(mails, 'e-mail')}" if left else "before its first e-mail"
    if facts is None:
        return f"If this pool uses Cognito's built-in mailer, this run will stop {after}."
    sentence = f"The built-in mailer sends {DAILY_MAILS} e-mails a day, so this run will stop {after}."
    return f"{sentence} The rest can go from {times.with_utc(next_mail_day(now), tz)} on."


def daily_limit(facts: PoolFacts) -> bool:
    """Whether e-mails of this pool count against the built-in mailer's day. A custom sender does the mailing itself.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html
    """
    return facts.built_in_mailer and not facts.custom_email_sender


def mails_left(sent_today: int) -> int:
    """How many e-mails the built-in mailer will send before its day ends, as far as this computer knows."""
    return max(0, DAILY_MAILS - sent_today)
