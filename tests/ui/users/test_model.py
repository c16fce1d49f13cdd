from datetime import UTC, timedelta, timezone

import pytest
import shiboken6
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from samples import DAY, HOUR, JANE, LI, MARY, MINUTE, NOBODY, NOW, PEOPLE, SOFIA, TOM, person

from confirmdesk.core.people.filters import UserFilter
from confirmdesk.core.people.needles import parse
from confirmdesk.core.people.past import Past
from confirmdesk.core.people.users import Channel
from confirmdesk.ui.users.model import UserColumn, UsersModel

Order = Qt.SortOrder
Role = Qt.ItemDataRole
FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


@pytest.fixture
def model(qapp):
    made = UsersModel(now=lambda: NOW, tz=UTC)
    tester = QAbstractItemModelTester(made, FATAL)
    made.append(PEOPLE)
    made.finish_loading()
    yield made
    shiboken6.delete(tester)
    shiboken6.delete(made)


def names(model):
    return [model.user_at(row).username for row in range(model.rowCount())]


def data(model, user, column, role=Role.DisplayRole):
    return model.index(model.row_of(user.username), column).data(role)


def test_the_newest_come_first_until_somebody_asks_otherwise(model):
    assert names(model) == ["u-jane", "u-mary", "u-li", "u-tom", "u-nobody", "u-sofia"]
    model.sort(UserColumn.NAME, Order.AscendingOrder)
    assert names(model)[:2] == ["u-jane", "u-li"]
    assert model.sorted_by() == (UserColumn.NAME, Order.AscendingOrder)
    model.sort(UserColumn.PICK)
    assert model.sorted_by() == (UserColumn.NAME, Order.AscendingOrder)


def test_what_the_cells_say(model):
    row = [data(model, MARY, column) for column in UserColumn]
    assert row[1:] == [
        "m.okafor@example.org",
        "Mary Okafor",
        "+447700900112",
        "u-mary",
        "25 min ago",
        "E-mail",
        "—",
        "",
    ]
    assert data(model, TOM, UserColumn.EMAIL) == "—"
    assert data(model, LI, UserColumn.NOTES) == "Typo? example.com"
    assert data(model, NOBODY, UserColumn.NOTES) == "Disabled, No address"


def test_what_a_screen_reader_says(model):
    row = [data(model, TOM, column, Role.AccessibleTextRole) for column in UserColumn]
    assert row[:3] == ["Pick +447700900144", "No e-mail", "Tom Bauer"]
    assert row[6:] == ["SMS", "None known on this computer", "No notes"]
    assert data(model, JANE, UserColumn.PICK, Role.AccessibleTextRole) == "Pick jane.doe@example.com"
    assert data(model, NOBODY, UserColumn.CHANNEL, Role.AccessibleTextRole) == "No address"
    spoken = [model.headerData(c, Qt.Orientation.Horizontal, Role.AccessibleTextRole) for c in UserColumn]
    assert spoken[0] == "Pick"
    assert all(spoken)


def test_strangers_texts_are_one_bounded_line_in_the_cell_and_text_in_the_tip(model):
    nasty = person("u-x", "x@example.com", "<img src=x>\n\u202emoc" + "y" * 3000)
    model.add_user(nasty, picked=False)
    shown = data(model, nasty, UserColumn.NAME)
    assert shown.startswith("<img src=x>⏎⟨U+202E⟩moc")
    assert len(shown) < 300
    tip = data(model, nasty, UserColumn.NAME, Role.ToolTipRole)
    assert "<img" not in tip
    assert "&lt;img src=x&gt;" in tip


def test_tips_tell_the_whole(model):
    assert "Oct 2026" in data(model, JANE, UserColumn.SIGNED_UP, Role.ToolTipRole)
    assert "UTC" in data(model, JANE, UserColumn.SIGNED_UP, Role.ToolTipRole)
    assert "Disabled<br>No address" in data(model, NOBODY, UserColumn.NOTES, Role.ToolTipRole)


