import csv
import threading
import time
from dataclasses import replace

import pytest
from on_screen import answer, box, boxes, cells, column, is_shown, line, opened, press, said, show, the, wait_for
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QTableView
from samples import JANE, LI, MARY, SOFIA, TOM, person

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.ledger.ledger import Operator
from confirmdesk.core.quotas import HOUR
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import Reply
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.core.sending.results import Result
from confirmdesk.core.times import moment
from confirmdesk.ui.kit.inputs import Combo
from confirmdesk.ui.runs.history_page import HistoryPage

SHOP = Connection("Shop EU", "eu-west-1", "eu-west-1_A", "client", environment="Production")
STAFF = Operator("jane", "desk-7", "arn:aws:iam::123456789012:user/jane")
ACCEPTED = Reply(status=200, request_id="r-1", destination="***", medium="EMAIL")
BOUNCED = Reply("CodeDeliveryFailureException", "Unable to send", 400)
LIMIT = Reply("LimitExceededException", "Attempt limit exceeded, please try after some time.", 400)
CONFIRMED = Reply("InvalidParameterException", "User is already confirmed.", 400)
BROKEN = Reply("InternalErrorException", "Something broke", 500)
EVERYBODY = (JANE, MARY, LI, SOFIA, TOM)
DAY = 24 * HOUR
ACTIONS = ("Send again to these", "Export run", "Count confirmed", "Delete history")


@pytest.fixture
def send(ledger):
    """A run of `age` seconds ago; who has no answer is left, None is in flight."""

    def send(users=EVERYBODY, answers=(), age=2 * DAY, ended=True, connection=SHOP):
        plan = make_plan(users, [("ticket", "HD-4711")], frozenset({"email", "phone_number"}))
        then = time.time() - age
        journal = ledger.begin(connection, STAFF, plan, 5.0, then)
        for at, reply in enumerate(answers):
            journal.intend(at, then)
            if reply is not None:
                recipient = plan.recipients[at]
                journal.settle(at, Result(recipient, judge(reply, recipient.user), reply, then))
        if ended:
            ledger.end(journal.run, then + 1)
        return journal.run

    return send


@pytest.fixture
def page(qtbot, theme, ledger, tasks):
    made = HistoryPage(tasks, ledger, STAFF)
    made.resize(1100, 700)
    return show(qtbot, made)


@pytest.fixture
def read(page, file, qtbot):
    """The page with its first run read. From then on only what the page does counts."""

    def read(running=0):
        file.threads.clear()
        page.refresh(running)
        wait_for(qtbot, lambda: is_shown(page, "Runs") and is_shown(page, "Run recipients"))
        settled(qtbot, page)
        return page

    return read


def settled(qtbot, page):
    wait_for(qtbot, lambda: line(page, "Run recipients heading") not in ("", "Reading…"))


def choose(qtbot, page, row):
    the(page, "Runs", QTableView).selectRow(row)
    settled(qtbot, page)


def enabled(page):
    return [name for name in ACTIONS if the(page, name).isEnabled()]


def causes(page):
    combo = the(page, "Cause filter", Combo)
    return [combo.itemText(at) for at in range(combo.count())]


def test_nothing_sent_yet_has_a_face(page, qtbot):
    page.refresh()
    wait_for(qtbot, lambda: "Nothing was sent from this computer yet." in said(page))
    assert not is_shown(page, "Runs")
    assert not the(page, "Delete history").isEnabled()
    assert not is_shown(page, "Read history again")


def test_whose_knowledge_this_is_and_how_long_it_is_kept(page):
    assert line(page, "About the history") == (
        "What this computer knows, not what the rest of your team sent from theirs. Runs are kept for 90 days."
    )


def test_runs_interrupted_ones_on_top_then_the_newest(send, read):
    send(answers=[ACCEPTED, CONFIRMED, BOUNCED, LIMIT], age=3 * DAY)
    send([JANE], [ACCEPTED], age=2 * DAY, connection=replace(SHOP, name="Shop US"))
    send(answers=[ACCEPTED, None, BROKEN], age=4 * DAY, ended=False)
    now = time.time()
    assert cells(read(), "Runs") == [
        [moment(now - 4 * DAY, now), "Shop EU", "jane on desk-7", "5", "1", "2", "Interrupted · 2 unknown · 2 left"],
        [moment(now - 2 * DAY, now), "Shop US", "jane on desk-7", "1", "1", "0", "Finished"],
        [moment(now - 3 * DAY, now), "Shop EU", "jane on desk-7", "5", "1", "3", "Ended · 1 left"],
    ]


