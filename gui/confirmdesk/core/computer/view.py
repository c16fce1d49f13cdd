"""How somebody has arranged the window: remembered between two starts, and believed only as far as it makes sense."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

# In per cent.
ZOOMS = (80, 90, 100, 110, 125, 150, 175, 200)
AS_MADE = 100
# More of anything was not written by this program.
_MOST_NAMES, _MOST_PARTS, _WIDEST = 40, 100, 4000

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ColumnView:
    """A column of the list of users by its name. `width` in pixels at a zoom of 100 %, 0 for as it comes."""

    name: str
    width: int = 0
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Split:
    """Where the handles of a splitter stand: the sizes of its parts, which count in proportion to each other."""

    name: str
    sizes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class View:
    """`sort` is a column's name, "" for the order of a first start; `columns` stand from left to right. `folded` is the
    side panel in a wide window, `folded_narrow` in a narrow one, `side` its width in pixels at a zoom of 100 %, 0 for
    as it comes."""

    sort: str = ""
    descending: bool = True
    columns: tuple[ColumnView, ...] = ()
    splits: tuple[Split, ...] = ()
    folded: bool = False
    folded_narrow: bool = True
    side: int = 0
    zoom: int = AS_MADE


FIRST_VIEW = View()


def view_from(raw: object) -> View:
    """What settings hold. What is broken, or foreign, is as at a first start; nothing is worth a complaint."""
    if not isinstance(raw, dict):
        return FIRST_VIEW
    first, zoom = FIRST_VIEW, raw.get("zoom")
    return View(
        _name(raw.get("sort")),
        _switch(raw.get("descending"), first.descending),
        _each(raw.get("columns"), _column),
        _each(raw.get("splits"), _split),
        _switch(raw.get("folded"), first.folded),
        _switch(raw.get("folded_narrow"), first.folded_narrow),
        _pixels(raw.get("side")),
        zoom if type(zoom) is int and zoom in ZOOMS else first.zoom,
    )


def _each(raw: object, parse: Callable[[object], T | None]) -> tuple[T, ...]:
    found = map(parse, raw[:_MOST_PARTS]) if isinstance(raw, list) else ()
    return tuple(part for part in found if part is not None)


def _column(raw: object) -> ColumnView | None:
    if not isinstance(raw, dict) or not _name(raw.get("name")):
        return None
    return ColumnView(_name(raw["name"]), _pixels(raw.get("width")), _switch(raw.get("hidden"), False))


def _split(raw: object) -> Split | None:
    if not isinstance(raw, dict) or not _name(raw.get("name")) or not isinstance(raw.get("sizes"), list):
        return None
    sizes = tuple(_pixels(size) for size in raw["sizes"][:_MOST_PARTS])
    return Split(_name(raw["name"]), sizes) if all(sizes) else None


def _pixels(raw: object) -> int:
    return raw if type(raw) is int and 0 < raw <= _WIDEST else 0


def _switch(raw: object, otherwise: bool) -> bool:
    return raw if isinstance(raw, bool) else otherwise


def _name(raw: object) -> str:
    return raw if isinstance(raw, str) and len(raw) <= _MOST_NAMES else ""
