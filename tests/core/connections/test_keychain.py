import socket
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import keyring.backend
import pytest
import secretstorage
from keyring.backends import SecretService
from keyring.compat import properties
from keyring_session import KeyringSession

from confirmdesk.core import product
from confirmdesk.core.connections.connection import SecretSlot
from confirmdesk.core.connections.keychain import (
    Keychain,
    SessionKeychain,
    SystemKeychain,
    Usability,
    fits_windows,
    system_keychain,
)
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import ConfirmdeskError

TEXT = "9example87654321+9example87654321"
AWS = SecretSlot("", "eu-west-1", "eu-west-1_Ab12Cd34E", "1example23456789")
OWN = SecretSlot("https://cognito.example.com", "eu-west-1", "eu-west-1_Ab12Cd34E", "1example23456789")


@pytest.fixture(params=["system", "session"])
def keychain(request: pytest.FixtureRequest, keyring_unlocked: KeyringSession) -> Keychain:
    return system_keychain() if request.param == "system" else SessionKeychain()


def test_keeps_one_secret_per_slot(keychain: Keychain) -> None:
    assert keychain.read(AWS) is None
    keychain.write(AWS, Secret(TEXT))
    assert keychain.read(AWS) == Secret(TEXT)
    assert keychain.read(OWN) is None
    keychain.write(OWN, Secret("other"))
    keychain.write(AWS, Secret("rotated"))
    assert (keychain.read(AWS), keychain.read(OWN)) == (Secret("rotated"), Secret("other"))


def test_forgets_one_and_does_not_mind_twice(keychain: Keychain) -> None:
    keychain.write(AWS, Secret(TEXT))
    keychain.write(OWN, Secret("other"))
    keychain.forget(AWS)
    keychain.forget(AWS)
    assert (keychain.read(AWS), keychain.read(OWN)) == (None, Secret("other"))


def test_an_open_keyring_is_usable_and_named(keychain: Keychain) -> None:
    state = keychain.state()
    assert (state.usability, state.problem) == (Usability.USABLE, None)
    assert state.usable
    assert state.backend in ("Secret Service", "This session only")


def test_the_entry_is_found_under_the_product_and_the_slot(keyring_unlocked: KeyringSession) -> None:
    SystemKeychain().write(AWS, Secret(TEXT))
    wanted = {"service": product.APP_ID, "username": "aws eu-west-1 eu-west-1_Ab12Cd34E 1example23456789"}
    with closing(secretstorage.dbus_init()) as bus:
        (item,) = secretstorage.search_items(bus, wanted)
        assert item.get_secret() == TEXT.encode()


def test_two_programs_share_the_keyring(keyring_unlocked: KeyringSession) -> None:
    SystemKeychain().write(AWS, Secret(TEXT))
    assert SystemKeychain().read(AWS) == Secret(TEXT)


def test_the_session_keychain_touches_no_keyring(keyring_unlocked: KeyringSession) -> None:
    SessionKeychain().write(AWS, Secret(TEXT))
    assert SystemKeychain().read(AWS) is None


def test_a_locked_keyring_is_told_and_stays_locked(keyring_locked: KeyringSession) -> None:
    state = SystemKeychain().state()
    assert (state.usability, state.usable, state.backend) == (Usability.LOCKED, False, "Secret Service")
    assert state.problem is not None
    assert "this session only" in state.problem.hint
    with closing(secretstorage.dbus_init()) as bus:
        assert secretstorage.get_default_collection(bus).is_locked()


@pytest.mark.parametrize("where", ["keyring_locked", "keyring_new"])
def test_looking_at_a_locked_keyring_asks_nobody(where: str, request: pytest.FixtureRequest) -> None:
    session = request.getfixturevalue(where)
    # A question would wait for the answer until the patience is over, and then the keyring would count as missing.
    with session.prompter():
        assert SystemKeychain().state().usability is Usability.LOCKED


def test_a_keyring_that_was_never_set_up_is_told_and_not_created(keyring_new: KeyringSession) -> None:
    state = SystemKeychain().state()
    assert state.usability is Usability.LOCKED
    assert state.problem is not None
    assert "not been set up" in state.problem.sentence
    with closing(secretstorage.dbus_init()) as bus:
        assert [c.get_label() for c in secretstorage.get_all_collections(bus) if c.get_label()] == []


