"""Domains of addresses: the well-known ones, and those that are probably one of them mistyped."""

from functools import lru_cache

# The providers most sign-ups come from; a domain one slip away from one of these is probably a typo.
_COMMON_DOMAINS = (
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "outlook.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "aol.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "t-online.de",
    "freenet.de",
    "proton.me",
    "protonmail.com",
    "hotmail.co.uk",
    "yahoo.co.uk",
    "btinternet.com",
    "orange.fr",
    "wanadoo.fr",
    "free.fr",
    "laposte.net",
    "libero.it",
    "mail.ru",
    "yandex.ru",
    "qq.com",
    "163.com",
    "comcast.net",
    "verizon.net",
    "example.com",
    "example.org",
    "example.net",
)

# Providers that are one slip away from another one.
_REAL = frozenset(
    {
        "mail.com",
        "email.com",
        "ymail.com",
        "amail.com",
        "cmail.com",
        "qmail.com",
        "tmail.com",
        "gotmail.com",
        "cloud.com",
    }
)
# A name as short as that has somebody's name in every direction: ao.com beside aol.com, gmail.ru beside mail.ru.
_SHORT = 4


@lru_cache(maxsize=4096)
def likely_domain(domain: str) -> str:
    """The well-known domain that `domain` is one slip away from (a letter added, lost, changed or swapped), or "".

    What may be somebody's own domain is none: a real provider, a neighbour of a short name, the same name in another
    country.
    """
    domain = domain.casefold()
    if not 5 <= len(domain) <= 24 or domain in _COMMON_DOMAINS or domain in _REAL:
        return ""
    near = (known for known in _COMMON_DOMAINS if one_slip(domain, known))
    return next((known for known in near if not _may_be_somebodys(domain, known)), "")


def one_slip(typed: str, meant: str) -> bool:
    """Whether one letter was added, lost or changed, or two neighbours were swapped; or nothing at all."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    a, b = typed[start:], meant[start:]
    swapped = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped


def _may_be_somebodys(domain: str, known: str) -> bool:
    name, _, end = domain.rpartition(".")
    known_name, _, known_end = known.rpartition(".")
    if name != known_name:
        return len(known_name.partition(".")[0]) <= _SHORT
    # Every two letters are a country, or nearly; .co and .cm are known slips for .com where the name is a long one.
    return len(end) == 2 and (len(known_end) == 2 or len(known_name) <= _SHORT)
