"""A saved connection: which pool, through which app client, with whose credentials. Never a secret."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from confirmdesk.core.errors import Problem

PRODUCTION, STAGING, PRACTICE = "Production", "Staging", "Practice"
ENVIRONMENTS = (PRODUCTION, STAGING, PRACTICE)

# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html
CLIENT_ID = re.compile(r"[\w+]{1,128}", re.ASCII)
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ListUsers.html
POOL_ID = re.compile(r"[\w-]+_[0-9a-zA-Z]+", re.ASCII)
REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")


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
    """`profile` "" means the default credentials, `endpoint` "" means AWS's own.

    `needs_secret` is None where nobody had the right to look: then the first send tells.
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

    @property
    def slot(self) -> SecretSlot:
        return SecretSlot(self.endpoint, self.region, self.pool_id, self.client_id)

    @property
    def label(self) -> str:
        """Region and app client, as the strip shows them."""
        return f"{self.region} · {self.client_name or self.client_id}"


def is_loopback(url: str) -> bool:
    """Whether the host of `url` is this computer, by name or by address."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def endpoint_problem(url: str) -> Problem | None:
    """Why `url` cannot be an endpoint, or None. Empty is fine (AWS's own); plain http only to this computer."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        return Problem(
            "The endpoint URL is not a web address.",
            "It starts with https:// and names a host; leave it empty for AWS.",
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        return Problem(
            "The endpoint URL holds more than a host.", "Leave out user names, question marks and fragments."
        )
    if parts.scheme == "http" and not is_loopback(url):
        return Problem(
            "The endpoint URL is not encrypted.",
            "Client metadata and codes would cross the network in clear: use https://. Plain http:// "
            "is for this computer only.",
        )
    return None


def problems(connection: Connection) -> list[Problem]:
    """What keeps `connection` from being used, in the order of the form."""
    found = []
    if not connection.name.strip():
        found.append(Problem("The connection has no name."))
    if not REGION.fullmatch(connection.region):
        found.append(Problem(f"“{connection.region}” is not a region.", "Regions look like eu-west-1."))
    if broken := endpoint_problem(connection.endpoint):
        found.append(broken)
    if not POOL_ID.fullmatch(connection.pool_id):
        found.append(
            Problem(
                "The user pool is not a pool id.",
                "Pool ids look like eu-west-1_Ab12Cd34E; load the pools or paste the id.",
            )
        )
    if not CLIENT_ID.fullmatch(connection.client_id):
        found.append(
            Problem("The app client is not a client id.", "Client ids are letters and digits, often 26 of them.")
        )
    return found
