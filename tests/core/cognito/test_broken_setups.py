"""What a person is told on a computer whose way to AWS is broken, and how they get on without a terminal.

Real files, programs and servers; AWS is on this computer, behind a proxy. Each row is one broken set-up.
"""

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from access_portal import AccessPortal, Browser
from connect_proxy import CLOSING, REFUSING
from sentences import Sentences, rows_on_the_page, table_on_the_page, wanted, write
from whole_aws import EARLIER, HANG_UP, LOGIN_SESSION, PORTAL, SSO, WholeAws, refused, refused_by_sts

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.deadlines import Deadlines
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError, Kind
from confirmdesk.core.sign_in.flow import SignIn
from confirmdesk.core.times import with_utc

STATIC = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n"
ROLE = f"role_arn = arn:aws:iam::123456789012:role/r\nsource_profile = base\n[profile base]\n{STATIC}"
WEB = "role_arn = arn:aws:iam::123456789012:role/r\nweb_identity_token_file = {folder}/token\n"
SESSION = (
    "sso_session = company\nsso_account_id = 123456789012\nsso_role_name = r\n"
    "[sso-session company]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start\n"
)
LOGIN = f"login_session = {LOGIN_SESSION}\n"


def program(source: str) -> str:
    """A profile that gets its keys from a program, in Python."""
    return f"credential_process = {sys.executable} -c {json.dumps(source)}\n"


def keys(**changed: object) -> str:
    whole = {"Version": 1, "AccessKeyId": "ASIAPROGRAM", "SecretAccessKey": "SECRETKEY", "SessionToken": "y", **changed}
    # Through the shell's quotation marks and Python's.
    return f"print(bytes.fromhex('{json.dumps(whole).encode().hex()}').decode())"


CLOCK = (
    "Signature expired: 20261126T134400Z is now earlier than 20261126T140000Z (20261126T140500Z - 5 min.)",
    "Signature not yet current: 20261127T161000Z is still later than 20261126T141000Z (20261126T140500Z + 5 min.)",
)


def told(day: int, hour: int, minute: int) -> str:
    """A moment of November 2026, in UTC, as clocks here show it."""
    return with_utc(datetime(2026, 11, day, hour, minute, tzinfo=UTC).timestamp())


@dataclass(frozen=True)
class SetUp:
    """`profile` are the lines of the profile x, `config` the whole file where that is not enough. `ask` is who."""

    name: str
    kind: Kind
    sentence: str
    hint: str
    profile: str = STATIC
    config: bytes = b""
    answers: dict[str, object] = field(default_factory=dict)
    environment: dict[str, str | None] = field(default_factory=dict)
    breaks: str = ""
    chosen: str = "x"
    prepare: Callable[[WholeAws], object] = lambda whole_aws: None
    ask: Callable[[Control], object] = Control.page
    details: str = ""
    # Of a connection with a portal of its own: what that is like, how the person signs in, and what happens then.
    portal: Callable[[AccessPortal], object] | None = None
    by_code: bool | None = None
    then: Callable[[AccessPortal], object] = lambda portal: None

    @property
    def connection(self) -> Connection:
        at = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "client", profile=self.chosen)
        if not self.portal:
            return at
        own = {"start_url": PORTAL, "sso_region": "eu-west-1", "account_id": "123456789012", "role_name": "support"}
        return replace(at, profile="", **own)

    def try_it(self, aws: Aws, portal: AccessPortal | None, browser: Browser) -> None:
        if self.by_code is not None:
            self._sign_in(aws, browser)
            self.then(portal)
        self.ask(Control(aws, self.connection))

    def _sign_in(self, aws: Aws, browser: Browser) -> None:
        open_browser = (lambda address: None) if self.by_code else browser.open
        signing_in = SignIn(aws, aws.way_in(self.connection), open_browser, lambda step: None)
        if self.by_code:
            signing_in.use_code()
        signing_in.run()


def change(**fields: object) -> Callable[[AccessPortal], object]:
    return lambda portal: [setattr(portal, name, value) for name, value in fields.items()]


X = "the profile “x”"
FLAWED = "The AWS profile “x” cannot be used. Line "
ANOTHER = "hoose another AWS profile"
IT = "IT department"

