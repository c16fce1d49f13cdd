from hypothesis import given
from hypothesis import strategies as st

from confirmdesk.core.people.past import Past
from confirmdesk.core.people.users import Channel, make_user
from confirmdesk.core.sending.plan import Reason, make_plan

NOW = 1_790_000_000.0
BOTH = frozenset({"email", "phone_number"})


def user(name, email="", phone="", enabled=True, status="UNCONFIRMED", created=0.0):
    attributes = [(key, text) for key, text in (("email", email), ("phone_number", phone)) if text]
    return make_user(name, created, enabled, status, attributes)


def names(items):
    return [item.user.username for item in items]


def left(plan):
    return {out.recipient.user.username: out.reason for out in plan.left_out}


def test_requests_carry_the_user_name_byte_for_byte_and_each_persons_own_metadata():
    people = [user("Jané ", "jane@example.com"), user("li", "li@example.org")]
    plan = make_plan(people, [("to", "{email}")], BOTH)
    assert [(r.request.username, r.request.metadata) for r in plan.recipients] == [
        ("Jané ", (("to", "jane@example.com"),)),
        ("li", (("to", "li@example.org"),)),
    ]


def test_who_cannot_be_served_is_left_out_with_the_reason():
    plan = make_plan(
        [
            user("off", "off@example.com", enabled=False),
            user("none"),
            user("done", "done@example.com", status="CONFIRMED"),
            user("ok", "ok@example.com"),
        ],
        [],
        BOTH,
    )
    assert names(plan.recipients) == ["ok"]
    assert left(plan) == {"off": Reason.DISABLED, "none": Reason.NO_ADDRESS, "done": Reason.STATUS}


def test_of_two_accounts_with_one_address_the_newest_is_served_and_the_other_can_be_put_back():
    plan = make_plan([user("old", "A@example.com", created=1), user("new", "a@example.com", created=2)], [], BOTH)
    assert names(plan.recipients) == ["new"]
    assert left(plan) == {"old": Reason.DUPLICATE}
    back = plan.put_back({"old"})
    assert names(back.recipients) == ["new", "old"]
    assert back.left_out == ()


def test_a_disabled_twin_does_not_keep_the_other_from_being_served():
    plan = make_plan([user("off", "a@example.com", enabled=False, created=9), user("on", "a@example.com")], [], BOTH)
    assert names(plan.recipients) == ["on"]


def test_the_disabled_cannot_be_put_back():
    plan = make_plan([user("off", "off@example.com", enabled=False)], [], BOTH)
    assert plan.put_back({"off"}) == plan


def test_the_channel_follows_the_pool():
    jane = user("jane", "jane@example.com", "+447700900112")
    assert make_plan([jane], [], BOTH).recipients[0].channel is Channel.SMS
    assert make_plan([jane], [], frozenset({"email"})).recipients[0].channel is Channel.EMAIL
    assert make_plan([jane], [], None).recipients[0].channel is Channel.EMAIL
    assert left(make_plan([jane], [], frozenset())) == {"jane": Reason.NO_ADDRESS}


def test_an_empty_placeholder_and_a_likely_typo_are_shown_for_that_person():
    [recipient] = make_plan([user("li", "li@exmaple.com")], [("l", "{attr:locale}")], BOTH).recipients
    assert recipient.remarks == ("{attr:locale} is empty", "typo? example.com")


people = st.lists(
    st.builds(
        user,
        st.text(min_size=1, max_size=3),
        st.sampled_from(["", "a@example.com", "b@example.com", "B@example.com"]),
        st.sampled_from(["", "+447700900112", "+447700900113"]),
        st.booleans(),
        st.sampled_from(["UNCONFIRMED", "CONFIRMED"]),
        st.floats(0, 10),
    ),
    max_size=12,
)


@given(people, st.sampled_from([None, BOTH, frozenset({"email"}), frozenset()]))
def test_nobody_is_lost_nobody_is_in_two_lists_and_no_address_is_served_twice(users, auto_verified):
    plan = make_plan(users, [], auto_verified)
    everybody = names(plan.recipients) + [out.recipient.user.username for out in plan.left_out]
    assert sorted(everybody) == sorted({u.username for u in users})
    addresses = [recipient.address.casefold() for recipient in plan.recipients]
    assert len(addresses) == len(set(addresses))
    assert all(addresses)


def test_one_address_in_two_spellings_is_one_recipient():
    spellings = ["jané@bücher.example", "jane\u0301@xn--bcher-kva.example.", " Jané@bücher.example"]
    plan = make_plan([user(str(at), spelling, created=at) for at, spelling in enumerate(spellings)], [], None)
    assert names(plan.recipients) == ["2"]
    assert set(left(plan).values()) == {Reason.DUPLICATE}


def test_the_address_is_sent_to_as_it_was_typed():
    [recipient] = make_plan([user("jane", " Jane@Example.com")], [("to", "{email}")], None).recipients
    assert (recipient.address, recipient.request.metadata) == (" Jane@Example.com", (("to", " Jane@Example.com"),))


def test_another_account_with_the_same_address_was_sent_to_as_well():
    past = Past(now=NOW, last_sent={"new": NOW - 60}, mailboxes={"a@example.com": NOW - 60})
    twin, other = user("old", "A@example.com"), user("b", "b@example.com")
    plan = make_plan([twin, other, user("c", "c@example.com")], [], BOTH, past=past)
    assert left(plan) == {"old": Reason.COOL_DOWN}
    [alone] = make_plan([twin], [], BOTH, past=past).recipients
    assert "last sent" in alone.remarks[0]
