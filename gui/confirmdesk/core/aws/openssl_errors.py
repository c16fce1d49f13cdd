"""What OpenSSL remembers of a failure, thread by thread, and takes for the fault of whichever connection comes next."""

import ssl

_CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def forget_errors() -> None:
    """Before this thread uses an encrypted connection: Python 3.13 with OpenSSL 3.5 leaves a broken pipe behind, and
    the next connection, a sound one, would break at its first read. Its person would be unknown, though served.

    https://github.com/python/cpython/issues/148594
    """
    try:
        # The ssl module has no word for it; refusing these does it by the way.
        _CONTEXT.set_ciphers("none")
    except ssl.SSLError:
        return
