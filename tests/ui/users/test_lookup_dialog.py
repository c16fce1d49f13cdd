import pytest
from on_screen import boxes, cells, column, line, opened, press, said, the, wait_for
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QTableView
from samples import JANE, LI, person

from confirmdesk.core.cognito.lookup import Found
from confirmdesk.core.errors import Problem
from confirmdesk.core.people.users import make_user
from confirmdesk.ui.users.lookup_dialog import LookupDialog

DONE = make_user("u-done", 0.0, True, "CONFIRMED", [("email", "jane@example.com")])
OFF = make_user("u-off", 0.0, False, "UNCONFIRMED", [("phone_number", "+447700900001")])


@pytest.fixture
def dialog(qtbot, host):
    made = LookupDialog(host, "<b>jane</b>")
    made.open()
    qtbot.waitExposed(made)
    return made


def table(dialog):
    return the(dialog, "Whole pool results", QTableView)


def test_it_is_there_before_the_answer(dialog):
    assert line(dialog, "Whole pool status") == "Asking AWS…"
    assert "“<b>jane</b>” in the whole pool" in said(dialog)
    assert not the(dialog, "Pick this person").isEnabled()


@pytest.mark.parametrize(
    ("pasted", "heading"),
    [
        ("Jane D. <mailto:Jane@example.com>;", "“Jane@example.com” in the whole pool"),
        ("tel:+44-7700-900112", "“+44-7700-900112” in the whole pool"),
        ("a@example.com\nb@example.com", "A pasted list"),
    ],
)
def test_the_heading_says_who_is_looked_for(qtbot, host, pasted, heading):
    made = LookupDialog(host, pasted)
    made.open()
    qtbot.waitExposed(made)
    assert heading in said(made)


def test_everybody_with_status_and_what_helps(dialog):
    dialog.show_found(Found((JANE, DONE, OFF)))
    assert line(dialog, "Whole pool status") == "3 people found by exact match or beginning."
    assert column(dialog, "Whole pool results", "Status") == ["Unconfirmed", "Confirmed", "Unconfirmed, disabled"]
    helps = column(dialog, "Whole pool results", "What helps")
    assert helps[0] == "Has not confirmed yet. Pick this person and send a code."
    assert "can sign in" in helps[1]
    assert "must be enabled first" in helps[2]
    assert cells(dialog, "Whole pool results")[2][:3] == ["—", "—", "+447700900001"]


def test_only_an_unconfirmed_person_can_be_picked(dialog, qtbot):
    dialog.show_found(Found((JANE, DONE)))
    assert the(dialog, "Pick this person").isEnabled()
    qtbot.keyClick(table(dialog), Qt.Key.Key_Down)
    assert not the(dialog, "Pick this person").isEnabled()
    qtbot.keyClick(table(dialog), Qt.Key.Key_Up)
    with qtbot.waitSignal(dialog.picked, check_params_cb=lambda user: user is JANE):
        press(qtbot, dialog, "Pick this person")
    assert not dialog.isVisible()


def test_nobody_is_said_with_what_may_be_the_reason(dialog):
    dialog.show_found(Found())
    assert line(dialog, "Whole pool status").startswith("Nobody has “<b>jane</b>” as e-mail, phone number")
    assert "may have signed up with another address" in line(dialog, "Whole pool status")
    assert not the(dialog, "Pick this person").isEnabled()


def test_near_misses_come_first_and_say_why(dialog, qtbot):
    dialog.show_found(Found(near=(LI,), people=(DONE,)))
    assert column(dialog, "Whole pool results", "E-mail") == ["li.wei@exmaple.com", "jane@example.com"]
    assert "perhaps mistyped at sign-up" in column(dialog, "Whole pool results", "What helps")[0]
    status = line(dialog, "Whole pool status")
    assert status.startswith("1 person among those loaded has nearly this address. 1 person found by exact match")
    assert the(dialog, "Pick this person").isEnabled()
    advice = (
        "Nearly this address, perhaps mistyped at sign-up: then a code would not reach the customer, who can sign up "
        "again with the right one."
    )
    assert line(dialog, "What helps this person") == advice
    qtbot.keyClick(table(dialog), Qt.Key.Key_Down)
    assert "can sign in" in line(dialog, "What helps this person")
    dialog.show_found(Found(near=(LI,)))
    assert "Nobody else has “<b>jane</b>”" in line(dialog, "Whole pool status")


