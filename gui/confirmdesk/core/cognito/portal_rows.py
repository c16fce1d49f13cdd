"""The rows of the table of `problems` for access portals: signing in with a browser, and what the portal gives then."""

from confirmdesk.core.cognito.rows import CLOSED, SILENT, Row
from confirmdesk.core.errors import Kind

SIGN_IN_AGAIN = (
    "Sign in: your web browser opens, and nothing that is loaded is lost. If it does not work there, ask your IT "
    "department."
)
NOT_ALLOWED = "The sign-in was not allowed in the browser."
ALLOW_IT = "Sign in again, and allow it there. If the browser gives you no choice, ask your IT department."
_ASK_IT = "Sign in again. If it stays so, show the details to your IT department."

PORTAL_ROWS = (
    # Signing in
    Row(
        Kind.NO_SIGN_IN,
        "AccessDeniedException",
        "",
        NOT_ALLOWED,
        ALLOW_IT,
        of="CreateToken",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "ExpiredTokenException",
        "",
        "The code was not allowed in time.",
        "Sign in again; there is a new code then, which your browser takes for some minutes.",
        of="CreateToken",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "InvalidGrantException",
        "",
        "AWS does not take the browser's answer any more.",
        "It may have come too late, or twice. Sign in again.",
        of="CreateToken",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "InvalidClientException|UnauthorizedClientException",
        "",
        "AWS does not know this program any more: what it knew has expired.",
        "Sign in again; that makes it known anew.",
        of="CreateToken|StartDeviceAuthorization",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "InvalidRequestException|InvalidClientMetadataException|InvalidRedirectUriException|InvalidScopeException"
        "|UnsupportedGrantTypeException|AccessDeniedException",
        "",
        "AWS does not take this start URL in {sso_region}.",
        "Check the start URL and the region of the access portal; your IT department knows both. The details have "
        "AWS's words.",
        of="RegisterClient|StartDeviceAuthorization",
    ),
    Row(
        Kind.NO_SIGN_IN,
        "InvalidRequestException|InvalidScopeException|UnsupportedGrantTypeException",
        "",
        "The access portal has not signed you in.",
        _ASK_IT,
        of="CreateToken",
    ),
    Row(
        Kind.OTHER,
        "SlowDownException",
        "",
        "AWS asks to slow down: too many people sign in at once.",
        "Wait a minute, then sign in again.",
        of="RegisterClient|StartDeviceAuthorization",
    ),
    Row(
        Kind.UNREACHED,
        f"{CLOSED}|{SILENT}",
        r"//\S*\.awsapps|//\S*\.portal\.amazonaws|//\S*.app.aws",
        "The page of the access portal could not be reached.",
        "Check the start URL and the network connection. If the address is right, type the region of the portal; your "
        "IT department knows it.",
    ),
    # Signed in
    Row(
        Kind.EXPIRED,
        "UnauthorizedException",
        "",
        "Your sign-in at the access portal has ended.",
        SIGN_IN_AGAIN,
        of="ListAccounts|ListAccountRoles|Logout",
    ),
    Row(
        Kind.DENIED,
        "(Forbidden|ResourceNotFound|AccessDenied)(Exception)?",
        "",
        "The access portal does not show you its accounts.",
        "Ask an AWS administrator to assign one to you.",
        of="ListAccounts|ListAccountRoles",
    ),
    Row(
        Kind.DENIED,
        "(Forbidden|ResourceNotFound|AccessDenied)(Exception)?",
        "",
        "The access portal does not give you {profile}.",
        "You are signed in, but it is not assigned to you. Ask an AWS administrator to assign it, or choose another "
        "account and role in the connection.",
        of="GetRoleCredentials",
        portal=True,
    ),
    Row(
        Kind.NO_SIGN_IN,
        r"ValidationError|Invalid\w*Exception|ParamValidationError",
        "",
        "The access portal does not take {profile}.",
        "Choose account and role in the connection once more.",
        of="GetRoleCredentials",
        portal=True,
    ),
    Row(
        Kind.NO_SIGN_IN,
        "SSOTokenLoadError",
        "",
        "You are not signed in at the access portal.",
        SIGN_IN_AGAIN,
        portal=True,
    ),
    Row(
        Kind.EXPIRED,
        "UnauthorizedSSOTokenError|TokenRetrievalError|SSOError",
        "",
        "Your sign-in at the access portal has expired.",
        SIGN_IN_AGAIN,
        portal=True,
    ),
    Row(
        Kind.EXPIRED,
        "ExpiredToken(Exception)?",
        "",
        "The keys that the access portal gave you have expired.",
        SIGN_IN_AGAIN,
        portal=True,
    ),
)
