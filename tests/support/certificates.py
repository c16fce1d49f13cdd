"""A certificate authority of the test's own, and a server that it vouches for."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HOST = "cognito.test"


class Authority:
    """Its certificate, self-signed, is the server's as well: `bundle` as PEM, `der` as the bytes of the other form.
    `hosts` and `address` are those that it is good for beside its own; two of
    them that are believed at once are not `called` the same. It lasts from a day before `now` to a day after."""

    def __init__(
        self,
        folder: Path,
        *hosts: str,
        address: str = "127.0.0.1",
        called: str = HOST,
        now: datetime | None = None,
    ) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, called)])
        good_for = [x509.DNSName(host) for host in (HOST, *hosts)]
        names = x509.SubjectAlternativeName([*good_for, x509.IPAddress(ip_address(address))])
        now = now or datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(names, critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        self.bundle = folder / "bundle.pem"
        self.bundle.write_bytes(certificate.public_bytes(Encoding.PEM))
        self.der = certificate.public_bytes(Encoding.DER)
        self._key = folder / "key.pem"
        self._key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))

    def server_side(self) -> ssl.SSLContext:
        """Of TLS 1.2, whose records tell from outside where the handshake ends and the request begins."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.bundle, self._key)
        return context
