"""Whatever goes wrong gets a sentence, and nothing that somebody did is lost."""

from dataclasses import replace

import pytest
from on_screen import answer as answer_box
from on_screen import (
    box,
    cells,
    is_shown,
    opened,
    press,
    said,
    wait_for,
    wait_loaded,
)
from PySide6.QtWidgets import QLabel
from scripted_aws import ScriptedAws, error, http, ok, page

from confirmdesk.core.connections.connection import Connection
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.review_dialog import ReviewDialog

LISTED = page(
    [
        {
            "Username": name,
            "UserStatus": "UNCONFIRMED",
            "UserCreateDate": 1_790_000_000,
            "Attributes": [{"Name": "email", "Value": f"{name}@example.com"}],
        }
        for name in ("jane", "li")
    ]
)
DESCRIBED = ok({"UserPool": {"Name": "Shop", "AutoVerifiedAttributes": ["email"]}})


class Shop:
    """An endpoint that works until a test says otherwise."""

    def __init__(self):
        self.server = ScriptedAws(otherwise=self.answer)
        self.answers = {"ListUsers": LISTED, "DescribeUserPool": DESCRIBED}

    def answer(self, connection, seen):
        self.answers.get(seen.operation, error("InternalErrorException", "", 500))(connection, seen)

    def __getattr__(self, name):
        return getattr(self.server, name)


@pytest.fixture
def shop(aws_keys):
    made = Shop()
    yield made
    made.server.stop()


@pytest.fixture
def window(qtbot, make_session, make_window, shop):
    session = make_session()
    connection = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client", endpoint=shop.server.endpoint)
    session.put_connection(replace(connection, needs_secret=False))
    made = make_window(session)
    wait_loaded(qtbot, made, "2 loaded")
    return made


def work_of(window):
    """What somebody would have to do again."""
    return sorted(u.username for u in window.work.users.model.picked_users()), window.work.metadata.rows()


def fill_in(window):
    window.work.users.model.pick_all_shown()
    window.work.metadata.model.replace([("ticket", "HD-4711")])
    return work_of(window)


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (error("ResourceNotFoundException", "User pool eu-west-1_Ab12Cd34E does not exist."), "There is no user pool"),
        (error("InvalidParameterException", "Value at 'userPoolId' failed to satisfy constraint"), "not a user pool"),
        (error("ExpiredTokenException", "The security token included in the request is expired"), "have expired"),
        (error("AccessDeniedException", "not authorized to perform: cognito-idp:ListUsers"), "has no right"),
        (error("InternalErrorException", "", 500), "fault of its own"),
        (http(200, b"{}"), "not a list of users"),
        (http(200, b"<html>sign in</html>", "text/html"), "answered instead"),
    ],
)
def test_a_list_that_cannot_be_read_again_says_why_and_keeps_picks_and_fields(qtbot, window, shop, answer, sentence):
    before = fill_in(window)
    shop.answers["ListUsers"] = answer
    press(qtbot, window, "Refresh users")
    wait_for(qtbot, lambda: sentence in said(window))
    assert work_of(window) == before
    shop.answers["ListUsers"] = LISTED
    press(qtbot, window, "Load more")
    wait_for(qtbot, lambda: sentence not in said(window))
    assert work_of(window) == before


def test_no_network_says_so_and_keeps_picks_and_fields(qtbot, window, shop):
    before = fill_in(window)
    shop.server.stop()
    press(qtbot, window, "Refresh users")
    wait_for(qtbot, lambda: "could not be reached" in said(window))
    assert work_of(window) == before


def test_a_proxy_in_the_environment_does_not_catch_this_computer(qtbot, window, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    press(qtbot, window, "Refresh users")
    wait_loaded(qtbot, window, "2 loaded")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (error("ResourceNotFoundException", "User pool client 4f9k2client does not exist."), "App client not found"),
        (error("NotAuthorizedException", "Unable to verify secret hash for client 4f9k2client"), "Wrong client secret"),
        (
            error(
                "NotAuthorizedException",
                "Client 4f9k2client is configured with secret but SECRET_HASH was not received",
            ),
            "Client secret missing",
        ),
        (
            error("NotAuthorizedException", "Cannot resend codes. Auto verification not turned on."),
            "verification is off",
        ),
        (http(403, b"<html>blocked</html>", "text/html"), "A network page answered"),
    ],
)
def test_trouble_while_sending_pauses_the_run_says_who_must_act_and_leaves_everybody(
    qtbot, window, shop, answer, sentence
):
    before = fill_in(window)
    shop.answers["ResendConfirmationCode"] = answer
    press(qtbot, window, "Review and send")
    press(qtbot, opened(qtbot, window, ReviewDialog), "Send codes")
    wait_for(qtbot, lambda: window.sending.panel and sentence in said(window))
    assert is_shown(window, "Resume")
    press(qtbot, window, "Stop")
    wait_for(qtbot, lambda: window.sending.stage is Stage.OVER)
    assert sentence in said(window)
    assert {row[0] for row in cells(window, "Run results")} <= {
        "Not sent yet",
        window.sending.panel.campaign.reason.sentence.rstrip("."),
    }
    assert window.sending.panel.again.isEnabled()
    press(qtbot, window, "Close run")
    answer_box(qtbot, box(qtbot, window), "End run")
    wait_for(qtbot, lambda: window.pages.currentWidget() is window.work)
    assert work_of(window) == before


def test_a_broken_settings_file_is_kept_and_told(qtbot, make_session, make_window, tmp_path, told):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "settings.json").write_text("{broken")
    session = make_session()
    assert "could not be read" in session.settings_problem.sentence
    kept = list((tmp_path / "data").glob("settings.json.broken-*"))
    assert [path.read_text() for path in kept] == ["{broken"]
    window = make_window(session)
    assert "Send confirmation codes again" in [label.text() for label in window.findChildren(QLabel)]
