"""The masked addresses that Cognito answers with, compared with a person's own."""

import re

# The shapes that the service is known to answer with, masked or in full.
_MAIL_SHAPE = re.compile(r"[\w.+*-]+@[\w.*-]+")
_PHONE_SHAPE = re.compile(r"\+?\**\d+")


def mask_fits(mask: str, address: str) -> bool:
    """Whether the characters that `mask` reveals are those of `address`, whatever their case.

    Masks look like j***@e*** and +*******1234. Stars stand for any number of characters. A shape that is neither is
    taken on trust: the service may change its masks, and that is no reason to doubt everybody.
    """
    if not (_MAIL_SHAPE.fullmatch(mask) or _PHONE_SHAPE.fullmatch(mask)):
        return True
    if ("@" in mask) != ("@" in address):
        return False
    pattern = "".join(".*" if part.startswith("*") else re.escape(part) for part in re.findall(r"\*+|[^*]+", mask))
    return re.fullmatch(pattern, address, re.IGNORECASE | re.DOTALL) is not None
