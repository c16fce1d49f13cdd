from dataclasses import replace

import pytest
from samples import JANE, LI, person

from confirmdesk.core.people.statuses import status_words, what_helps


@pytest.mark.parametrize(
    ("status", "shown", "help_"),
    [
        ("UNCONFIRMED", "Unconfirmed", "send a code"),
        ("CONFIRMED", "Confirmed", "can sign in"),
        ("FORCE_CHANGE_PASSWORD", "Force change password", "administrator, who must send the invitation"),
        ("RESET_REQUIRED", "Reset required", "Forgot password"),
        ("EXTERNAL_PROVIDER", "External provider", "no code to send"),
        ("ARCHIVED", "Archived", "Ask an AWS administrator"),
        ("", "Unknown", "Ask an AWS administrator"),
    ],
)
def test_status_and_what_helps(status, shown, help_):
    user = replace(JANE, status=status)
    assert status_words(user) == shown
    assert help_ in what_helps(user)
    assert "disabled" not in what_helps(user)


@pytest.mark.parametrize("status", ["UNCONFIRMED", "CONFIRMED", "SOMETHING_NEW"])
def test_disabled_comes_first(status):
    user = replace(JANE, status=status, enabled=False)
    assert status_words(user).endswith(", disabled")
    assert what_helps(user).startswith("The account is disabled and must be enabled first.")


def test_only_the_unconfirmed_are_offered_a_code():
    for status in ("CONFIRMED", "FORCE_CHANGE_PASSWORD", "RESET_REQUIRED", "EXTERNAL_PROVIDER", "NEW"):
        assert "Pick this person" not in what_helps(replace(JANE, status=status))


def test_a_code_to_a_mistyped_address_helps_nobody():
    assert what_helps(LI) == (
        "Has not confirmed yet, but the address looks mistyped (example.com?): a code would not reach the customer, "
        "who can sign up again with the right one."
    )
    by_phone = person("u", LI.email, phone="+447700900112")
    assert "send a code" in what_helps(by_phone)
