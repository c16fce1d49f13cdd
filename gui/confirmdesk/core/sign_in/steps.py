"""How far a sign-in has come, for the person who waits for it."""

from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """In this order, but that a browser may not open, and that somebody takes a code instead."""

    ASKING = "asking"
    IN_BROWSER = "in browser"
    NO_BROWSER = "no browser"
    SILENT = "silent"
    BY_CODE = "by code"
    FINISHING = "finishing"
    SIGNED_IN = "signed in"


@dataclass(frozen=True, slots=True)
class Step:
    """`address` is what the browser shows, or should; `code` what the person sees there, or types. Both may be ""."""

    stage: Stage
    sentence: str
    address: str = ""
    code: str = ""
