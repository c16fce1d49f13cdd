from dataclasses import replace

import pytest
from on_screen import cells, column, is_shown, line, opened, press, said, the
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QListView, QTableView
from samples import DAY, HOUR, JANE, LI, MARY, NOBODY, TOM, person

from confirmdesk.core.checks.before_sending import ConnectionFacts
from confirmdesk.core.checks.check import Check, Light
from confirmdesk.core.checks.forecast import forecast
from confirmdesk.core.connections.connection import PRODUCTION, STAGING, Connection
from confirmdesk.core.errors import Problem
from confirmdesk.core.sending.metadata import Advanced
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.ui.sending.production_question import ProductionQuestion
from confirmdesk.ui.sending.review_dialog import ReviewDialog

SHOP = Connection(
    "Shop",
    "eu-west-1",
    "eu-west-1_Ab12Cd34E",
    "4f9k2client",
    pool_name="Shop pool",
    client_name="web",
    environment=STAGING,
)
BOTH = frozenset({"email", "phone_number"})
NEWER = person("u-newer", "twice@example.com", "Robin Newer", age=HOUR)
OLDER = person("u-older", "twice@example.com", "Robin Older", age=DAY)
OLDEST = person("u-oldest", "twice@example.com", "Robin Oldest", age=2 * DAY)


def judge_nothing(facts, plan):
    return (), forecast(plan, None)


@pytest.fixture
def review(qtbot, host, theme):
    def make(
        users=(JANE, MARY, LI, TOM, NOBODY, OLDER, NEWER),
        rows=(),
        connection=SHOP,
        advanced=Advanced(),
        judge=judge_nothing,
        **more,
    ):
        plan = make_plan(users, rows, BOTH, advanced)
        dialog = ReviewDialog(host, theme, connection, plan, judge, **more)
        dialog.open()
        qtbot.waitExposed(dialog)
        return dialog

    return make


def choose(dialog, *rows):
    table = the(dialog, "Left out", QTableView)
    table.clearSelection()
    for row in rows:
        flags = table.selectionModel().SelectionFlag.Select | table.selectionModel().SelectionFlag.Rows
        table.selectionModel().select(table.model().index(row, 0), flags)


def test_exactly_who_is_sent_what_and_where(review):
    dialog = review(rows=[("ticket", "CS-{name}")])
    assert cells(dialog, "Recipients") == [
        ["jane.doe@example.com", "Jane Doe", "E-mail", "—", "ticket=CS-Jane Doe"],
        ["+447700900112", "Mary Okafor", "SMS", "—", "ticket=CS-Mary Okafor"],
        ["li.wei@exmaple.com", "Li Wei", "E-mail", "typo? example.com", "ticket=CS-Li Wei"],
        ["+447700900144", "Tom Bauer", "SMS", "—", "ticket=CS-Tom Bauer"],
        ["twice@example.com", "Robin Newer", "E-mail", "—", "ticket=CS-Robin Newer"],
    ]


def test_who_is_left_out_and_why(review):
    dialog = review()
    assert cells(dialog, "Left out") == [
        ["u-nobody", "Zoe", "account is disabled"],
        ["twice@example.com", "Robin Older", "same address as another recipient: can be put back"],
    ]


def test_counts_channels_and_time(review):
    dialog = review()
    assert line(dialog, "Review summary") == "5 people: 3 by e-mail, 2 by SMS · 2 left out · about 1 s"
    send = the(dialog, "Send codes")
    assert send.text() == "Send codes (5)"
    assert send.accessibleDescription() == "5 people: 3 by e-mail, 2 by SMS"
    assert "Send 5 confirmation codes" in said(dialog)
    assert "by SMS, each costs money" in said(dialog)


def test_where_it_goes_is_said_with_its_environment(review):
    words = said(review())
    assert "Shop · Shop pool · web" in words
    assert "STAGING" in words


def test_a_single_person(review):
    dialog = review(users=(JANE,))
    assert "Send 1 confirmation code\n" in said(dialog) + "\n"
    assert the(dialog, "Send codes").accessibleDescription() == "1 person: 1 by e-mail, 0 by SMS"
    assert not is_shown(dialog, "Left out")


def test_nobody_to_send_to(review, qtbot):
    dialog = review(users=(NOBODY,))
    assert "Nobody to send to" in said(dialog)
    assert not the(dialog, "Send codes").isEnabled()


def test_only_where_it_is_safe_somebody_can_be_put_back(review, qtbot):
    dialog = review()
    assert not the(dialog, "Put back").isEnabled()
    choose(dialog, 0)
    assert not the(dialog, "Put back").isEnabled()
    choose(dialog, 0, 1)
    press(qtbot, dialog, "Put back")
    assert column(dialog, "Left out", "Why") == ["account is disabled"]
    assert column(dialog, "Recipients", "Name")[-1] == "Robin Older"
    assert the(dialog, "Send codes").text() == "Send codes (6)"
    assert line(dialog, "Review summary").startswith("6 people: 4 by e-mail, 2 by SMS · 1 left out")


def test_putting_back_pressed_twice_puts_back_nobody_else(review, qtbot):
    dialog = review(users=(OLDEST, OLDER, NEWER))
    choose(dialog, 1)
    press(qtbot, dialog, "Put back")
    press(qtbot, dialog, "Put back")
    assert column(dialog, "Left out", "Name") == ["Robin Older"]


