"""Which hosts a connection calls: what a firewall must let through."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from confirmdesk.core.connections.connection import Connection

# Elsewhere it is the usual one. https://docs.aws.amazon.com/general/latest/gr/rande.html
_SUFFIXES = {"cn-": "amazonaws.com.cn", "eusc-": "amazonaws.eu"}


@dataclass(frozen=True, slots=True)
class Host:
    """By its name, with the region in it; what is called on it is `used_for`. All by https, at port 443."""

    name: str
    used_for: str


def hosts(connection: Connection) -> Iterator[Host]:
    """The program's own calls, then what the browser opens. A region that is not known is in capitals."""
    region, portal_region = connection.region or "REGION", connection.sso_region or "PORTAL_REGION"
    if connection.endpoint:
        yield Host(urlsplit(connection.endpoint).hostname or connection.endpoint, "people and codes")
    else:
        yield Host(host_of("cognito-idp", region), "people and codes")
        yield Host(host_of("sts", region), "who is signed in, and roles of AWS profiles")
    yield Host(host_of("oidc", portal_region), "signing in by the access portal")
    yield Host(host_of("portal.sso", portal_region), "accounts, roles and keys of the access portal")
    page = urlsplit(connection.start_url).hostname
    yield Host(page or "COMPANY.awsapps.com", "the access portal's page, in the browser and for its region")


def host_of(service: str, region: str) -> str:
    """The host of AWS's where `service`, as its hosts call it, is called in `region`."""
    suffix = next((suffix for start, suffix in _SUFFIXES.items() if region.startswith(start)), "amazonaws.com")
    return f"{service}.{region}.{suffix}"
