import pytest

from confirmdesk.core.connections.connection import SecretSlot
from confirmdesk.core.connections.keychain import SessionKeychain, SystemKeychain
from confirmdesk.core.connections.redactor import Redactor
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.connections.vault import Vault
from confirmdesk.core.errors import ConfirmdeskError

TEXT = "9example87654321secret"
SLOT = SecretSlot("", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client")
OTHER = SecretSlot("https://cognito.example.com", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client")


@pytest.fixture
def redactor():
    return Redactor()


def test_kept_in_the_keyring_and_found_by_the_next_start(keyring_unlocked, redactor):
    Vault(SystemKeychain(), redactor).keep(SLOT, Secret(TEXT))
    later = Redactor()
    vault = Vault(SystemKeychain(), later)
    assert vault.read(SLOT) == Secret(TEXT)
    assert vault.read(OTHER) is None
    assert TEXT not in later.clean(f"secret is {TEXT}")


def test_the_log_never_sees_it(redactor):
    vault = Vault(SessionKeychain(), redactor)
    assert TEXT in redactor.clean(f"it is {TEXT}")
    vault.keep_for_session(SLOT, Secret(TEXT))
    assert TEXT not in redactor.clean(f"it is {TEXT}")


def test_hidden_from_the_log_even_where_the_keyring_refuses(keyring_missing, redactor):
    with pytest.raises(ConfirmdeskError):
        Vault(SystemKeychain(), redactor).keep(SLOT, Secret(TEXT))
    assert TEXT not in redactor.clean(f"it is {TEXT}")


def test_for_this_session_only(keyring_unlocked, redactor):
    vault = Vault(SystemKeychain(), redactor)
    vault.keep_for_session(SLOT, Secret(TEXT))
    assert vault.read(SLOT) == Secret(TEXT)
    assert SystemKeychain().read(SLOT) is None
    assert Vault(SystemKeychain(), redactor).read(SLOT) is None


def test_a_session_secret_works_without_any_keyring(keyring_missing, redactor):
    vault = Vault(SystemKeychain(), redactor)
    vault.keep_for_session(SLOT, Secret(TEXT))
    assert vault.read(SLOT) == Secret(TEXT)
    with pytest.raises(ConfirmdeskError):
        vault.read(OTHER)


def test_what_the_keyring_keeps_replaces_what_the_session_kept(keyring_unlocked, redactor):
    vault = Vault(SystemKeychain(), redactor)
    vault.keep_for_session(SLOT, Secret("old and wrong"))
    vault.keep(SLOT, Secret(TEXT))
    assert vault.read(SLOT) == Secret(TEXT)


def test_a_keyring_that_refuses_loses_nothing_that_worked(keyring_missing, redactor):
    vault = Vault(SystemKeychain(), redactor)
    vault.keep_for_session(SLOT, Secret("works"))
    with pytest.raises(ConfirmdeskError):
        vault.keep(SLOT, Secret(TEXT))
    assert vault.read(SLOT) == Secret("works")


def test_forgetting_forgets_both(keyring_unlocked, redactor):
    vault = Vault(SystemKeychain(), redactor)
    vault.keep(SLOT, Secret(TEXT))
    vault.keep_for_session(SLOT, Secret("another"))
    vault.forget(SLOT)
    assert vault.read(SLOT) is None
    assert SystemKeychain().read(SLOT) is None
    vault.forget(SLOT)