def test_the_pick_box_is_a_check_state(model, qtbot):
    index = model.index(model.row_of(JANE.username), UserColumn.PICK)
    assert index.flags() & Qt.ItemFlag.ItemIsUserCheckable
    assert Qt.CheckState(index.data(Role.CheckStateRole)) == Qt.CheckState.Unchecked
    with qtbot.waitSignals([model.picks_changed, model.counts_changed, model.dataChanged]):
        assert model.setData(index, Qt.CheckState.Checked, Role.CheckStateRole)
    assert Qt.CheckState(index.data(Role.CheckStateRole)) == Qt.CheckState.Checked
    assert model.picked_users() == [JANE]
    model.setData(index, Qt.CheckState.Unchecked.value, Role.CheckStateRole)
    assert model.picked_users() == []


def test_nothing_is_told_when_nothing_changed(model, qtbot):
    model.pick([JANE.username])
    with qtbot.assertNotEmitted(model.picks_changed):
        model.pick([JANE.username])
        model.pick(["a stranger"])
        model.pick([MARY.username], wanted=False)


def test_pick_all_shown_leaves_the_others_alone(model):
    model.pick([SOFIA.username])
    model.set_filter(UserFilter(parse("example.com")))
    assert model.pick_state() == Qt.CheckState.Unchecked
    model.pick_all_shown()
    assert model.pick_state() == Qt.CheckState.Checked
    assert model.picked_users() == [JANE, LI, SOFIA] if LI.username in names(model) else [JANE, SOFIA]
    model.set_filter(UserFilter())
    assert model.pick_state() == Qt.CheckState.PartiallyChecked
    model.clear_picks()
    assert model.picked_users() == []


def test_counts(model):
    model.pick([JANE.username, TOM.username])
    model.set_filter(UserFilter(channel=Channel.EMAIL))
    assert model.counts().text() == "6 loaded · 4 shown · 2 picked"


def test_pages_are_appended_below_and_sorted_once_at_the_end(model, qtbot):
    newest = person("u-new", "new@example.com", age=0)
    with qtbot.assertNotEmitted(model.layoutChanged):
        model.append([newest, JANE])
    assert names(model)[-1] == "u-new"
    assert model.rowCount() == len(PEOPLE) + 1
    model.finish_loading()
    assert names(model)[0] == "u-new"


def test_picks_outlive_a_reload_and_those_who_are_gone_are_counted(model):
    model.pick([JANE.username, TOM.username])
    model.begin_reload()
    assert model.rowCount() == 0
    assert model.counts().picked == 2
    model.append([TOM, SOFIA])
    assert model.is_picked(0)
    assert model.finish_loading() == 1
    assert model.picked_users() == [TOM]


def test_a_list_that_stopped_drops_no_picks(model):
    model.pick([JANE.username])
    model.begin_reload()
    model.append([TOM])
    assert model.finish_loading(complete=False) == 0
    assert model.picked_users() == [JANE]


def test_somebody_found_elsewhere_is_taken_in_and_picked(model):
    found = person("u-found", "found@example.com", age=4 * DAY)
    model.add_user(found, picked=True)
    assert names(model)[-1] == "u-found"  # in order: the oldest
    assert model.picked_users() == [found]


def test_channels_follow_the_pool(model, qtbot):
    assert data(model, MARY, UserColumn.CHANNEL) == "E-mail"
    model.set_filter(UserFilter(channel=Channel.SMS))
    assert names(model) == ["u-tom"]
    model.set_channels(frozenset({"email", "phone_number"}))
    assert names(model) == ["u-mary", "u-tom"]
    model.set_filter(UserFilter())
    model.set_channels(frozenset({"email"}))
    assert data(model, TOM, UserColumn.NOTES) == "No address"


def test_relative_times_stay_true(qapp, qtbot):
    clock = [NOW]
    made = UsersModel(now=lambda: clock[0])
    made.append([JANE])
    clock[0] += 60
    with qtbot.waitSignal(made.dataChanged) as told:
        made.refresh_times()
    first, last = told.args[0], told.args[1]
    assert first.column() <= UserColumn.SIGNED_UP <= last.column()
    assert data(made, JANE, UserColumn.SIGNED_UP) == "13 min ago"


