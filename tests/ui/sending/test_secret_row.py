"""A client secret that AWS refuses, or that the keyring does not give, in the middle of a run."""

from dataclasses import replace

import pytest
from on_screen import LEFT, is_shown, line, opened, press, said, show, the, visible, wait_for
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit
from samples import JANE, LI
from scripted_aws import ScriptedAws, accepted, error, ok, page

from confirmdesk.core.cognito.control import Control
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.keychain import SystemKeychain
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.ledger.ledger import this_operator
from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.review_dialog import ReviewDialog
from confirmdesk.ui.sending.sending import Sending

EMAIL = frozenset({"email"})
OLD, NEW = Secret("old0" * 8), Secret("new1" * 8)
WRONG = error("NotAuthorizedException", "Unable to verify secret hash for client 4f9k2client")
DENIED = error("AccessDeniedException", "not authorized to perform: cognito-idp:DescribeUserPoolClient")
MASKS = {"u-jane": "j***@e***", "u-li": "l***@e***", "u-mary": "m***@e***"}


class Cognito:
    """Takes hashes of `valid`, and shows `shown` of the app client, None: to nobody."""

    def __init__(self):
        self.valid, self.shown = NEW, None
        self.served = []

    def __call__(self, connection, seen):
        if seen.operation == "DescribeUserPoolClient":
            client = {
                "UserPoolClient": {"ClientName": "web", "ClientSecret": self.shown.reveal() if self.shown else ""}
            }
            (ok(client) if self.shown else DENIED)(connection, seen)
        elif seen.operation == "ResendConfirmationCode":
            self._resend(connection, seen)
        else:
            page([])(connection, seen)

    def _resend(self, connection, seen):
        name = seen.body["Username"]
        if seen.body.get("SecretHash") != self.valid.secret_hash(name, "4f9k2client"):
            WRONG(connection, seen)
            return
        self.served.append(name)
        accepted(MASKS[name])(connection, seen)


@pytest.fixture
def cognito():
    return Cognito()


@pytest.fixture
def server(cognito):
    made = ScriptedAws(otherwise=cognito)
    yield made
    made.stop()


@pytest.fixture
def connection(server):
    return Connection(
        "Test", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client", endpoint=server.endpoint, needs_secret=True
    )


@pytest.fixture
def begin(qtbot, host, make_session, aws_keys, theme, connection):
    """Begin a run with what the keyring has, or resume one; gives session and sending."""
    made = []

    def put_up(panel):
        panel.setParent(host)
        host.resize(1000, 640)
        panel.resize(host.size())
        show(qtbot, panel)

    def begin(keyring=None, stored=OLD, resumed=False, at=connection):
        session = make_session(keyring=keyring)
        session.put_connection(at)
        if stored:
            session.vault.keep(at.slot, stored)
        sending = Sending(host, session, theme)
        made.append(sending)
        sending.began.connect(put_up)
        plan = make_plan([JANE, LI], [], EMAIL)
        if resumed:
            session.ledger.begin(at, this_operator(), plan, 5.0, 1_790_000_000.0)
            [run] = session.ledger.runs(open_only=True)
            sending.resume(at, run, session.ledger.results(run.id))
        else:
            sending.prepare(at, lambda _: plan)
            press(qtbot, opened(qtbot, host, ReviewDialog), "Send codes")
        return session, sending

    yield begin
    for sending in made:
        sending.stop()


def enter(qtbot, host, secret, by_key=False):
    field = the(host, "Client secret", QLineEdit)
    qtbot.mouseClick(field, LEFT)
    qtbot.keyClicks(field, secret)
    if by_key:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    else:
        press(qtbot, host, "Use secret")


def note(host):
    shown = visible(host, "Secret note", QLabel)
    return shown[0].text() if shown else ""


def over(qtbot, sending):
    wait_for(qtbot, lambda: sending.stage is Stage.OVER)


def test_a_secret_that_was_replaced_is_read_again_and_kept_and_nobody_notices_more(
    qtbot, host, begin, cognito, connection, keyring_unlocked
):
    cognito.shown = NEW
    session, sending = begin(SystemKeychain())
    over(qtbot, sending)
    assert cognito.served == ["u-jane", "u-li"]
    wait_for(qtbot, lambda: note(host) == "The new client secret works, and is in the keyring now.")
    assert SystemKeychain().read(connection.slot) == NEW
    assert session.last_worked(connection.slot) > 0
    assert not visible(host, "Client secret", QLineEdit)