def test_the_run_that_goes_on_is_not_interrupted(send, read):
    run = send(ended=False)
    assert column(read(running=run), "Runs", "State") == ["Running"]


def test_the_people_of_the_chosen_run_and_its_counters(send, read, qtbot):
    send(answers=[ACCEPTED, CONFIRMED, BOUNCED, LIMIT], age=DAY)
    send([JANE], [ACCEPTED], age=2 * DAY)
    page = read()
    assert line(page, "Run summary") == (
        "accepted 1 · doubtful 0 · not needed 1 · waiting 1 · failed 1 · unknown 0 · left 1"
    )
    assert column(page, "Run recipients", "Outcome") == ["accepted", "not needed", "failed", "waiting", "left"]
    assert line(page, "Run recipients heading").endswith(
        "Shop EU · jane on desk-7 · arn:aws:iam::123456789012:user/jane"
    )
    choose(qtbot, page, 1)
    assert cells(page, "Run recipients")[0][:5] == [
        "jane.doe@example.com",
        "Jane Doe",
        "accepted",
        "E-mail",
        "***",
    ]
    assert line(page, "Run summary").startswith("accepted 1 · doubtful 0 · not needed 0")


def test_the_people_of_one_cause(send, read, qtbot):
    send(answers=[BOUNCED, ACCEPTED, BOUNCED])
    page = read()
    assert causes(page) == ["Everybody (5)", "Address refused (2)", "Not sent yet (2)", "Accepted (1)"]
    the(page, "Cause filter", Combo).setCurrentText("Address refused (2)")
    assert column(page, "Run recipients", "User") == ["jane.doe@example.com", "li.wei@exmaple.com"]
    assert line(page, "Run summary").startswith("accepted 1 ")


def test_a_run_chosen_quickly_after_another_shows_its_own_people(send, read, file, qtbot):
    send([MARY], [ACCEPTED], age=DAY)
    send([JANE], [ACCEPTED], age=2 * DAY)
    send([TOM], [ACCEPTED], age=3 * DAY)
    page = read()
    shown = []
    people = the(page, "Run recipients", QTableView).model()
    people.dataChanged.connect(lambda: shown.append(column(page, "Run recipients", "User")))
    with file.held():
        table = the(page, "Runs", QTableView)
        table.selectRow(1)
        table.selectRow(2)
        assert line(page, "Run recipients heading") == "Reading…"
        assert cells(page, "Run recipients") == []
        assert enabled(page) == ["Delete history"]
    wait_for(qtbot, lambda: column(page, "Run recipients", "User") == [TOM.label])
    assert shown == [[TOM.label]]


def test_thousands_of_people_are_read_in_the_background(send, read, file, qtbot):
    send([person(f"u-{i}", f"u-{i}@example.com") for i in range(5000)], [ACCEPTED])
    page = read()
    assert len(cells(page, "Run recipients")) == 5000
    press(qtbot, page, "Delete history")
    answer(qtbot, box(qtbot, page), "Delete 1 run")
    wait_for(qtbot, lambda: "Nothing was sent" in said(page))
    assert file.threads
    assert threading.main_thread() not in file.threads


def test_send_again_carries_those_who_may_go_again(send, read, qtbot):
    run = send(answers=[ACCEPTED, BOUNCED, BROKEN, LIMIT])
    page = read()
    assert the(page, "Send again to these").text() == "Send again to these (3)…"
    with qtbot.waitSignal(page.send_again_requested) as asked:
        press(qtbot, page, "Send again to these")
    assert asked.args[0].id == run
    assert [r.recipient.user.label for r in asked.args[1]] == [MARY.label, SOFIA.label, TOM.label]


def test_send_again_to_those_of_the_shown_cause_only(send, read, qtbot):
    send(answers=[ACCEPTED, BOUNCED])
    page = read()
    the(page, "Cause filter", Combo).setCurrentText("Address refused (1)")
    with qtbot.waitSignal(page.send_again_requested) as asked:
        press(qtbot, page, "Send again to these")
    assert [r.recipient.user.label for r in asked.args[1]] == [MARY.label]
    the(page, "Cause filter", Combo).setCurrentText("Accepted (1)")
    assert not the(page, "Send again to these").isEnabled()


def test_who_waits_for_the_hourly_limit_may_not_go_again_yet(send, read):
    send([JANE], [LIMIT], age=HOUR / 2)
    assert not the(read(), "Send again to these").isEnabled()