def test_last_sent_is_told_in_words_and_exactly_in_the_tip(model):
    model.learn(
        Past(last_sent={JANE.username: NOW - 12 * MINUTE, MARY.username: NOW - 20 * HOUR, LI.username: NOW - 3 * DAY})
    )
    assert data(model, JANE, UserColumn.LAST_SENT) == "12 min ago"
    assert data(model, MARY, UserColumn.LAST_SENT) == "yesterday 18:00"
    assert data(model, LI, UserColumn.LAST_SENT) == "3 days ago"
    assert data(model, JANE, UserColumn.LAST_SENT, Role.AccessibleTextRole) == "12 min ago"
    tip = data(model, JANE, UserColumn.LAST_SENT, Role.ToolTipRole)
    assert "12 Oct 2026, 13:48:00 UTC+00:00, from this computer" in tip
    assert data(model, JANE, UserColumn.NOTES) == "Sent 13:48"
    assert "None known on this computer" in data(model, TOM, UserColumn.LAST_SENT, Role.ToolTipRole)


def test_a_wait_is_a_note_and_goes_when_it_is_over(qapp, qtbot):
    clock = [NOW]
    made = UsersModel(now=lambda: clock[0], tz=timezone(timedelta(hours=1)))
    made.append(PEOPLE)
    made.sort(UserColumn.NOTES)
    made.learn(Past(waiting={TOM.username: NOW + 48 * MINUTE}))
    assert data(made, TOM, UserColumn.NOTES) == "Wait until 15:48"
    assert names(made)[:2] == ["u-nobody", "u-tom"]
    clock[0] += 48 * MINUTE
    with qtbot.waitSignal(made.dataChanged):
        made.refresh_times()
    assert data(made, TOM, UserColumn.NOTES) == ""
    assert names(made)[:3] == ["u-nobody", "u-li", "u-sofia"]


def test_sorting_by_last_sent_puts_the_unknown_last_and_follows_what_is_learned(model):
    model.sort(UserColumn.LAST_SENT, Order.DescendingOrder)
    model.learn(Past(last_sent={TOM.username: NOW - HOUR, LI.username: NOW - MINUTE}))
    assert names(model)[:2] == ["u-li", "u-tom"]
    model.sort(UserColumn.LAST_SENT, Order.AscendingOrder)
    assert names(model)[:2] == ["u-tom", "u-li"]
    model.learn(Past(last_sent={SOFIA.username: NOW - MINUTE}))
    assert names(model)[0] == "u-sofia"


def test_what_was_sent_is_told_at_once_and_for_all_rows_together(model, qtbot):
    held = QPersistentModelIndex(model.index(model.row_of("u-tom"), UserColumn.EMAIL))
    told = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), first.column(), last.row(), last.column())))
    with qtbot.assertNotEmitted(model.layoutChanged):
        model.learn(
            Past(last_sent=dict.fromkeys(names(model), NOW - HOUR), waiting=dict.fromkeys(names(model), NOW + HOUR))
        )
    assert told == [(0, UserColumn.LAST_SENT, 5, UserColumn.NOTES)]
    assert held.row() == model.row_of("u-tom")


def test_who_was_sent_a_code_leaves_the_filter_and_the_count(model, qtbot):
    model.set_filter(UserFilter(not_sent_since=NOW - DAY))
    model.pick([TOM.username])
    with qtbot.waitSignal(model.counts_changed):
        model.learn(Past(last_sent={TOM.username: NOW - MINUTE}))
    assert TOM.username not in names(model)
    assert model.counts().text() == "6 loaded · 5 shown · 1 picked"


def test_nothing_moves_when_a_filter_leaves_everybody_where_they_are(model, qtbot):
    with qtbot.assertNotEmitted(model.about_to_rearrange):
        model.set_filter(UserFilter(not_sent_since=NOW - DAY))
    assert model.filter() == UserFilter(not_sent_since=NOW - DAY)


