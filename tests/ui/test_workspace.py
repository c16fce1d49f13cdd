from dataclasses import replace

import pytest
from on_screen import column, is_shown, line, press, show, the
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QTableView
from samples import JANE, MARY, NOBODY, PEOPLE, TOM

from confirmdesk.core.connections.connection import Connection
from confirmdesk.ui.workspace import NARROW, Workspace

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_Ab1", "c")
BOTH = frozenset({"email", "phone_number"})


@pytest.fixture
def work(qtbot, theme):
    made = Workspace(theme)
    made.resize(1280, 720)
    show(qtbot, made)
    made.show_pool(SHOP)
    made.users.loading_started()
    made.users.add_page(PEOPLE)
    made.users.loading_finished()
    return made


def pick(work, *users):
    work.users.model.pick([user.username for user in users])


def test_nobody_picked_nothing_to_review(work):
    assert not the(work, "Review and send").isEnabled()
    assert line(work, "Picked people") == "Pick the people who should get a new code."


def test_picks_are_counted_by_channel_and_time(work, qtbot):
    pick(work, JANE, MARY, TOM, NOBODY)
    assert line(work, "Picked people") == (
        "4 people picked · 2 by e-mail · 1 by SMS · 1 without address · about 1 s at 5 per second"
    )
    with qtbot.waitSignal(work.review_requested):
        press(qtbot, work, "Review and send")


def test_the_time_is_told_at_the_pace_of_the_connection(work):
    pick(work, JANE, MARY)
    work.show_pool(replace(SHOP, per_second=0.5))
    assert line(work, "Picked people").endswith("about 4 s at 0.5 per second")
    work.show_pool(replace(SHOP, per_second=50.0))
    assert line(work, "Picked people").endswith("about 1 s at 50 per second")


def test_more_than_one_run_may_have_is_told_and_can_be_reviewed(work):
    work.show_pool(replace(SHOP, largest_run=1))
    pick(work, JANE)
    assert "may have" not in line(work, "Picked people")
    pick(work, MARY)
    assert "2 people picked · more than the 1 that one run may have here" in line(work, "Picked people")
    assert the(work, "Review and send").isEnabled()


def test_the_picked_whom_a_search_hides_are_told_and_can_be_shown(work, qtbot):
    pick(work, JANE, TOM)
    search = the(work, "Search users", QLineEdit)
    qtbot.keyClicks(search, "jane")
    assert line(work, "Picked people").startswith("2 people picked · 1 of them not shown · ")
    assert work.notes().startswith("1 of these people is picked but not shown in the list")
    search.clear()
    assert "not shown" not in line(work, "Picked people") + work.notes()
    press(qtbot, work, "Picked only")
    assert set(column(work, "Unconfirmed users", "Name")) == {"Jane Doe", "Tom Bauer"}
    work.users.model.pick([TOM.username], wanted=False)
    assert column(work, "Unconfirmed users", "Name") == ["Jane Doe"]
    press(qtbot, work, "Picked only")
    assert len(column(work, "Unconfirmed users", "Name")) == len(PEOPLE)


def test_channels_are_recounted_when_the_pool_is_known(work):
    pick(work, MARY)
    assert "1 by e-mail" in line(work, "Picked people")
    work.learn_channels(BOTH)
    assert "1 person picked · 1 by SMS" in line(work, "Picked people")


def test_a_flaw_keeps_the_review_shut_and_says_why(work, qtbot):
    pick(work, JANE)
    work.metadata.model.replace([("", "x")])
    assert not the(work, "Review and send").isEnabled()
    assert line(work, "Picked people") == "1 person picked · This field has no key."
    with qtbot.assertNotEmitted(work.review_requested):
        press(qtbot, work, "Review and send")
    work.metadata.model.replace([("a", "x")])
    assert the(work, "Review and send").isEnabled()


def test_a_bad_address_under_advanced_keeps_it_shut_too(work, qtbot):
    pick(work, JANE)
    press(qtbot, work, "Advanced")
    the(work, "IP address").setText("nonsense")
    assert not the(work, "Review and send").isEnabled()
    assert "neither IPv4 nor IPv6" in line(work, "Picked people")
    the(work, "IP address").setText("192.0.2.7")
    assert the(work, "Review and send").isEnabled()


def test_the_side_panel_folds_in_a_narrow_window_and_by_hand(work, qtbot):
    assert is_shown(work, "Client metadata")
    work.resize(NARROW - 76, 560)
    assert not is_shown(work, "Client metadata")
    press(qtbot, work, "Show client metadata")
    assert is_shown(work, "Client metadata")
    work.resize(1280, 720)
    assert is_shown(work, "Client metadata")
    press(qtbot, work, "Show client metadata")
    assert not is_shown(work, "Client metadata")
    work.resize(1270, 720)
    assert not is_shown(work, "Client metadata")


def test_the_preview_follows_the_focused_person(work, qtbot):
    table = the(work, "Unconfirmed users", QTableView)
    work.users.table.focus_row(0)
    first = the(work, "Lambda preview").toPlainText()
    qtbot.keyClick(table, Qt.Key.Key_Down)
    assert the(work, "Lambda preview").toPlainText() != first
    assert f'"userName": "{work.users.model.user_at(1).username}"' in the(work, "Lambda preview").toPlainText()
