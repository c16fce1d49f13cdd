"""How the service ends a call that it does not do."""

from typing import NoReturn

from moto.core.exceptions import JsonRESTError


def refuse(code: str, text: str) -> NoReturn:
    """End the call as the service does: HTTP 400 with `code` and `text`."""
    raise JsonRESTError(code, text)
