"""The day of Cognito's built-in mailer, which begins for everybody at the same moment."""

from datetime import UTC, datetime, timedelta

from confirmdesk.core.quotas import DAY_BEGINS


def mail_day(now: float) -> float:
    """When the day began that `now` is in; both in seconds since the epoch."""
    today = datetime.fromtimestamp(now, UTC).replace(hour=DAY_BEGINS, minute=0, second=0, microsecond=0)
    return (today if today.timestamp() <= now else today - timedelta(days=1)).timestamp()


def next_mail_day(now: float) -> float:
    """When the day after it begins."""
    return mail_day(now) + timedelta(days=1).total_seconds()
