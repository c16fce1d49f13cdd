"""Client secrets in the keyring of the operating system, and nowhere else. The only module that imports keyring."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, TypeVar

from confirmdesk.core import product
from confirmdesk.core.connections.connection import SecretSlot
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import ConfirmdeskError, Problem, failure
from confirmdesk.core.patience import bounded

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

# By the module of the class itself: what inherits from one of these elsewhere may do anything with a secret.
ACCEPTED = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "libsecret",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}
# Parts of keyring itself that stand for "no keyring", or for several.
_EMPTY = ("keyring.backends.fail", "keyring.backends.null", "keyring.backends.chainer")

# CRED_MAX_CREDENTIAL_BLOB_SIZE, in bytes; keyring writes UTF-16.
# https://learn.microsoft.com/en-us/windows/win32/api/wincred/ns-wincred-credentialw
WINDOWS_LIMIT = 2560

SESSION_HINT = "Until then you can keep the secret for this session only; it is forgotten when the program closes."

log = logging.getLogger(__name__)


class Usability(StrEnum):
    """What can be said about a keyring without asking anybody."""

    USABLE = "usable"
    LOCKED = "locked"
    MISSING = "missing"
    NOT_ACCEPTED = "not accepted"


@dataclass(frozen=True, slots=True)
class KeychainState:
    """`backend` is the keyring's name for people, "" where there is none; `problem` is None when usable."""

    usability: Usability
    backend: str
    problem: Problem | None = None

    @property
    def usable(self) -> bool:
        return self.usability is Usability.USABLE


class Keychain(Protocol):
    """One secret per slot. Each method may raise ConfirmdeskError; a locked keyring may ask the user to unlock it, so
    these are not for the GUI thread. Only `state` never asks."""

    def read(self, slot: SecretSlot) -> Secret | None: ...

    def write(self, slot: SecretSlot, secret: Secret) -> None: ...

    def forget(self, slot: SecretSlot) -> None: ...

    def state(self, patience: float = 5.0) -> KeychainState: ...


class SessionKeychain:
    """Secrets in memory: for practice, and for *this session only* where no keyring is usable."""

    def __init__(self) -> None:
        self._secrets: dict[SecretSlot, Secret] = {}

    def read(self, slot: SecretSlot) -> Secret | None:
        return self._secrets.get(slot)

    def write(self, slot: SecretSlot, secret: Secret) -> None:
        self._secrets[slot] = secret

    def forget(self, slot: SecretSlot) -> None:
        self._secrets.pop(slot, None)

    def state(self, patience: float = 5.0) -> KeychainState:  # noqa: ARG002 (memory needs none)
        return KeychainState(Usability.USABLE, "This session only")


class SystemKeychain:
    """The operating system's keyring, chosen anew each time: a daemon may start after the program did."""

    def read(self, slot: SecretSlot) -> Secret | None:
        """The stored secret, or None where none is stored."""
        return _guarded(lambda: _read(_chosen(), slot))

    def write(self, slot: SecretSlot, secret: Secret) -> None:
        """Stores `secret` and reads it back once: a keyring that keeps nothing would not complain."""
        _guarded(lambda: _write(_chosen(), slot, secret))

    def forget(self, slot: SecretSlot) -> None:
        """Removes the secret; that there was none is no error."""
        _guarded(lambda: _forget(_chosen(), slot))

    def state(self, patience: float = 5.0) -> KeychainState:
        """Which keyring there is and whether it is open. Never prompts, and takes `patience` seconds at most."""
        silent = Problem("The keyring does not answer.", f"Sign out of the desktop and in again. {SESSION_HINT}")
        return bounded(_state, patience, KeychainState(Usability.MISSING, "", silent))


def system_keychain() -> Keychain:
    """The keychain of this computer. Touches nothing until it is used."""
    return SystemKeychain()


def _guarded(job: Callable[[], T]) -> T:
    try:
        return job()
    except ConfirmdeskError:
        raise
    except Exception as error:  # each backend lets errors of its own system out
        problem = _explained(error)
    # Raised out here, so that it has no context: a backend's error or its frames may hold the secret.
    raise ConfirmdeskError(problem)


def _explained(error: Exception) -> Problem:
    """The sentence for a backend's exception; of its own text nothing is kept."""
    kind = type(error)
    # Windows numbers its errors, D-Bus names them; neither holds a value.
    code = getattr(error, "winerror", None) or getattr(error, "name", None) or ""
    details = f"{kind.__module__}.{kind.__name__} {code}".strip()
    log.warning("The keyring failed: %s", details)
    # keyring wraps a dismissed question for a new keyring's password as "could not initialise".
    names = {kind.__name__, type(error.__cause__).__name__}
    if names & {"KeyringLocked", "LockedException", "PromptDismissedException"}:
        return Problem("The keyring is locked.", f"Unlock it and try again. {SESSION_HINT}", details)
    if names & {"InitError", "NoKeyringError", "SecretServiceNotAvailableException"} or isinstance(error, OSError):
        return Problem("The keyring cannot be reached.", f"Ask an administrator to look at it. {SESSION_HINT}", details)
    return Problem("The keyring refused.", f"Try again; if it stays so, ask an administrator. {SESSION_HINT}", details)


