from dataclasses import replace
from datetime import UTC

import pytest
from samples import DAY, HOUR, JANE, MARY, MINUTE, NOBODY, NOW, SOFIA, TOM, person

from confirmdesk.core.people.users import (
    UNCONFIRMED,
    Channel,
    Note,
    channel_of,
    destination_of,
    make_user,
    notes_of,
)
from confirmdesk.core.quotas import CODE_LIFETIME

BOTH = frozenset({"email", "phone_number"})


def test_a_user_is_called_by_what_somebody_on_the_phone_would_spell():
    assert JANE.label == "jane.doe@example.com"
    assert TOM.label == "+447700900144"
    assert NOBODY.label == "u-nobody"


def test_names_may_come_in_two_parts():
    given = make_user("u", 0, True, UNCONFIRMED, [("family_name", "Doe"), ("given_name", "Jane")])
    whole = make_user("u", 0, True, UNCONFIRMED, [("given_name", "J."), ("name", "Jane Doe")])
    assert given.name == whole.name == "Jane Doe"


def test_attributes_are_found_by_name_never_by_value():
    user = make_user("u", 0, True, UNCONFIRMED, [("custom:a", "locale"), ("locale", "en-GB")])
    assert user.attribute("locale") == "en-GB"
    assert user.attribute("en-GB") is None
    assert user.attribute("email") is None


def test_sub_falls_back_on_the_username():
    assert make_user("u", 0, True, UNCONFIRMED, []).sub == "u"
    assert make_user("u", 0, True, UNCONFIRMED, [("sub", "s")]).sub == "s"


@pytest.mark.parametrize(
    ("user", "verified", "channel"),
    [
        (JANE, BOTH, Channel.EMAIL),
        (MARY, BOTH, Channel.SMS),  # both addresses, both verified: SMS only
        (MARY, frozenset({"email"}), Channel.EMAIL),
        (TOM, frozenset({"email"}), Channel.NONE),
        (JANE, frozenset({"phone_number"}), Channel.NONE),
        (JANE, frozenset(), Channel.NONE),
        (MARY, None, Channel.EMAIL),  # nobody could look: the best guess
        (TOM, None, Channel.SMS),
        (NOBODY, None, Channel.NONE),
    ],
)
def test_the_channel_follows_what_the_pool_verifies(user, verified, channel):
    assert channel_of(user, verified) is channel


def test_destinations():
    assert destination_of(MARY, Channel.SMS) == "+447700900112"
    assert destination_of(MARY, Channel.EMAIL) == "m.okafor@example.org"
    assert destination_of(MARY, Channel.NONE) == ""


def test_notes_come_gravest_first_with_their_words():
    user = person("u", "jo@exmaple.com", age=CODE_LIFETIME + 1, enabled=False)
    assert notes_of(user, Channel.NONE, NOW, 0.0, NOW + HOUR, UTC) == (
        (Note.DISABLED, "Disabled"),
        (Note.NO_ADDRESS, "No address"),
        (Note.WAIT, "Wait until 15:00"),
        (Note.TYPO, "Typo? example.com"),
        (Note.EXPIRED, "Code expired"),
    )
    assert notes_of(JANE, Channel.EMAIL, NOW) == ()


def test_a_code_expires_after_24_hours_and_not_before():
    assert notes_of(JANE, Channel.EMAIL, JANE.created + CODE_LIFETIME) == ()
    assert notes_of(JANE, Channel.EMAIL, JANE.created + CODE_LIFETIME + 1) == ((Note.EXPIRED, "Code expired"),)


def test_nobody_knows_whether_a_code_of_an_unknown_day_has_expired():
    nobody_knows = replace(JANE, created=0.0)
    assert Note.EXPIRED not in words_by_note(nobody_knows, NOW)
    assert Note.EXPIRED in words_by_note(nobody_knows, NOW, NOW - CODE_LIFETIME - 1)


def test_a_code_sent_again_lives_as_long_as_the_first():
    resent = JANE.created + 2 * DAY
    assert Note.EXPIRED not in words_by_note(JANE, resent + CODE_LIFETIME, resent)
    assert Note.EXPIRED in words_by_note(JANE, resent + CODE_LIFETIME + 1, resent)
    assert Note.EXPIRED not in words_by_note(JANE, NOW, NOW - 3 * DAY)  # the account is younger than what was sent


def words_by_note(user, now, last_sent=0.0, wait_until=0.0):
    return dict(notes_of(user, Channel.EMAIL, now, last_sent, wait_until, UTC))


@pytest.mark.parametrize(
    ("ago", "words"),
    [(12 * MINUTE, "Sent 13:48"), (14 * HOUR, "Sent 00:00"), (14 * HOUR + 1, None), (DAY, None)],
)
def test_only_what_was_sent_today_is_a_note(ago, words):
    assert words_by_note(SOFIA, NOW, NOW - ago).get(Note.SENT) == words


def test_a_wait_is_a_note_until_it_is_over():
    assert words_by_note(SOFIA, NOW, wait_until=NOW + 48 * MINUTE)[Note.WAIT] == "Wait until 14:48"
    late = NOW + 9.5 * HOUR
    assert words_by_note(SOFIA, late, wait_until=late + HOUR)[Note.WAIT] == "Wait until 13 Oct 00:30"
    assert Note.WAIT not in words_by_note(SOFIA, NOW, wait_until=NOW)


def test_what_was_sent_today_and_a_wait_are_both_told():
    assert list(words_by_note(SOFIA, NOW, NOW - MINUTE, NOW + HOUR)) == [Note.WAIT, Note.SENT]
