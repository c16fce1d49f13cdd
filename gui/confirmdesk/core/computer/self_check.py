"""What `--self-check` prints: whether this installation can work, as JSON, without a window and without a question."""

import json
import os
import platform
import re
import ssl
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from confirmdesk.core import product
from confirmdesk.core.computer.files import NotPlainFileError, refuse_unless_plain
from confirmdesk.core.computer.lasting import Lasting, lasting, lasting_problem
from confirmdesk.core.computer.lock import LOCK
from confirmdesk.core.computer.paths import Places, resource
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.keychain import Keychain, KeychainState
from confirmdesk.core.connections.presets import Presets
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.patience import Asked

RESOURCES = ("icons/confirmdesk.svg",)
LIBRARIES = ("PySide6-Essentials", "boto3", "botocore", "keyring", "moto")

# Seconds. Both are asked at the same time; with the presets' one second it is less than the five that --self-check may
# take. On a busy computer a disk may well need more than one.
KEYRING_PATIENCE, DISK_PATIENCE = 2.5, 3.5


@dataclass(frozen=True, slots=True)
class QtFacts:
    """What the caller knows of Qt; core has none. `problem` is "" where Qt works, else a sentence."""

    version: str
    platform: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """`text` is the JSON to print; `ok` is False only if the program could not work here."""

    text: str
    ok: bool

    @property
    def exit_code(self) -> int:
        return 0 if self.ok else 1


def self_check(
    places: Places,
    keychain: Keychain,
    qt: QtFacts,
    connection: Connection | None = None,
    presets: Presets | None = None,
) -> SelfCheck:
    """Looks at everything the program needs, within five seconds and without ever prompting.

    A missing or locked keyring is reported and no failure: secrets can be kept for one session. So is a broken preset,
    for the other connections work, and a data directory that does not last.
    """
    tls_file, certificates = _tls_roots()
    missing = _missing_resources()
    disk, lying = Asked(lambda: _data_problem(places)), Asked(lambda: lasting(places.data))
    state = keychain.state(KEYRING_PATIENCE)
    data_problem = disk.answer(DISK_PATIENCE, "The data directory does not answer.")
    ok = not (qt.problem or missing or data_problem) and certificates > 0
    report = {
        "ok": ok,
        "versions": {product.COMMAND: product.product_version(), "python": platform.python_version()}
        | {library: _version(library) for library in LIBRARIES},
        "system": platform.platform(),
        "qt": {"version": qt.version, "platform": qt.platform, "problem": qt.problem},
        "keyring": _keyring_report(state),
        "data": _data_report(places, data_problem, lying.answer(DISK_PATIENCE, Lasting.LASTING)),
        "presets": _preset_report(presets or Presets()),
        "endpoint": {
            "connection": connection.name if connection else "",
            "url": effective_endpoint(connection),
            "custom": bool(connection and connection.endpoint),
        },
        "tls": {"file": tls_file, "certificates": certificates},
        "resources": {"missing": missing},
    }
    return SelfCheck(json.dumps(report, ensure_ascii=False, indent=2), ok)


def _keyring_report(state: KeychainState) -> dict[str, object]:
    return {
        "backend": state.backend,
        "state": state.usability.value,
        "usable": state.usable,
        "problem": state.problem.text() if state.problem else "",
    }


def _data_report(places: Places, problem: str, lying: Lasting) -> dict[str, object]:
    advice = lasting_problem(lying, places.data)
    return {
        "directory": str(places.data),
        "writable": not problem,
        "problem": problem,
        "place": lying.value,
        "advice": advice.text() if advice else "",
    }


def _preset_report(presets: Presets) -> dict[str, object]:
    directory, extra = (*map(str, presets.directories), "", "")[:2]
    problems = [problem.text() for problem in presets.problems]
    return {"directory": directory, "extra_directory": extra, "count": len(presets.found), "problems": problems}


def effective_endpoint(connection: Connection | None) -> str:
    """Where the calls of `connection` go: its own endpoint, else AWS's for its region. Environment and profile have no
    say. Without a connection the region is left open."""
    if connection and connection.endpoint:
        return connection.endpoint
    region = connection.region if connection else "REGION"
    return f"https://cognito-idp.{region}.{_dns_suffix(region)}"


def _dns_suffix(region: str) -> str:
    """From botocore's own table, without the half second that importing it takes."""
    try:
        table = json.loads((_package("botocore") / "data" / "partitions.json").read_text(encoding="utf-8"))
        for partition in table["partitions"]:
            if re.search(partition["regionRegex"], region):
                return str(partition["outputs"]["dnsSuffix"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return "amazonaws.com"


def _package(name: str) -> Path:
    """The directory of a package, found but not imported; a path that does not exist where there is none."""
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else Path(name) / "missing"


def _tls_roots() -> tuple[str, int]:
    """The file that botocore verifies AWS with, in its order of preference, and how many certificates it gives."""
    named = os.environ.get("AWS_CA_BUNDLE") or os.environ.get("REQUESTS_CA_BUNDLE")
    certifi, own = _package("certifi") / "cacert.pem", _package("botocore") / "cacert.pem"
    file = Path(named) if named else certifi if certifi.is_file() else own
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cafile=file)
    except OSError:
        return str(file), 0
    return str(file), len(context.get_ca_certs())


def _missing_resources() -> list[str]:
    missing = []
    for name in RESOURCES:
        try:
            resource(name)
        except ConfirmdeskError:
            missing.append(name)
    return missing


def _data_problem(places: Places) -> str:
    try:
        places.create()
        for path in (places.data / LOCK, places.ledger_file, places.log_file):
            refuse_unless_plain(path)
    except (ConfirmdeskError, NotPlainFileError) as error:
        return error.problem.text()
    return ""


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""
