"""Texts without secrets and without people's addresses, as they may stay on disk."""

import base64
import re
from urllib.parse import quote

from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.text import without_logins

# Characters; what is longer is cut.
LINE = 4096

_HIDDEN = "‹hidden›"
_KEYS = (
    r"secret_?hash|client_?secret|authorization|secret_?access_?key|"
    r"signature|token|device_?code|pass(?:word|phrase)|pwd"
)
_QUOTED = r"""b?"(?:[^"\\]|\\.)*"|b?'(?:[^'\\]|\\.)*'"""
# In JSON, a dict or a header, quoted or not; also with the quotes escaped once more, as JSON inside JSON has them.
_NAMED = re.compile(rf"""(?i)((?:{_KEYS})\\?["']?\s*[:=]\s*)(?:{_QUOTED}|\\".*?\\"|[^\n,;}}&]+)""")
_CODE = re.compile(r"""(?i)(code\\?["']?\s*[:=]\s*(?:b?\\?["'])?)\d{4,8}(?!\d)""")
_HEADER = re.compile(r"""(?i)\b(?:AWS4-HMAC-SHA256|bearer)\s[^\n"']+""")
# Base64 of 32 bytes, wherever it stands: what a SecretHash looks like.
_HASH = re.compile(r"(?i)(?<![a-z0-9+/])(?:[a-z0-9+/]|%2B|%2F){43}(?:=|%3D)")
_KEY_ID = re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}")
# Lengths are bounded: strangers may write anything, and a search must not become quadratic.
_EMAIL = re.compile(r"[\w.!#$%&*+?^`{|}~-][\w.!#$%&'*+?^`{|}~-]{0,63}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}")
_PHONE = re.compile(r"(?i)(?:\+|%2B)\d(?:[ ().-]{0,2}\d){6,14}")


class Redactor:
    """Takes out of a text what must not stay on disk: registered secrets, what looks like one, and addresses."""

    def __init__(self) -> None:
        self._forms: frozenset[str] = frozenset()

    def hide(self, secret: Secret) -> None:
        """From now on `secret` is hidden too, also in base64 and URL form. Safe to call from any thread."""
        plain = secret.reveal()
        # Hiding each "a" because somebody typed it as a secret would only make the log useless.
        if len(plain) < 4:
            return
        encoded = (base64.b64encode(plain.encode()), base64.urlsafe_b64encode(plain.encode()))
        self._forms |= {plain, quote(plain, safe=""), *(form.decode().rstrip("=") for form in encoded)}

    def clean(self, message: str) -> str:
        """`message` without secrets, e-mail addresses and phone numbers; a line ends after LINE characters."""
        # The longest first: a secret may be part of another form.
        for form in sorted(self._forms, key=len, reverse=True):
            message = message.replace(form, _HIDDEN)
        return "\n".join(_clean_line(line) for line in message.splitlines())


def _clean_line(line: str) -> str:
    if len(line) > LINE:
        line = line[:LINE] + "…"
    line = without_logins(line)
    for pattern in (_HEADER, _HASH, _KEY_ID):
        line = pattern.sub(_HIDDEN, line)
    line = _NAMED.sub(rf"\1{_HIDDEN}", line)
    line = _CODE.sub(rf"\1{_HIDDEN}", line)
    if "@" in line or "%40" in line:
        line = _EMAIL.sub("‹e-mail›", line)
    return _PHONE.sub("‹phone›", line)