def test_what_is_reviewed_is_what_is_confirmed(review, qtbot):
    dialog = review()
    choose(dialog, 1)
    press(qtbot, dialog, "Put back")
    shown = column(dialog, "Recipients", "Sent to")
    with qtbot.waitSignal(dialog.confirmed) as sent:
        press(qtbot, dialog, "Send codes")
    plan, first = sent.args
    assert not first
    assert [r.address for r in plan.recipients] == shown
    assert [r.user.username for r in plan.recipients] == ["u-jane", "u-mary", "u-li", "u-tom", "u-newer", "u-older"]
    assert not dialog.isVisible()


def test_send_codes_pressed_twice_sends_once(review, qtbot):
    dialog = review()
    plans = []
    dialog.confirmed.connect(lambda plan, first: plans.append(plan))
    send = the(dialog, "Send codes")
    dialog.confirmed.connect(lambda plan, first: send.click())
    send.click()
    send.click()
    assert len(plans) == 1


def test_cancel_and_escape_send_nothing(review, qtbot):
    for leave in (
        lambda dialog: press(qtbot, dialog, "Cancel"),
        lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_Escape),
        lambda dialog: dialog.close(),
    ):
        dialog = review()
        with qtbot.assertNotEmitted(dialog.confirmed):
            leave(dialog)
        assert not dialog.isVisible()


def test_return_alone_does_not_send(review, qtbot):
    dialog = review()
    with qtbot.assertNotEmitted(dialog.confirmed):
        qtbot.keyClick(the(dialog, "Recipients"), Qt.Key.Key_Return)
    assert dialog.isVisible()


def test_what_blocks_is_said_and_nothing_can_be_sent(review, qtbot):
    dialog = review(blocked="This app client needs its client secret.")
    assert "This app client needs its client secret." in said(dialog)
    assert not the(dialog, "Send codes").isEnabled()
    choose(dialog, 1)
    press(qtbot, dialog, "Put back")
    assert not the(dialog, "Send codes").isEnabled()


def test_keys_begin_in_the_list_where_they_do_no_harm(review):
    dialog = review()
    dialog.offer_reset()
    assert dialog.focusWidget() is the(dialog, "Recipients")


def test_one_recipient_leaves_the_room_to_those_left_out(review):
    dialog = review(users=(JANE, *(replace(NOBODY, username=f"u-{n}") for n in range(30))))
    one, thirty = the(dialog, "Recipients").height(), the(dialog, "Left out").height()
    assert one <= 112 < thirty


def test_a_note_is_said_above_the_list(review):
    assert "The same requests as before" in said(review(note="The same requests as before"))


def test_hostile_names_stay_text(review):
    dialog = review(users=(person("u-x", "x@example.com", "<b>\u202ex</b>\n"),))
    assert column(dialog, "Recipients", "Name") == ["<b>⟨U+202E⟩x</b>⏎"]


def test_the_first_one_can_go_alone(review, qtbot):
    dialog = review()
    with qtbot.waitSignal(dialog.confirmed) as sent:
        press(qtbot, dialog, "Send to the first 1")
    plan, first = sent.args
    assert first
    assert len(plan.recipients) == 5


def test_for_one_person_there_is_no_first_one(review):
    assert not is_shown(review(users=(JANE,)), "Send to the first 1")


def test_production_asks_for_the_pools_name_and_going_back_sends_nothing(review, qtbot):
    dialog = review(connection=replace(SHOP, environment=PRODUCTION, confirm_above=4))
    sent = []
    dialog.confirmed.connect(lambda plan, first: sent.append(plan))
    press(qtbot, dialog, "Send codes")
    question = opened(qtbot, dialog, ProductionQuestion)
    press(qtbot, question, "Back to review")
    assert sent == []
    assert dialog.isVisible()
    press(qtbot, dialog, "Send codes")
    question = opened(qtbot, dialog, ProductionQuestion)
    qtbot.keyClicks(the(question, "Type the pool name", QLineEdit), "Shop pool")
    press(qtbot, question, "Send to production")
    assert len(sent) == 1


def test_up_to_the_number_of_the_connection_production_asks_nothing(review, qtbot):
    dialog = review(connection=replace(SHOP, environment=PRODUCTION, confirm_above=5))
    with qtbot.waitSignal(dialog.confirmed):
        press(qtbot, dialog, "Send codes")


def test_what_every_request_carries_besides_is_said(review):
    assert "Every request carries IP address 192.0.2.7." in said(review(advanced=Advanced(ip_address="192.0.2.7")))


def test_why_somebody_was_put_back_goes_with_them(review, qtbot):
    dialog = review()
    choose(dialog, 1)
    qtbot.keyClicks(the(dialog, "Reason for putting back", QLineEdit), "asked on the phone")
    press(qtbot, dialog, "Put back")
    with qtbot.waitSignal(dialog.confirmed) as sent:
        press(qtbot, dialog, "Send codes")
    assert sent.args[0].recipients[-1].put_back == "same address as another recipient. asked on the phone"


def test_what_aws_told_becomes_checks_and_a_forecast(review):
    def judge(facts, plan):
        return (Check(Light.WARN, f"{len(plan.recipients)} people", "Setting"),), "Stops after 3."

    dialog = review(judge=judge)
    dialog.show_facts(ConnectionFacts(Problem("no"), Problem("no")))
    checks = the(dialog, "Checks", QListView).model()
    assert "5 people" in str(checks.index(0, 0).data())
    assert line(dialog, "Forecast") == "Stops after 3."
