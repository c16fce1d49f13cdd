"""The record of sent codes under the program's hands: gone at the start, taken away in a run, on a full disk."""

import shutil
import threading
import time

import pytest
from on_screen import answer, box, boxes, is_shown, opened, press, said, wait_for, wait_loaded
from PySide6.QtWidgets import QFileDialog
from scripted_aws import ScriptedAws, accepted, error, page

from confirmdesk.core.computer.paths import find_places
from confirmdesk.core.computer.settings import RecordMark, Settings, SettingsFile
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.ledger.file import LedgerFile
from confirmdesk.core.ledger.ledger import Ledger, this_operator
from confirmdesk.core.ledger.opening import open_ledger
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import Outcome, Reply
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.core.sending.results import Result
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.review_dialog import ReviewDialog

NAMES = [f"u-{number}" for number in range(12)]
ACCEPTED = Reply(status=200, destination="u***@e***", medium="EMAIL")


def listed(name):
    attributes = [{"Name": "email", "Value": f"{name}@example.com"}]
    created = 1_790_000_000
    return {
        "Username": name,
        "UserStatus": "UNCONFIRMED",
        "Enabled": True,
        "UserCreateDate": created,
        "Attributes": attributes,
    }


@pytest.fixture
def aws():
    def answering(connection, seen):
        answers = {"ListUsers": page([listed(name) for name in NAMES]), "ResendConfirmationCode": accepted("u***@e***")}
        answers.get(seen.operation, error("AccessDeniedException", "no"))(connection, seen)

    server = ScriptedAws(otherwise=answering)
    yield server
    server.stop()


@pytest.fixture
def places(tmp_path, aws):
    """A data directory with one connection; nothing was sent yet."""
    made = find_places(tmp_path / "data")
    made.create()
    shop = Connection("Shop", "eu-west-1", "eu-west-1_A", "client", endpoint=aws.endpoint, needs_secret=False)
    SettingsFile(made.settings_file).save(Settings(connections=(shop,)))
    return made


