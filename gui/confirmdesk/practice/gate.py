"""Who may talk to the practice server: this program, by a token of this start.

Pages in a browser reach every port of this computer, and so do programs of other accounts. They cannot know the token,
and a page gives itself away besides: by its Origin, by a kind of body that no form may send unasked, or by the name of
a host that it had rebound to this computer.
"""

import re
import secrets
from email.message import Message
from http import HTTPStatus

HEADER = "X-Confirmdesk-Token"
JSON_KINDS = ("application/json", "application/x-amz-json-1.1")
# Bytes. The largest ClientMetadata is 131,072 letters, of which JSON makes twelve bytes each at most.
LONGEST_BODY = 4_000_000
_NUMBER = re.compile("[0-9]{1,9}")


class Gate:
    """The token of one start, and whoever comes without it is refused. `host` is the only one that is answered."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._token = secrets.token_urlsafe(32)

    @property
    def headers(self) -> dict[str, str]:
        """What every request has to bring; for the one who started the server."""
        return {HEADER: self._token}

    def refusal(self, method: str, headers: Message) -> HTTPStatus | None:
        """Why a request is not answered; None for one that is."""
        if headers.get_all("Host") != [self._host]:
            return HTTPStatus.MISDIRECTED_REQUEST
        if "Origin" in headers or not self._knows_token(headers):
            return HTTPStatus.FORBIDDEN
        if method not in ("GET", "POST"):
            return HTTPStatus.METHOD_NOT_ALLOWED
        if method == "POST" and headers.get_content_type() not in JSON_KINDS:
            return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
        return length_problem(method, headers)

    def _knows_token(self, headers: Message) -> bool:
        given = headers.get(HEADER, "")
        return secrets.compare_digest(given.encode(errors="replace"), self._token.encode())


def length_problem(method: str, headers: Message) -> HTTPStatus | None:
    """What is wrong with the length that `headers` give the body; None where it can be read."""
    lengths = headers.get_all("Content-Length", [])
    if "Transfer-Encoding" in headers or (method == "POST" and not lengths):
        return HTTPStatus.LENGTH_REQUIRED
    if len(lengths) > 1 or not all(map(_NUMBER.fullmatch, lengths)):
        return HTTPStatus.BAD_REQUEST
    return HTTPStatus.REQUEST_ENTITY_TOO_LARGE if any(int(n) > LONGEST_BODY for n in lengths) else None
