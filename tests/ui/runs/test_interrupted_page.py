import time
from dataclasses import replace

import pytest
from on_screen import answer, box, boxes, cells, column, is_shown, line, press, said, show, the, wait_for
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QTableView
from samples import JANE, LI, MARY, NOW, SOFIA, TOM, person
from ui_fixtures import set_text_width

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.ledger.ledger import Operator
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import Outcome, Reply
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.core.sending.results import Result
from confirmdesk.core.times import moment
from confirmdesk.ui.runs.interrupted_page import InterruptedPage

SHOP = Connection("Shop EU", "eu-west-1", "eu-west-1_A", "client", environment="Production")
STAFF = Operator("jane", "desk-7")
ACCEPTED = Reply(status=200, request_id="r-1", destination="j***@e***", medium="EMAIL")
NO_MAIL = Reply("CodeDeliveryFailureException", "Unable to send", 400)
BROKEN = Reply("InternalErrorException", "Something broke", 500, "r-5")
THEN = NOW - 30 * 86400
DECISIONS = ("Resume run", "Send unknown again", "Count unknown as sent", "End run")


@pytest.fixture
def interrupt(ledger):
    """A run that its program did not end: what was answered to whom, None for in flight; the rest is left."""

    def interrupt(users=(JANE, MARY, LI, SOFIA, TOM), answers=(ACCEPTED, None, BROKEN), connection=SHOP):
        plan = make_plan(users, [("ticket", "HD-4711")], frozenset({"email", "phone_number"}))
        journal = ledger.begin(connection, STAFF, plan, 5.0, THEN)
        for at, reply in enumerate(answers):
            when, recipient = THEN + 60 * (at + 1), plan.recipients[at]
            journal.intend(at, when)
            if reply is not None:
                journal.settle(at, Result(recipient, judge(reply, recipient.user), reply, when))
        return journal.run

    return interrupt


@pytest.fixture
def page(qtbot, theme, ledger, tasks):
    made = InterruptedPage(tasks, ledger)
    made.resize(1000, 640)
    return show(qtbot, made)


@pytest.fixture
def look(page, ledger):
    def look():
        [run] = ledger.runs(open_only=True)
        page.show_run(run, ledger.results(run.id))
        return page

    return look


def outcomes(ledger, run):
    return [result.verdict.outcome for result in ledger.results(run)]


def choose(page, *users):
    table = the(page, "Unknown recipients", QTableView)
    table.clearSelection()
    table.setSelectionMode(QTableView.SelectionMode.MultiSelection)
    for user in users:
        table.selectRow(column(page, "Unknown recipients", "User").index(user))


def enabled(page):
    return [name for name in DECISIONS if the(page, name).isEnabled()]


A, U, LEFT = Outcome.ACCEPTED, Outcome.UNKNOWN, Outcome.LEFT


def test_what_was_interrupted_when_and_how_far_it_got(interrupt, look):
    interrupt(answers=(ACCEPTED, None, NO_MAIL))
    page = look()
    when = moment(THEN + 180, time.time())
    assert line(page, "Interrupted run") == (
        f"Interrupted on {when}: Shop EU, 1 of 5 served, 1 failed, 2 left, 1 unknown."
    )
    assert the(page, "Run summary", QFrame).accessibleDescription() == (
        "accepted 1 · doubtful 0 · not needed 0 · waiting 0 · failed 1 · unknown 1 · left 2"
    )
    assert "PRODUCTION" in said(page)
    assert "safe to resume" in said(page)


def test_a_run_interrupted_before_its_first_call_has_the_time_of_its_start(interrupt, look):
    interrupt(answers=())
    start = moment(THEN, time.time())
    assert line(look(), "Interrupted run").startswith(f"Interrupted on {start}: ")


def test_who_is_unknown_and_what_is_known_of_them(interrupt, look):
    interrupt()
    rows = cells(look(), "Unknown recipients")
    assert [row[:3] for row in rows] == [
        ["m.okafor@example.org", "SMS", moment(THEN + 120, time.time())],
        ["li.wei@exmaple.com", "E-mail", moment(THEN + 180, time.time())],
    ]
    assert rows[0][3].startswith("Interrupted in mid-call. ")
    assert "AWS" in rows[1][3]


