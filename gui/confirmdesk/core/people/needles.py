"""What people type and paste to find somebody, as words to look for.

It comes out of mails, tickets, tables and web pages, with what clung to it: `mailto:`, a name before `<address>`,
brackets, a closing semicolon, characters that nobody sees. None of that is a reason not to find the customer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from confirmdesk.core.people import phones
from confirmdesk.core.people.users import User
from confirmdesk.core.text import FIELDS_PART, search_key, without_invisible

_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]{2,}")
_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# `mailto:jane%40example.com?subject=Hello` and its kind, up to where the address ends.
_SCHEME = re.compile(r"(?i)\b(?:mailto|tel|callto|sms|sip):/*([^\s<>\"|,;\])]*)")
# `Phone number: ` before what is meant.
_LABEL = re.compile(r"(?:(?<=[\n;,|\t])|^)\s*[^\W\d_][^:@\d\n]{0,40}:\s+(?=\S)")
_LINES = re.compile(r"[\r\n\u2028\u2029]+")
_ENTRIES = re.compile(r"[;,|\t<>]+")
_BEFORE, _AFTER = "([{'\"`*", ")]}'\"`*.,:;!?"


@dataclass(frozen=True, slots=True)
class Word:
    """Found where each of `texts` occurs in somebody's key, or one of `numbers` in the phone number."""

    texts: tuple[str, ...]
    numbers: tuple[str, ...] = ()

    def implies(self, other: "Word") -> bool:
        """Whether whoever is found by this one is found by `other`."""
        by_texts = all(any(part in text for text in self.texts) for part in other.texts)
        return by_texts and all(_implied(number, other) for number in self.numbers)

    def select(self, rows: Sequence[int], keys: Sequence[str], users: Sequence[User]) -> Sequence[int]:
        """Those of `rows` who are found, in their order; arguments as in `UserFilter.select`."""
        found = rows
        for text in self.texts:
            found = [i for i in found if text in keys[i]]
        if not found and len(self.texts) == 1 and _ID.fullmatch(self.texts[0]):
            return [i for i in rows if users[i].sub.casefold() == self.texts[0]]
        called = ([i for i in rows if number in keys[i] and number in users[i].phone] for number in self.numbers)
        ways = [way for way in (found, *called) if way]
        if len(ways) < 2:
            return ways[0] if ways else []
        wanted = set().union(*ways)
        return [i for i in rows if i in wanted]


@dataclass(frozen=True, slots=True)
class Entry:
    """One of a pasted list: `text` as it was written, and whom it means."""

    text: str
    word: Word


@dataclass(frozen=True, slots=True)
class Needle:
    """Who is looked for: by all of `words` and by none of `unwanted`; or, where a list was pasted, by one of `entries`,
    which is somebody's whole address, number or name.
    """

    words: tuple[Word, ...] = ()
    unwanted: tuple[Word, ...] = ()
    entries: tuple[Entry, ...] = ()

    def narrows(self, other: "Needle") -> bool:
        """Whether whoever is found by this one is found by `other`."""
        return (
            (not other.entries or self.entries == other.entries)
            and all(any(new.implies(old) for new in self.words) for old in other.words)
            and all(any(old.implies(new) for new in self.unwanted) for old in other.unwanted)
        )

    def select(self, rows: Sequence[int], keys: Sequence[str], users: Sequence[User]) -> Sequence[int]:
        """Those of `rows` who are found, in their order; arguments as in `UserFilter.select`."""
        found = self._listed(rows, keys, users) if self.entries else rows
        for word in self.words:
            found = word.select(found, keys, users)
        for word in self.unwanted:
            gone = set(word.select(found, keys, users))
            found = [i for i in found if i not in gone]
        return found

    def missing(self, rows: Sequence[int], keys: Sequence[str], users: Sequence[User]) -> list[str]:
        """The entries that mean none of `rows`."""
        here = {field for i in rows for field in keys[i].split(FIELDS_PART)}
        absent = [entry for entry in self.entries if here.isdisjoint(entry.word.texts)]
        return [entry.text for entry in absent if not _by_number(entry.word, rows, keys, users)]

    def _listed(self, rows: Sequence[int], keys: Sequence[str], users: Sequence[User]) -> Sequence[int]:
        # One look at each person however long the list is: 40 times `in` would take ten times as long.
        texts = {text for entry in self.entries for text in entry.word.texts}
        numbers = {number for entry in self.entries for number in entry.word.numbers}
        tails = {number[-phones.WHOLE :] for number in numbers}
        ids = {text for text in texts if is_id(text)}
        found = {i for i in rows if not texts.isdisjoint(keys[i].split(FIELDS_PART))}
        if tails:
            called = (i for i in rows if users[i].phone[-phones.WHOLE :] in tails)
            found.update(i for i in called if any(number in users[i].phone for number in numbers))
        if ids:
            found.update(i for i in rows if users[i].sub.casefold() in ids)
        return [i for i in rows if i in found]