def _read(backend: "KeyringBackend", slot: SecretSlot) -> Secret | None:
    stored = backend.get_password(product.APP_ID, slot.account())
    return Secret(stored) if stored else None


def _write(backend: "KeyringBackend", slot: SecretSlot, secret: Secret) -> None:
    # On macOS each write makes a new item and forgets "Always allow": what is there already stays.
    if _read(backend, slot) == secret:
        return
    if _kind(backend) == "keyring.backends.Windows" and not fits_windows(secret):
        raise failure(
            "The secret is too long for the Windows Credential Manager.",
            f"It holds {WINDOWS_LIMIT // 2:,} characters; client secrets have 64 at most. Check what was pasted.",
        )
    backend.set_password(product.APP_ID, slot.account(), secret.reveal())
    if _read(backend, slot) != secret:
        raise failure("The keyring did not keep the secret.", f"Ask an administrator to look at it. {SESSION_HINT}")


def fits_windows(secret: Secret) -> bool:
    """Whether the Windows Credential Manager can hold `secret`: 2,560 bytes as UTF-16."""
    return len(secret.reveal().encode("utf-16-le")) <= WINDOWS_LIMIT


def _forget(backend: "KeyringBackend", slot: SecretSlot) -> None:
    if _read(backend, slot) is None:
        return
    backend.delete_password(product.APP_ID, slot.account())
    if _read(backend, slot) is not None:
        raise failure("The keyring still holds the secret.", "Remove it with the keyring's own program.")


def _kind(backend: object) -> str:
    return type(backend).__module__


def _chosen() -> "KeyringBackend":
    """The keyring that this account's configuration names, else the accepted one with the highest priority."""
    configured = _configured()
    if configured is None or _kind(configured) == "keyring.backends.chainer":
        return _best()
    if _kind(configured) not in ACCEPTED:
        raise _NotAcceptedError(type(configured))
    return configured


def _configured() -> "KeyringBackend | None":
    import keyring.core

    try:
        return keyring.core.load_env() or keyring.core.load_config()
    except Exception as error:
        raise failure(
            "The keyring that this computer's configuration names cannot be used.",
            f"Ask an administrator to look at it. {SESSION_HINT}",
            f"{type(error).__name__} while loading PYTHON_KEYRING_BACKEND or keyringrc.cfg",
        ) from None


def _best() -> "KeyringBackend":
    import keyring.backend

    # This only loads plugins: its list is made once, and a keyring that starts later would never be in it. In a thread
    # of its own, for keyring keeps each failed import, and with it all that called: that may be somebody's dialog.
    with ThreadPoolExecutor(1) as fresh:
        fresh.submit(keyring.backend.get_all_keyring).result()
    viable = [kind for kind in keyring.backend.KeyringBackend.get_viable_backends() if kind.__module__ not in _EMPTY]
    if accepted := [kind for kind in viable if kind.__module__ in ACCEPTED]:
        return max(accepted, key=lambda kind: kind.priority)()
    if viable:
        raise _NotAcceptedError(viable[0])
    raise failure(
        "This computer has no keyring that can hold a secret.", f"Ask an administrator to set one up. {SESSION_HINT}"
    )


class _NotAcceptedError(ConfirmdeskError):
    """There is a keyring, but not one that a secret may go into."""

    def __init__(self, kind: type) -> None:
        self.backend = f"{kind.__module__}.{kind.__qualname__}"
        super().__init__(
            Problem(
                "The keyring set up on this computer does not keep secrets safely.",
                f"Ask an administrator to set up another one. {SESSION_HINT}",
                f"Keyring backend: {self.backend}",
            )
        )


def _state() -> KeychainState:
    try:
        backend = _guarded(_chosen)
        name = ACCEPTED[_kind(backend)]
        problem = _guarded(_lock_problem) if name in ("Secret Service", "libsecret") else None
    except _NotAcceptedError as error:
        return KeychainState(Usability.NOT_ACCEPTED, error.backend, error.problem)
    except ConfirmdeskError as error:
        return KeychainState(Usability.MISSING, "", error.problem)
    return KeychainState(Usability.LOCKED if problem else Usability.USABLE, name, problem)


def _lock_problem() -> Problem | None:
    """Why the Secret Service would ask something before it works, or None. Looks only: keyring's own way unlocks."""
    import secretstorage

    with closing(secretstorage.dbus_init()) as bus:
        try:
            locked = secretstorage.get_collection_by_alias(bus, "default").is_locked()
        except secretstorage.ItemNotFoundException:
            return Problem("The keyring has not been set up yet.", "The system will ask for a new keyring password.")
    if locked:
        return Problem("The keyring is locked.", f"The system asks for its password when it is needed. {SESSION_HINT}")
    return None
