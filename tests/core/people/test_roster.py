from collections import Counter

import pytest
from samples import DAY, HOUR, JANE, LI, MARY, MINUTE, NOBODY, NOW, PEOPLE, SOFIA, TOM, person

from confirmdesk.core.people.filters import UserFilter
from confirmdesk.core.people.needles import parse
from confirmdesk.core.people.past import Past
from confirmdesk.core.people.roster import Roster, SortBy
from confirmdesk.core.people.users import Channel


@pytest.fixture
def roster():
    made = Roster()
    made.shown += made.add(PEOPLE)
    made.shown = made.arranged()
    return made


def shown(roster):
    return [roster.user_at(row) for row in range(len(roster.shown))]


def arrange(roster, by, descending=False):
    roster.sort_by, roster.descending = by, descending
    roster.shown = roster.arranged()
    return shown(roster)


def test_the_newest_come_first(roster):
    assert shown(roster) == [JANE, MARY, LI, TOM, NOBODY, SOFIA]


@pytest.mark.parametrize("descending", [False, True])
def test_what_is_missing_comes_last_in_both_directions(roster, descending):
    assert arrange(roster, SortBy.EMAIL, descending)[-2:] == [TOM, NOBODY]
    assert set(arrange(roster, SortBy.PHONE, descending)[:2]) == {MARY, TOM}
    assert arrange(roster, SortBy.CHANNEL, descending)[-1] == NOBODY


@pytest.mark.parametrize("descending", [False, True])
def test_equals_stay_in_the_order_of_arrival(descending):
    same = [person(f"u-{n}", "same@example.com", age=10) for n in "cab"]
    roster = Roster()
    roster.add(same)
    assert arrange(roster, SortBy.EMAIL, descending) == same


def test_case_does_not_part_names():
    people = [person("1", name="bob"), person("2", name="Alice"), person("3", name="Carol")]
    roster = Roster()
    roster.add(people)
    assert [user.name for user in arrange(roster, SortBy.NAME)] == ["Alice", "bob", "Carol"]


def test_notes_put_the_gravest_first(roster):
    assert arrange(roster, SortBy.NOTES)[:3] == [NOBODY, LI, SOFIA]


def test_new_people_are_appended_below_until_the_list_is_arranged(roster):
    newest = person("u-new", "new@example.com", age=0)
    roster.shown += roster.add([newest])
    assert shown(roster)[-1] == newest
    roster.shown = roster.arranged()
    assert shown(roster)[0] == newest


def test_nobody_is_listed_twice(roster):
    assert roster.add([JANE, JANE]) == []
    assert roster.counts().loaded == len(PEOPLE)


def test_people_who_arrive_pass_the_filter_first(roster):
    roster.shown = roster.shown_under(UserFilter(parse("rossi")))
    roster.shown += roster.add([person("u-1", name="Rossi two"), person("u-2", name="Other")])
    assert [user.name for user in shown(roster)] == ["Sofia Rossi", "Rossi two"]


def test_widening_a_filter_brings_back_everybody_in_order(roster):
    roster.shown = roster.shown_under(UserFilter(parse("rossi")))
    roster.shown = roster.shown_under(UserFilter(parse("example")))
    assert shown(roster) == [JANE, MARY, SOFIA]
    roster.shown = roster.shown_under(UserFilter())
    assert shown(roster) == [JANE, MARY, LI, TOM, NOBODY, SOFIA]


def test_picks_outlive_filters_and_come_in_the_order_shown(roster):
    roster.pick([SOFIA.username, LI.username, MARY.username, "a stranger"])
    roster.shown = roster.shown_under(UserFilter(parse("rossi")))
    assert roster.picked_users() == [SOFIA, MARY, LI]
    assert roster.counts().text() == "6 loaded · 1 shown · 3 picked"


def test_picks_outlive_a_reload_and_are_never_out_of_sight(roster):
    roster.pick([JANE.username, TOM.username])
    roster.restart()
    roster.shown = []
    assert set(roster.picked_users()) == {JANE, TOM}
    roster.shown += roster.add([TOM])
    assert roster.picked_users() == [TOM, JANE]
    assert roster.drop_awaited() == 1
    assert roster.picked_users() == [TOM]
    assert roster.counts().picked == 1


def test_a_second_reload_still_awaits_those_of_the_first(roster):
    roster.pick([JANE.username])
    roster.restart()
    roster.restart()
    assert roster.picked_users() == [JANE]


def test_for_whom_a_pick_changed_anything(roster):
    assert roster.pick([JANE.username, TOM.username, "a stranger"]) == (JANE.username, TOM.username)
    assert roster.pick([JANE.username, LI.username]) == (LI.username,)
    assert roster.pick([JANE.username, SOFIA.username], wanted=False) == (JANE.username,)
    assert set(roster.clear_picks()) == {TOM.username, LI.username}
    assert roster.clear_picks() == ()


def test_somebody_awaited_can_be_unpicked(roster):
    roster.pick([JANE.username])
    roster.restart()
    roster.pick([JANE.username], wanted=False)
    assert roster.picked_users() == []
    assert roster.drop_awaited() == 0


SENT = {LI.username: NOW - HOUR, SOFIA.username: NOW - MINUTE, "u-later": NOW - 3 * DAY}


