"""One customer looked for in the whole pool, whatever their status: by all that ListUsers can compare."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from confirmdesk.core.cognito.control import Control
from confirmdesk.core.errors import ConfirmdeskError, Problem, failure
from confirmdesk.core.people import phones
from confirmdesk.core.people.near_misses import near_misses
from confirmdesk.core.people.needles import bare, is_id, parse, people_in
from confirmdesk.core.people.users import User
from confirmdesk.core.quotas import LONGEST_FILTER, PAGE_SIZE
from confirmdesk.core.text import without_invisible

_NAMES = ("name", "given_name", "family_name")
_PART_OF_ID = re.compile(r"[0-9a-f]{4,8}(-[0-9a-f]{0,4}){0,3}(-[0-9a-f]{0,12})?")


@dataclass(frozen=True, slots=True)
class Found:
    """`people` were found in the pool; of those loaded, `near` have an address one slip away from what was looked for,
    and `known` are found by the search box only.

    Of a pasted list of `listed` entries the pool is not asked; `missing` are those who are not loaded. `problem` is why
    the pool could not be asked.
    """

    people: tuple[User, ...] = ()
    near: tuple[User, ...] = ()
    known: tuple[User, ...] = ()
    listed: int = 0
    missing: tuple[str, ...] = ()
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Question:
    """One thing to compare. Where it is a part of a name, those found are looked through for the rest of it.

    `only_beginning` where nobody can have the whole of it.
    """

    attribute: str
    value: str
    rest: str = ""
    only_beginning: bool = False

    def expression(self, operator: str) -> str:
        value = self.value.replace("\\", "\\\\").replace('"', '\\"')
        return f'{self.attribute} {operator} "{value}"'


def whom(text: str) -> str:
    """Who is looked for, as a person says it: the address, number or id in a pasted text, else all of it. "" for a
    list."""
    people = people_in(text)
    return text if not people else people[0] if len(people) == 1 else ""


def look_up(open_control: Callable[[], Control], text: str, here: Sequence[User], loaded: Sequence[User]) -> Found:
    """Who is meant by `text`, in the pool and among those `loaded`, of whom the search box finds `here`.

    Raises ConfirmdeskError where the pool could not be asked and nobody loaded comes near.
    """
    needle = parse(text)
    if needle.entries:
        missing = needle.missing(range(len(here)), [user.key() for user in here], here)
        return Found(known=tuple(here), listed=len(needle.entries), missing=tuple(missing))
    near = tuple(user for user in near_misses(_one(text), loaded) if user not in here)
    known = tuple(here[:PAGE_SIZE])
    try:
        found = find(open_control(), text, phones.country_codes(loaded))
    except ConfirmdeskError as error:
        if not known and not near:
            raise
        return Found(near=near, known=known, problem=error.problem)
    names = {user.username for user in found}
    known = tuple(user for user in known if user.username not in names)
    return Found(tuple(found), tuple(user for user in near if user.username not in names), known)


def find(control: Control, text: str, codes: Sequence[str] = ()) -> list[User]:
    """Up to 60 people of any status whose e-mail, phone number, name, user name or sub is `text`, or else begins with
    it; first as it was typed, then in small letters. `codes` are the countries to try for a national phone number.

    Raises ConfirmdeskError where nobody was found and not everything was asked. ListUsers cannot look inside a value,
    and a filter names one attribute only.
    https://docs.aws.amazon.com/cognito/latest/developerguide/how-to-manage-user-accounts.html
    """
    spellings = _spellings(text, codes)
    unread = False
    for operator in ("=", "^="):
        for questions in spellings:
            found: dict[str, User] = {}
            for question in (q for q in questions if operator == "^=" or not q.only_beginning):
                first = control.search(question.expression(operator))
                found.update((user.username, user) for user in _fitting(first.users, question))
                unread = unread or bool(first.token)
            if found:
                return list(found.values())[:PAGE_SIZE]
    if unread:
        raise failure("AWS found nobody, but did not read the whole pool.", "Try again, with the whole address.")
    if phones.is_national(_one(text)):
        raise _country_missing(codes)
    return []


def _country_missing(codes: Sequence[str]) -> ConfirmdeskError:
    hint = "Type it with its country, as in +44 7700 900212."
    if codes:
        return failure(f"Nobody has this phone number after {' or '.join(codes)}.", hint)
    return failure("A phone number can be looked for with its country only.", hint)


def _fitting(users: Sequence[User], question: _Question) -> Sequence[User]:
    keys = [user.key() for user in users] if question.rest else []
    return [users[i] for i in parse(question.rest).select(range(len(users)), keys, users)] if keys else users


def _one(text: str) -> str:
    people = people_in(text)
    return people[0] if people else bare(text)


def _spellings(text: str, codes: Sequence[str]) -> list[list[_Question]]:
    """What to ask, each spelling at a time; none of it twice."""
    named = _one(text)
    if not named:
        raise failure("There is nothing in it to look for.", "Type an address, a phone number, a name or a user name.")
    asked: set[_Question] = set()
    spellings = []
    for questions in _all_spellings(named, text, codes):
        new = [q for q in dict.fromkeys(questions) if q not in asked and len(q.expression("^=")) <= LONGEST_FILTER]
        asked.update(new)
        spellings += [new] if new else []
    if not spellings:
        raise failure(
            f"This is longer than what AWS can look for: {len(named):,} characters.",
            "Look for the address alone, or for the beginning of the name.",
        )
    return spellings


def _all_spellings(named: str, text: str, codes: Sequence[str]) -> list[list[_Question]]:
    # Some names have invisible characters of their own, such as the joiners of Persian.
    raw = [text.strip()] if without_invisible(text).strip() == named else []
    written = list(dict.fromkeys((named, *raw, named.lower())))
    if "@" in named:
        return [_each(("email", "username"), spelled) for spelled in written]
    numbers = [_Question("phone_number", number) for number in phones.kept_forms(named, codes)]
    if phones.is_whole(named):
        return [[*numbers, _Question("username", named)]]
    if is_id(named):
        return [_each(("sub", "username"), spelled) for spelled in written]
    if " " in named:
        return [_name(named), _name(named.title())]
    spellings = [[*_word(spelled), *_each(_NAMES, spelled)] for spelled in written]
    return [[*numbers, *spellings[0]], *spellings[1:], _each(_NAMES, named.title())]


def _each(attributes: Iterable[str], value: str) -> list[_Question]:
    return [_Question(attribute, value) for attribute in attributes]


def _word(word: str) -> list[_Question]:
    """A user name, or the beginning of an address or of a sub."""
    found = [_Question("username", word), _Question("email", word, only_beginning=True)]
    return [*found, _Question("sub", word, only_beginning=True)] if _PART_OF_ID.fullmatch(word) else found


def _name(full: str) -> list[_Question]:
    """A name of several words, whichever of them comes first."""
    words = full.split()
    turned = " ".join((*words[1:], words[0]))
    surnames = [_Question("family_name", word, full) for word in (words[-1], words[0])]
    return [_Question("name", full), _Question("name", turned), *surnames]
