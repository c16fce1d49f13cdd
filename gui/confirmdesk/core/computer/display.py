"""Whether a display on another computer is within reach. Qt would wait for minutes for one that is not."""

import re
from collections.abc import Mapping

from confirmdesk.core.patience import bounded

# Seconds; what --self-check has left beside keyring and disk.
PATIENCE = 1.5
# What has a say before DISPLAY, or needs none.
OTHERS = ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY")
FIRST_PORT = 6000  # https://www.x.org/releases/current/doc/xproto/x11protocol.html, connection setup over TCP


def unreachable(environment: Mapping[str, str]) -> bool:
    """Whether DISPLAY leads to a computer that does not answer. One that refuses does, and Qt hears it at once."""
    named = re.fullmatch(r"(?!unix:|/)\[?([^]]+?)\]?:(\d+)(\.\d+)?", environment.get("DISPLAY", ""))
    if not named or any(map(environment.get, OTHERS)):
        return False
    host, port = named[1], FIRST_PORT + int(named[2])
    return bounded(lambda: _swallowed(host, port), PATIENCE, otherwise=True)


def _swallowed(host: str, port: int) -> bool:
    # Not at the top: next to nobody has a display elsewhere.
    import socket

    try:
        with socket.create_connection((host, port), timeout=PATIENCE):
            return False
    except TimeoutError:
        return True
    except (OSError, OverflowError):
        return False