def test_nobody_unknown_has_a_face(interrupt, look):
    interrupt(answers=(ACCEPTED,))
    page = look()
    assert "Nobody is unknown." in said(page)
    assert "in flight" not in said(page)
    assert not is_shown(page, "Unknown recipients")
    assert enabled(page) == ["Resume run", "End run"]
    assert the(page, "Count unknown as sent").toolTip() == "Nobody is unknown."


def test_resume_carries_everybody_as_they_are_and_only_once(interrupt, look, ledger, qtbot):
    run = interrupt()
    page = look()
    button = the(page, "Resume run")
    assert (button.text(), button.accessibleDescription()) == ("Resume run (2)", "2 people: 1 by e-mail, 1 by SMS")
    asked = []
    page.resume_requested.connect(lambda *what: asked.append(what))
    press(qtbot, page, "Resume run")
    press(qtbot, page, "Resume run")
    assert [(what.id, results) for what, results in asked] == [(run, ledger.results(run))]
    assert enabled(page) == []
    page.set_busy(False)
    assert enabled(page) == list(DECISIONS)


def test_the_chosen_unknown_ones_join_those_who_are_left_after_a_question(interrupt, look, ledger, qtbot):
    run = interrupt()
    page = look()
    choose(page, "li.wei@exmaple.com")
    assert the(page, "Send unknown again").text() == "Send unknown again (1)…"
    press(qtbot, page, "Send unknown again")
    asked = box(qtbot, page)
    assert asked.text() == "1 person may already have got a code."
    assert "twice" in asked.informativeText()
    answer(qtbot, asked, "Send again (1)")
    wait_for(qtbot, lambda: the(page, "Resume run").text() == "Resume run (3)")
    assert outcomes(ledger, run) == [A, U, LEFT, LEFT, LEFT]
    assert column(page, "Unknown recipients", "User") == ["m.okafor@example.org"]
    assert line(page, "Interrupted run").endswith("3 left, 1 unknown.")


def test_the_time_of_the_interruption_stays_when_its_last_one_is_decided_about(interrupt, look, qtbot):
    interrupt()
    page = look()
    before = line(page, "Interrupted run").partition(": Shop")[0]
    choose(page, "li.wei@exmaple.com")
    press(qtbot, page, "Send unknown again")
    answer(qtbot, box(qtbot, page), "Send again (1)")
    wait_for(qtbot, lambda: "3 left" in line(page, "Interrupted run"))
    assert line(page, "Interrupted run").partition(": Shop")[0] == before


def test_who_refuses_the_question_changes_nothing(interrupt, look, ledger, qtbot):
    run = interrupt()
    page = look()
    press(qtbot, page, "Send unknown again")
    assert enabled(page) == []  # an assistive tool could press what the question covers
    answer(qtbot, box(qtbot, page), "Cancel")
    qtbot.waitUntil(lambda: not boxes(page))
    assert enabled(page) == list(DECISIONS)
    assert outcomes(ledger, run) == [A, U, U, LEFT, LEFT]


def test_with_nobody_chosen_it_is_about_all(interrupt, look, ledger, qtbot):
    run = interrupt()
    page = look()
    press(qtbot, page, "Send unknown again")
    answer(qtbot, box(qtbot, page), "Send again (2)")
    wait_for(qtbot, lambda: "Nobody is unknown." in said(page))
    assert outcomes(ledger, run) == [A, LEFT, LEFT, LEFT, LEFT]


def test_counted_as_sent_at_the_time_of_the_call_and_with_what_aws_said(interrupt, look, ledger, qtbot):
    run = interrupt()
    page = look()
    press(qtbot, page, "Count unknown as sent")
    wait_for(qtbot, lambda: "Nobody is unknown." in said(page))
    assert outcomes(ledger, run) == [A, A, A, LEFT, LEFT]
    _, mary, li, *_ = ledger.results(run)
    assert (mary.at, li.at, li.reply.request_id) == (THEN + 120, THEN + 180, "r-5")
    assert line(page, "Interrupted run").endswith("3 of 5 served, 2 left, 0 unknown.")


def test_after_a_decision_the_next_one_is_about_nobody_who_moved_up(interrupt, look, ledger, qtbot):
    run = interrupt(answers=(None, None, None))
    page = look()
    choose(page, "jane.doe@example.com")
    press(qtbot, page, "Count unknown as sent")
    wait_for(qtbot, lambda: len(cells(page, "Unknown recipients")) == 2)
    assert the(page, "Unknown recipients", QTableView).selectionModel().selectedRows() == []
    assert the(page, "Count unknown as sent").text() == "Count unknown as sent (2)"
    assert outcomes(ledger, run) == [A, U, U, LEFT, LEFT]


