"""The two palettes, as data: nothing here needs a window."""

from dataclasses import dataclass
from enum import StrEnum

from confirmdesk.core.connections.connection import PRACTICE, PRODUCTION, STAGING


class ToneName(StrEnum):
    """The meanings that have a colour of their own; the word beside it always says the same."""

    NEUTRAL = "neutral"
    AMBER = "amber"
    RED = "red"
    GREEN = "green"
    BLUE = "blue"
    PRODUCTION = "production"
    STAGING = "staging"
    PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Tone:
    """A filled shape and the text that stands on it."""

    text: str
    back: str


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour of the window as #rrggbb. `accent` is a fill, `link` the same hue for text and lines."""

    dark: bool
    window: str
    panel: str
    line: str
    field: str
    field_line: str
    hover: str
    selected: str
    pressed: str
    code: str
    text: str
    secondary: str
    disabled: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_ring: str
    link: str
    danger: str
    tip: Tone
    neutral: Tone
    amber: Tone
    red: Tone
    green: Tone
    blue: Tone
    production: Tone
    staging: Tone
    practice: Tone

    def tone(self, name: ToneName) -> Tone:
        tone = getattr(self, name.value)
        assert isinstance(tone, Tone)
        return tone


LIGHT = Colours(
    dark=False,
    window="#f6f7f9",
    panel="#ffffff",
    line="#e3e6ea",
    field="#ffffff",
    field_line="#d3d8df",
    hover="#f1f4f8",
    selected="#e6eefb",
    pressed="#e6e9ee",
    code="#f3f5f7",
    text="#1a1d21",
    secondary="#5f6773",
    disabled="#9aa1ab",
    accent="#1a5fd0",
    accent_hover="#164fb0",
    on_accent="#ffffff",
    accent_ring="#000000",
    link="#1a5fd0",
    danger="#b3282d",
    tip=Tone("#f4f5f7", "#2b3037"),
    neutral=Tone("#4f5763", "#e9ecf0"),
    amber=Tone("#7a4d00", "#fff0cc"),
    red=Tone("#a3262b", "#fde4e5"),
    green=Tone("#1d6b35", "#dcf3e2"),
    blue=Tone("#1a4fae", "#e1eafd"),
    production=Tone("#ffffff", "#d3343a"),
    staging=Tone("#ffffff", "#9a5b00"),
    practice=Tone("#ffffff", "#0f766e"),
)

DARK = Colours(
    dark=True,
    window="#1b1d21",
    panel="#22252a",
    line="#33373e",
    field="#2a2d33",
    field_line="#40454e",
    hover="#2a2e35",
    selected="#26354f",
    pressed="#363b43",
    code="#191b1f",
    text="#e7e9ec",
    secondary="#9aa1ab",
    disabled="#6b727c",
    accent="#2b6be0",
    accent_hover="#2f66c9",
    on_accent="#ffffff",
    accent_ring="#ffffff",
    link="#4c8dff",
    danger="#ff8f92",
    tip=Tone("#e7e9ec", "#3a3f47"),
    neutral=Tone("#c6cbd2", "#3a3e46"),
    amber=Tone("#f4c265", "#3d2f14"),
    red=Tone("#ff9ea0", "#4a2124"),
    green=Tone("#74d494", "#1c3a28"),
    blue=Tone("#93baff", "#1f3358"),
    production=Tone("#ffffff", "#c93a40"),
    staging=Tone("#ffffff", "#9a5b00"),
    practice=Tone("#ffffff", "#0f766e"),
)


_ENVIRONMENTS = {PRODUCTION: ToneName.PRODUCTION, STAGING: ToneName.STAGING, PRACTICE: ToneName.PRACTICE}


def environment_tone(environment: str) -> ToneName:
    """Production red, staging amber, practice teal; a word of somebody's own is grey. The word is always beside it."""
    known = {name.casefold(): tone for name, tone in _ENVIRONMENTS.items()}
    return known.get(environment.strip().casefold(), ToneName.NEUTRAL)
