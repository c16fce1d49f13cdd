"""Which addresses are one and the same mailbox or phone, whatever their spelling."""

import unicodedata
from contextlib import suppress
from functools import lru_cache


@lru_cache(maxsize=4096)
def mailbox_of(address: str) -> str:
    """`address` in the one spelling that people are compared by; never sent anywhere.

    Composed and decomposed letters, capitals, blanks at the ends, a domain's closing dot, and a domain in its own
    letters or in ASCII (https://www.rfc-editor.org/rfc/rfc3490) make no other mailbox.
    """
    address = address.strip()
    if not address.isascii():
        address = unicodedata.normalize("NFKC", address).strip()
    local, at_sign, domain = address.casefold().rpartition("@")
    if not at_sign:
        return domain
    domain = domain.rstrip(".")
    if not domain.isascii():
        with suppress(UnicodeError):
            domain = domain.encode("idna").decode()
    return f"{local}@{domain}"