SET_UPS = (
    # Files
    SetUp(
        "no profile", Kind.NO_SIGN_IN, "The AWS profile “gone” is not on this computer.", "choose one", chosen="gone"
    ),
    SetUp(
        "AWS_PROFILE is gone",
        Kind.NO_SIGN_IN,
        "The AWS profile that AWS_PROFILE names is not",
        "Choose an AWS profile",
        environment={"AWS_PROFILE": "gone"},
        chosen="",
    ),
    SetUp("nothing at all", Kind.NO_SIGN_IN, "no AWS sign-in for the default credentials.", ANOTHER, chosen=""),
    SetUp("half a key", Kind.NO_SIGN_IN, f"no AWS sign-in for {X}.", ANOTHER, "aws_access_key_id = AKIA\n"),
    SetUp("twice", Kind.NO_SIGN_IN, f"{FLAWED}3 of", ANOTHER, "region = a\n[profile x]\nregion = b\n"),
    SetUp("key twice", Kind.NO_SIGN_IN, f"{FLAWED}3 of", ANOTHER, "region = a\nregion = b\n"),
    SetUp("broken header", Kind.NO_SIGN_IN, f"{FLAWED}1 of", ANOTHER, config=b"[profile x\n" + STATIC.encode()),
    SetUp("no setting", Kind.NO_SIGN_IN, f"{FLAWED}2 of", ANOTHER, "nonsense\n"),
    SetUp("its sign-in is broken", Kind.NO_SIGN_IN, f"{FLAWED}8 of", ANOTHER, f"{SESSION}sso_region = b\n"),
    SetUp("no source", Kind.NO_SIGN_IN, f"about {X} is not complete", ANOTHER, ROLE.partition("[")[0]),
    SetUp("no sign-in named so", Kind.NO_SIGN_IN, f"about {X} is not", ANOTHER, SESSION.partition("[")[0]),
    SetUp("in a circle", Kind.NO_SIGN_IN, f"about {X} is not", ANOTHER, "role_arn = a\nsource_profile = x\n"),
    SetUp(
        "no role's name",
        Kind.NO_SIGN_IN,
        f"about {X} is not in AWS's form.",
        ANOTHER,
        f"role_arn = support\nsource_profile = base\n[profile base]\n{STATIC}",
    ),
    SetUp(
        "a role that AWS does not take",
        Kind.NO_SIGN_IN,
        f"AWS does not take what the AWS files of this computer say about {X}.",
        ANOTHER,
        ROLE,
        answers={"sts": refused_by_sts("ValidationError", "is invalid", 400)},
    ),
    # Programs
    SetUp("no program", Kind.NO_SIGN_IN, "cannot be started.", "not installed", "credential_process = /nowhere/keys\n"),
    SetUp("no end of a quotation", Kind.NO_SIGN_IN, "cannot be started.", IT, "credential_process = 'keys\n"),
    SetUp(
        "it fails",
        Kind.NO_SIGN_IN,
        "ended with an error.",
        "show the details",
        program("import sys; print('SECRETKEY'); sys.exit('not signed in')"),
        details="not signed in",
    ),
    SetUp("garbage", Kind.NO_SIGN_IN, "no keys of AWS.", IT, program("print('SECRETKEY')")),
    SetUp("nothing said", Kind.NO_SIGN_IN, "no keys of AWS.", IT, program("pass")),
    SetUp("a list", Kind.NO_SIGN_IN, "no keys of AWS.", IT, program("print(['SECRETKEY'])")),
    SetUp("foreign version", Kind.NO_SIGN_IN, "no keys of AWS.", IT, program(keys(Version=7))),
    SetUp("no date", Kind.NO_SIGN_IN, "no keys of AWS.", IT, program(keys(Expiration="tomorrow"))),
    SetUp(
        "keys that ended", Kind.EXPIRED, "keys that have expired.", "then try again", program(keys(Expiration=EARLIER))
    ),
    # The portal
    SetUp("never signed in", Kind.NO_SIGN_IN, f"Nobody has signed in for {X} on this", IT, SSO),
    SetUp("never signed in, by session", Kind.NO_SIGN_IN, f"Nobody has signed in for {X} on", IT, SESSION),
    SetUp(
        "expired",
        Kind.EXPIRED,
        f"The AWS sign-in of {X} has expired.",
        IT,
        SSO,
        prepare=lambda at: at.keep_sign_in(json.dumps({"accessToken": "t", "expiresAt": EARLIER})),
    ),
    SetUp("garbled", Kind.EXPIRED, f"sign-in of {X} cannot be read.", IT, SSO, prepare=lambda at: at.keep_sign_in("{")),
    SetUp("empty", Kind.EXPIRED, f"sign-in of {X} cannot be read.", IT, SSO, prepare=lambda at: at.keep_sign_in("")),
    SetUp("null", Kind.EXPIRED, f"sign-in of {X} cannot be read.", IT, SSO, prepare=lambda at: at.keep_sign_in("null")),
    SetUp(
        "ended elsewhere",
        Kind.EXPIRED,
        f"The AWS sign-in of {X} has expired.",
        IT,
        SSO,
        answers={"portal": refused("UnauthorizedException", status=401)},
        prepare=WholeAws.keep_sign_in,
    ),
    SetUp(
        "role not assigned",
        Kind.DENIED,
        f"The AWS access portal does not give you the role of {X}.",
        "not assigned",
        SSO,
        answers={"portal": refused("ForbiddenException", "No access")},
        prepare=WholeAws.keep_sign_in,
    ),
    # A portal of the connection's own
    SetUp("not signed in", Kind.NO_SIGN_IN, "You are not signed in at the access portal.", IT, portal=change()),
    SetUp(
        "refused in the browser",
        Kind.NO_SIGN_IN,
        "The sign-in was not allowed in the browser.",
        IT,
        portal=change(denies=True),
        by_code=False,
    ),
    SetUp(
        "code refused",
        Kind.NO_SIGN_IN,
        "The sign-in was not allowed in the browser.",
        IT,
        portal=change(code={"allowed": False}),
        by_code=True,
    ),
    SetUp(
        "code too late",
        Kind.NO_SIGN_IN,
        "The code was not allowed in time.",
        "a new code",
        portal=change(code={"expired": True}),
        by_code=True,
    ),
    SetUp(
        "another start URL",
        Kind.NO_SIGN_IN,
        "AWS does not take this start URL in eu-west-1.",
        IT,
        portal=change(start_url="https://y.awsapps.com/start"),
        by_code=False,
    ),
    SetUp(
        "another start URL, by code",
        Kind.NO_SIGN_IN,
        "AWS does not take this start URL in eu-west-1.",
        IT,
        portal=change(start_url="https://y.awsapps.com/start"),
        by_code=True,
    ),
    SetUp(
        "too many sign in",
        Kind.OTHER,
        "AWS asks to slow down: too many people sign in at once.",
        "sign in again",
        answers={"oidc": refused("SlowDownException", status=400)},
        portal=change(),
        by_code=False,
    ),
    SetUp(
        "role not assigned in the portal",
        Kind.DENIED,
        "The access portal does not give you the role “support” in account 123456789012.",
        "another account and role",
        portal=change(roles={"123456789012": ["other"]}),
        by_code=False,
    ),
    SetUp(
        "signed out elsewhere",
        Kind.EXPIRED,
        "Your sign-in at the access portal has expired.",
        IT,
        portal=change(),
        by_code=False,
        then=AccessPortal.end_sessions,
    ),
    SetUp(
        "no network at the sign-in",
        Kind.UNREACHED,
        "The network proxy found no way to AWS.",
        "Check the VPN",
        breaks=CLOSING,
        portal=change(),
        by_code=False,
    ),
    # `aws login`
    SetUp("no login", Kind.NO_SIGN_IN, "with “aws login” on this computer yet.", "aws login --profile x", LOGIN),
    SetUp(
        "login garbled",
        Kind.EXPIRED,
        f"What was kept of the sign-in of {X} by “aws login” cannot be read.",
        "(aws login --profile x)",
        LOGIN,
        prepare=lambda at: at.keep_login("{"),
    ),
    # Roles
    SetUp(
        "role denied",
        Kind.DENIED,
        "AWS does not let",
        "sts:AssumeRole",
        ROLE,
        answers={"sts": refused_by_sts("AccessDenied", "not authorized to perform: sts:AssumeRole")},
    ),
    SetUp("no token", Kind.NO_SIGN_IN, f"file with the token that {X}", IT, WEB),
    SetUp(
        "token expired",
        Kind.EXPIRED,
        "The token that",
        IT,
        WEB,
        answers={"sts": refused_by_sts("ExpiredTokenException", "Token expired", 400)},
        prepare=lambda at: (at.folder / "token").write_text("token-of-jane"),
    ),
    SetUp(
        "token not trusted",
        Kind.DENIED,
        "AWS does not accept the token",
        ANOTHER,
        WEB,
        answers={"sts": refused_by_sts("InvalidIdentityToken", "no provider", 400)},
        prepare=lambda at: (at.folder / "token").write_text("token-of-jane"),
    ),
    # Keys and clocks
    SetUp(
        "keys ended",
        Kind.EXPIRED,
        f"The AWS keys of {X} have expired.",
        "a web page",
        answers={"cognito-idp": refused("ExpiredTokenException", status=400)},
    ),
    SetUp(
        "unknown keys",
        Kind.NO_SIGN_IN,
        "AWS does not know",
        "new ones",
        answers={"cognito-idp": refused("UnrecognizedClientException", status=400)},
    ),
    SetUp(
        "clock behind",
        Kind.NO_SIGN_IN,
        f"clock is wrong: it says {told(26, 13, 44)} where AWS says {told(26, 14, 5)}.",
        "clock",
        answers={"cognito-idp": refused("InvalidSignatureException", CLOCK[0], 400)},
    ),
    SetUp(
        "clock ahead by a day, found by STS",
        Kind.NO_SIGN_IN,
        f"it says {told(27, 16, 10)} where AWS says {told(26, 14, 5)}",
        "clock",
        answers={"sts": refused_by_sts("SignatureDoesNotMatch", CLOCK[1])},
        ask=Control.identity,
    ),
    # The way
    SetUp("proxy wants a password", Kind.UNREACHED, "wants a user name and a password.", "Kerberos", breaks=REFUSING),
    SetUp("proxy reaches nothing", Kind.UNREACHED, "proxy found no way to AWS", IT, breaks=CLOSING),
    SetUp("proxy is SOCKS", Kind.BROKEN_HERE, "SOCKS", IT, environment={"HTTPS_PROXY": "socks5://127.0.0.1:9"}),
    SetUp(
        "no proxy there",
        Kind.UNREACHED,
        "proxy could not be reached",
        "proxy settings",
        environment={"HTTPS_PROXY": "http://127.0.0.1:9"},
    ),
    SetUp("no certificates", Kind.BROKEN_HERE, "is not there.", IT, environment={"AWS_CA_BUNDLE": "/nowhere"}),
    SetUp(
        "blank certificates",
        Kind.BROKEN_HERE,
        "AWS_CA_BUNDLE or the AWS profile names no certificate file.",
        IT,
        environment={"AWS_CA_BUNDLE": " "},
    ),
    SetUp(
        "AWS is not trusted",
        Kind.UNREACHED,
        "The encrypted connection to AWS in eu-west-1 was not trusted.",
        IT,
        environment={"AWS_CA_BUNDLE": None},
    ),
    SetUp(
        "the portal is not trusted",
        Kind.UNREACHED,
        "The encrypted connection to AWS's sign-in service portal.sso.eu-west-1.amazonaws.com was not trusted.",
        IT,
        SSO,
        environment={"AWS_CA_BUNDLE": None},
        prepare=WholeAws.keep_sign_in,
    ),
    SetUp(
        "the portal hangs up",
        Kind.UNREACHED,
        "The connection through the network proxy was cut.",
        IT,
        SSO,
        answers={"portal": HANG_UP},
        prepare=WholeAws.keep_sign_in,
    ),
)


