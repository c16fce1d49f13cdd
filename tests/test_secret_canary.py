"""A secret that is used all through a run is nowhere afterwards but in the keyring."""

import gc
import logging

import pytest
from on_screen import opened, press, the, wait_for
from PySide6.QtWidgets import QLineEdit
from scripted_aws import ScriptedAws, accepted, error, http, ok, page

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.computer.logs import start_logging
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.keychain import SystemKeychain
from confirmdesk.core.connections.redactor import Redactor
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.connections.vault import Vault
from confirmdesk.core.ledger.file import LedgerFile
from confirmdesk.core.ledger.ledger import Ledger, this_operator
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.campaign import Campaign
from confirmdesk.core.sending.pace import Pace
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.ui.connections.dialog import ConnectionDialog
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.review_dialog import ReviewDialog

CANARY = "canary0Secret0that0nobody0may0see0123456"


@pytest.fixture
def server():
    scripted = ScriptedAws()
    yield scripted
    scripted.stop()


def row(name, **attributes):
    pairs = [{"Name": key, "Value": value} for key, value in attributes.items()]
    return {"Username": name, "UserStatus": "UNCONFIRMED", "UserCreateDate": 1_790_000_000, "Attributes": pairs}


def everything_written(folder):
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def answer_as_cognito(server):
    """An endpoint that lists two people, describes a client with the canary, and fails in every way while sending."""
    sends = [
        accepted(),
        error("NotAuthorizedException", f"Unable to verify secret hash for client c {CANARY}"),
        http(200, b"{garbled"),
    ]

    def answer(connection, seen):
        listed = [row("jane", email="jane@example.com"), row("li", email="li@example.org")]
        answers = {
            "ListUsers": page(listed),
            "DescribeUserPool": ok({"UserPool": {"Name": "Shop", "AutoVerifiedAttributes": ["email"]}}),
            "DescribeUserPoolClient": ok({"UserPoolClient": {"ClientName": "web", "ClientSecret": CANARY}}),
        }
        chosen = answers.get(seen.operation) or (sends.pop(0) if sends else accepted())
        chosen(connection, seen)

    server.otherwise = answer


def test_a_whole_run_through_the_windows_leaves_no_trace(
    qtbot,
    make_session,
    make_window,
    server,
    keyring_unlocked,
    tmp_path,
    monkeypatch,
):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    answer_as_cognito(server)
    session = make_session(keyring=SystemKeychain())
    log = start_logging(session.places, Redactor())
    logging.getLogger().setLevel(logging.DEBUG)
    logging.getLogger("botocore").setLevel(logging.DEBUG)
    try:
        window = make_window(session)
        press(qtbot, window, "Create a connection")
        dialog = opened(qtbot, window, ConnectionDialog)
        form = dialog.form
        form.name.setText("Shop")
        form.region.setEditText("eu-west-1")
        form.endpoint.setText(server.endpoint)
        form.pool.setEditText("eu-west-1_Ab12Cd34E")
        form.client.setEditText("4f9k2client")
        press(qtbot, dialog, "Read secret from AWS")
        wait_for(qtbot, lambda: the(dialog, "Client secret", QLineEdit).text() == CANARY)
        press(qtbot, dialog, "Save connection")
        wait_for(qtbot, lambda: window.work.users.model.rowCount() == 2)
        press(qtbot, window, "Pick all shown")
        press(qtbot, window, "Review and send")
        press(qtbot, opened(qtbot, window, ReviewDialog), "Send codes")
        wait_for(qtbot, lambda: window.sending.panel and window.sending.panel.campaign.reason)
        window.sending.panel.stop.click()
        wait_for(qtbot, lambda: window.sending.stage is Stage.OVER)
        target = tmp_path / "data" / "results.csv"
        window.sending.panel.people.export_to(str(target))
        wait_for(qtbot, target.exists)
        slot = session.settings.connections[0].slot
        assert session.vault.read(slot) == Secret(CANARY)
        assert any(seen.body.get("SecretHash") for seen in server.seen), "the secret was not used at all"
    finally:
        logging.getLogger("botocore").setLevel(logging.NOTSET)
        logging.getLogger().setLevel(logging.WARNING)
        log.stop()
    written = everything_written(tmp_path)
    assert b"Shop" in written
    for shape in (CANARY, *(seen.body.get("SecretHash", CANARY) for seen in server.seen)):
        assert shape.encode() not in written


def test_no_repr_and_no_exception_text_shows_it(server, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    server.otherwise = http(200, b"{garbled")
    connection = Connection("Shop", "eu-west-1", "eu-west-1_A", "client", endpoint=server.endpoint)
    secret = Secret(CANARY)
    sender = open_sender(Aws(practice=True), connection, secret)
    user = make_user("jane", 0, True, "UNCONFIRMED", [("email", "jane@example.com")])
    plan = make_plan([user], [("k", "v")], None)
    ledger = Ledger(LedgerFile(tmp_path / "ledger.sqlite3"))
    campaign = Campaign(plan, ledger.begin(connection, this_operator(), plan, 5.0, 1.0), Pace(0))
    campaign.run(lambda: sender.send, lambda: None)
    ledger.close()
    shown = [repr(thing) for thing in (secret, sender, campaign.results(), campaign.plan, connection, connection.slot)]
    shown += [str(secret), f"{secret}", f"{secret:>20}"]
    assert not any(CANARY in text for text in shown)
    ours = [record for record in caplog.records if record.name.startswith("confirmdesk")]
    assert not any(CANARY in record.getMessage() for record in ours)


def test_the_vault_hides_every_secret_that_passes(tmp_path):
    redactor = Redactor()
    slot = Connection("Shop", "eu-west-1", "eu-west-1_A", "client").slot
    vault = Vault(SystemKeychain(), redactor)
    vault.keep_for_session(slot, Secret(CANARY))
    assert CANARY not in redactor.clean(f"somebody logs {CANARY}")
    gc.collect()


def test_what_lets_a_request_in_at_the_practice_pool_is_written_nowhere(
    qtbot, practice_session, make_window, practice, tmp_path
):
    log = start_logging(practice_session.places, Redactor())
    root = logging.getLogger()
    level, root.level = root.level, logging.DEBUG
    try:
        window = make_window(practice_session)
        wait_for(qtbot, lambda: window.work.users.model.rowCount() == 200)
        practice_session.save_now(practice_session.settings)
        logging.getLogger("confirmdesk").info("This practice pool answers at %s.", practice.endpoint)
        press(qtbot, window, "Pick all shown")
        press(qtbot, window, "Review and send")
        opened(qtbot, window, ReviewDialog)
    finally:
        root.setLevel(level)
        log.stop()
    written = everything_written(tmp_path)
    assert practice.endpoint.encode() in written
    for token in practice.headers.values():
        assert token.encode() not in written
        assert token not in f"{practice_session.connections!r} {practice_session.aws!r} {practice!r}"
