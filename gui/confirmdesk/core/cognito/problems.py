"""What a failed listing or describing call means for the person at the desk: one ordered table, first match wins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from typing import Any

from confirmdesk.core.aws.failures import NotAwsAnsweredError, SignInError, is_botocores, service_answer
from confirmdesk.core.connections.connection import PRACTICE, Connection
from confirmdesk.core.errors import ConfirmdeskError, Kind, failure
from confirmdesk.core.text import plain, without_logins


@dataclass(frozen=True, slots=True)
class Row:
    """`code` is a regular expression for AWS's error code or the name of botocore's exception, `text` for its words
    followed by the right that the call needs.

    {profile}, {credentials}, {host}, {region}, {pool} and {right} are filled in; {Profile} and {Host} begin a sentence.
    A row for `defaults` is for connections that name no profile, one for `practice` for those to the practice pool.
    """

    kind: Kind
    code: str
    text: str
    sentence: str
    hint: str
    defaults: bool = False
    practice: bool = False


_SIGN_IN_AGAIN = "Sign in again (for SSO: aws sso login{profile_option}), then refresh. Nothing that is loaded is lost."

_CLOSED = "EndpointConnectionError|ConnectTimeoutError"
_SILENT = (
    "ReadTimeoutError|ConnectionClosedError|HTTPClientError|ResponseStreamingError|IncompleteReadError|OverdueError"
)

ROWS = (
    Row(
        Kind.BROKEN_HERE,
        f"{_CLOSED}|{_SILENT}",
        "",
        "The practice pool has ended, or it does not answer.",
        "Leave it and try the practice pool again; it begins anew.",
        practice=True,
    ),
    Row(
        Kind.NO_SIGN_IN,
        "NoCredentialsError|PartialCredentialsError",
        "",
        "This computer has no AWS sign-in for {profile}.",
        "Choose another AWS profile in the connection, or ask your AWS administrator to set one up.",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "ProfileNotFound",
        "",
        "The AWS profile that AWS_PROFILE names is not on this computer.",
        "Choose an AWS profile in the connection, or have that variable corrected in this computer's environment.",
        defaults=True,
    ),
    Row(
        Kind.NO_SIGN_IN,
        "ProfileNotFound",
        "",
        "{Profile} is not on this computer.",
        "Edit the connection and choose one that is, or ask your administrator to set it up.",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "MfaCodeNeededError",
        "",
        "This profile asks for an MFA code, which this version cannot take.",
        "Sign in with the AWS command line first, or choose another profile.",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "ProgramMissingError",
        "",
        "The program that {profile} gets its keys from cannot be started.",
        "It is not installed, or it has moved. Ask your IT department to put it right, or choose another AWS profile "
        "in the connection.",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "ProgramOverdueError",
        "",
        "The program that {profile} gets its keys from did not end within a minute.",
        "It may wait for an answer in a window of its own, or for a network that is not there. Check both and try "
        "again, or ask your IT department.",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "ProgramFailedError",
        "",
        "The program that {profile} gets its keys from ended with an error.",
        "Sign in with the company's program that belongs to it, then try again. If it stays so, show the details, "
        "which have its own words, to your IT department.",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "NoKeysError",
        "",
        "What the program that {profile} gets its keys from has answered are no keys of AWS.",
        "Ask your IT department to look at it, or choose another AWS profile in the connection.",
    ),
    Row(
        Kind.EXPIRED,
        "KeysExpiredError",
        "",
        "The program that {profile} gets its keys from gave keys that have expired.",
        "Sign in with the company's program that belongs to it, then try again. If it stays so, check this computer's "
        "clock, or ask your IT department.",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "TokenFileMissingError",
        "",
        "The file with the token that {profile} signs in with cannot be read.",
        "It is written by a program of your company. Ask your IT department to put it right, or choose another AWS "
        "profile in the connection.",
    ),
    Row(
        Kind.EXPIRED,
        "SignInFileBrokenError",
        "",
        "What was kept of the AWS sign-in of {profile} cannot be read.",
        "Sign in again, which writes it anew (for SSO: aws sso login{profile_option}), or ask your IT department to do "
        "it.",
    ),
    Row(
        Kind.EXPIRED,
        "SSOTokenLoadError|TokenRetrievalError|UnauthorizedSSOTokenError|SSOError|LoginRefreshRequired|LoginTokenLoadError"
        "|ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired|RefreshWithMFAUnsupportedError",
        "",
        "The AWS sign-in of {profile} has expired.",
        _SIGN_IN_AGAIN,
    ),
    Row(
        Kind.NO_SIGN_IN,
        "UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch"
        "|IncompleteSignature(Exception)?|MissingAuthenticationToken(Exception)?|InvalidAccessKeyId",
        "",
        "AWS does not know {credentials}.",
        "They may have been replaced, or this computer's clock is wrong. Ask your AWS administrator for new ones.",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "CredentialRetrievalError|MissingDependencyException|UnknownCredentialError|InvalidConfigError|ConfigParseError"
        "|InfiniteLoopConfigError|LoginError|LoginInsufficientPermissions",
        "",
        "{Profile} could not be used.",
        "The AWS settings on this computer are broken or need a tool that is missing. Show the details "
        "to an AWS administrator.",
    ),
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
        "A network that inspects traffic needs its certificate on this computer (AWS_CA_BUNDLE). Ask "
        "your IT department.",
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
        "407 ",
        "The network proxy wants a user name and a password.",
        "Ask your IT department how this computer signs in to the proxy.",
    ),
    Row(
        Kind.UNREACHED,
        "ProxyConnectionError",
        "",
        "The network proxy could not be reached.",
        "Check the VPN and the proxy settings of this computer.",
    ),
    Row(
        Kind.UNREACHED,
        _CLOSED,
        "",
        "{Host} could not be reached.",
        "Check the network connection, and that the region {region} is spelled right.",
    ),
    Row(
        Kind.UNREACHED,
        _SILENT,
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
    row = next((row for row in ROWS if _fits(row, code, f"{text} {right}", connection)), None)
    words = _words(connection, right)
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


def _fits(row: Row, code: str, text: str, connection: Connection) -> bool:
    meant = not (row.defaults and connection.profile) and (not row.practice or connection.environment == PRACTICE)
    return meant and re.fullmatch(row.code, code) is not None and re.search(row.text, text) is not None


def _code_and_text(error: Exception) -> tuple[str, str]:
    response: Any = getattr(error, "response", None)
    if isinstance(response, dict) and "Error" in response:
        return str(response["Error"].get("Code") or ""), str(response["Error"].get("Message") or "")
    kind = type(error).__name__
    # Of a text that is not botocore's nothing is kept: it may quote anything.
    return (
        (kind, str(error))
        if isinstance(error, NotAwsAnsweredError | SignInError) or is_botocores(error)
        else (kind, "")
    )


def _words(connection: Connection, right: str) -> dict[str, str]:
    named = f"profile “{connection.profile}”"
    profile = f"the {named}" if connection.profile else "the default credentials"
    host = f"the endpoint {connection.endpoint}" if connection.endpoint else f"AWS in {connection.region}"
    return {
        "profile": profile,
        "Profile": f"The AWS {named}" if connection.profile else "The default credentials",
        "credentials": f"the credentials of {profile}" if connection.profile else profile,
        "profile_option": f" --profile {connection.profile}" if connection.profile else "",
        "region": connection.region,
        "pool": connection.pool_id,
        "right": right or "for user pools",
        "host": host,
        "Host": host[0].upper() + host[1:],
    }
