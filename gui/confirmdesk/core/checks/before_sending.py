"""What pool, app client and connection say before anything is sent. Nothing is tried out: no probe is ever sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from confirmdesk.core.checks.check import Check, Light
from confirmdesk.core.checks.forecast import daily_limit, mails_left
from confirmdesk.core.checks.plan import checks_of_plan
from confirmdesk.core.cognito.control import ClientFacts, Control, PoolFacts
from confirmdesk.core.connections.connection import Connection, is_loopback
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import ConfirmdeskError, Kind, Problem
from confirmdesk.core.people.users import Channel
from confirmdesk.core.quotas import DAILY_MAILS
from confirmdesk.core.sending.plan import Plan
from confirmdesk.core.text import count, duration, plain


@dataclass(frozen=True, slots=True)
class ConnectionFacts:
    """What AWS told of a connection; a Problem where it told nothing. `primary_region` is "" where nobody knows."""

    pool: PoolFacts | Problem
    client: ClientFacts | Problem
    primary_region: str = ""
    # By how many seconds this computer's clock is ahead of AWS's, 0 where that does not matter.
    clock_ahead: float = 0.0


def read_facts(control: Control) -> ConnectionFacts:
    """Three questions to AWS, only one where AWS cannot be reached: each further one would take as long to fail.

    Takes seconds; raises nothing: what nobody may look at is a check that says so.
    """
    pool = _pool(control)
    if isinstance(pool, Problem) and pool.kind in (Kind.UNREACHED, Kind.BROKEN_HERE):
        return ConnectionFacts(pool, pool)
    return ConnectionFacts(pool, _client(control), _primary_region(control), control.clock_ahead)


def checks_of(
    facts: ConnectionFacts, connection: Connection, secret: Secret | None, plan: Plan, sent_today: int = 0
) -> tuple[Check, ...]:
    """The checks of what was read, for this very plan, gravest first.

    `secret` is the one that the run would use: it is compared in memory with the app client's own. `sent_today` counts
    the e-mails that this program sent in the built-in mailer's day.
    """
    if isinstance(facts.pool, Problem) and facts.pool.kind is Kind.BROKEN_HERE:
        here = Check(Light.BAD, facts.pool.sentence, "This computer")
        return (here, *checks_of_plan(plan), *_of_place("", connection))
    found = [
        *checks_of_plan(plan),
        *_of_pool(facts.pool, plan, sent_today),
        *_of_client(facts.client, connection, secret),
    ]
    found += [*_of_place(facts.primary_region, connection), *_of_clock(facts.clock_ahead)]
    gravity = list(Light)
    return tuple(sorted(found, key=lambda check: gravity.index(check.light)))


# Reading


def _pool(control: Control) -> PoolFacts | Problem:
    try:
        return control.pool_facts()
    except ConfirmdeskError as error:
        return error.problem


def _client(control: Control) -> ClientFacts | Problem:
    try:
        return control.client_facts()
    except ConfirmdeskError as error:
        return error.problem


def _primary_region(control: Control) -> str:
    try:
        return control.primary_region()
    except ConfirmdeskError:
        return ""


def _not_read(what: str, problem: Problem, right: str) -> Check:
    """A check in place of all those that nobody could make."""
    if problem.kind is Kind.NOT_FOUND:
        return Check(Light.BAD, problem.sentence, "Connection")
    if problem.kind is Kind.DENIED:
        return Check(Light.UNKNOWN, f"Nobody here may look at {what}; the first send will tell.", right)
    return Check(Light.UNKNOWN, f"{what.capitalize()} could not be read: {problem.sentence}", right)


# The pool


def _of_pool(facts: PoolFacts | Problem, plan: Plan, sent_today: int) -> Iterator[Check]:
    if isinstance(facts, Problem):
        yield _not_read("the pool's settings", facts, "cognito-idp:DescribeUserPool")
        return
    mails, texts = plan.count(Channel.EMAIL), plan.count(Channel.SMS)
    yield from _attributes(facts, texts)
    if mails:
        yield from _mail(facts, mails, sent_today)
    if texts and not facts.custom_sms_sender:
        yield _sms(facts)
    yield from _triggers(facts, plan, mails, texts)


def _attributes(facts: PoolFacts, texts: int) -> Iterator[Check]:
    setting, on = "AutoVerifiedAttributes", facts.auto_verified
    if not on & {"email", "phone_number"}:
        yield Check(Light.BAD, "This pool verifies no addresses, so Cognito refuses to send any code.", setting)
        return
    both = {"email", "phone_number"} <= on
    what = "e-mail addresses and phone numbers" if both else "e-mail addresses" if "email" in on else "phone numbers"
    yield Check(Light.GOOD, f"This pool verifies {what}, so Cognito sends codes.", setting)
    cost = f"{count(texts, 'SMS', 'SMS')} in this list, and each costs money"
    if both:
        rule = "Whoever has a phone number gets an SMS only, never an e-mail"
        yield Check(
            Light.WARN if texts else Light.GOOD, f"{rule}: {cost if texts else 'nobody in this list'}.", setting
        )
    elif texts:
        yield Check(Light.WARN, f"Codes go out by SMS only: {cost}.", setting)
    else:
        yield Check(Light.GOOD, "Codes go out by e-mail only.", setting)


def _mail(facts: PoolFacts, mails: int, sent_today: int) -> Iterator[Check]:
    carried = "a link to click, not a code" if facts.by_link else "a code to type in"
    # Valid for 24 hours either way. https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
    sentence = f"The e-mail carries {carried}; it is valid for 24 hours."
    yield Check(Light.GOOD, sentence, "VerificationMessageTemplate.DefaultEmailOption")
    setting = "EmailConfiguration.EmailSendingAccount"
    if daily_limit(facts):
        left = mails_left(sent_today)
        light = Light.BAD if not left else Light.WARN if mails > left else Light.GOOD
        limit = f"The built-in mailer sends {DAILY_MAILS} e-mails a day"
        sentence = f"{limit}: {sent_today:,} went out from here today; this list has {mails:,}."
        yield Check(light, sentence, setting)
    elif not facts.custom_email_sender:
        yield Check(Light.GOOD, "E-mails go out through the account's own Amazon SES; its limits apply.", setting)


def _sms(facts: PoolFacts) -> Check:
    failure = facts.sms_failure
    if "sandbox" in failure.casefold():
        sentence = "SMS are in AWS's sandbox: only phone numbers that were verified there get one."
        return Check(Light.BAD, sentence, "Amazon SNS: SMS sandbox")
    if failure:
        sentence = f"AWS reports that this pool cannot send SMS: {plain(failure, 80)}."
        return Check(Light.BAD, sentence, "SmsConfiguration")
    return Check(Light.GOOD, "AWS reports no trouble with this pool's SMS.", "SmsConfiguration")


def _triggers(facts: PoolFacts, plan: Plan, mails: int, texts: int) -> Iterator[Check]:
    senders = (
        ("CustomEmailSender", facts.custom_email_sender, mails),
        ("CustomSMSSender", facts.custom_sms_sender, texts),
    )
    used = [f"LambdaConfig.{name}" for name, there, people in senders if there and people]
    if used:
        # https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-email-sender.html
        sentence = "A Lambda function of the pool's own sends the messages, and its failures never come back to us."
        yield Check(Light.WARN, sentence, ", ".join(used))
    metadata = any(recipient.request.metadata for recipient in plan.recipients)
    setting = "LambdaConfig.CustomMessage"
    if facts.custom_message:
        yield Check(Light.GOOD, "A Lambda function writes the messages and receives the client metadata.", setting)
    elif metadata and used:
        sentence = "Only the custom sender can see the client metadata, and AWS does not say whether it gets it."
        yield Check(Light.UNKNOWN, sentence, setting)
    elif metadata:
        sentence = "This pool ignores the client metadata: no Lambda function writes its messages."
        yield Check(Light.WARN, sentence, setting)


# The app client


def _of_client(facts: ClientFacts | Problem, connection: Connection, secret: Secret | None) -> Iterator[Check]:
    if isinstance(facts, Problem):
        if connection.needs_secret and not secret:
            yield Check(Light.BAD, "This app client needs its secret, and none is stored here.", "Client secret")
        yield _not_read("the app client and its secret", facts, "cognito-idp:DescribeUserPoolClient")
        return
    yield _secret(facts.secret, secret)
    setting = "PreventUserExistenceErrors"
    if facts.hides_users:
        sentence = "AWS hides whether a user exists: each answer is compared with the user's own address."
        yield Check(Light.GOOD, sentence, setting)
    else:
        yield Check(Light.GOOD, "AWS says openly when a user does not exist or is disabled.", setting)


def _secret(needed: Secret | None, stored: Secret | None) -> Check:
    setting = "Client secret"
    if needed is None and stored:
        sentence = "This app client has no secret, but one is stored here and would be used."
        return Check(Light.WARN, sentence, setting)
    if needed is None:
        return Check(Light.GOOD, "This app client has no secret and needs none.", setting)
    if not stored:
        return Check(Light.BAD, "This app client needs its secret, and none is stored here.", setting)
    if needed == stored:
        return Check(Light.GOOD, "The stored secret is this app client's.", setting)
    # An app client may have two valid secrets, of which AWS shows one.
    # https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html
    return Check(Light.WARN, "The stored secret is not the one that AWS shows; it may have been replaced.", setting)


# The place


def _of_place(primary: str, connection: Connection) -> Iterator[Check]:
    if endpoint := connection.endpoint:
        here = is_loopback(endpoint)
        where = f"{plain(endpoint, 120)}, on this computer" if here else f"{plain(endpoint, 120)}, not to AWS itself"
        yield Check(Light.GOOD if here else Light.WARN, f"Requests go to {where}.", "Endpoint URL")
    if primary and primary != connection.region:
        sentence = f"This pool's primary region is {plain(primary, 40)}; {connection.region} is a copy and may refuse."
        yield Check(Light.WARN, sentence, "Region")
    elif primary:
        yield Check(Light.GOOD, f"{connection.region} is this pool's primary region.", "Region")


# The time


def _of_clock(ahead: float) -> Iterator[Check]:
    if ahead:
        wrong = f"{duration(abs(ahead))} {'ahead of' if ahead > 0 else 'behind'} AWS's"
        sentence = f"This computer's clock is {wrong}. What is written down goes by AWS's; have the clock put right."
        yield Check(Light.WARN, sentence, "This computer's clock")
