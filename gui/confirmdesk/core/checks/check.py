"""One answer of the checks before sending."""

from dataclasses import dataclass
from enum import Enum


class Light(Enum):
    """How grave a check's answer is, gravest first. The value is the word that a person reads."""

    BAD = "Problem"
    WARN = "Warning"
    UNKNOWN = "Not checked"
    GOOD = "Good"


@dataclass(frozen=True, slots=True)
class Check:
    """One answer in one sentence, and the setting (or the right) that an AWS administrator would change."""

    light: Light
    sentence: str
    setting: str