@pytest.mark.parametrize("where", ["keyring_locked", "keyring_new"])
def test_a_locked_keyring_gives_a_sentence_not_a_backend_error(where: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(where)
    for use in (
        lambda: SystemKeychain().read(AWS),
        lambda: SystemKeychain().write(AWS, Secret(TEXT)),
        lambda: SystemKeychain().forget(AWS),
    ):
        with pytest.raises(ConfirmdeskError, match="keyring is locked"):
            use()


@pytest.mark.parametrize("where", ["keyring_missing", "bus_without_keyring"])
def test_no_keyring_is_told(where: str, request: pytest.FixtureRequest) -> None:
    request.getfixturevalue(where)
    state = SystemKeychain().state()
    assert (state.usability, state.backend) == (Usability.MISSING, "")
    assert state.problem is not None
    assert "this session only" in state.problem.hint
    with pytest.raises(ConfirmdeskError, match="no keyring"):
        SystemKeychain().write(AWS, Secret(TEXT))


def test_a_keyring_that_starts_later_is_found(keyring_missing: None, request: pytest.FixtureRequest) -> None:
    keychain = SystemKeychain()
    assert keychain.state().usability is Usability.MISSING
    request.getfixturevalue("keyring_unlocked")
    assert keychain.state().usable


@pytest.mark.parametrize("backend", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring"])
def test_a_configured_backend_that_keeps_nothing_is_refused(
    backend: str, keyring_unlocked: KeyringSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    state = SystemKeychain().state()
    assert (state.usability, state.backend) == (Usability.NOT_ACCEPTED, backend)
    with pytest.raises(ConfirmdeskError, match="does not keep secrets safely"):
        SystemKeychain().write(AWS, Secret(TEXT))


@pytest.mark.parametrize("backend", ["nobody.knows.Keyring", "keyring.backends.Windows.WinVaultKeyring", "", "x"])
def test_a_configuration_that_cannot_work_is_told(
    backend: str, keyring_unlocked: KeyringSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", backend)
    assert SystemKeychain().state().usability is Usability.MISSING
    with pytest.raises(ConfirmdeskError):
        SystemKeychain().read(AWS)


def test_in_a_chain_only_the_accepted_member_gets_the_secret(
    keyring_unlocked: KeyringSession, plaintext: "type[PlaintextKeyring]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.chainer.ChainerBackend")
    SystemKeychain().write(AWS, Secret(TEXT))
    assert plaintext.written == []
    assert SystemKeychain().read(AWS) == Secret(TEXT)


def test_plain_text_is_no_fallback(keyring_missing: None, plaintext: "type[PlaintextKeyring]") -> None:
    state = SystemKeychain().state()
    assert state.usability is Usability.NOT_ACCEPTED
    assert "PlaintextKeyring" in state.backend
    with pytest.raises(ConfirmdeskError):
        SystemKeychain().write(AWS, Secret(TEXT))
    assert plaintext.written == []


def test_a_backend_that_keeps_nothing_is_found_out(
    keyring_unlocked: KeyringSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SecretService.Keyring, "set_password", lambda *args: None)
    with pytest.raises(ConfirmdeskError, match="did not keep the secret"):
        SystemKeychain().write(AWS, Secret(TEXT))


def test_the_same_secret_is_not_written_again(
    keyring_unlocked: KeyringSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    SystemKeychain().write(AWS, Secret(TEXT))
    monkeypatch.setattr(SecretService.Keyring, "set_password", _fails)
    SystemKeychain().write(AWS, Secret(TEXT))
    with pytest.raises(ConfirmdeskError):
        SystemKeychain().write(AWS, Secret("rotated"))


def test_no_error_carries_the_secret(keyring_unlocked: KeyringSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SecretService.Keyring, "set_password", _fails)
    with pytest.raises(ConfirmdeskError) as error:
        SystemKeychain().write(AWS, Secret(TEXT))
    assert TEXT not in "".join(traceback.format_exception(error.value))
    assert TEXT not in str(vars(error.value))
    assert error.value.__context__ is None


def test_a_keyring_that_dies_gives_a_sentence(
    keyring_unlocked: KeyringSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    with pytest.raises(ConfirmdeskError, match="no keyring"):
        SystemKeychain().read(AWS)


@pytest.fixture
def silent_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A message bus that takes every call and answers none, until the test is over."""
    path = tmp_path / "bus"
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(path))
        bus.listen()
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={path}")
        yield


def test_a_keyring_that_does_not_answer_is_given_up_in_time(silent_bus: None) -> None:
    state = SystemKeychain().state(patience=0.05)
    assert state.usability is Usability.MISSING
    assert state.problem is not None
    assert state.problem.sentence == "The keyring does not answer."


def test_windows_holds_1280_characters() -> None:
    assert fits_windows(Secret("x" * 1280))
    assert not fits_windows(Secret("x" * 1281))
    assert not fits_windows(Secret("🔑" * 641))


class PlaintextKeyring(keyring.backend.KeyringBackend):
    """Stands in for the plain-text files of a package that is not installed here."""

    installed = False
    written: list[str] = []  # noqa: RUF012 (the class is what the test sees)

    @properties.classproperty
    def priority(cls) -> float:  # noqa: N805
        if not cls.installed:
            raise RuntimeError("not installed")
        return 9

    def get_password(self, service: str, username: str) -> None:
        return None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.written.append(password)


@pytest.fixture
def plaintext(monkeypatch: pytest.MonkeyPatch) -> type[PlaintextKeyring]:
    monkeypatch.setattr(PlaintextKeyring, "installed", True)
    monkeypatch.setattr(PlaintextKeyring, "written", [])
    return PlaintextKeyring


def _fails(self: object, service: str, username: str, password: str) -> None:
    raise RuntimeError(f"cannot store {password}")
