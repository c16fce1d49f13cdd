"""Whose certificates are believed: the operating system's beside botocore's, and those of each bundle that is named."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from truststore import SSLContext
else:
    SSLContext = object

# Between the names of several bundles: no file can have it in its name.
BETWEEN = "\0"


class BelievingContext(SSLContext):
    """Mixed into truststore's. Wrong hosts and unknown authorities are refused as ever."""

    def __init__(self, protocol: Any = None) -> None:
        super().__init__(protocol)
        self._read: set[str] = set()

    def load_verify_locations(self, cafile: Any = None, capath: Any = None, cadata: Any = None) -> None:
        """Before each handshake urllib3 names the bundles anew; each is read once."""
        from botocore.httpsession import get_cert_path

        # By itself botocore leaves out its own where another one is named.
        for bundle in (get_cert_path(True), *str(cafile or "").split(BETWEEN)):
            if bundle and bundle not in self._read:
                super().load_verify_locations(os.path.expanduser(bundle))
                self._read.add(bundle)
        if capath or cadata:
            super().load_verify_locations(capath=capath, cadata=cadata)


def believe_the_system() -> None:
    """Before the first client is made: each session of botocore's takes its context from this name."""
    import truststore
    from botocore import httpsession

    botocores: Any = httpsession
    if not issubclass(botocores.SSLContext, BelievingContext):
        botocores.SSLContext = type("SystemContext", (BelievingContext, truststore.SSLContext), {})


def forget_what_is_no_file() -> None:
    """Before botocore is imported: what it brings, and OpenSSL, would read a pipe in place of the system's certificates
    to an end that never comes, and all of the program stands still meanwhile."""
    named = os.environ.get("SSL_CERT_FILE", "")
    if os.path.exists(named) and not os.path.isfile(named):
        del os.environ["SSL_CERT_FILE"]
