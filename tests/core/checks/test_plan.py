import pytest
from samples import DAY, HOUR, JANE, LI, MARY, MINUTE, NOW, SOFIA, person

from confirmdesk.core.checks.check import Light
from confirmdesk.core.checks.plan import checks_of_plan
from confirmdesk.core.people.past import Past
from confirmdesk.core.sending.plan import make_plan

EMAIL = frozenset({"email"})


def told(users, rows=(), past=None):
    checks = list(checks_of_plan(make_plan(users, rows, EMAIL, past=past)))
    assert all(check.light is Light.WARN for check in checks)
    return [check.sentence for check in checks]


def test_nothing_to_warn_of():
    assert told([JANE, SOFIA], [("ticket", "CS-4711"), ("locale", "{attr:locale}")]) == []


@pytest.mark.parametrize(("age", "said"), [(13 * MINUTE, "13 min ago ("), (20 * HOUR, "20 h 0 min ago (")])
def test_a_single_person_who_was_sent_to_is_a_warning_with_the_time(age, said):
    [warning] = told([JANE], past=Past(NOW, {"u-jane": NOW - age}))
    assert warning.startswith(f"jane.doe@example.com was sent a code {said}")


def test_after_the_cool_down_there_is_no_warning():
    assert told([JANE], past=Past(NOW, {"u-jane": NOW - DAY})) == []


def test_who_was_put_back_is_a_warning():
    past = Past(NOW, {"u-jane": NOW - HOUR, "u-mary": NOW - HOUR})
    plan = make_plan([JANE, MARY, SOFIA], [], EMAIL, past=past).put_back({"u-jane", "u-mary"}, "the mails bounced")
    [check] = checks_of_plan(plan)
    assert check.sentence == "2 people are sent to after all, who would have been left out."


def test_addresses_that_look_mistyped_are_named():
    assert told([JANE, LI]) == ["1 address looks mistyped: li.wei@exmaple.com (example.com?)."]
    many = [person(f"u-{n}", f"p{n}@gmial.com") for n in range(5)]
    [warning] = told(many)
    assert warning.startswith("5 addresses look mistyped: p0@gmial.com (gmail.com?), p1@gmial.com (gmail.com?), …")


def test_a_mistyped_address_that_gets_no_mail_is_no_warning():
    user = person("u-x", "x@exmaple.com", phone="+447700900155")
    plan = make_plan([user], [], frozenset({"email", "phone_number"}))
    assert list(checks_of_plan(plan)) == []


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("password", "correct horse", "a password or token"),
        ("note", "AKIAABCDEFGHIJKLMNOP", "a password or token"),
        ("note", "4111 1111 1111 1111", "a card number"),
    ],
)
def test_what_looks_like_a_secret_in_the_metadata_is_told_once(key, value, what):
    [warning] = told([JANE, SOFIA], [(key, value), ("ticket", "CS-4711")])
    assert warning.startswith(f"“{key}”: This looks like {what}.")
