"""What this computer's settings say about the way to AWS, looked at before anything is sent on it.

botocore finds a certificate file that is gone, or a proxy's address that is none, in the middle of a call only.
"""

from collections.abc import Sequence

from confirmdesk.core.aws.network.way import Way
from confirmdesk.core.connections.connection import is_loopback
from confirmdesk.core.connections.network import is_socks, wrong_with_bundle, wrong_with_proxy
from confirmdesk.core.errors import Kind, Problem
from confirmdesk.core.text import plain, without_logins

IN_SETTINGS = "Settings"
_ASK = "Ask your IT department to correct it, then start the program anew."
_FOREIGN_LOGIN = "has a user name or a password with other letters than English ones, which cannot be sent to it"


def problem_of_surroundings(url: str, way: Way, bundles: Sequence[tuple[str, str]]) -> Problem | None:
    """Why nothing at `url` can be called as this computer is set up, or None as far as can be told.

    `bundles` are files of certificates, each with who names it.
    """
    return problem_of_certificates(url, bundles) or problem_of_proxy(url, way)


def problem_of_certificates(url: str, bundles: Sequence[tuple[str, str]]) -> Problem | None:
    """Of the first file that cannot be read, where `url` is encrypted."""
    troubles = (_problem_of_bundle(named, by) for named, by in bundles) if url.startswith("https:") else ()
    return next((trouble for trouble in troubles if trouble), None)


def _problem_of_bundle(named: str, by: str) -> Problem | None:
    wrong = wrong_with_bundle(named)
    if not wrong:
        return None
    sentence = f"The certificate file {plain(named, 200)}, which {by} names, {wrong}."
    way_on = "Choose another one in Settings (under More), or ask your IT department." if by == IN_SETTINGS else _ASK
    return Problem(sentence, f"No encrypted connection can be checked without it. {way_on}", "", Kind.BROKEN_HERE)


def proxy_to(url: str, way: Way) -> str:
    """The proxy that leads to `url`, "" for none."""
    from botocore.httpsession import ProxyConfiguration
    from botocore.utils import get_environ_proxies

    if is_loopback(url):
        return ""
    configuration = ProxyConfiguration(get_environ_proxies(url) if way.proxies is None else way.proxies)
    return configuration.proxy_url_for(url) or ""


def problem_of_proxy(url: str, way: Way) -> Problem | None:
    """Why the proxy that leads to `url` can be asked for nothing."""
    from botocore.httpsession import ProxyConfiguration

    proxy = proxy_to(url, way)
    if not proxy:
        return None
    details = f"{way.said_by}: {plain(without_logins(proxy), 200)}"
    if is_socks(proxy):
        hint = "Ask your IT department for the address of an HTTP proxy, then start the program anew."
        sentence = "This computer's network proxy is a SOCKS proxy, which cannot be used here."
        return Problem(sentence, hint, details, Kind.BROKEN_HERE)
    wrong = wrong_with_proxy(proxy)
    if not wrong:
        try:
            ProxyConfiguration().proxy_headers_for(proxy)
        except UnicodeError:
            wrong = _FOREIGN_LOGIN
    if not wrong:
        return None
    sentence = f"The address of this computer's network proxy is not one: it {wrong}."
    return Problem(sentence, _ASK, details, Kind.BROKEN_HERE)