def test_nothing_can_be_pressed_while_a_decision_is_written_down(interrupt, look, file, qtbot):
    interrupt()
    page = look()
    with file.held():
        press(qtbot, page, "Count unknown as sent")
        assert enabled(page) == []
    wait_for(qtbot, lambda: enabled(page) == ["Resume run", "End run"])


def test_a_decision_that_cannot_be_written_down_is_told_and_not_taken(interrupt, look, file, ledger, qtbot):
    run = interrupt()
    page = look()
    file.read("PRAGMA query_only=1")
    press(qtbot, page, "Count unknown as sent")
    told = box(qtbot, page)
    assert "cannot be written" in told.text()
    answer(qtbot, told, "OK")
    assert enabled(page) == list(DECISIONS)
    assert outcomes(ledger, run) == [A, U, U, LEFT, LEFT]


def test_to_end_a_run_is_a_decision(interrupt, look, ledger, qtbot):
    run = interrupt()
    page = look()
    press(qtbot, page, "End run")
    asked = box(qtbot, page)
    assert asked.text() == "End this run with 2 people left without a code and 2 unknown?"
    answer(qtbot, asked, "Cancel")
    assert [r.id for r in ledger.runs(open_only=True)] == [run]
    qtbot.waitUntil(lambda: not boxes(page))
    press(qtbot, page, "End run")
    with qtbot.waitSignal(page.ended) as ended:
        answer(qtbot, box(qtbot, page), "End run")
    assert ended.args[0].id == run
    assert ledger.runs(open_only=True) == []
    assert outcomes(ledger, run) == [A, U, U, LEFT, LEFT]
    assert enabled(page) == []


def test_with_nobody_left_or_unknown_there_is_only_the_end_and_no_question(interrupt, look, ledger, qtbot):
    interrupt([JANE, MARY], (ACCEPTED, None))
    page = look()
    assert enabled(page) == list(DECISIONS[1:])
    press(qtbot, page, "Count unknown as sent")
    wait_for(qtbot, lambda: enabled(page) == ["End run"])
    assert "Nobody is left and nobody is unknown any more." in said(page)
    with qtbot.waitSignal(page.ended):
        press(qtbot, page, "End run")
    assert ledger.runs(open_only=True) == []


def test_another_run_is_shown_in_place_of_the_first(interrupt, look, ledger, qtbot):
    first = interrupt()
    page = look()
    press(qtbot, page, "Resume run")
    ledger.end(first, THEN)
    interrupt([TOM], (), replace(SHOP, name="Other", environment="Staging"))
    look()
    assert "Other, 0 of 1 served, 1 left, 0 unknown." in line(page, "Interrupted run")
    assert "STAGING" in said(page)
    assert enabled(page) == ["Resume run", "End run"]


def test_hostile_names_stay_text(interrupt, look):
    interrupt([person("u-x", "\u202e<i>x@example.com")], (None,), replace(SHOP, name="<b>\u202eShop"))
    page = look()
    assert column(page, "Unknown recipients", "User") == ["⟨U+202E⟩<i>x@example.com"]
    assert "<b>⟨U+202E⟩Shop" in line(page, "Interrupted run")


def test_space_sets_nothing_off_when_the_page_comes_up(interrupt, look, qtbot):
    interrupt()
    page = look()
    page.focusNextChild()
    assert page.focusWidget() is the(page, "Unknown recipients", QTableView)
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Space)
    assert not boxes(page)


def test_it_fits_the_smallest_window_whatever_the_font(qapp, interrupt, look):
    interrupt(connection=replace(SHOP, name="x" * 300, environment="y" * 300))
    page = look()
    set_text_width(qapp, 1.25)
    try:
        assert page.minimumSizeHint().width() <= 640
    finally:
        set_text_width(qapp)


def test_not_now_decides_nothing(qtbot, interrupt, look, ledger):
    run = interrupt()
    page = look()
    before = outcomes(ledger, run)
    with qtbot.waitSignal(page.put_off):
        press(qtbot, page, "Not now")
    assert outcomes(ledger, run) == before
    assert [open_.id for open_ in ledger.runs(open_only=True)] == [run]