@pytest.mark.parametrize(("descending", "first"), [(True, [SOFIA, LI]), (False, [LI, SOFIA])])
def test_the_order_by_last_sent_follows_what_is_learned(roster, descending, first):
    arrange(roster, SortBy.LAST_SENT, descending)
    assert roster.learn(Past(last_sent=SENT))
    roster.shown = roster.reselected()
    assert shown(roster) == [*first, JANE, MARY, TOM, NOBODY]  # the others as they arrived


def test_what_was_sent_is_known_of_people_who_come_later(roster):
    roster.learn(Past(last_sent=SENT))
    later = person("u-later", "later@example.com", age=5 * DAY)
    roster.shown += roster.add([later])
    assert arrange(roster, SortBy.LAST_SENT, descending=True)[:3] == [SOFIA, LI, later]
    roster.restart()
    roster.shown = roster.add([LI])
    assert roster.last_sent_at(0) == NOW - HOUR


def test_what_is_learned_takes_the_place_of_what_was_known(roster):
    roster.learn(Past(last_sent=SENT))
    roster.learn(Past(last_sent={JANE.username: NOW}))
    assert [roster.last_sent_at(row) for row in range(6)] == [NOW, 0, 0, 0, 0, 0]


def test_people_leave_the_filter_as_they_are_sent_to(roster):
    roster.shown = roster.shown_under(UserFilter(not_sent_since=NOW - DAY))
    assert len(shown(roster)) == len(PEOPLE)
    assert roster.learn(Past(last_sent=SENT))
    roster.shown = roster.reselected()
    assert shown(roster) == [JANE, MARY, TOM, NOBODY]


def test_nobody_needs_to_move_where_the_order_is_another(roster):
    assert not roster.learn(Past(last_sent=SENT))
    assert not roster.learn(Past(waiting={JANE.username: NOW + HOUR}))


def test_the_notes_put_who_waits_before_typos_and_a_code_sent_again_is_young(roster):
    assert arrange(roster, SortBy.NOTES) == [NOBODY, LI, SOFIA, TOM, MARY, JANE]
    sent = dict.fromkeys([SOFIA.username, LI.username], NOW - MINUTE)
    waiting = dict.fromkeys([JANE.username, NOBODY.username, "a stranger"], NOW + HOUR)
    assert roster.learn(Past(last_sent=sent, waiting=waiting))
    roster.shown = roster.reselected()
    assert shown(roster) == [NOBODY, JANE, LI, TOM, MARY, SOFIA]


def test_the_order_by_notes_follows_the_pool_and_who_arrives(roster):
    arrange(roster, SortBy.NOTES)
    typo = person("u-typo", "a@exmaple.com")
    roster.add([typo])
    assert arrange(roster, SortBy.NOTES)[:3] == [NOBODY, LI, typo]
    roster.set_channels(frozenset({"email"}))
    assert arrange(roster, SortBy.NOTES)[:3] == [NOBODY, TOM, LI]


def test_a_wait_ends_when_its_time_has_come(roster):
    roster.learn(Past(waiting={JANE.username: NOW + HOUR, MARY.username: NOW + 2 * HOUR}))
    arrange(roster, SortBy.NOTES)
    assert not roster.end_waits(NOW + HOUR - 1)
    assert roster.end_waits(NOW + HOUR)
    roster.shown = roster.reselected()
    assert [roster.waits_at(row) for row in range(2)] == [0, NOW + 2 * HOUR]
    assert shown(roster)[:2] == [NOBODY, MARY]


def test_picks_of_another_pool_wait_for_their_people(roster):
    roster.pick(["u-jane"])
    roster.restart()
    roster.await_picks([TOM, MARY])
    assert roster.picked_users() == [TOM, MARY]
    assert roster.counts().picked == 2
    roster.shown += roster.add([JANE, TOM])
    assert roster.drop_awaited() == 1
    assert roster.picked_users() == [TOM]


@pytest.mark.parametrize("searched", ["", "jane", "nobody at all"])
def test_who_is_picked_and_not_shown_is_counted(roster, searched):
    roster.pick(user.username for user in (JANE, TOM, MARY))
    roster.shown = roster.shown_under(UserFilter(parse(searched)))
    here = [user for user in shown(roster) if user in (JANE, TOM, MARY)]
    assert roster.picked_elsewhere() == 3 - len(here)
    roster.restart()
    assert roster.picked_elsewhere() == 3


def test_whoever_is_still_to_arrive_is_picked_elsewhere_though_nobody_is_hidden(roster):
    roster.pick([JANE.username, TOM.username, MARY.username])
    assert roster.picked_elsewhere() == 0
    roster.restart()
    roster.shown = []
    assert roster.picked_elsewhere() == 3
    roster.shown += roster.add([TOM, SOFIA])
    assert roster.picked_elsewhere() == 2
    roster.pick([JANE.username], wanted=False)
    assert roster.picked_elsewhere() == 1


def test_the_picked_are_counted_by_channel_whether_they_have_arrived_or_not(roster):
    roster.set_channels(frozenset({"email", "phone_number"}))
    roster.pick([JANE.username, MARY.username, NOBODY.username])
    expected = Counter({Channel.EMAIL: 1, Channel.SMS: 1, Channel.NONE: 1})
    assert roster.picked_by_channel() == expected
    roster.restart()
    assert roster.picked_by_channel() == expected
    roster.add([MARY, TOM])
    assert roster.picked_by_channel() == expected
    roster.clear_picks()
    assert roster.picked_by_channel() == Counter()
