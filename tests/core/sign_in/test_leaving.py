"""A connection's own portal: how long it lasts, who shares it, and what is left after it."""

import threading
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError, Kind
from confirmdesk.core.sending.plan import Request
from confirmdesk.core.sign_in.accounts import roles
from confirmdesk.core.sign_in.leaving import sign_out

SHOP = Connection(
    "Shop",
    "eu-west-1",
    "eu-west-1_A",
    "c",
    start_url="https://x.awsapps.com/start",
    sso_region="eu-west-1",
    account_id="123456789012",
    role_name="support",
)


def problem_of(call):
    with pytest.raises(ConfirmdeskError) as told:
        call()
    return told.value.problem


def test_nobody_is_signed_in_at_first(aws, access_portal):
    assert aws.sign_in_of(SHOP) is None
    problem = problem_of(Control(aws, SHOP).page)
    assert problem.kind is Kind.NO_SIGN_IN
    assert problem.text().startswith("You are not signed in at the access portal. Sign in: your web browser opens")
    assert aws.way_in(SHOP) is not None


def test_how_long_it_lasts_is_known(start, aws):
    assert start().end() is None
    left = aws.sign_in_of(SHOP).until - datetime.now(UTC)
    assert timedelta(minutes=50) < left <= timedelta(hours=1)


def test_all_connections_of_a_portal_share_a_sign_in_and_others_do_not(start, aws):
    assert start().end() is None
    assert aws.sign_in_of(replace(SHOP, account_id="210987654321", role_name="other", region="eu-north-1"))
    assert aws.sign_in_of(replace(SHOP, start_url="https://y.awsapps.com/start")) is None
    assert aws.sign_in_of(replace(SHOP, sso_region="eu-north-1")) is None
    assert Aws().sign_in_of(SHOP) is None


def test_a_role_that_is_not_assigned_is_told_as_such(start, aws):
    assert start().end() is None
    problem = problem_of(Control(aws, replace(SHOP, role_name="boss")).page)
    assert problem.kind is Kind.DENIED
    assert problem.sentence == "The access portal does not give you the role “boss” in account 123456789012."


def test_files_and_variables_of_aws_do_not_matter(start, aws, tmp_path, monkeypatch, whole_aws):
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_bytes(b"\xff\xfe[profile broken")
    monkeypatch.setenv("AWS_PROFILE", "gone")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASTRAY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert start().end() is None
    assert Control(aws, SHOP).page().users == ()
    assert "ASIAPORTAL" in whole_aws.asked[-1].authorization


def test_a_list_goes_on_after_another_sign_in(start, aws, access_portal, whole_aws):
    access_portal.lives = 1
    assert start().end() is None
    control = Control(aws, SHOP)
    access_portal.end_sessions()
    assert problem_of(control.page).kind is Kind.EXPIRED
    access_portal.lives = 3600
    assert start().end() is None
    assert control.page().users == ()


def test_a_token_that_has_ended_is_renewed_by_itself(start, aws, access_portal):
    access_portal.lives = 1
    assert start().end() is None
    access_portal.end_all()
    access_portal.lives = 3600
    assert Control(aws, SHOP).page().users == ()
    assert aws.sign_in_of(SHOP).until > datetime.now(UTC) + timedelta(minutes=50)
    assert "refresh_token" in [asked.body["grantType"] for asked in access_portal.asked("/token")]


def test_signing_out_forgets_and_tells_the_portal(start, aws, way, access_portal):
    assert start().end() is None
    Control(aws, SHOP).page()
    token = aws.token(way)
    sign_out(aws, way)
    assert access_portal.logged_out == [token]
    assert aws.sign_in_of(SHOP) is None
    assert problem_of(Control(aws, SHOP).page).kind is Kind.NO_SIGN_IN
    sign_out(aws, way)
    assert len(access_portal.logged_out) == 1


def test_signing_out_without_a_network_forgets_all_the_same(start, aws, way, whole_aws):
    assert start().end() is None
    whole_aws.proxy.breaks = "503"
    assert problem_of(lambda: sign_out(aws, way)).kind is Kind.UNREACHED
    assert aws.sign_in_of(SHOP) is None


def test_signing_out_of_what_has_ended_by_itself_is_no_failure(start, aws, way, access_portal):
    start().end()
    access_portal.end_all()
    sign_out(aws, way)
    assert aws.sign_in_of(SHOP) is None


def test_who_has_signed_out_is_not_signed_in_again_by_a_renewal_that_was_under_way(
    start, aws, way, access_portal, whole_aws
):
    access_portal.lives = 2
    start().end()
    answer, asked_for, left = whole_aws.answers["oidc"], threading.Event(), threading.Event()

    def held(asked):
        if asked.path == "/token":
            asked_for.set()
            left.wait()
            access_portal.lives = 3600
        return answer(asked)

    whole_aws.answers["oidc"] = held

    def read():
        # Whoever has signed out sees no more of the list.
        with suppress(ConfirmdeskError):
            roles(aws, way)

    listing = threading.Thread(target=read)
    listing.start()
    assert asked_for.wait(60)
    sign_out(aws, way)
    left.set()
    listing.join()
    assert aws.sign_in_of(SHOP) is None


def test_sending_needs_no_sign_in(aws, whole_aws):
    whole_aws.asked.clear()
    open_sender(aws, SHOP, None).send(Request("jane"))
    assert whole_aws.services() == ["cognito-idp"]
    assert whole_aws.asked[0].authorization == ""
