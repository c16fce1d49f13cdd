"""A saved connection: which pool, through which app client, with whose credentials. Never a secret."""

import re
from dataclasses import dataclass, fields, replace
from ipaddress import ip_address

from confirmdesk.core.connections.portal import REGION, Portal, region_in, start_url_problem, tidy_start_url
from confirmdesk.core.errors import Problem
from confirmdesk.core.quotas import FASTEST, SENDS_PER_SECOND, SLOWEST
from confirmdesk.core.text import character_at, visible, without_invisible

PRODUCTION, STAGING, PRACTICE = "Production", "Staging", "Practice"
ENVIRONMENTS = (PRODUCTION, STAGING, PRACTICE)

# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html
CLIENT_ID = re.compile(r"[\w+]{1,128}", re.ASCII)
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
POOL_ID = re.compile(r"[\w-]+_[0-9a-zA-Z]+", re.ASCII)
# The addresses that are taken, as a whole. Who reads a URL leniently reads it differently from the next reader, and one
# then trusts a host that the other does not call: "http://[::1].evil.example" is this computer to urllib.
_ADDRESS = re.compile(
    r"(?P<scheme>https?)://(?P<host>\[[\da-f:.]+\]|[a-z\d.-]+)(?::(?P<port>\d{1,5}))?(?:/[\w.~:/@!$&'()*+,;=%-]*)?",
    re.ASCII | re.IGNORECASE,
)
# The hosts that botocore makes a client for.
_HOST = re.compile(
    r"(?=.{1,253}$)(?:(?!-)[a-z\d-]{1,63}(?<!-)\.)*(?!-)[a-z\d-]{1,63}(?<!-)\.?", re.ASCII | re.IGNORECASE
)
# A resolver takes a name that ends like this for a number, as "127.1" or "0x7f000001" for 127.0.0.1.
_NUMBER = re.compile(r"(?:.*\.)?(?:\d+|0x[\da-f]*)\.?", re.ASCII | re.IGNORECASE)
# User name and password, question and fragment.
_BESIDES = re.compile(r"(?<=://)[^/?#@\\]*@|[?#].*", re.ASCII)
# What comes before the id in a pool's ARN, and in the address that tokens name as their issuer.
_POOL_WITH_PATH = re.compile(r"^(arn:[^/]*:userpool|https://cognito-idp[^/]*)/")
_AWS_HOSTS = (".amazonaws.com", ".amazonaws.com.cn", ".amazonaws.eu", ".api.aws")
# https://docs.aws.amazon.com/singlesignon/latest/PortalAPIReference/API_GetRoleCredentials.html
_ACCOUNT_ID = re.compile(r"\d{12}", re.ASCII)
_ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)

# What a connection may set, least and most. Nobody is faster than AWS's limit, and nothing is slower than the engine's
# own slowest pace.
PER_SECOND = (SLOWEST, FASTEST)
CONFIRM_ABOVE = (0, 100_000)
COOL_DOWN = (0.0, 168.0)
LARGEST_RUN = (0, 1_000_000)


@dataclass(frozen=True, slots=True)
class SecretSlot:
    """What a client secret belongs to. A secret is bound to its endpoint: another endpoint is another secret."""

    endpoint: str
    region: str
    pool_id: str
    client_id: str

    def account(self) -> str:
        """The user name of its keyring entry."""
        return " ".join((self.endpoint or "aws", self.region, self.pool_id, self.client_id))


@dataclass(frozen=True, slots=True)
class Connection:
    """`profile` "" means the default credentials, `endpoint` "" means AWS's own. Where there is a `start_url`, people
    sign in by that access portal, in `sso_region`, take the role there, and need no profile.

    `needs_secret` is None where nobody had the right to look: then the first send tells. `per_second` is the pace of a
    run, `cool_down` is in hours. Above `confirm_above` people a production run asks for the pool's name; `read_only`
    lists and exports and never sends. A run has `largest_run` people at most, 0 for as many as one likes: a help
    against slips and no fence, for whoever may edit a connection may edit this.
    """

    name: str
    region: str
    pool_id: str
    client_id: str
    profile: str = ""
    endpoint: str = ""
    pool_name: str = ""
    client_name: str = ""
    environment: str = PRODUCTION
    needs_secret: bool | None = None
    per_second: float = SENDS_PER_SECOND
    confirm_above: int = 50
    read_only: bool = False
    cool_down: float = 24.0
    largest_run: int = 0
    start_url: str = ""
    sso_region: str = ""
    account_id: str = ""
    role_name: str = ""
    device_code: bool = True

    @property
    def portal(self) -> Portal | None:
        """By which one signs in; None where it is a profile of this computer."""
        return Portal(self.start_url, self.sso_region, self.device_code) if self.start_url else None

    @property
    def slot(self) -> SecretSlot:
        return SecretSlot(self.endpoint, self.region, self.pool_id, self.client_id)

    @property
    def label(self) -> str:
        """Region and app client, as the strip shows them."""
        return f"{self.region} · {self.client_name or self.client_id}"


