"""The rows of the table of `problems` for what fails before AWS knows who asks: profiles, programs, sign-ins, clocks.

Whoever reads them may have no terminal: each has a next step without one.
"""

from confirmdesk.core.cognito.portal_rows import SIGN_IN_AGAIN
from confirmdesk.core.cognito.rows import CLOSED, SILENT, Row
from confirmdesk.core.errors import Kind

_BY_LOGIN = (
    "Sign in with the AWS command line (aws login{profile_option}), or ask your IT department to do it with you. "
    "Then refresh; nothing that is loaded is lost."
)
_ANOTHER = "or choose another AWS profile in the connection."
# What AWS calls the services that give credentials.
_SIGN_IN_HOST = r"//portal\.sso\.|//oidc\.|//\S*signin\.|//sts."
_ASK_FOR_HOST = (
    "Check the network connection and the VPN. If web pages open, ask your IT department whether this address is let "
    "through, and whether the region of the sign-in is right."
)

SIGN_IN_ROWS = (
    # This computer
    Row(
        Kind.NO_SIGN_IN,
        "InvalidSignatureException|SignatureDoesNotMatch|RequestExpired|RequestTimeTooSkewed",
        "Signature not yet current|Signature expired",
        "This computer's clock is wrong{times}.",
        "Have the clock and the time zone of this computer set, then refresh. The credentials are as they should be.",
    ),
    # Profiles
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
        "This profile asks for an MFA code, and nobody is there to be asked for it.",
        "Sign in with the AWS command line first, choose another profile, or ask your administrator for one without.",
    ),
    Row(
        Kind.CANCELLED,
        "SignInCancelledError",
        "",
        "The sign-in of {profile} was cancelled.",
        f"Try again when you are ready, {_ANOTHER} Nothing that is loaded is lost.",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "AccessDenied(Exception)?",
        "unable to validate MFA code|must provide both MFA serial number",
        "AWS does not know the MFA device that the AWS files of this computer name for {profile}.",
        f"The details have AWS's words. Show them to whoever set it up, {_ANOTHER}",
        of="AssumeRole",
    ),
    Row(
        Kind.BROKEN_HERE,
        "InvalidConfigError",
        "CA bundle",
        "AWS_CA_BUNDLE or the AWS profile names no certificate file.",
        "Ask your IT department to correct it, then start the program anew.",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "InvalidConfigError|InfiniteLoopConfigError|UnknownCredentialError",
        "",
        "What the AWS files of this computer say about {profile} is not complete, or contradicts itself.",
        f"The details say what is missing. Show them to whoever set it up, {_ANOTHER}",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "ParamValidationError",
        "RoleArn|RoleSessionName|SerialNumber|DurationSeconds|ExternalId|WebIdentityToken|roleName|accountId",
        "What the AWS files of this computer say about {profile} is not in AWS's form.",
        f"The details say what is wrong. Show them to whoever set it up, {_ANOTHER}",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "ValidationError|InvalidRequestException|RegionDisabledException",
        "",
        "AWS does not take what the AWS files of this computer say about {profile}.",
        f"The details have AWS's words. Show them to whoever set it up, {_ANOTHER}",
        of="AssumeRole|AssumeRoleWithWebIdentity|GetRoleCredentials",
    ),
    # Programs that give keys
    Row(
        Kind.NO_SIGN_IN,
        "ProgramMissingError",
        "",
        "The program that {profile} gets its keys from cannot be started.",
        f"It is not installed, or it has moved. Ask your IT department to put it right, {_ANOTHER}",
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
        f"Ask your IT department to look at it, {_ANOTHER}",
    ),
    Row(
        Kind.EXPIRED,
        "KeysExpiredError",
        "",
        "The program that {profile} gets its keys from gave keys that have expired.",
        "Sign in with the company's program that belongs to it, then try again. If it stays so, check this computer's "
        "clock, or ask your IT department.",
    ),
    # The access portal
    Row(
        Kind.DENIED,
        "(Forbidden|ResourceNotFound|AccessDenied)(Exception)?",
        "",
        "The AWS access portal does not give you the role of {profile}.",
        f"You are signed in, but it is not assigned to you. Ask an AWS administrator to assign it, {_ANOTHER}",
        of="GetRoleCredentials",
    ),
    Row(
        Kind.EXPIRED,
        "LoginFileBrokenError",
        "",
        "What was kept of the sign-in of {profile} by “aws login” cannot be read.",
        f"Signing in again writes it anew. {_BY_LOGIN}",
    ),
    Row(
        Kind.EXPIRED,
        "SignInFileBrokenError",
        "",
        "What was kept of the AWS sign-in of {profile} cannot be read.",
        "Sign in again; that writes it anew. If you do not know how, ask your IT department.",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "SSOTokenLoadError",
        "",
        "Nobody has signed in for {profile} on this computer yet.",
        SIGN_IN_AGAIN,
    ),
    Row(
        Kind.EXPIRED,
        "UnauthorizedSSOTokenError|TokenRetrievalError|SSOError",
        "",
        "The AWS sign-in of {profile} has expired.",
        SIGN_IN_AGAIN,
    ),
    # `aws login`
    Row(
        Kind.NO_SIGN_IN,
        "LoginTokenLoadError",
        "existing login session",
        "Nobody has signed in for {profile} with “aws login” on this computer yet.",
        _BY_LOGIN,
    ),
    Row(
        Kind.DENIED,
        "LoginInsufficientPermissions",
        "",
        "The sign-in of {profile} has no right to be renewed.",
        f"Ask an AWS administrator for the permission signin:CreateOAuth2Token, {_ANOTHER}",
    ),
    Row(
        Kind.EXPIRED,
        "LoginRefreshRequired|LoginError|LoginTokenLoadError",
        "",
        "The sign-in of {profile} by “aws login” has expired.",
        _BY_LOGIN,
    ),
    # Roles
    Row(
        Kind.NO_SIGN_IN,
        "TokenFileMissingError",
        "",
        "The file with the token that {profile} signs in with cannot be read.",
        f"It is written by a program of your company. Ask your IT department to put it right, {_ANOTHER}",
    ),
    Row(
        Kind.EXPIRED,
        "ExpiredToken(Exception)?",
        "",
        "The token that {profile} signs in with has expired.",
        f"It is written by a program of your company. Ask your IT department to have it written anew, {_ANOTHER}",
        of="AssumeRoleWithWebIdentity",
    ),
    Row(
        Kind.DENIED,
        "AccessDenied(Exception)?|InvalidIdentityToken(Exception)?|IDPRejectedClaim(Exception)?",
        "",
        "AWS does not accept the token that {profile} signs in with.",
        f"Its role may not trust it. Show the details to an AWS administrator, {_ANOTHER}",
        of="AssumeRoleWithWebIdentity",
    ),
    Row(
        Kind.DENIED,
        "AccessDenied(Exception)?",
        "",
        "AWS does not let {profile} take its role.",
        f"Ask an AWS administrator for the permission sts:AssumeRole and for the role's trust, {_ANOTHER}",
        of="AssumeRole",
    ),
    # Keys
    Row(
        Kind.EXPIRED,
        "ExpiredToken(Exception)?|RequestExpired|TokenRefreshRequired|RefreshWithMFAUnsupportedError",
        "",
        "The AWS keys of {profile} have expired.",
        "They were given for some hours only. Sign in where they came from, a web page or a program of your company, "
        "or ask your AWS administrator for new ones. Then refresh; nothing that is loaded is lost.",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch"
        "|IncompleteSignature(Exception)?|MissingAuthenticationToken(Exception)?|InvalidAccessKeyId",
        "",
        "AWS does not know {credentials}.",
        "They may have been replaced. Ask your AWS administrator for new ones.",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "CredentialRetrievalError|MissingDependencyException|ConfigParseError",
        "",
        "{Profile} could not be used.",
        "The AWS settings on this computer are broken or need a tool that is missing. Show the details "
        "to an AWS administrator.",
    ),
    # The way to the services that give credentials
    Row(
        Kind.UNREACHED,
        CLOSED,
        _SIGN_IN_HOST,
        "AWS's sign-in service {sign_in_host} could not be reached.",
        _ASK_FOR_HOST,
    ),
    Row(
        Kind.UNREACHED,
        SILENT,
        _SIGN_IN_HOST,
        "AWS's sign-in service {sign_in_host} did not answer.",
        _ASK_FOR_HOST,
    ),
    Row(
        Kind.UNREACHED,
        "SSLError",
        r"(?i)//(portal\.sso|oidc|\S*signin|sts)\..*certificate|//sts.certificate",
        "The encrypted connection to AWS's sign-in service {sign_in_host} was not trusted.",
        "A network that inspects traffic needs its certificate on this computer: among the system's, or as CA bundle "
        "in Settings (under More). Ask your IT department for it.",
    ),
)