EVERYBODY = Needle()


@dataclass(frozen=True, slots=True)
class _Part:
    """A word, or the pieces of one phone number with what stands between them. `wanted` is false after a dash."""

    text: str
    wanted: bool = True
    number: bool = False

    @property
    def names_somebody(self) -> bool:
        """An address, an id or a whole phone number: the words beside it are at best a name that nobody entered."""
        return phones.is_whole(self.text) if self.number else bool(is_address(self.text) or is_id(self.text))

    def word(self) -> Word:
        if not self.number:
            return Word((search_key(self.text),))
        texts = tuple(dict.fromkeys(search_key(_stripped(piece)) for piece in self.text.split()))
        return Word(texts, tuple(form for form in phones.forms(self.text) if texts != (form,)))

    def whole_word(self) -> Word:
        """For a list: what somebody has as a whole in a field, not in pieces."""
        return Word((search_key(self.text),), phones.forms(self.text) if self.number else ())


def parse(text: str) -> Needle:
    """What was typed or pasted, as whom to look for: compared with `User.key`, contains, in any column."""
    people = _people(text)
    if len(people) > 1:
        return Needle(entries=tuple(Entry(person.text, person.whole_word()) for person in people))
    parts = list(_parts(_opened(text)))
    wanted = people or [part for part in parts if part.wanted]
    # In several lines a dash is a signature or an enumeration.
    unwanted = () if _LINES.search(text.strip()) else (part.word() for part in parts if not part.wanted)
    return Needle(tuple(dict.fromkeys(part.word() for part in wanted)), tuple(dict.fromkeys(unwanted)))


def people_in(text: str) -> tuple[str, ...]:
    """The addresses, phone numbers and ids in a pasted text, and the lines of one with several, each as it was written
    and without what clung to it. Empty where there are none, as in a name."""
    return tuple(person.text for person in _people(text))


def bare(text: str) -> str:
    """What was typed as one line, as it was written, without what clung to it."""
    return " ".join(part.text for part in _parts(_opened(text)) if part.wanted)


def is_address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None


def is_id(text: str) -> bool:
    """Whether it looks like a sub, which is what Cognito calls people by itself."""
    return _ID.fullmatch(text) is not None


def _implied(number: str, other: Word) -> bool:
    return any(part in number for part in other.numbers) or all(part in number for part in other.texts)


def _by_number(word: Word, rows: Sequence[int], keys: Sequence[str], users: Sequence[User]) -> Sequence[int]:
    """Whom an entry of a list means that is not written as in a field: a number, or an id that is no user name."""
    if word.numbers or _ID.fullmatch(word.texts[0]):
        return word.select(rows, keys, users)
    return ()


def _opened(text: str) -> str:
    """Without invisible characters and labels; a link becomes the address in it."""
    text = without_invisible(text)
    text = _SCHEME.sub(lambda match: f"<{unquote(match[1]).partition('?')[0]}>", text)
    return _LABEL.sub(" ", phones.without_trunk_zero(text))


def _people(text: str) -> list[_Part]:
    lines = [line for line in _LINES.split(_opened(text)) if line.strip()]
    named = [[part for part in _parts(line) if part.wanted and part.names_somebody] for line in lines]
    # A line without an address may be somebody's name or user name; not over lines with one, where it is a heading,
    # and not where most have none, as in a mail.
    with_names = sum(map(bool, named))
    heading = len(lines) > 1 and not named[0] and bool(named[1])
    others = len(lines) > 1 and (not with_names or 2 * with_names >= len(lines))
    found: dict[str, _Part] = {}
    for line, parts in list(zip(lines, named, strict=True))[heading:]:
        for part in parts or ([_Part(bare(line))] if others else []):
            if part.text:
                found.setdefault(search_key(part.text), part)
    return list(found.values())


def _parts(text: str) -> Iterator[_Part]:
    for line in _LINES.split(text):
        for entry in _ENTRIES.split(line):
            yield from _parts_of_entry(entry.split())


def _parts_of_entry(tokens: Sequence[str]) -> Iterator[_Part]:
    number: list[str] = []
    for token in tokens:
        piece = token.lstrip("-")
        # A dash is no part of a number that begins with it, but may stand between its pieces.
        if phones.is_piece(piece) and (number or piece == token):
            if number and piece.startswith("+"):
                yield _Part(" ".join(number), number=True)
                number.clear()
            number.append(piece)
        elif piece:
            if number:
                yield _Part(" ".join(number), number=True)
                number.clear()
            if phones.is_piece(piece):
                yield _Part(piece, False, number=True)
            elif text := _stripped(piece):
                yield _Part(text, piece == token)
    if number:
        yield _Part(" ".join(number), number=True)


def _stripped(token: str) -> str:
    return token.lstrip(_BEFORE).rstrip(_AFTER)
