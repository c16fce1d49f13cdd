"""People whose address is not the one that is looked for, but very nearly."""

from collections.abc import Iterable

from confirmdesk.core.people.domains import one_slip
from confirmdesk.core.people.users import User

MOST = 5


def near_misses(address: str, users: Iterable[User]) -> list[User]:
    """Those of `users` whose address is one slip away from `address`, in the domain or before it; at most MOST, those
    with a slip in the domain first. Another digit is another person: jane1@ is not jane2@ mistyped."""
    local, _, domain = address.casefold().rpartition("@")
    by_domain: list[User] = []
    by_name: list[User] = []
    for user in users if local else ():
        its_local, _, its_domain = user.email.casefold().rpartition("@")
        if its_local == local and its_domain != domain and one_slip(its_domain, domain):
            by_domain.append(user)
        elif its_domain == domain and its_local != local and _mistyped(its_local, local):
            by_name.append(user)
    return (by_domain + by_name)[:MOST]


def _mistyped(typed: str, meant: str) -> bool:
    return one_slip(typed, meant) and _digits(typed) == _digits(meant)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
