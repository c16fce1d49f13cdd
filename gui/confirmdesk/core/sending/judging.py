"""The ordered table from what AWS answers to the verdict on one person. First match wins.

The texts are the service's own; see
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html#API_ResendConfirmationCode_Errors
"""

import re
import time
from dataclasses import dataclass, replace

from confirmdesk.core import times
from confirmdesk.core.people.users import User
from confirmdesk.core.quotas import DAILY_MAILS, HOUR, SENDS_AN_HOUR
from confirmdesk.core.sending.mail_day import next_mail_day
from confirmdesk.core.sending.masks import mask_fits
from confirmdesk.core.sending.outcomes import (
    EMPTY_ANSWER,
    NO_ANSWER,
    NOT_AWS,
    NOT_CALLED,
    NOT_REACHED,
    NOT_SENDABLE,
    Again,
    Outcome,
    Reply,
    Verdict,
)
from confirmdesk.core.text import plain

_LEFT, _FAILED, _UNKNOWN = Outcome.LEFT, Outcome.FAILED, Outcome.UNKNOWN


# Where an advice quotes what AWS or the pool's own developers wrote.
_WORDS = "<words>"
# Where an advice tells when the built-in mailer's next day begins.
_NEXT_DAY = "<next day>"


@dataclass(frozen=True, slots=True)
class _Rule:
    """`code` and `text` are regular expressions, the first for the whole code, the second for a part of the text."""

    code: str
    text: str
    verdict: Verdict


def _stop(cause: str, advice: str, secret_refused: bool = False) -> Verdict:
    return Verdict(_LEFT, cause, advice, Again.YES, stops=True, secret_refused=secret_refused)


def _fail(cause: str, advice: str, again: Again = Again.NEVER) -> Verdict:
    return Verdict(_FAILED, cause, advice, again)


def _doubt(cause: str, advice: str, stops: bool = False) -> Verdict:
    return Verdict(_UNKNOWN, cause, advice, Again.ASK, stops)


_MAY_HAVE = "A code may have been sent. Ask the customer to look for it before sending again."

_OWN_LIMIT = Verdict(
    Outcome.WAITING,
    f"Hourly limit of {SENDS_AN_HOUR} reached",
    "Several codes were already sent within the hour. The customer should use the newest message.",
    Again.LATER,
    wait=HOUR,
)

_THROTTLE = r"TooManyRequestsException|Throttling\w*|RequestLimitExceeded"

# What Cognito and its imitations say of an operation that they do not have.
_UNKNOWN_CALL = r"UnknownOperation\w*|InvalidAction|Unsupported|UnsupportedOperation\w*|NotImplemented\w*"
_MISSING = r"\b(unsupported|unknown|not (yet )?(been )?(implemented|supported))\b"
_UNKNOWN_CALL_TOLD = rf"(?i){_MISSING}.*\bResend_?Confirmation_?Code|\bResend_?Confirmation_?Code\b.*{_MISSING}"

_NO_SUCH_CALL = _stop(
    "This endpoint has no ResendConfirmationCode",
    "Nothing was sent. What answers at the address that was called does not know how to resend a code: an imitation of "
    "Cognito, or another service. Check the endpoint URL in the connection; leave it empty for AWS.",
)