def test_an_interrupted_run_is_resumed_not_sent_again(send, read, ledger, qtbot):
    run = send(answers=[ACCEPTED], ended=False)
    page = read()
    button = the(page, "Send again to these")
    assert not button.isEnabled()
    assert "Resume it or end it first." in button.toolTip()
    with qtbot.waitSignal(page.resume_requested) as asked:
        press(qtbot, page, "Resume run")
    assert (asked.args[0].id, asked.args[1]) == (run, ledger.results(run))


def test_what_has_ended_or_goes_on_cannot_be_resumed(send, read, qtbot):
    send([JANE], [ACCEPTED], age=3 * DAY)
    going_on = send([MARY], ended=False)
    page = read(running=going_on)
    assert not is_shown(page, "Resume run")
    choose(qtbot, page, 1)
    assert not is_shown(page, "Resume run")


def test_a_run_is_exported_with_everybody_and_the_keys_of_its_metadata(send, read, tmp_path, qtbot):
    send(answers=[BOUNCED, ACCEPTED])
    page = read()
    the(page, "Cause filter", Combo).setCurrentText("Accepted (1)")
    press(qtbot, page, "Export run")
    dialog = opened(qtbot, page, QFileDialog)
    assert enabled(page) == []
    dialog.fileSelected.emit(str(tmp_path / "run.csv"))
    dialog.reject()
    wait_for(qtbot, lambda: line(page, "Confirmed since") == "Exported to run.csv.")
    rows = list(csv.DictReader((tmp_path / "run.csv").read_text("utf-8-sig").splitlines()))
    assert [row["Username"] for row in rows] == [user.username for user in EVERYBODY]
    assert [row["Outcome"] for row in rows] == ["failed", "accepted", "left", "left", "left"]
    assert {row["Metadata keys"] for row in rows} == {"ticket"}
    assert enabled(page) == list(ACTIONS[1:])


def test_an_export_that_fails_is_told(send, read, told, tmp_path, qtbot):
    send()
    page = read()
    page.people.export_to(str(tmp_path / "missing" / "run.csv"))
    wait_for(qtbot, lambda: told.problems)
    assert "could not be written to run.csv" in told.problems.pop().sentence
    assert line(page, "Confirmed since") == ""


def ask_to_forget(qtbot, page, row):
    """By the menu that a right click on somebody opens."""
    table = the(page, "Run recipients", QTableView)
    place = table.visualRect(table.model().index(row, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.RightButton, pos=place)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, table.viewport().mapToGlobal(place))
    QApplication.sendEvent(table.viewport(), event)
    menu = opened(qtbot, page, QMenu)
    [action] = [action for action in menu.actions() if action.text() == "Forget this person"]
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    return box(qtbot, page)


def test_a_person_is_forgotten_after_a_question(send, read, file, qtbot):
    send(answers=[BOUNCED, ACCEPTED])
    page = read()
    asked = ask_to_forget(qtbot, page, 1)
    assert asked.text() == f"Forget {MARY.label}?"
    assert "guesses the very user name or address can find out" in asked.informativeText()
    assert enabled(page) == []
    answer(qtbot, asked, "Cancel")
    qtbot.waitUntil(lambda: not boxes(page))
    assert MARY.label in column(page, "Run recipients", "User")
    answer(qtbot, ask_to_forget(qtbot, page, 1), "Forget this person")
    wait_for(qtbot, lambda: line(page, "Confirmed since") == "Forgotten. That is recorded.")
    settled(qtbot, page)
    shown = column(page, "Run recipients", "User")
    assert shown[0] == JANE.label
    assert shown[1].startswith("forgotten ")
    assert column(page, "Run recipients", "Outcome")[1] == "accepted"
    the(page, "Run recipients", QTableView).selectRow(1)
    assert not page.forget.isEnabled()
    the(page, "Run recipients", QTableView).selectRow(0)
    assert page.forget.isEnabled()
    assert [row["account"] for row in file.read("SELECT account FROM forgotten")] == ["jane"]


def test_who_may_still_be_sent_to_is_not_forgotten(send, read, qtbot):
    send(answers=[BOUNCED], ended=False)
    page = read()
    answer(qtbot, ask_to_forget(qtbot, page, 1), "Forget this person")
    wait_for(qtbot, lambda: "has not ended" in box(qtbot, page).text())
    answer(qtbot, box(qtbot, page), "OK")
    assert column(page, "Run recipients", "User")[1] == MARY.label


