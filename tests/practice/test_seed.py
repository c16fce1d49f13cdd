"""Who is in the practice pools: the people a lesson needs are there, and the same ones every time."""

import time
from collections import Counter
from dataclasses import replace

import pytest

from confirmdesk.core.connections.connection import CLIENT_ID, POOL_ID
from confirmdesk.core.people.domains import likely_domain
from confirmdesk.practice import people

NOW = 1_780_000_000.0
DAY = 86400.0


@pytest.fixture(scope="module")
def shop():
    return list(people.shop(240, NOW))


def values(persons, attribute):
    return [value for person in persons for name, value in person.attributes if name == attribute]


def test_two_hundred_of_two_hundred_and_forty_are_unconfirmed(shop):
    assert Counter(person.status for person in shop) == {
        "UNCONFIRMED": 200,
        "CONFIRMED": 22,
        "FORCE_CHANGE_PASSWORD": 8,
        "RESET_REQUIRED": 6,
        "EXTERNAL_PROVIDER": 4,
    }


def test_the_same_people_at_every_start(shop):
    later = list(people.shop(240, NOW + 60))
    assert [replace(person, created=0) for person in later] == [replace(person, created=0) for person in shop]


def test_usernames_are_the_subs_of_local_users(shop):
    assert len({person.username for person in shop}) == 240
    assert all(person.username == dict(person.attributes)["sub"] for person in shop if person.status == "UNCONFIRMED")


def test_a_bad_morning_yesterday(shop):
    start = NOW // DAY * DAY - DAY + 9 * 3600
    assert 60 <= sum(start <= person.created <= start + 4 * 3600 for person in shop) <= 75


def test_ages_from_minutes_to_months(shop):
    ages = [NOW - person.created for person in shop]
    assert min(ages) < 10 * 60
    assert max(ages) > 90 * DAY
    assert min(ages) > 0


def test_phones_alone_and_beside_an_address(shop):
    addresses = [dict(person.attributes) for person in shop if person.status == "UNCONFIRMED"]
    assert sum("phone_number" in who and "email" not in who for who in addresses) >= 6
    assert sum("phone_number" in who and "email" in who for who in addresses) >= 12
    assert sum("phone_number" not in who and "email" not in who for who in addresses) == 2


def test_only_reserved_addresses_and_numbers(shop):
    for email in values(shop, "email"):
        domain = email.rpartition("@")[2]
        assert domain in ("example.com", "example.org", "example.net") or likely_domain(domain).startswith("example.")
    for phone in values(shop, "phone_number"):
        assert phone.startswith("+447700900")
        assert len(phone) == 13


def test_typing_errors_and_duplicates(shop):
    assert sum(bool(likely_domain(email.rpartition("@")[2])) for email in values(shop, "email")) == 5
    twice = [email for email, number in Counter(values(shop, "email")).items() if number > 1]
    assert sorted(twice) == ["taken@example.org", "twice@example.com"]
    assert [phone for phone, number in Counter(values(shop, "phone_number")).items() if number > 1] == ["+447700900007"]


def test_names_that_try_something(shop):
    names = values(shop, "name")
    for part in ("onerror=", "=cmd()|", '"', "\n", "\u202e", "👩‍👩‍👧‍👦", "محمد", "田中"):
        assert any(part in name for name in names), part
    assert max(map(len, names)) == 2048


def test_most_have_a_locale_and_some_do_not(shop):
    locales = Counter(values(shop, "locale"))
    assert locales.keys() >= {"en-GB", "de-DE", "it-IT", "fr-FR", "ja-JP"}
    assert 20 <= 240 - locales.total() <= 80


def test_more_people_are_plain_and_unconfirmed():
    many = list(people.shop(1000, NOW))
    assert len({person.username for person in many}) == 1000
    assert Counter(person.status for person in many)["UNCONFIRMED"] == 960
    extra = values(many[240:], "email")
    assert len(set(extra)) == 760
    assert [person.username for person in many[:240]] == [person.username for person in people.shop(240, NOW)]


def test_fewer_people_than_the_cast():
    assert len(list(people.shop(12, NOW))) == 12


def test_ids_look_like_the_services_own(practice_server):
    for pool in practice_server.pools:
        assert POOL_ID.fullmatch(pool.pool_id)
        assert pool.region == "us-east-1"
        for client in pool.clients:
            assert CLIENT_ID.fullmatch(client.client_id)


def test_the_ages_are_counted_from_the_start(caller):
    (user,) = caller.users('email = "just.now@example.com"')
    assert 180 <= time.time() - user["UserCreateDate"].timestamp() < 480


def test_the_other_pools(caller):
    assert Counter(user["UserStatus"] for user in caller.users(pool=1)) == {"UNCONFIRMED": 6}
    assert Counter(user["UserStatus"] for user in caller.users(pool=2)) == {"CONFIRMED": 3}