FIELDS = tuple(field.name for field in fields(Connection))
_TEXTS = tuple(field.name for field in fields(Connection) if field.type is str)
_NEEDED = ("name", "region", "pool_id", "client_id")


def is_loopback(url: str) -> bool:
    """Whether the host of `url` is this computer, by name or by address. What is no endpoint is not."""
    address = _ADDRESS.fullmatch(url)
    if address is None:
        return False
    host = address["host"].strip("[]").lower()
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_address(url: str) -> bool:
    address = _ADDRESS.fullmatch(url)
    return address is not None and _is_host(address["host"]) and 0 < int(address["port"] or 443) < 65_536


def is_aws(url: str) -> bool:
    """Whether the endpoint `url` is AWS's own: none, or one of its addresses for private or validated networks."""
    address = _ADDRESS.fullmatch(url)
    return not url or (address is not None and address["host"].lower().rstrip(".").endswith(_AWS_HOSTS))


def tidy(connection: Connection) -> Connection:
    """Without what comes along when a field is pasted: blanks and quotation marks around it, characters that nobody
    sees, dashes of another kind; of a pool's ARN or address the id. A secret is bound to these very texts."""
    region, pool_id = _tidy_id(connection.region), _tidy_id(connection.pool_id)
    start_url = tidy_start_url(_tidy_id(connection.start_url))
    return replace(
        connection,
        name=visible(connection.name).strip(),
        region=region.lower() if REGION.fullmatch(region.lower()) else region,
        pool_id=_POOL_WITH_PATH.sub("", pool_id),
        client_id=_tidy_id(connection.client_id),
        profile=visible(connection.profile).strip(),
        endpoint=_tidy_id(connection.endpoint).rstrip("/"),
        environment=visible(connection.environment).strip(),
        start_url=start_url,
        sso_region=_tidy_id(connection.sso_region).lower() or region_in(start_url),
        account_id=re.sub(r"[\s-]", "", _tidy_id(connection.account_id)),
        role_name=_tidy_id(connection.role_name),
    )


def _tidy_id(text: str) -> str:
    return without_invisible(text).strip(" \t\r\n\"'`,;<>")


def _strange(text: str) -> str:
    """What to say of a character that looks like one of an id and is none."""
    index = next((i for i, char in enumerate(text) if not char.isascii()), -1)
    return f" It has a character that looks like another: {character_at(text, index)}." if index >= 0 else ""


def _is_host(host: str) -> bool:
    try:
        if host.startswith("["):
            return ip_address(host[1:-1]).version == 6
        if _NUMBER.fullmatch(host):
            return ip_address(host).version == 4
    except ValueError:
        return False
    return _HOST.fullmatch(host) is not None


def endpoint_problem(url: str) -> Problem | None:
    """Why `url` cannot be an endpoint, or None. Empty is fine (AWS's own); plain http only to this computer."""
    if not url:
        return None
    if not _is_address(url):
        if _is_address(_BESIDES.sub("", url)):
            return Problem(
                "The endpoint URL holds more than a host.", "Leave out user names, question marks and fragments."
            )
        return Problem(
            "The endpoint URL is not a web address.",
            f"It starts with https:// and names a host; leave it empty for AWS.{_strange(url)}",
        )
    if url.lower().startswith("http:") and not is_loopback(url):
        return Problem(
            "The endpoint URL is not encrypted.",
            "Client metadata and codes would cross the network in clear: use https://. Plain http:// "
            "is for this computer only.",
        )
    return None


def problems(connection: Connection) -> list[Problem]:
    """What keeps `connection` from being used."""
    return list(refused_fields(connection).values())