@pytest.mark.parametrize("by_key", [False, True], ids=["button", "key"])
def test_where_aws_shows_it_to_nobody_it_is_asked_for_in_the_pause(
    qtbot, host, begin, cognito, connection, keyring_unlocked, by_key
):
    _, sending = begin(SystemKeychain())
    wait_for(qtbot, lambda: is_shown(host, "Use secret"))
    assert "Wrong client secret." in said(host)
    assert cognito.served == []
    assert not the(host, "Client secret", QLineEdit).text()
    assert host.focusWidget() is the(host, "Client secret", QLineEdit)
    assert not the(host, "Use secret").isEnabled()
    assert the(host, "Resume").property("kind") == "plain"
    enter(qtbot, host, NEW.reveal(), by_key)
    over(qtbot, sending)
    assert cognito.served == ["u-jane", "u-li"]
    wait_for(qtbot, lambda: "in the keyring now" in note(host))
    assert SystemKeychain().read(connection.slot) == NEW
    assert not is_shown(host, "Use secret")


def test_a_wrong_one_is_asked_for_again_and_never_stored(qtbot, host, begin, cognito, connection):
    session, sending = begin()
    wait_for(qtbot, lambda: is_shown(host, "Use secret"))
    enter(qtbot, host, "typo" * 8)
    wait_for(qtbot, lambda: sending.panel.campaign.in_flight == 0 and is_shown(host, "Use secret"))
    assert session.vault.read(connection.slot) == OLD
    enter(qtbot, host, NEW.reveal())
    over(qtbot, sending)
    wait_for(qtbot, lambda: session.vault.read(connection.slot) == NEW)


def test_what_can_be_no_secret_is_refused_before_it_is_tried(qtbot, host, begin, server):
    _, sending = begin()
    wait_for(qtbot, lambda: is_shown(host, "Use secret"))
    tried = len(server.seen)
    the(host, "Client secret", QLineEdit).insert("s3cret\N{ZERO WIDTH SPACE}x")
    press(qtbot, host, "Use secret")
    assert "a character that nobody sees" in line(host, "Secret note")
    assert the(host, "Client secret", QLineEdit).accessibleDescription() == line(host, "Secret note")
    assert len(server.seen) == tried
    sending.stop()


def test_a_locked_keyring_makes_a_resumed_run_ask_and_go_on(qtbot, host, begin, cognito, connection, keyring_unlocked):
    keychain = SystemKeychain()
    keychain.write(connection.slot, NEW)
    keyring_unlocked.lock()
    session, sending = begin(keychain, stored=None, resumed=True)
    wait_for(qtbot, lambda: is_shown(host, "Use secret"))
    assert "The keyring" in said(host)
    assert cognito.served == []
    enter(qtbot, host, NEW.reveal())
    over(qtbot, sending)
    assert cognito.served == ["u-jane", "u-li"]
    wait_for(qtbot, lambda: "works, and is kept until the program closes" in note(host))
    assert session.vault.only_for_session(connection.slot)


def test_a_connection_that_did_not_know_of_its_secret_knows_it_afterwards(qtbot, host, begin, cognito, connection):
    cognito.shown = NEW
    session, sending = begin(stored=None, at=replace(connection, needs_secret=None))
    over(qtbot, sending)
    assert cognito.served == ["u-jane", "u-li"]
    wait_for(qtbot, lambda: session.connection("Test").needs_secret is True)


def test_in_practice_an_administrator_replaces_the_secret_before_a_run(qtbot, host, practice_session, theme):
    """With the calls of the real service, over HTTP: add the new one, then delete the old one."""
    shop = practice_session.connections[0]
    client = practice_session.aws.control_client(shop, practice_session.aws.session(shop))
    at = {"UserPoolId": shop.pool_id, "ClientId": shop.client_id}
    users = [user for user in Control(practice_session.aws, shop).page().users if user.enabled and user.email][:2]
    new = client.add_user_pool_client_secret(**at)["ClientSecretDescriptor"]["ClientSecretValue"]
    old = client.list_user_pool_client_secrets(**at)["ClientSecrets"][0]["ClientSecretId"]
    client.delete_user_pool_client_secret(**at, ClientSecretId=old)
    sending = Sending(host, practice_session, theme)
    sending.prepare(shop, lambda _: make_plan(users, [], frozenset({"email", "phone_number"})))
    press(qtbot, opened(qtbot, host, ReviewDialog), "Send codes")
    over(qtbot, sending)
    assert [result.verdict.outcome for result in sending.panel.results()] == [Outcome.ACCEPTED] * 2
    wait_for(qtbot, lambda: practice_session.vault.read(shop.slot) == Secret(new))
    sending.panel.deleteLater()
