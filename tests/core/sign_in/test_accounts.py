"""Accounts and roles of whoever is signed in, and what becomes of a sign-in in the middle of them."""

import threading

import pytest
from whole_aws import told

from confirmdesk.core.aws.ways_in import WayIn
from confirmdesk.core.connections.portal import Portal
from confirmdesk.core.errors import ConfirmdeskError, Kind
from confirmdesk.core.sign_in.accounts import AccountRole, roles
from confirmdesk.core.sign_in.flow import SignIn

NAMES = [f"role-{number:02}" for number in range(40)]


@pytest.fixture
def signed_in(aws, way, browser):
    def sign_in():
        SignIn(aws, way, browser.open, lambda step: None).run()
        browser.end()

    return sign_in


def kind_of(call):
    with pytest.raises(ConfirmdeskError) as failed:
        call()
    return failed.value.problem.kind


def test_all_roles_of_all_accounts_are_listed_page_by_page(aws, way, access_portal, signed_in):
    access_portal.roles = {"222222222222": NAMES, "111111111111": NAMES, "333333333333": []}
    access_portal.accounts = {"222222222222": "a shop", "111111111111": "Bank"}
    signed_in()
    found = roles(aws, way)
    assert len(found) == 80
    assert found[0] == AccountRole("222222222222", "a shop", "role-00")
    assert [role.role_name for role in found[40:]] == NAMES
    assert found[40].account_name == "Bank"
    assert len(access_portal.asked("/assignment/roles")) == 9


def test_more_than_a_page_of_accounts_is_read_to_its_end(aws, way, access_portal, signed_in):
    access_portal.roles = {f"{number:012}": ["support"] for number in range(25)}
    signed_in()
    assert len(roles(aws, way)) == 25


def test_nobody_signed_in_is_told_so(aws, way):
    assert kind_of(lambda: roles(aws, way)) is Kind.NO_SIGN_IN


def test_a_token_that_is_about_to_end_is_renewed_by_itself_in_the_middle_of_the_list(
    aws, way, access_portal, signed_in, monkeypatch
):
    # What the environment names does not matter.
    monkeypatch.setenv("AWS_PROFILE", "gone")
    access_portal.roles = {"111111111111": NAMES}
    access_portal.lives = 800
    signed_in()
    assert len(roles(aws, way)) == 40
    tokens = {asked.token for asked in access_portal.asked("/assignment/roles")}
    assert len(tokens) > 1


def test_a_sign_in_that_ends_in_the_middle_is_told_and_the_list_is_read_after_another(
    aws, way, access_portal, signed_in, whole_aws
):
    access_portal.roles = {"111111111111": NAMES}
    signed_in()
    answer = whole_aws.answers["portal"]

    def end_at_the_second_page(asked):
        if asked.query.get("next_token") == "10":
            access_portal.end_sessions()
        return answer(asked)

    whole_aws.answers["portal"] = end_at_the_second_page
    assert kind_of(lambda: roles(aws, way)) is Kind.EXPIRED
    whole_aws.answers["portal"] = answer
    signed_in()
    assert len(roles(aws, way)) == 40


def test_who_wants_no_more_gets_what_was_found(aws, way, access_portal, signed_in):
    access_portal.roles = {"111111111111": NAMES, "222222222222": NAMES}
    signed_in()
    enough = threading.Event()

    def stop():
        return enough.is_set() or len(access_portal.asked("/assignment/roles")) == 2

    assert len(roles(aws, way, stop)) == 20


def test_rows_that_are_none_are_left_out(aws, way, access_portal, signed_in, whole_aws):
    signed_in()
    rows = {
        "accountList": [None, {"accountId": {"a": 1}}, {"accountId": ""}, {"accountId": "111111111111"}],
        "roleList": [None, {"roleName": 5}, {"roleName": "support"}],
    }
    whole_aws.answers["portal"] = lambda asked: told(rows)
    assert roles(aws, way) == [AccountRole("111111111111", "", "support")]


def test_a_region_that_is_none_is_told(aws):
    assert kind_of(lambda: roles(aws, WayIn(Portal("https://x.awsapps.com/start", "not a region")))) is Kind.BROKEN_HERE
