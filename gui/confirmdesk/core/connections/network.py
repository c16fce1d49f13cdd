"""The way out of this computer, the same for every connection: which proxy, and whose certificates count besides.

The settings keep it, and IT may preset it. It never holds a user name or a password.
"""

import re
import ssl
import stat
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from confirmdesk.core.errors import Problem
from confirmdesk.core.text import plain, without_invisible


class ProxyChoice(StrEnum):
    # What the environment says, and then the system.
    SYSTEM = "system"
    NONE = "none"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Network:
    """`proxy_address` counts where it is chosen; `ca_bundle` is a file of certificates (PEM), "" for none."""

    proxy: ProxyChoice = ProxyChoice.SYSTEM
    proxy_address: str = ""
    ca_bundle: str = ""


@dataclass(frozen=True, slots=True)
class NetworkPreset:
    """What IT has set of it, and the files that say so; "" where it is left to the person."""

    network: Network = Network()
    proxy_file: str = ""
    ca_bundle_file: str = ""

    def over(self, own: Network) -> Network:
        """What counts where the person has set `own`."""
        if self.proxy_file:
            own = replace(own, proxy=self.network.proxy, proxy_address=self.network.proxy_address)
        return replace(own, ca_bundle=self.network.ca_bundle) if self.ca_bundle_file else own


# The keys of a preset file that sets the way out of everybody's computer and no connection.
NETWORK_KEYS = ("proxy", "ca_bundle")


def tidy_network(network: Network) -> Network:
    """Without blanks and quotation marks around; an address gets the http:// that people leave out."""
    address = without_invisible(network.proxy_address).strip(" \t\r\n\"'<>").rstrip("/")
    if address and "://" not in address:
        address = f"http://{address.removeprefix('//')}"
    return replace(network, proxy_address=address, ca_bundle=network.ca_bundle.strip(" \t\r\n\"'"))


def refused_network(network: Network) -> dict[str, Problem]:
    """What keeps `network` from being used, by the name of the field. Looks at files: never call it in the GUI
    thread."""
    wrong = {}
    if network.proxy is ProxyChoice.ADDRESS and (problem := proxy_address_problem(network.proxy_address)):
        wrong["proxy_address"] = problem
    if network.ca_bundle and (what := wrong_with_bundle(network.ca_bundle)):
        sentence = f"The certificate file {plain(network.ca_bundle, 200)} {what}."
        hint = "Choose the file that your IT department gave you, or leave it empty: the system's certificates count."
        wrong["ca_bundle"] = Problem(sentence, hint)
    return wrong


def proxy_address_problem(address: str) -> Problem | None:
    """Why `address` cannot be kept as the proxy's, or None."""
    form = "It looks like http://proxy.example.com:8080; your IT department knows it."
    if not address:
        return Problem("The proxy has no address.", form)
    if "@" in address:
        return Problem(
            "A proxy's user name and password are not kept here.",
            "Others could read them in a file. Leave them out and ask your IT department to let this computer through "
            "without, or to set HTTPS_PROXY for your account: what it holds is used, and never written down.",
        )
    if is_socks(address):
        return Problem("A SOCKS proxy cannot be used here.", "Ask your IT department for the address of an HTTP proxy.")
    wrong = wrong_with_proxy(address)
    return Problem(f"This is not the address of a proxy: it {wrong}.", form) if wrong else None


def network_from(raw: object) -> Network:
    """What the settings file says. Raises ValueError."""
    if not isinstance(raw, dict):
        raise ValueError("not an object")
    texts = {name: raw.get(name, "") for name in ("proxy_address", "ca_bundle")}
    if not all(isinstance(text, str) for text in texts.values()):
        raise ValueError("not a text")
    network = tidy_network(Network(ProxyChoice(raw.get("proxy", ProxyChoice.SYSTEM)), **texts))
    if network.proxy_address and (problem := proxy_address_problem(network.proxy_address)):
        raise ValueError(problem.sentence)
    return network


def network_preset_from(raw: dict[str, object], file: str) -> NetworkPreset:
    """What IT spells in `file`: "proxy" as system, none or an address, "ca_bundle" as the path of a file, or one of the
    two. Raises ValueError, whose sentence names the field and never its value."""
    texts = {key: raw[key] for key in NETWORK_KEYS if key in raw}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise ValueError(f"“{key}” is not a text in quotes.")
    proxy, bundle = (str(texts.get(key, "")).strip() for key in NETWORK_KEYS)
    if "ca_bundle" in texts and not bundle:
        raise ValueError("“ca_bundle” is empty.")
    if proxy.lower() in (ProxyChoice.SYSTEM, ProxyChoice.NONE):
        network = Network(ProxyChoice(proxy.lower()), ca_bundle=bundle)
    else:
        network = tidy_network(Network(ProxyChoice.ADDRESS, proxy, bundle))
        if "proxy" in texts and (problem := proxy_address_problem(network.proxy_address)):
            raise ValueError(f"“proxy” is neither system nor none nor an address. {problem.text()}")
    return NetworkPreset(network, file if "proxy" in texts else "", file if bundle else "")


# A certificate file

# All authorities that browsers know are some 250 KB.
BUNDLE_BYTES = 20_000_000


def wrong_with_bundle(named: str) -> str:
    """What keeps the file from being read as certificates, to be said of it; "" where nothing does."""
    if named[:1] in "\"'":
        return "stands in quotation marks, which count as a part of its name"
    path = Path(named).expanduser()
    try:
        kind = path.stat()
        if stat.S_ISDIR(kind.st_mode):
            return "is a folder"
        if not stat.S_ISREG(kind.st_mode) or kind.st_size > BUNDLE_BYTES:
            # A pipe would be waited for without an end, and so would be the last byte of a device.
            return "is no file of certificates"
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


# A proxy's address

_BAD_PORT = "has a port that is not a number up to 65535"
_BAD_LOGIN = "has a user name or a password with characters that must be written as % and two digits"


def is_socks(proxy: str) -> bool:
    """Whether it is one of a kind that botocore cannot use."""
    return re.match("(https?://)?socks", proxy.lower()) is not None


def wrong_with_proxy(proxy: str) -> str:
    """What botocore and urllib3 stumble over, to be said of the address; they bear an @ or a blank in a password."""
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