@pytest.fixture
def credentials(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")


@pytest.fixture
def start(make_application, credentials, places):
    def start():
        application = make_application()
        application.open(False)
        return application

    return start


def sent_to(aws):
    return [seen.body["Username"] for seen in aws.seen if seen.operation == "ResendConfirmationCode"]


def send_to_one(places):
    """By an earlier start of the program."""
    file = SettingsFile(places.settings_file)
    settings, _ = file.load()
    ledger, _ = open_ledger(places.ledger_file, settings.record)
    user = make_user("u-0", 1.0, True, "UNCONFIRMED", [("email", "u-0@example.com")])
    plan = make_plan([user], [], None)
    journal = ledger.begin(settings.connections[0], this_operator(), plan, 5.0, time.time())
    journal.intend(0, time.time())
    journal.settle(0, Result(plan.recipients[0], judge(ACCEPTED, user), ACCEPTED, time.time()))
    ledger.end(journal.run, time.time())
    settings = Settings(settings.connections, record=ledger.mark)
    ledger.close()
    file.save(settings)
    return settings.record


def review_all(qtbot, window):
    wait_loaded(qtbot, window, f"{len(NAMES)} loaded")
    press(qtbot, window, "Pick all shown")
    press(qtbot, window, "Review and send")
    return opened(qtbot, window, ReviewDialog)


# At the start


def test_what_was_sent_is_remembered_from_start_to_start(qtbot, start, places):
    known = send_to_one(places)
    application = start()
    wait_for(qtbot, lambda: application.session.ledger)
    assert boxes(application.window) == []
    dialog = review_all(qtbot, application.window)
    assert "Left out (1)" in said(dialog)
    press(qtbot, dialog, "Send codes")
    wait_for(qtbot, lambda: application.window.sending.stage is Stage.OVER)
    wait_for(qtbot, lambda: SettingsFile(places.settings_file).peek().record.steps > known.steps + len(NAMES) - 1)


@pytest.mark.parametrize(("harm", "words"), [("remove", "is gone"), ("empty", "is empty")])
def test_a_record_that_is_gone_is_told_and_nothing_is_sent_before_somebody_decides(
    qtbot, start, places, aws, harm, words
):
    send_to_one(places)
    places.ledger_file.unlink() if harm == "remove" else places.ledger_file.write_bytes(b"")
    application = start()
    asked = box(qtbot, application.window)
    assert asked.text() == f"The record of sent codes {words}, so nobody knows from here who was sent a code before."
    answer(qtbot, asked, "Cancel")
    wait_loaded(qtbot, application.window, f"{len(NAMES)} loaded")
    press(qtbot, application.window, "Pick all shown")
    press(qtbot, application.window, "Review and send")
    assert words in box(qtbot, application.window).text()
    assert sent_to(aws) == []


def test_a_new_record_is_begun_only_on_demand_and_is_the_known_one_then(qtbot, start, places):
    before = send_to_one(places)
    places.ledger_file.unlink()
    application = start()
    answer(qtbot, box(qtbot, application.window), "Begin a new record")
    wait_for(qtbot, lambda: application.session.ledger)
    dialog = review_all(qtbot, application.window)
    assert "Left out" not in said(dialog)
    wait_for(qtbot, lambda: SettingsFile(places.settings_file).peek().record.id not in (before.id, ""))


def test_the_old_one_is_looked_for_and_taken_up(qtbot, start, places, tmp_path):
    send_to_one(places)
    older = tmp_path / "older.sqlite3"
    shutil.copy(places.ledger_file, older)
    send_to_one(places)
    backup = tmp_path / "backup.sqlite3"
    shutil.move(places.ledger_file, backup)
    application = start()
    answer(qtbot, box(qtbot, application.window), "Look for the old one")
    look(qtbot, application.window, older)
    asked = box(qtbot, application.window)
    assert "is older than it was" in asked.text()
    answer(qtbot, asked, "Look for the old one")
    look(qtbot, application.window, backup)
    wait_for(qtbot, lambda: application.session.ledger)
    dialog = review_all(qtbot, application.window)
    assert "Left out (1)" in said(dialog)


def look(qtbot, window, found):
    dialog = opened(qtbot, window, QFileDialog)
    # Its own list of files takes its time, and is Qt's.
    dialog.fileSelected.emit(str(found))
    dialog.done(QFileDialog.DialogCode.Accepted)


def test_nobody_who_never_had_a_record_is_asked(qtbot, start, places):
    assert SettingsFile(places.settings_file).peek().record == RecordMark()
    application = start()
    wait_for(qtbot, lambda: application.session.ledger)
    assert boxes(application.window) == []


# In a run


def test_what_the_settings_know_of_the_record_keeps_up_with_a_run(qtbot, start, places, aws):
    application = start()
    wait_for(qtbot, lambda: application.session.ledger)
    dialog = review_all(qtbot, application.window)
    press(qtbot, dialog, "Send to the first 1")
    wait_for(qtbot, lambda: is_shown(application.window, "Resume"))
    newest = application.session.ledger.mark
    wait_for(qtbot, lambda: SettingsFile(places.settings_file).peek().record == newest)


def test_a_record_that_is_removed_in_a_run_pauses_it_at_once(qtbot, start, places, aws):
    application = start()
    window = application.window
    dialog = review_all(qtbot, window)
    press(qtbot, dialog, "Send codes")
    wait_for(qtbot, lambda: len(sent_to(aws)) >= 2)
    places.ledger_file.unlink()
    wait_for(qtbot, lambda: is_shown(window, "Resume"))
    assert "The record of sent codes was removed or replaced while it was in use" in said(window)
    at_most = len(sent_to(aws))
    press(qtbot, window, "Resume")
    wait_for(qtbot, lambda: is_shown(window, "Resume"))
    assert len(sent_to(aws)) == at_most < len(NAMES)


# While the window closes


@pytest.fixture
def small(make_session, places):
    """A session on a disk that can be full, and a switch for the pages that are left on it."""
    session = make_session()
    session.close_ledger()
    file = LedgerFile(session.places.ledger_file)
    session.ledger = Ledger(file)
    session.settings = SettingsFile(places.settings_file).load()[0]

    def leave(pages):
        [used] = file.read("PRAGMA page_count")
        file.read(f"PRAGMA max_page_count={used[0] + pages}")

    yield session, leave
    leave(1000)
    file.close()


def test_closing_says_how_many_outcomes_are_not_on_the_disk_and_tries_again(
    qtbot, small, make_window, aws, credentials, told
):
    session, leave = small
    full = threading.Event()

    def answering(connection, seen):
        if seen.operation == "ResendConfirmationCode":
            full.wait()
            error("UserNotFoundException", "x" * 1900)(connection, seen)
        else:
            page([listed("u-0")])(connection, seen)

    aws.otherwise = answering
    window = make_window(session)
    wait_loaded(qtbot, window, "1 loaded")
    press(qtbot, window, "Pick all shown")
    press(qtbot, window, "Review and send")
    press(qtbot, opened(qtbot, window, ReviewDialog), "Send codes")
    wait_for(qtbot, lambda: sent_to(aws))
    leave(0)
    full.set()
    wait_for(qtbot, lambda: window.sending.stage is Stage.OVER)
    assert "The disk is full" in said(window)
    wait_for(qtbot, lambda: told.problems)
    assert told.problems.pop().sentence.startswith("The disk is full")
    [run] = session.ledger.runs()
    assert [r.verdict.outcome for r in session.ledger.results(run.id)] == [Outcome.UNKNOWN]
    window.close()
    asked = box(qtbot, window)
    assert asked.text() == "1 outcome is not on the disk yet."
    answer(qtbot, asked, "Try again")
    wait_for(qtbot, lambda: not asked.isVisible())
    asked = box(qtbot, window)
    leave(1000)
    answer(qtbot, asked, "Try again")
    wait_for(qtbot, lambda: not window.isVisible())
    assert [r.verdict.outcome for r in session.ledger.results(run.id)] == [Outcome.FAILED]
    assert session.ledger.runs(open_only=True) == []
