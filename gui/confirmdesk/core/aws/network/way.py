"""The way to AWS: what the settings say of it, and where they leave it open, the environment and then the system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from confirmdesk.core.connections.connection import is_loopback
from confirmdesk.core.connections.network import Network, ProxyChoice
from confirmdesk.core.patience import bounded

# The proxy that the system has for an address, "" for none; None where it cannot be asked. May take its time: a company
# computes it by a script (PAC) that is fetched from somewhere.
SystemProxy = Callable[[str], str | None]
# In seconds. Whoever knows no proxy by then goes without.
PATIENCE = 5.0


def nobody_knows(_: str) -> str | None:
    """The answer where there is no system to ask."""
    return None


@dataclass(frozen=True, slots=True)
class Way:
    """`proxies` by scheme as botocore takes them, None for those of the environment; `said_by` tells who named them.
    `ca_bundle` is of the settings, "" for none."""

    proxies: Mapping[str, str] | None = None
    said_by: str = "HTTPS_PROXY, HTTP_PROXY or the system's settings"
    ca_bundle: str = ""


class Wayfinder:
    """`network` may be changed at any time and counts for each client that is made from then on."""

    def __init__(self, system_proxy: SystemProxy = nobody_knows) -> None:
        self.network = Network()
        self._system_proxy = system_proxy

    def to(self, url: str) -> Way:
        """In a worker: the system may be asked."""
        network = self.network
        if network.proxy is ProxyChoice.NONE:
            return Way({}, ca_bundle=network.ca_bundle)
        if network.proxy is ProxyChoice.ADDRESS:
            return Way(_both(network.proxy_address), "Settings", network.ca_bundle)
        # It brings the web client of Python, which the first paint need not wait for.
        from urllib.request import getproxies_environment, proxy_bypass

        environment = getproxies_environment()
        if environment.get("https") or environment.get("http"):
            return Way(ca_bundle=network.ca_bundle)
        if whatever := environment.get("all"):
            without = proxy_bypass(urlsplit(url).hostname or "")
            return Way({} if without else _both(whatever), "ALL_PROXY", network.ca_bundle)
        if is_loopback(url):
            # Whoever gives credentials for it may be elsewhere; the client itself goes there directly.
            return Way(ca_bundle=network.ca_bundle)
        proxy = bounded(lambda: self._system_proxy(url), PATIENCE, None)
        return Way(None if proxy is None else _both(proxy), "The system's settings", network.ca_bundle)


def _both(proxy: str) -> Mapping[str, str]:
    return {"https": proxy, "http": proxy} if proxy else {}
