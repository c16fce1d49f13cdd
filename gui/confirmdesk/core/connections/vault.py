"""Where a connection's client secret is found: in this session's memory first, then in the keyring."""

from confirmdesk.core.connections.connection import SecretSlot
from confirmdesk.core.connections.keychain import Keychain, SessionKeychain
from confirmdesk.core.connections.redactor import Redactor
from confirmdesk.core.connections.secret import Secret


class Vault:
    """All methods may wait for the keyring, which may ask its user something: never call them in the GUI thread.

    They raise ConfirmdeskError. Every secret that passes is hidden from the log before anything can write it there.
    """

    def __init__(self, keyring: Keychain, redactor: Redactor) -> None:
        self._keyring = keyring
        self._session = SessionKeychain()
        self._redactor = redactor

    def read(self, slot: SecretSlot) -> Secret | None:
        """The secret of `slot`, or None where none is kept."""
        secret = self._session.read(slot) or self._keyring.read(slot)
        if secret:
            self._redactor.hide(secret)
        return secret

    def only_for_session(self, slot: SecretSlot) -> bool:
        """Whether the secret of `slot` is in memory only, and gone when the program closes. Asks no keyring."""
        return self._session.read(slot) is not None

    def keep(self, slot: SecretSlot, secret: Secret) -> None:
        """Store `secret` in the keyring, in place of one that was kept for the session."""
        self._redactor.hide(secret)
        self._keyring.write(slot, secret)
        self._session.forget(slot)

    def keep_for_session(self, slot: SecretSlot, secret: Secret) -> None:
        """Keep `secret` in memory until the program closes; for computers without a usable keyring."""
        self._redactor.hide(secret)
        self._session.write(slot, secret)

    def forget(self, slot: SecretSlot) -> None:
        """Remove the secret from both. That there was none is no error."""
        self._session.forget(slot)
        self._keyring.forget(slot)
