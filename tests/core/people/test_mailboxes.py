import pytest
from hypothesis import given
from hypothesis import strategies as st

from confirmdesk.core.people.mailboxes import mailbox_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jané@example.com", "jane\u0301@example.com"),
        ("Jane@Example.com", "jane@example.COM"),
        ("jane@bücher.example", "jane@xn--bcher-kva.example"),
        ("jane@BÜCHER.example", "jane@xn--BCHER-kva.example"),
        ("jane@bu\u0308cher.example", "jane@xn--bcher-kva.example"),
        ("jane@example.com.", "jane@example.com"),
        (" jane@example.com", "jane@example.com"),
        ("jane@example.com\u00a0", "jane@example.com"),
        ("jane@example\u3002com", "jane@example.com"),
        ("+447700900112 ", "+447700900112"),
    ],
)
def test_one_address_in_two_spellings_is_one_mailbox(one, other):
    assert mailbox_of(one) == mailbox_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jane@example.com", "jane@example.org"),
        ("jane.doe@example.com", "janedoe@example.com"),
        ("jane+shop@example.com", "jane@example.com"),
        ("jane@example.com", "jane"),
        ("+447700900112", "+447700900113"),
    ],
)
def test_other_addresses_are_others(one, other):
    assert mailbox_of(one) != mailbox_of(other)


@given(st.text())
def test_blanks_around_whatever_strangers_type_make_no_other_mailbox(address):
    assert mailbox_of(f" {address}\n") == mailbox_of(address)
