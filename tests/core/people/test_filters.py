import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import DAY, HOUR, JANE, LI, MARY, MINUTE, NOBODY, NOW, PEOPLE, SOFIA, TOM, person

from confirmdesk.core.people.filters import UserFilter
from confirmdesk.core.people.needles import parse
from confirmdesk.core.people.users import Channel, channel_of

SENT = {JANE.username: NOW - HOUR, SOFIA.username: NOW - DAY, TOM.username: NOW - 2 * DAY}


def select(wanted: UserFilter, people=PEOPLE, picked=()):
    keys = [user.key() for user in people]
    channels = [channel_of(user, None) for user in people]
    sent = [SENT.get(user.username, 0.0) for user in people]
    return [people[i] for i in wanted.select(range(len(people)), keys, people, channels, sent, picked)]


def searched(text: str, people=PEOPLE):
    return select(UserFilter(parse(text)), people)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", PEOPLE),
        ("  ", PEOPLE),
        ("DOE", (JANE,)),
        ("okafor mary", (MARY,)),  # any order
        ("rossi example.net", (SOFIA,)),  # name and e-mail
        ("900144", (TOM,)),
        ("u-nob", (NOBODY,)),
        ("mary rossi", ()),
        ("doe jane.doe@example.com\tjane", (JANE,)),
    ],
)
def test_every_word_must_be_somewhere(typed, found):
    assert searched(typed) == list(found)


def test_accents_typed_in_two_ways_are_found():
    zoe = person("u", "z@example.com", "Zoë")
    assert searched("zoe\u0308", (zoe,)) == [zoe]


def test_since_is_included_and_until_is_not():
    at = JANE.created
    assert JANE in select(UserFilter(since=at))
    assert JANE not in select(UserFilter(since=at + 1))
    assert JANE not in select(UserFilter(until=at))
    assert JANE in select(UserFilter(until=at + 1))


def test_who_signed_up_on_an_unknown_day_is_not_among_those_of_long_ago():
    assert select(UserFilter(until=NOW), (person("u", age=NOW),)) == []


def test_quick_filters():
    assert select(UserFilter(since=NOW - HOUR)) == [JANE, MARY, LI]
    assert select(UserFilter(since=NOW - HOUR, until=NOW - 20 * MINUTE)) == [MARY, LI]
    assert select(UserFilter(channel=Channel.SMS)) == [TOM]
    assert select(UserFilter(channel=Channel.NONE)) == [NOBODY]
    assert NOBODY not in select(UserFilter(enabled_only=True))


def test_not_sent_since_leaves_out_who_was_sent_a_code_later():
    assert select(UserFilter(not_sent_since=NOW - DAY)) == [MARY, LI, SOFIA, TOM, NOBODY]
    assert select(UserFilter(not_sent_since=NOW - DAY - 1)) == [MARY, LI, TOM, NOBODY]
    assert select(UserFilter(not_sent_since=NOW)) == list(PEOPLE)


TYPED = ["jane", "ane", "e", "example", "ex", "900", "-ja", "-jane", "-e", "0770", "07700 900", "+447", "00447700"]
TYPED += ["jane.doe@example.com", "sofia@example.net", "07700900112,"]
FILTERS = st.builds(
    UserFilter,
    st.lists(st.sampled_from(TYPED), max_size=3).map(" ".join).map(parse),
    st.none() | st.sampled_from([NOW - 3 * HOUR, NOW - HOUR]),
    st.none() | st.sampled_from([NOW - 20 * MINUTE, NOW]),
    st.none() | st.sampled_from(list(Channel)),
    st.booleans(),
    st.none() | st.sampled_from([NOW - 3 * DAY, NOW - DAY, NOW - 2 * HOUR, NOW]),
)


@given(FILTERS, FILTERS)
def test_whoever_passes_a_narrower_filter_passed_the_wider_one(new, old):
    if new.narrows(old):
        assert set(select(new)) <= set(select(old))


def test_typing_on_narrows_and_deleting_does_not():
    assert UserFilter(parse("jane")).narrows(UserFilter(parse("jan")))
    assert UserFilter(parse("jan d")).narrows(UserFilter(parse("jan")))
    assert not UserFilter(parse("jan")).narrows(UserFilter(parse("jane")))
    assert UserFilter(parse("07700 9")).narrows(UserFilter(parse("07700")))
    assert UserFilter(parse("jane -d")).narrows(UserFilter(parse("jane -do")))
    assert not UserFilter(parse("jane -do")).narrows(UserFilter(parse("jane -d")))
    assert not UserFilter().narrows(UserFilter(enabled_only=True))
    assert UserFilter(not_sent_since=NOW).narrows(UserFilter())
    assert not UserFilter().narrows(UserFilter(not_sent_since=NOW))
    # As time goes by, more people were last sent to long enough ago.
    assert not UserFilter(not_sent_since=NOW + MINUTE).narrows(UserFilter(not_sent_since=NOW))


def test_only_the_picked_ones():
    picked = {JANE.username, TOM.username, "somebody else"}
    assert select(UserFilter(picked_only=True), picked=picked) == [user for user in PEOPLE if user in (JANE, TOM)]
    assert select(UserFilter(parse("jane"), picked_only=True), picked=picked) == [JANE]
    assert UserFilter(picked_only=True).narrows(UserFilter())
    assert not UserFilter().narrows(UserFilter(picked_only=True))