WORDS = ["", "e", "ex", "example.com", "bauer", "9001", "nothing at all"]
POOL = [
    person(f"u{n}", f"{name}{n}@example.{'com' if n % 2 else 'org'}" if n % 5 else "", name, age=n * 97 % 13)
    for n, name in enumerate(["Ada", "bob", "Çem", "", "Eve", "bauer", "Ada", "Zoë"] * 4)
]


class Table(RuleBasedStateMachine):
    """Whatever happens to the table, picks and persistent indexes stay with the same people."""

    @initialize()
    def start(self):
        self.model = UsersModel(now=lambda: NOW)
        self.tester = QAbstractItemModelTester(self.model, FATAL)
        self.picked = set()
        self.held = []

    def teardown(self):
        self.held.clear()
        shiboken6.delete(self.tester)
        shiboken6.delete(self.model)

    @rule(start=st.integers(0, 31), length=st.integers(0, 12))
    def a_page_arrives(self, start, length):
        self.model.append(POOL[start : start + length])

    @rule(n=st.integers(0, 31), column=st.sampled_from(list(UserColumn)))
    def somebody_is_held(self, n, column):
        row = self.model.row_of(POOL[n].username)
        if row >= 0:
            self.held.append((POOL[n].username, QPersistentModelIndex(self.model.index(row, column))))

    @rule(ns=st.sets(st.integers(0, 31), max_size=6), wanted=st.booleans())
    def some_are_picked(self, ns, wanted):
        usernames = {POOL[n].username for n in ns}
        known = {user.username for user in self.model.users()}
        self.model.pick(usernames, wanted)
        self.picked = self.picked | (usernames & known) if wanted else self.picked - usernames

    @rule(column=st.sampled_from(list(UserColumn)), order=st.sampled_from(list(Order)))
    def sort(self, column, order):
        self.model.sort(column, order)

    @rule(words=st.sampled_from(WORDS), enabled_only=st.booleans(), since=st.sampled_from([None, NOW - DAY]))
    def search(self, words, enabled_only, since):
        self.model.set_filter(UserFilter(parse(words), enabled_only=enabled_only, not_sent_since=since))
        self.forget_hidden()

    @rule(verified=st.sampled_from([None, frozenset(), frozenset({"email"})]))
    def channels(self, verified):
        self.model.set_channels(verified)

    @rule(ns=st.sets(st.integers(0, 31), max_size=8), ago=st.integers(0, 3))
    def some_were_sent_to(self, ns, ago):
        self.model.learn(
            Past(
                last_sent={POOL[n].username: NOW - ago * n * HOUR for n in ns},
                waiting={POOL[n].username: NOW + HOUR for n in ns if n % 2},
            )
        )
        self.forget_hidden()

    @rule()
    def reload(self):
        self.model.begin_reload()
        self.forget_hidden()

    @rule(complete=st.booleans())
    def finish(self, complete):
        gone = self.model.finish_loading(complete)
        known = {user.username for user in self.model.users()}
        assert gone == (len(self.picked - known) if complete else 0)
        if complete:
            self.picked &= known

    def forget_hidden(self):
        """An index to somebody who is not shown any more must be invalid, and never come back as somebody else."""
        shown = set(names(self.model))
        assert all(not index.isValid() for name, index in self.held if name not in shown)
        self.held = [(name, index) for name, index in self.held if name in shown]

    @invariant()
    def the_same_people(self):
        if not hasattr(self, "model"):
            return
        for name, index in self.held:
            assert index.isValid()
            assert self.model.user_at(index.row()).username == name
        assert {user.username for user in self.model.picked_users()} == self.picked
        assert len(self.model.picked_users()) == self.model.counts().picked
        assert [row for row in range(self.model.rowCount()) if self.model.is_picked(row)] == [
            row for row, name in enumerate(names(self.model)) if name in self.picked
        ]
        assert len(set(names(self.model))) == self.model.rowCount()


@pytest.mark.slow
def test_picks_and_persistent_indexes_stay_with_the_same_people(qapp: QApplication):
    quick = settings(max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Table, settings=quick)
