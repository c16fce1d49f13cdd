"""What stands in the settings' file and means nothing to this version: kept for the later one that wrote it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass
from typing import Any

from confirmdesk.core.text import names_a_secret

# How an entry of a list is read, by the key of the list.
Parsers = Mapping[str, Callable[[object], Any]]

# By what an entry is the same one after a change, the surest first.
_NAME, _PLACE = ("name",), ("endpoint", "region", "pool_id", "client_id")
_SAME = (_NAME + _PLACE, _PLACE, _NAME)


@dataclass(frozen=True, slots=True)
class Unread:
    """The file as it was read, `raw`, and the settings that were read out of it. Secrets that somebody wrote into it
    are left out: they belong in no file."""

    raw: dict[str, object]
    settings: Any

    def beside(self, settings: Any, parsers: Parsers) -> dict[str, object]:
        """What to write for `settings`: what is as it was read stays as it was written, whatever else it meant."""
        written = without_secrets(self.raw)
        for key, value in _fields(settings):
            if key in written and value == getattr(self.settings, key):
                continue
            raw = written.get(key)
            if key in parsers and isinstance(raw, list):
                written[key] = list(_entries(value, raw, parsers[key]))
            else:
                written[key] = _over(raw, _plain(value))
        return written


def _over(raw: object, new: Any) -> Any:
    """`new` with what is unknown of an object that stood there."""
    return {**raw, **new} if isinstance(raw, dict) and isinstance(new, dict) else new


def _entries(new: tuple[Any, ...], raw: Any, parse: Callable[[object], Any]) -> Iterator[object]:
    """The entries of a list, each with what is unknown of it, and at the end those that are unknown as a whole."""
    before = [(_parsed(entry, parse), entry) for entry in raw]
    known = [(entry, raw_entry) for entry, raw_entry in before if entry is not None]
    found: dict[int, dict[str, object]] = {}
    for keys in _SAME:
        for index, entry in enumerate(new):
            same = next((pair for pair in known if _same(pair[0], entry, keys)), None)
            if index not in found and same:
                known.remove(same)
                found[index] = same[1]
    for index, entry in enumerate(new):
        yield {**found.get(index, {}), **_plain(entry)}
    yield from (raw_entry for entry, raw_entry in before if entry is None)


def _same(one: Any, other: Any, keys: tuple[str, ...]) -> bool:
    return all(hasattr(one, key) and getattr(one, key) == getattr(other, key) for key in keys)


def _parsed(entry: object, parse: Callable[[object], Any]) -> Any:
    try:
        return parse(entry)
    except (ValueError, TypeError):
        return None


def _fields(settings: Any) -> Iterator[tuple[str, Any]]:
    return ((field.name, getattr(settings, field.name)) for field in fields(settings))


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value


def without_secrets(raw: dict[str, object]) -> dict[str, object]:
    """`raw` without the fields that look as if they held a secret. Whether one is needed is none: what holds one is a
    text, or has one in it."""
    kept = ((k, v) for k, v in raw.items() if not (names_a_secret(k) and isinstance(v, str | list | dict)))
    return {key: _cleared(value) for key, value in kept}


def _cleared(raw: object) -> object:
    if isinstance(raw, list):
        return [_cleared(entry) for entry in raw]
    return without_secrets(raw) if isinstance(raw, dict) else raw
