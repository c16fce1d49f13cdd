"""What a failed listing or describing call means for the person at the desk: one ordered table, first match wins."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from traceback import extract_tb
from typing import Any

from confirmdesk.core import times
from confirmdesk.core.aws.deadlines import OverdueError
from confirmdesk.core.aws.failures import NotAwsAnsweredError, SignInError, is_botocores, service_answer
from confirmdesk.core.cognito.portal_rows import PORTAL_ROWS
from confirmdesk.core.cognito.rows import CLOSED, SILENT, Row
from confirmdesk.core.cognito.sign_in_rows import SIGN_IN_ROWS
from confirmdesk.core.connections.connection import PRACTICE, Connection
from confirmdesk.core.errors import ConfirmdeskError, Kind, failure
from confirmdesk.core.text import plain, without_logins

ROWS = (
    Row(
        Kind.BROKEN_HERE,
        f"{CLOSED}|{SILENT}",
        "",
        "The practice pool has ended, or it does not answer.",
        "Leave it and try the practice pool again; it begins anew.",
        practice=True,
    ),
    # What is in the way, wherever it leads
    Row(
        Kind.UNREACHED,
        "OverdueError|ProxyConnectionError",
        "waiting for .*the proxy|timed out",
        "The network proxy did not answer.",
        "Check the VPN, and the proxy in Settings (under More). If web pages open, ask your IT department about it.",
    ),
    Row(
        Kind.UNREACHED,
        "SSLError",
        "(?i)hostname mismatch|not valid for|does(n't| not) match",
        "What answered in place of {there} showed the certificate of another host.",
        "On a guest network, open a web browser and sign in. Otherwise check the endpoint URL of the connection, or "
        "ask your IT department what stands in between.",
    ),
    Row(
        Kind.UNREACHED,
        "SSLError",
        "(?i)not within its validity|not yet valid|has expired",
        "The certificate of {there} has expired, or this computer's clock is wrong.",
        "Look at the clock and its date. If they are right, ask your IT department: something in between may answer.",
    ),
    *PORTAL_ROWS,
    *SIGN_IN_ROWS,
    Row(
        Kind.DENIED,
        "AccessDenied(Exception)?|NotAuthorizedException|UnauthorizedOperation",
        "",
        "The sign-in of {profile} has no right to do this.",
        "Ask an AWS administrator for the permission {right}.",
    ),
    Row(
        Kind.NOT_FOUND,
        "ResourceNotFoundException",
        "(?i)client .*does not exist|DescribeUserPoolClient",
        "This app client does not exist in the pool.",
        "It may have been deleted. Edit the connection and choose another app client.",
    ),
    Row(
        Kind.NOT_FOUND,
        "ResourceNotFoundException",
        "",
        "There is no user pool {pool} in {region}.",
        "Check the pool id and the region in the connection.",
    ),
    Row(
        Kind.OTHER,
        "InvalidParameterException",
        r"(?i)paging|pagination|token",
        "The list went stale while it was being read.",
        "AWS keeps its place for an hour. Refresh the users to read them anew; picks are kept.",
    ),
    Row(
        Kind.OTHER,
        "InvalidParameterException|ValidationException",
        r"(?i)userPoolId",
        "“{pool}” is not a user pool of this region.",
        "Check the pool id and the region in the connection.",
    ),
    Row(
        Kind.OTHER,
        "InvalidParameterException|ValidationException|ParamValidationError",
        "",
        "AWS did not accept the question.",
        "Check the connection's region, pool and app client.",
    ),
    Row(
        Kind.OTHER,
        r"TooManyRequestsException|Throttling\w*|RequestLimitExceeded",
        "",
        "AWS asks to slow down: the account is at its request limit.",
        "Wait a minute, then load more. The production app shares this limit.",
    ),
    Row(
        Kind.OTHER,
        "ForbiddenException",
        "",
        "A firewall in front of AWS blocks this computer.",
        "Ask the security team to allow this office's address.",
    ),
    Row(
        # What botocore calls an error whose body names none.
        Kind.UNREACHED,
        r"[34]\d\d",
        "",
        "A firewall or a proxy answered in place of AWS.",
        "Ask the security team to allow this office's address. On a guest network, open a web browser and sign in.",
    ),
    Row(
        Kind.UNREACHED,
        "NotAwsAnsweredError",
        "",
        "Something between this computer and AWS answered instead: a proxy, a VPN or a Wi-Fi sign-in page.",
        "Open a web browser, sign in to the network, then try again.",
    ),
    Row(
        Kind.UNREACHED,
        "SSLError",
        "(?i)certificate",
        "The encrypted connection to {host} was not trusted.",
        "A network that inspects traffic needs its certificate on this computer: among the system's, or as CA bundle "
        "in Settings (under More). Ask your IT department.",
    ),
    Row(
        Kind.UNREACHED,
        "SSLError",
        "",
        "{Host} was reached, but no encrypted connection came about.",
        "A proxy or a firewall on the way may not let it through. Check the VPN, or ask your IT department.",
    ),
    Row(
        Kind.UNREACHED,
        "ProxyConnectionError",
        "407",
        "The network proxy wants a user name and a password.",
        "Ask your IT department for a way without, or to set HTTPS_PROXY with both for your account. Signing in to "
        "it with the Windows account (NTLM, Kerberos) is not possible here.",
    ),
    Row(
        Kind.UNREACHED,
        "ProxyConnectionError",
        "failed: 50[234]",
        "The network proxy found no way to AWS.",
        "Check the VPN, and that the region {region} is spelled right; otherwise ask your IT department whether the "
        "proxy reaches AWS (amazonaws.com).",
    ),
    Row(
        Kind.UNREACHED,
        "ProxyConnectionError",
        "failed: [45]..",
        "The network proxy does not let this computer through to AWS.",
        "Ask your IT department to allow the addresses of AWS (amazonaws.com) in the proxy.",
    ),
    Row(
        Kind.UNREACHED,
        "ProxyConnectionError",
        "Connection reset|Remote end closed",
        "The connection through the network proxy was cut.",
        "Try again. If it stays so, ask your IT department whether the proxy lets AWS (amazonaws.com) through.",
    ),
    Row(
        Kind.UNREACHED,
        "ProxyConnectionError",
        "",
        "The network proxy could not be reached.",
        "Check the VPN and the proxy settings of this computer, or those in Settings (under More).",
    ),
    Row(
        Kind.UNREACHED,
        CLOSED,
        "",
        "{Host} could not be reached.",
        "Check the network connection, and that the region {region} is spelled right.",
    ),
    Row(
        Kind.UNREACHED,
        SILENT,
        "",
        "{Host} did not answer.",
        "Check the network connection and try again.",
    ),
    Row(
        Kind.BROKEN_HERE,
        "UnknownEndpointError|EndpointProviderError|EndpointResolutionError|InvalidRegionError|NoRegionError",
        "",
        "“{region}” is not an AWS region.",
        "Edit the connection; regions look like eu-west-1.",
    ),
    Row(
        Kind.BROKEN_HERE,
        "ValueError",
        "",
        "AWS cannot be called as the connection stands.",
        "Edit the connection: the region or the endpoint URL is not one that can be called.",
    ),
    Row(
        Kind.OTHER,
        r"InternalErrorException|InternalServer\w*|InternalFailure|ServiceUnavailable\w*|5\d\d",
        "",
        "AWS reported a fault of its own.",
        "Nothing is wrong here. Try again in a few minutes.",
    ),
)


def explain(error: Exception, connection: Connection, right: str = "", asked: bool = False) -> ConfirmdeskError:
    """The error to raise instead of `error`, which came out of a call that needs the permission `right`.

    `asked` is whether the question had left this computer by then.
    """
    if isinstance(error, ConfirmdeskError):
        return error
    code, text = _code_and_text(error)
    operation = str(getattr(error, "operation_name", ""))
    fitting = (row for row in ROWS if row.fits(code, f"{text} {right}", operation))
    row = next((row for row in fitting if _is_meant(row, connection)), None)
    sign_in, words = _sign_in_host(text), _words(connection, right)
    there = f"AWS's sign-in service {sign_in}" if sign_in else words["host"]
    words |= {"times": _times(text), "sign_in_host": sign_in, "there": there}
    details = f"{code}: {plain(without_logins(text[:4096]), 600)}" + (f" ({right})" if right else "")
    if row is None and not service_answer(error):
        return _not_an_answer(error, details, asked)
    if row is None:
        return failure(f"AWS answered {plain(code, 60)}.", "Show the details to an AWS administrator.", details)
    return failure(row.sentence.format(**words), row.hint.format(**words), details, row.kind)


def _not_an_answer(error: Exception, details: str, asked: bool) -> ConfirmdeskError:
    """A fault that nobody foresaw, and none of AWS's."""
    frames = extract_tb(error.__traceback__)
    where = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    hint = "Try again; if it stays so, show the details to an administrator."
    if asked:
        return failure("AWS's answer could not be read.", hint, details + where)
    sentence = "AWS was not asked: something went wrong on this computer."
    return failure(sentence, hint, details + where, Kind.BROKEN_HERE)