def refused_fields(connection: Connection) -> dict[str, Problem]:
    """What keeps `connection` from being used, by the name of the field, in the order of the form."""
    found = {}
    if not connection.name.strip():
        found["name"] = Problem("The connection has no name.")
    if connection.portal:
        found.update(_refused_by_the_portal(connection))
    if not REGION.fullmatch(connection.region):
        hint = f"Regions look like eu-west-1.{_strange(connection.region)}"
        found["region"] = Problem(f"“{connection.region}” is not a region.", hint)
    if not POOL_ID.fullmatch(connection.pool_id):
        hint = "Pool ids look like eu-west-1_Ab12Cd34E; load the pools or paste the id."
        found["pool_id"] = Problem("The user pool is not a pool id.", hint + _strange(connection.pool_id))
    if not CLIENT_ID.fullmatch(connection.client_id):
        hint = f"Client ids are letters and digits, often 26 of them.{_strange(connection.client_id)}"
        found["client_id"] = Problem("The app client is not a client id.", hint)
    if broken := endpoint_problem(connection.endpoint):
        found["endpoint"] = broken
    return found


def _refused_by_the_portal(connection: Connection) -> dict[str, Problem]:
    found = {}
    if broken := start_url_problem(connection.start_url):
        found["start_url"] = broken
    if not REGION.fullmatch(connection.sso_region):
        hint = "It is where the company has its identities, such as eu-west-1; your IT department knows it."
        found["sso_region"] = Problem(
            "The region of the access portal is missing.", hint + _strange(connection.sso_region)
        )
    if not _ACCOUNT_ID.fullmatch(connection.account_id):
        hint = "Sign in and choose one; account ids are 12 digits."
        found["account_id"] = Problem("No AWS account is chosen in the access portal.", hint)
    if not _ROLE_NAME.fullmatch(connection.role_name):
        found["role_name"] = Problem("No role is chosen in the access portal.", "Sign in and choose one.")
    return found


def connection_from(raw: object) -> Connection:
    """The connection that an object in a JSON file spells, by the names of its fields.

    Keys that this version does not know are left out: a secret that somebody put into the file goes no further. A
    number out of range becomes the nearest that is allowed. Raises ValueError, whose sentence names the field and never
    its value.
    """
    if not isinstance(raw, dict):
        raise ValueError("It is not an object with fields.")
    for key in _NEEDED:
        if key not in raw:
            raise ValueError(f"“{key}” is missing.")
    usual = Connection("", "", "", "")
    needs_secret = raw.get("needs_secret")
    connection = Connection(
        **{key: _text(key, raw[key]) for key in _TEXTS if key in raw},
        needs_secret=None if needs_secret is None else _yes_or_no("needs_secret", needs_secret),
        per_second=_number("per_second", raw.get("per_second", usual.per_second), *PER_SECOND),
        confirm_above=_whole("confirm_above", raw.get("confirm_above", usual.confirm_above), *CONFIRM_ABOVE),
        read_only=_yes_or_no("read_only", raw.get("read_only", False)),
        cool_down=_number("cool_down", raw.get("cool_down", usual.cool_down), *COOL_DOWN),
        largest_run=_largest_run(raw.get("largest_run", usual.largest_run)),
        device_code=_yes_or_no("device_code", raw.get("device_code", True)),
    )
    if not connection.name.strip():
        raise ValueError("“name” is empty.")
    # A hand-edited file must not get a secret hashed for, or sent to, an address that the dialog would refuse.
    if problem := endpoint_problem(connection.endpoint):
        raise ValueError(problem.text())
    return connection


def _text(key: str, raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"“{key}” is not a text in quotes.")
    return raw


def _yes_or_no(key: str, raw: object) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(f"“{key}” is neither true nor false.")
    return raw


def _number(key: str, raw: object, least: float, most: float) -> float:
    """Somebody who wrote 500 a second meant as fast as possible: the connection stays, at the most that is allowed."""
    if not isinstance(raw, int | float) or isinstance(raw, bool) or raw != raw:
        raise ValueError(f"“{key}” is not a number.")
    return float(min(max(raw, least), most))


def _whole(key: str, raw: object, least: int, most: int) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool):
        raise ValueError(f"“{key}” is not a whole number.")
    return min(max(raw, least), most)


def _largest_run(raw: object) -> int:
    # The nearest that is allowed would be no limit at all: the opposite of what anybody meant.
    if isinstance(raw, int) and raw < 0:
        raise ValueError("“largest_run” is less than 0; 0 means that there is no limit.")
    return _whole("largest_run", raw, *LARGEST_RUN)