@pytest.fixture(scope="module")
def sentences():
    """What was told by all of them, for the page for administrators."""
    return Sentences()


@pytest.mark.parametrize("set_up", SET_UPS, ids=[set_up.name for set_up in SET_UPS])
def test_each_broken_set_up_is_told_with_a_way_on(set_up, whole_aws, browser, tmp_path, monkeypatch, sentences):
    lines = f"[profile x]\n{set_up.profile}".replace("{folder}", str(tmp_path)).encode()
    (tmp_path / ".aws").mkdir(exist_ok=True)
    (tmp_path / ".aws" / "config").write_bytes(set_up.config or lines)
    for name, value in set_up.environment.items():
        monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    portal = AccessPortal(whole_aws) if set_up.portal else None
    if set_up.portal:
        set_up.portal(portal)
    whole_aws.answers.update(set_up.answers)
    whole_aws.proxy.breaks = set_up.breaks or whole_aws.proxy.breaks
    set_up.prepare(whole_aws)
    aws = Aws(deadlines=Deadlines(limit=10))
    with pytest.raises(ConfirmdeskError) as told:
        set_up.try_it(aws, portal, browser)
    problem = told.value.problem
    assert set_up.sentence in problem.sentence
    assert set_up.hint in problem.hint
    assert problem.kind is set_up.kind
    assert set_up.details in problem.details
    assert re.search(r"\w(Error|Exception)\b|Errno|Traceback|None\b|botocore|boto3", problem.text()) is None
    assert "SECRETKEY" not in problem.text() + problem.details
    assert re.search(r"(?i)ask|choose|show|check|sign in|have ", problem.hint)
    on_the_page = sentences.add(set_up.name, problem, tmp_path)
    assert wanted() or set_up.name in rows_on_the_page()[on_the_page], "ADMINISTRATORS.md: run “make sentences”"


def test_there_are_as_many_as_people_come_upon():
    assert len(SET_UPS) >= 40
    assert len({set_up.name for set_up in SET_UPS}) == len(SET_UPS)


def test_the_page_for_administrators_has_each_sentence_and_no_other(sentences):
    if sum(map(len, sentences.told.values())) < len(SET_UPS):
        pytest.skip("not all set-ups were tried")
    if wanted():
        write(sentences.table())
    assert table_on_the_page() == sentences.table()
