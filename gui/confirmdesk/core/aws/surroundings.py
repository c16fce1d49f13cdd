"""What this computer's settings say about the way to AWS, looked at before anything is sent on it.

botocore finds a certificate file that is gone, or a proxy's address that is none, in the middle of a call only.
"""

import os
import re
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from confirmdesk.core.connections.connection import is_loopback
from confirmdesk.core.errors import Kind, Problem
from confirmdesk.core.text import plain, without_logins

_ASK = "Ask your IT department to correct it, then start the program anew."


def problem_of_surroundings(url: str, ca_bundle: str | None) -> Problem | None:
    """Why nothing at `url` can be called as this computer is set up, or None as far as can be told.

    `ca_bundle` is what AWS_CA_BUNDLE or the profile names.
    """
    if not url.startswith("https:"):
        return None if is_loopback(url) else _problem_of_proxy(url)
    # botocore falls back on the variable of another library.
    named = ca_bundle or os.environ.get("REQUESTS_CA_BUNDLE")
    by = "AWS_CA_BUNDLE or the AWS profile" if ca_bundle else "REQUESTS_CA_BUNDLE"
    trouble = _problem_of_bundle(named, by) if named else None
    return trouble or (None if is_loopback(url) else _problem_of_proxy(url))


# The certificates


def _problem_of_bundle(named: str, by: str) -> Problem | None:
    wrong = _wrong_with_bundle(named)
    if not wrong:
        return None
    sentence = f"The certificate file {plain(named, 200)}, which {by} names, {wrong}."
    return Problem(sentence, f"No encrypted connection can be checked without it. {_ASK}", "", Kind.BROKEN_HERE)


def _wrong_with_bundle(named: str) -> str:
    """As botocore will read it, "" where it can."""
    if named[:1] in "\"'":
        return "stands in quotation marks, which count as a part of its name"
    path = Path(named).expanduser()
    try:
        if path.is_dir():
            return "is a folder"
        if not path.read_bytes().strip():
            return "is empty"
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=path)
    except FileNotFoundError:
        return "is not there"
    except ssl.SSLError:
        return "holds no certificates in text form (PEM, which begins with BEGIN CERTIFICATE)"
    except (OSError, ValueError) as error:
        return f"cannot be read ({getattr(error, 'strerror', None) or 'no file can be called so'})"
    return ""


# The proxy

_BAD_PORT = "has a port that is not a number up to 65535"
_BAD_LOGIN = "has a user name or a password with characters that must be written as % and two digits"
_FOREIGN_LOGIN = "has a user name or a password with other letters than English ones, which cannot be sent to it"


def _problem_of_proxy(url: str) -> Problem | None:
    from botocore.httpsession import ProxyConfiguration
    from botocore.utils import get_environ_proxies

    configuration = ProxyConfiguration(get_environ_proxies(url))
    proxy = configuration.proxy_url_for(url)
    if not proxy:
        return None
    details = f"HTTPS_PROXY, HTTP_PROXY or the system's settings: {plain(without_logins(proxy), 200)}"
    if re.match("(https?://)?socks", proxy.lower()):
        hint = "Ask your IT department for the address of an HTTP proxy, then start the program anew."
        sentence = "This computer's network proxy is a SOCKS proxy, which cannot be used here."
        return Problem(sentence, hint, details, Kind.BROKEN_HERE)
    wrong = _wrong_with_proxy(proxy)
    if not wrong:
        try:
            configuration.proxy_headers_for(proxy)
        except UnicodeError:
            wrong = _FOREIGN_LOGIN
    if not wrong:
        return None
    sentence = f"The address of this computer's network proxy is not one: it {wrong}."
    return Problem(sentence, _ASK, details, Kind.BROKEN_HERE)


def _wrong_with_proxy(proxy: str) -> str:
    """Only what botocore and urllib3 stumble over: they bear an @ or a blank in a password."""
    scheme, _, rest = proxy.partition("://")
    if proxy != proxy.strip() or rest != rest.strip():
        return "has a blank at its beginning or its end"
    if scheme not in ("http", "https") or "://" in rest:
        return "begins with neither http:// nor https://"
    authority = re.split("[/?#]", rest, maxsplit=1)[0]
    login, _, place = authority.rpartition("@")
    # At the first of these the host ends: an @ behind it means that they stand in a password.
    if "@" in rest.removeprefix(authority) or set(login) & set("[]\\"):
        return _BAD_LOGIN
    return _wrong_with_place(place)


def _wrong_with_place(place: str) -> str:
    if any(letter.isspace() for letter in place):
        return "has a blank in it"
    try:
        parts = urlsplit(f"//{place}")
        return "names no host" if not parts.hostname else _BAD_PORT if parts.port == 0 else ""
    except ValueError:
        return _BAD_PORT
