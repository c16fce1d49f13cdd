"""The environment of a connection as a colour; the word is always beside it."""

from confirmdesk.core.connections.connection import PRACTICE, PRODUCTION, STAGING
from confirmdesk.ui.kit.colours import ToneName

_TONES = {PRODUCTION: ToneName.PRODUCTION, STAGING: ToneName.STAGING, PRACTICE: ToneName.PRACTICE}


def environment_tone(environment: str) -> ToneName:
    """Production red, staging amber, practice teal; a word of somebody's own is grey."""
    known = {name.casefold(): tone for name, tone in _TONES.items()}
    return known.get(environment.strip().casefold(), ToneName.NEUTRAL)
