"""A client secret in memory: the one way to see it is to ask for it by name."""

import base64
import re
from typing import Self

from confirmdesk.core.connections.connection import is_aws
from confirmdesk.core.errors import Problem
from confirmdesk.core.text import hidden_in, ordinal

# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolClientType.html
SHORTEST, LONGEST = 24, 64
_NOT_COGNITOS = re.compile(r"[^\w+]", re.ASCII)

# hashlib and hmac bring OpenSSL along: they are imported when there is something to hash, not before the first paint.


class Secret:
    """Holds a client secret so that no log line, traceback, dialog or pickle shows it by accident."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The secret itself, for the keyring and for nobody else; a request takes `secret_hash`."""
        return self._text

    def secret_hash(self, username: str, client_id: str) -> str:
        """SecretHash of a request: base64 of HMAC-SHA256 over user name and client id, without a separator.

        `username` is `Users[].Username` byte for byte, as it stands in the same request.
        https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
        """
        import hashlib
        import hmac

        digest = hmac.new(self._text.encode(), f"{username}{client_id}".encode(), hashlib.sha256).digest()
        return base64.b64encode(digest).decode("ascii")

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest

        # Strings with other than ASCII characters are refused by compare_digest: bytes never are.
        return compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __repr__(self) -> str:
        return "Secret(…)"

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: object) -> Self:
        return self

    def __reduce_ex__(self, protocol: object) -> str:
        raise TypeError("A Secret is not written anywhere.")


def secret_problem(typed: str, endpoint: str) -> Problem | None:
    """Why `typed`, without the blanks around it, cannot be the client secret of an app client at `endpoint`, or None.

    Of Cognito's own secrets the form is known; those of other services may have any, but no character that nobody sees.
    No character of it is told that could be part of a secret.
    """
    if hidden := hidden_in(typed):
        return Problem(f"The client secret has a character that nobody sees: {hidden}.", "Paste it again without it.")
    if not is_aws(endpoint):
        return None
    rule = f"Those have {SHORTEST} to {LONGEST} letters and digits"
    if strange := _NOT_COGNITOS.search(typed):
        place = ordinal(strange.start() + 1)
        return Problem("This is not a client secret of Cognito.", f"{rule}; the {place} character is something else.")
    if not SHORTEST <= len(typed) <= LONGEST:
        return Problem("This is not a client secret of Cognito.", f"{rule}; this has {len(typed)}.")
    return None
