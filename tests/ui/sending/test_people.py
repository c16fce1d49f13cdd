import csv
from datetime import datetime
from zipfile import is_zipfile

import pytest
from on_screen import column, is_shown, line, opened, press, show, the, wait_for
from PySide6.QtWidgets import QComboBox, QFileDialog, QPushButton
from samples import JANE, MARY, person

from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import Reply
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.core.sending.results import Result
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.sending.people import RunPeople, confirmed_since
from confirmdesk.ui.sending.run_tables import PEOPLE

REFUSED = Reply("CodeDeliveryFailureException", "no", 400)
ACCEPTED = Reply(status=200, request_id="r-1", destination="***", medium="EMAIL")
BEGAN = 1_790_000_000.0
ACTIONS = ("Export results", "Count confirmed")


def result(user, reply):
    [recipient] = make_plan([user], [("ticket", "HD-4711")], None).recipients
    return Result(recipient, judge(reply, recipient.user), reply, BEGAN)


@pytest.fixture
def people(qtbot, theme, tasks):
    made = RunPeople(tasks, button("Export results…", "Export results"), "heading", PEOPLE)
    for widget in (made.export, made.count_confirmed, made.said, made.open_folder):
        made.head.addWidget(widget)
    made.take([result(JANE, REFUSED), result(MARY, ACCEPTED)], BEGAN)
    made.show_people(made.results[:1])
    made.resize(1000, 400)
    return show(qtbot, made)


def enabled(people):
    return [name for name in ACTIONS if the(people, name, QPushButton).isEnabled()]


def test_some_are_shown_and_everybody_is_exported(people, tmp_path, qtbot):
    assert column(people, "Run recipients", "User") == [JANE.label]
    press(qtbot, people, "Export results")
    dialog = opened(qtbot, people, QFileDialog)
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    began = datetime.fromtimestamp(BEGAN).astimezone()
    assert dialog.selectedFiles()[0].endswith(f"confirmdesk {began:%Y-%m-%d %H%M}.xlsx")
    dialog.fileSelected.emit(str(tmp_path / "out.csv"))
    wait_for(qtbot, lambda: line(people, "Confirmed since") == "Exported to out.csv.")
    rows = list(csv.DictReader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines()))
    assert [(row["Username"], row["Outcome"]) for row in rows] == [("u-jane", "failed"), ("u-mary", "accepted")]


def test_the_folder_of_an_export_is_one_press_away(people, tmp_path, qtbot, programs):
    assert not is_shown(people, "Open folder")
    press(qtbot, people, "Export results")
    opened(qtbot, people, QFileDialog).fileSelected.emit(str(tmp_path / "out.csv"))
    wait_for(qtbot, lambda: is_shown(people, "Open folder"))
    programs.put_opener()
    press(qtbot, people, "Open folder")
    wait_for(qtbot, lambda: programs.opened == [str(tmp_path)])
    press(qtbot, people, "Count confirmed")
    people.answer(0, confirmed_since(1))
    assert not is_shown(people, "Open folder")


@pytest.mark.parametrize(("form", "name"), [("Excel workbook (*.xlsx)", "out.xlsx"), ("CSV text (*.csv)", "out.csv")])
def test_a_workbook_is_the_first_choice_and_csv_the_other(people, tmp_path, qtbot, form, name):
    press(qtbot, people, "Export results")
    dialog = opened(qtbot, people, QFileDialog)
    assert dialog.nameFilters() == ["Excel workbook (*.xlsx)", "CSV text (*.csv)"]
    choice = dialog.findChild(QComboBox, "fileTypeCombo")
    choice.setCurrentText(form)
    choice.textActivated.emit(form)
    dialog.setDirectory(str(tmp_path))
    dialog.selectFile("out")
    dialog.accept()
    wait_for(qtbot, lambda: line(people, "Confirmed since") == f"Exported to {name}.")
    assert is_zipfile(tmp_path / name) == (name == "out.xlsx")


def test_a_formula_in_a_name_stays_text(people, tmp_path, qtbot):
    people.take([result(person("u-x", "x@example.com", "=cmd()"), REFUSED)])
    people.export_to(str(tmp_path / "out.csv"))
    wait_for(qtbot, lambda: line(people, "Confirmed since"))
    (row,) = csv.DictReader((tmp_path / "out.csv").read_text("utf-8-sig").splitlines())
    assert row["Name"] == "'=cmd()"


def test_an_export_that_fails_is_told(people, told, tmp_path, qtbot):
    people.export_to(str(tmp_path / "missing" / "out.csv"))
    wait_for(qtbot, lambda: told.problems)
    assert told.problems.pop().sentence == "The results could not be written to out.csv."
    assert line(people, "Confirmed since") == ""


def test_one_thing_at_a_time(people, qtbot):
    """An assistive tool could press what a dialog covers."""
    press(qtbot, people, "Export results")
    dialog = opened(qtbot, people, QFileDialog)
    assert not people.free
    assert enabled(people) == []
    with qtbot.waitSignal(people.free_changed):
        dialog.reject()
    assert people.free
    assert enabled(people) == list(ACTIONS)
    people.set_busy(True)
    assert enabled(people) == []


def test_nobody_no_export(people):
    people.take([])
    assert enabled(people) == []


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (0, "No one of them has confirmed or been deleted since."),
        (1, "1 person has confirmed or been deleted since."),
        (1200, "1,200 people have confirmed or been deleted since."),
    ],
)
def test_how_many_have_confirmed(people, qtbot, number, sentence):
    assert people.may_have_code() == {"u-mary"}
    # Of whoever was forgotten nobody can say that he or she has confirmed.
    people.take([result(person("forgotten 12ab", "x@example.com"), ACCEPTED), result(MARY, ACCEPTED)])
    assert people.may_have_code() == {"u-mary"}
    with qtbot.waitSignal(people.confirmed_count_requested) as asked:
        press(qtbot, people, "Count confirmed")
    assert enabled(people) == ["Export results"]
    people.answer(*asked.args, confirmed_since(number))
    assert line(people, "Confirmed since") == sentence
    assert enabled(people) == list(ACTIONS)


def test_a_count_is_never_shown_beside_another_run(people, qtbot):
    with qtbot.waitSignal(people.confirmed_count_requested) as first:
        press(qtbot, people, "Count confirmed")
    people.forget()
    people.take([result(MARY, ACCEPTED)], BEGAN)
    with qtbot.waitSignal(people.confirmed_count_requested) as second:
        press(qtbot, people, "Count confirmed")
    people.answer(*first.args, confirmed_since(7))
    assert line(people, "Confirmed since") == ""
    assert enabled(people) == ["Export results"]
    people.answer(*second.args, confirmed_since(1))
    assert line(people, "Confirmed since") == confirmed_since(1)