_RULES = (
    _Rule(
        "InvalidParameterException",
        r"already confirmed",
        Verdict(
            Outcome.NOT_NEEDED,
            "Already confirmed",
            "Good news: the account is active. The customer can sign in, or reset the password.",
        ),
    ),
    _Rule(
        "InvalidParameterException",
        r"Amazon SES|not verified",
        _stop(
            "Sender not verified in Amazon SES",
            "Nobody in this pool can be mailed. An AWS administrator must verify the sender's identity in Amazon SES.",
        ),
    ),
    _Rule(
        "InvalidParameterException",
        r"message is empty|emailBody|emailMessage|smsMessage|\{####\}|emailSubject",
        _stop(
            "The message template is broken",
            "Nobody in this pool can be served. A developer must put the code placeholder {####} back into the message "
            "template or the CustomMessage Lambda.",
        ),
    ),
    _Rule(
        "InvalidParameterException",
        "",
        _fail(
            "AWS refused the request",
            "AWS did not accept this user name for this app client; the account may have been deleted. Refresh "
            "the list and look whether the person is still there.",
        ),
    ),
    _Rule(
        "NotAuthorizedException",
        r"Auto verification not turned on",
        _stop(
            "Automatic verification is off",
            "This pool sends no codes at all. An AWS administrator must turn on automatic verification "
            "(AutoVerifiedAttributes) or confirm people another way.",
        ),
    ),
    _Rule(
        "NotAuthorizedException",
        r"Unable to verify secret hash",
        _stop(
            "Wrong client secret",
            "The saved client secret is not this app client's; it may have been replaced. Enter the new one, and go "
            "on.",
            secret_refused=True,
        ),
    ),
    _Rule(
        "NotAuthorizedException",
        r"SECRET_HASH was not received",
        _stop(
            "Client secret missing",
            "This app client needs its client secret. Enter it and go on, or choose an app client without one.",
            secret_refused=True,
        ),
    ),
    _Rule(
        "NotAuthorizedException",
        r"disabled",
        _fail(
            "Account is disabled",
            "The account was disabled by an administrator. It must be enabled before a code can be sent.",
            Again.YES,
        ),
    ),
    _Rule(
        "NotAuthorizedException",
        "",
        _stop(
            "Not allowed",
            "AWS does not allow this app client to send codes. An AWS administrator must look at the app client's "
            "settings.",
        ),
    ),
    _Rule(
        "UserNotFoundException",
        "",
        _fail(
            "No such user",
            "This pool no longer has that account, or the app client belongs to another pool. Refresh the list; the "
            "customer may have to sign up again.",
        ),
    ),
    _Rule(
        "ResourceNotFoundException",
        "",
        _stop(
            "App client not found",
            "The app client was deleted, or it lives in another region. Edit the connection and choose an app "
            "client that exists.",
        ),
    ),
    _Rule(
        "LimitExceededException",
        r"daily email limit",
        _stop(
            "Daily e-mail limit reached",
            f"Cognito's built-in mailer sends {DAILY_MAILS} e-mails a day for the whole AWS account. It starts again "
            f"on {_NEXT_DAY}; an AWS administrator can move the pool to Amazon SES.",
        ),
    ),
    _Rule(
        "LimitExceededException",
        "",
        _OWN_LIMIT,
    ),
    _Rule(
        _THROTTLE,
        "",
        _stop(
            "AWS asks to slow down",
            "The AWS account is at its request limit, which the production app shares. Nobody was lost: wait a few "
            "minutes, then send again.",
        ),
    ),
    _Rule(
        "CodeDeliveryFailureException",
        "",
        _fail(
            "Address refused",
            "AWS could not deliver to this address. Check it for a typo with the customer; several in a row mean "
            "that the pool's e-mail or SMS settings are wrong.",
            Again.YES,
        ),
    ),
    _Rule(
        "UserLambdaValidationException",
        "",
        _fail(
            "Refused by your Lambda",
            f"Your own developers' Lambda function refused to send to this person. It says: “{_WORDS}”",
        ),
    ),
    _Rule(
        "UnexpectedLambdaException",
        r"(?i)time[d ]?-?\s?out",
        _doubt("The Lambda took too long", f"The function that writes the message did not answer in time. {_MAY_HAVE}"),
    ),
    _Rule(
        "UnexpectedLambdaException",
        "",
        _stop(
            "The Lambda could not be called",
            "The function that writes the message cannot be reached. An AWS administrator must look at its "
            "permissions.",
        ),
    ),
    _Rule(
        "InvalidLambdaResponseException",
        "",
        _stop(
            "The Lambda's answer is broken",
            "The function that writes the message gave an answer that Cognito cannot use. A developer must mend it.",
        ),
    ),
    _Rule(
        "InvalidEmailRoleAccessPolicyException",
        "",
        _stop(
            "No right to use Amazon SES",
            "Cognito may not send with this pool's e-mail identity. An AWS administrator must mend the SES sending "
            "authorization.",
        ),
    ),
    _Rule(
        r"InvalidSmsRole\w+Exception",
        "",
        _stop(
            "No right to send SMS",
            "Cognito may not send SMS with this pool's role. An AWS administrator must mend the role's policy or trust "
            "relationship.",
        ),
    ),
    _Rule(
        "ForbiddenException",
        "",
        _stop(
            "Blocked by a firewall",
            "AWS WAF blocks this office's address or its rate of requests. Ask the security team to allow it.",
        ),
    ),
    _Rule(
        "OperationNotEnabledException",
        "",
        _stop(
            "Not possible in this region",
            "This region holds a copy of the pool that may not send. Edit the connection and use the pool's primary "
            "region.",
        ),
    ),
    _Rule(_UNKNOWN_CALL, "", _NO_SUCH_CALL),
    # Behind all that a Lambda's own words may come with.
    _Rule(r"\w+", _UNKNOWN_CALL_TOLD, _NO_SUCH_CALL),
    _Rule(
        "InternalErrorException|InternalServerException|InternalFailure|ServiceUnavailable\\w*",
        "",
        _doubt("AWS had a problem", f"AWS reported a fault of its own. {_MAY_HAVE}"),
    ),
    _Rule(NOT_REACHED, "", _stop("AWS could not be reached", f"Nothing was sent. {_WORDS}")),
    _Rule(NOT_CALLED, "", _stop("The call could not be made", f"Nothing was sent. {_WORDS}")),
    _Rule(NO_ANSWER, "", _doubt("No answer from AWS", _MAY_HAVE)),
    _Rule(
        EMPTY_ANSWER,
        "",
        _doubt("An answer without proof", f"AWS seemed to accept, but did not say where the code went. {_MAY_HAVE}"),
    ),
    _Rule(
        NOT_SENDABLE,
        "",
        _fail(
            "The request cannot be sent",
            "A value in this request is not one that AWS takes. Nothing was sent; look at the client metadata "
            "and at the user name.",
        ),
    ),
)

