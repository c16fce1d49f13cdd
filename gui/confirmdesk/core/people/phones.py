"""Phone numbers as people write them, beside the one form in which Cognito keeps them: +447700900212."""

import re
from collections import Counter
from collections.abc import Iterable

from confirmdesk.core.people.users import User

# Fewer digits than these are no part of a number that is worth comparing, and no whole one, with and without country.
PART, WHOLE, NATIONAL = 4, 7, 9
_PIECE = re.compile(r"\+?\(?\+?\d[\d().\-/]*")
_WHOLE = re.compile(r"\+?[\d\s().\-/]+")
# The zero that is dialled inside a country and not from abroad: +44 (0)7700 900212.
_TRUNK_ZERO = re.compile(r"(?<=\d)[\s.\-]*\(0\)[\s.\-]*")
# https://www.itu.int/pub/T-SP-E.164D
_COUNTRY = re.compile(r"\+(?:1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d\d)")
# What is dialled for + in most of the world, and in North America.
_ABROAD = ("00", "011")


def is_piece(token: str) -> bool:
    """Whether `token`, without blanks, may be part of a phone number."""
    return _PIECE.fullmatch(token) is not None


def is_whole(text: str) -> bool:
    """Whether `text` may be a whole phone number."""
    least = WHOLE if "+" in text else NATIONAL
    return _WHOLE.fullmatch(text) is not None and sum(map(str.isdigit, text)) >= least


def without_trunk_zero(text: str) -> str:
    return _TRUNK_ZERO.sub(" ", text)


def forms(text: str) -> tuple[str, ...]:
    """What occurs in the kept form of the number `text`: with + where the country is known, else digits alone.

    A national number loses its zero, so that its tail is compared. Empty where there are too few digits.
    """
    digits = re.sub(r"\D", "", text)
    if len(digits) < PART:
        return ()
    if "+" in text:
        return _international(digits)
    found: list[str] = []
    for prefix in _ABROAD:
        if digits.startswith(prefix) and len(digits) > len(prefix):
            found += _international(digits.removeprefix(prefix))
    if not digits.startswith("00"):
        found.append(digits.removeprefix("0"))
    return tuple(dict.fromkeys(found))


def is_national(text: str) -> bool:
    """Whether `text` may be a whole phone number that does not tell its country."""
    return is_whole(text) and not any(form.startswith("+") for form in forms(text))


def kept_forms(text: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The number `text` as Cognito may keep it; a national one with each of the country `codes`. Empty for any other
    text."""
    found: list[str] = []
    for form in forms(text) if all(map(is_piece, text.split())) else ():
        if form.startswith("+"):
            found.append(form)
        else:
            found += [f"{code}{form}" for code in codes]
            # Or it is whole but for the +.
            found += [] if text.lstrip("(").startswith("0") else [f"+{form}"]
    return tuple(dict.fromkeys(found))


def country_codes(users: Iterable[User], most: int = 3) -> tuple[str, ...]:
    """Where the phones of `users` are, the most frequent first: `+44`."""
    found = Counter(match.group() for user in users if (match := _COUNTRY.match(user.phone)))
    return tuple(code for code, _ in found.most_common(most))


def _international(digits: str) -> tuple[str, ...]:
    """Some write the zero that is dialled inside the country: +44 07700 900212. In Italy it belongs to the number."""
    number = f"+{digits}"
    country = _COUNTRY.match(number)
    if country and number[country.end() :].startswith("0"):
        return number, country.group() + number[country.end() + 1 :]
    return (number,)