def test_history_is_deleted_after_a_question_with_the_number_that_goes(send, read, ledger, file, qtbot):
    send([JANE], [ACCEPTED], age=3 * DAY)
    send([MARY], [ACCEPTED], age=2 * DAY)
    young = send([LI], [ACCEPTED], age=DAY / 2)
    interrupted = send([TOM], [ACCEPTED], age=4 * DAY, ended=False)
    page = read()
    choose(qtbot, page, 3)
    press(qtbot, page, "Delete history")
    asked = box(qtbot, page)
    assert asked.text() == "Delete 2 runs from this computer's history?"
    assert "older than 24 hours" in asked.informativeText()
    assert "is recorded" in asked.informativeText()
    assert enabled(page) == []  # an assistive tool could press what the question covers
    answer(qtbot, asked, "Cancel")
    qtbot.waitUntil(lambda: not boxes(page))
    assert len(ledger.runs()) == 4
    press(qtbot, page, "Delete history")
    answer(qtbot, box(qtbot, page), "Delete 2 runs")
    wait_for(qtbot, lambda: line(page, "Confirmed since") == "2 runs deleted. That is recorded.")
    assert [run.id for run in ledger.runs()] == [interrupted, young]
    assert len(cells(page, "Runs")) == 2
    settled(qtbot, page)
    assert column(page, "Run recipients", "User") == [TOM.label]
    assert [tuple(row) for row in file.read("SELECT account, runs FROM deletions")] == [("jane", 2)]


def test_nothing_to_delete_is_said(send, read, qtbot):
    send(age=HOUR)
    page = read()
    press(qtbot, page, "Delete history")
    wait_for(qtbot, lambda: line(page, "Confirmed since").startswith("There is nothing to delete"))
    assert not boxes(page)
    assert len(cells(page, "Runs")) == 1


def test_a_deletion_that_fails_is_told(send, read, file, qtbot):
    send()
    page = read()
    file.read("PRAGMA query_only=1")
    press(qtbot, page, "Delete history")
    answer(qtbot, box(qtbot, page), "Delete 1 run")
    wait_for(qtbot, lambda: any("cannot be written" in asked.text() for asked in boxes(page)))
    assert len(cells(page, "Runs")) == 1


def test_a_history_that_cannot_be_read_says_so_and_can_be_asked_again(send, page, file, qtbot):
    send([JANE], [ACCEPTED])
    file.write(("ALTER TABLE runs RENAME TO away", {}))
    page.refresh()
    told = box(qtbot, page)
    assert "The ledger does not work" in told.text()
    answer(qtbot, told, "OK")
    assert "The ledger does not work" in said(page)
    assert "Nothing was sent" not in said(page)
    file.write(("ALTER TABLE away RENAME TO runs", {}))
    press(qtbot, page, "Read history again")
    wait_for(qtbot, lambda: is_shown(page, "Runs"))


def test_the_chosen_run_stays_chosen_when_the_history_is_read_again(send, read, qtbot):
    send([JANE], [ACCEPTED], age=3 * DAY)
    send([MARY], [ACCEPTED], age=2 * DAY)
    page = read()
    choose(qtbot, page, 1)
    send([LI], [ACCEPTED], age=DAY)
    page.refresh()
    wait_for(qtbot, lambda: len(cells(page, "Runs")) == 3)
    assert the(page, "Runs", QTableView).currentIndex().row() == 2
    assert column(page, "Run recipients", "User") == [JANE.label]


def test_back(page, qtbot):
    with qtbot.waitSignal(page.close_requested):
        press(qtbot, page, "Close history")


def test_the_runs_have_the_focus_first_and_what_deletes_has_it_last(send, read):
    send()
    page = read()
    runs = the(page, "Runs", QTableView)
    assert page.focusWidget() is runs
    runs.clearFocus()
    page.focusNextChild()
    assert page.focusWidget() is runs
    page.focusPreviousChild()
    assert page.focusWidget() is the(page, "Delete history")


def test_hostile_names_stay_text(send, read):
    send([person("u-x", "\u202e<i>x@example.com")], [ACCEPTED], connection=replace(SHOP, name="<b>\u202eShop"))
    page = read()
    assert column(page, "Runs", "Connection") == ["<b>⟨U+202E⟩Shop"]
    assert "<b>⟨U+202E⟩Shop" in line(page, "Run recipients heading")
    assert column(page, "Run recipients", "User") == ["⟨U+202E⟩<i>x@example.com"]