_HTML_STOP = "Something between this computer and AWS answered instead: a proxy, a VPN or a Wi-Fi sign-in page."


def _not_aws(reply: Reply) -> Verdict:
    if 300 <= reply.status < 500:
        return _stop(
            "A network page answered, not AWS", f"{_HTML_STOP} Nothing was sent. Open a browser, sign in, try again."
        )
    # A gateway that gave up, or dresses its page as success, may have passed the request on before.
    if reply.status >= 500:
        gave_up = f"A web page with the error {reply.status} came in place of AWS's answer, from a server on the way."
        return _doubt("An error page answered, not AWS", f"{gave_up} {_MAY_HAVE}", stops=True)
    return _doubt("A network page answered, not AWS", f"{_HTML_STOP} {_MAY_HAVE}", stops=True)


def _has_no_such_call(reply: Reply) -> bool:
    """Cognito answers 400 to all that it refuses: a 501, or a 404 that names no error, comes from another program."""
    return reply.status == 501 or (reply.status == 404 and (reply.code == NOT_AWS or reply.code.isdigit()))


def _catch_all(reply: Reply) -> Verdict:
    if reply.status >= 500 or not reply.code:
        return _doubt("AWS had a problem", f"AWS reported a fault of its own. {_MAY_HAVE}")
    if reply.code.isdigit():
        # botocore puts the HTTP status where the body names no error, and an error of Cognito's own always has a name.
        return _stop(
            "Blocked on the way to AWS",
            f"A firewall or a proxy answered HTTP {reply.code} in place of AWS. Nothing was sent. Ask the security "
            "team to allow this office's address. On a guest network, open a web browser and sign in.",
        )
    return _fail(
        f"AWS answered {plain(reply.code, 60)}",
        "This version of Confirmdesk does not know that answer. Show the details to an AWS administrator before "
        "sending again.",
    )


def judge(reply: Reply, user: User, now: float | None = None) -> Verdict:
    """The verdict on one send to `user`, answered at `now` (seconds since the epoch; None is this moment).

    A 200 counts as accepted only with destination and medium, and only while the characters that its mask reveals are
    those of the user's own address: with PreventUserExistenceErrors a deleted user gets a made-up answer.
    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html
    """
    if _has_no_such_call(reply):
        return _NO_SUCH_CALL
    if reply.code == NOT_AWS:
        return _not_aws(reply)
    if reply.code:
        rule = next((r for r in _RULES if re.fullmatch(r.code, reply.code) and re.search(r.text, reply.text)), None)
        return _quote(rule.verdict, reply.text, now) if rule else _catch_all(reply)
    if not (reply.destination and reply.medium):
        return judge(Reply(EMPTY_ANSWER, status=reply.status, request_id=reply.request_id), user)
    own = {"EMAIL": user.email, "SMS": user.phone}.get(reply.medium)
    if own is not None and not mask_fits(reply.destination, own):
        return Verdict(
            Outcome.DOUBTFUL,
            "Answer does not match the address",
            "Probably nothing was sent: AWS named an address that is not this person's. The account may have "
            "been deleted or disabled; refresh the list.",
            Again.ASK,
        )
    return Verdict(
        Outcome.ACCEPTED,
        "Accepted",
        "The message should arrive within minutes. If there are several, only the newest code counts.",
    )


def is_throttle(reply: Reply) -> bool:
    """Whether AWS asked to slow down. Such a send was not made; the code comes with HTTP 400, not 429."""
    return re.fullmatch(_THROTTLE, reply.code) is not None


def hourly_limit(seconds: float) -> Verdict:
    """The verdict on somebody to whom this program itself has sent five codes within the hour: nobody asked AWS.

    `seconds` is how long until the oldest of the five is an hour old.
    """
    return replace(_OWN_LIMIT, wait=seconds)


def _quote(verdict: Verdict, words: str, now: float | None) -> Verdict:
    day = times.with_utc(next_mail_day(time.time() if now is None else now))
    return replace(verdict, advice=verdict.advice.replace(_NEXT_DAY, day).replace(_WORDS, plain(words, 500)))