def _is_meant(row: Row, connection: Connection) -> bool:
    if row.portal and not connection.portal:
        return False
    return not (row.defaults and connection.profile) and (not row.practice or connection.environment == PRACTICE)


def _code_and_text(error: Exception) -> tuple[str, str]:
    response: Any = getattr(error, "response", None)
    if isinstance(response, dict) and "Error" in response:
        # The service of sign-ins has words of its own, by OAuth's name for them.
        said = response["Error"].get("Message") or response.get("error_description")
        return str(response["Error"].get("Code") or ""), str(said or "")
    # Of a text that is neither botocore's nor ours nothing is kept: it may quote anything.
    known = isinstance(error, NotAwsAnsweredError | OverdueError | SignInError) or is_botocores(error)
    # botocore leaves out why a proxy did not do it.
    reason = getattr(error, "kwargs", {}).get("error", "") if type(error).__name__ == "ProxyConnectionError" else ""
    return type(error).__name__, f"{error} {reason}".strip() if known else ""


def _sign_in_host(text: str) -> str:
    match = re.search(r"//((?:[\w-]+\.)*?(?:portal\.sso|oidc|signin|sts)\.[\w.-]*)", text)
    return match[1].rstrip(".") if match else ""


def _times(text: str) -> str:
    """As AWS tells them when it finds a signature too old or too new: this computer's, a limit, and its own."""
    told = re.findall(r"\b\d{8}T\d{6}Z", text)
    if len(told) < 3:
        return ""
    here, there = (datetime.strptime(moment, "%Y%m%dT%H%M%S%z") for moment in (told[0], told[2]))
    year = here.year != there.year
    shown, right = (times.with_utc(moment.timestamp(), year=year) for moment in (here, there))
    return f": it says {shown} where AWS says {right}"


def _words(connection: Connection, right: str) -> dict[str, str]:
    named = f"profile “{connection.profile}”"
    profile = f"the {named}" if connection.profile else "the default credentials"
    begins = f"The AWS {named}" if connection.profile else "The default credentials"
    if connection.portal:
        profile = f"the role “{connection.role_name}” in account {connection.account_id}"
        begins = f"T{profile[1:]}"
    aws = f"AWS in {connection.region}" if connection.region else "AWS"
    host = f"the endpoint {connection.endpoint}" if connection.endpoint else aws
    return {
        "profile": profile,
        "Profile": begins,
        "credentials": f"the credentials of {profile}" if connection.profile or connection.portal else profile,
        "profile_option": f" --profile {connection.profile}" if connection.profile else "",
        "region": connection.region,
        "sso_region": connection.sso_region or connection.region,
        "pool": connection.pool_id,
        "right": right or "for user pools",
        "host": host,
        "Host": host[0].upper() + host[1:],
    }