def test_those_loaded_are_shown_with_the_reason_why_aws_said_nothing(dialog):
    dialog.show_found(Found(known=(JANE,), problem=Problem("AWS said no.", "Ask somebody.")))
    assert line(dialog, "Whole pool status") == "1 person among those loaded. AWS said no. Ask somebody."
    assert column(dialog, "Whole pool results", "Name") == ["Jane Doe"]


def test_of_a_list_it_says_who_is_not_loaded(dialog):
    strangers = tuple(f"who{number}@example.org" for number in range(10))
    dialog.show_found(Found(known=(JANE, LI), listed=12, missing=strangers))
    status = line(dialog, "Whole pool status")
    assert status.startswith("2 of 12 are among those loaded. Not loaded: who0@example.org, who1@example.org")
    assert "and 2 more." in status
    assert "one at a time" in status
    dialog.show_found(Found(known=(JANE, LI), listed=2))
    assert line(dialog, "Whole pool status") == "2 of 2 are among those loaded."


def test_an_error_is_said_in_its_place(dialog):
    dialog.show_problem(Problem("AWS said no.", "Ask somebody."))
    assert line(dialog, "Whole pool status") == "AWS said no. Ask somebody."


def test_a_customer_nobody_loaded_is_found_and_picked(desk, qtbot):
    """The ticket: not in the list, because another name was spelled on the phone."""
    search = the(desk, "Search users", QLineEdit)
    search.setText("taken@example.org")
    press(qtbot, desk, "Look in the whole pool")
    dialog = opened(qtbot, desk, LookupDialog)
    wait_for(qtbot, lambda: cells(dialog, "Whole pool results"))
    statuses = column(dialog, "Whole pool results", "Status")
    assert sorted(statuses) == ["Confirmed", "Unconfirmed"]
    table(dialog).selectRow(statuses.index("Confirmed"))
    assert not the(dialog, "Pick this person").isEnabled()
    table(dialog).selectRow(statuses.index("Unconfirmed"))
    press(qtbot, dialog, "Pick this person")
    qtbot.waitUntil(lambda: not boxes(desk))
    assert [user.email for user in desk.work.users.model.picked_users()] == ["taken@example.org"]
    assert line(desk, "User counts").endswith("1 picked")


def test_the_address_she_meant_finds_her_who_mistyped_it(desk, qtbot):
    the(desk, "Search users", QLineEdit).setText("Edith Archer <mailto:EDITH.ARCHER@example.com>")
    press(qtbot, desk, "Look in the whole pool")
    dialog = opened(qtbot, desk, LookupDialog)
    wait_for(qtbot, lambda: cells(dialog, "Whole pool results"))
    assert column(dialog, "Whole pool results", "E-mail") == ["edith.archer@exmaple.com"]
    press(qtbot, dialog, "Pick this person")
    assert [user.email for user in desk.work.users.model.picked_users()] == ["edith.archer@exmaple.com"]


def test_somebody_the_list_has_not_got_joins_it(desk, qtbot):
    new = person("u-new", "brand.new@example.com", "Brand New")
    the(desk, "Search users", QLineEdit).setText("brand.new@")
    press(qtbot, desk, "Look in the whole pool")
    dialog = opened(qtbot, desk, LookupDialog)
    wait_for(qtbot, lambda: line(dialog, "Whole pool status").startswith("Nobody has"))
    dialog.show_found(Found((new,)))
    press(qtbot, dialog, "Pick this person")
    assert line(desk, "User counts").startswith("201 loaded")
    assert [user.username for user in desk.work.users.model.picked_users()] == ["u-new"]
