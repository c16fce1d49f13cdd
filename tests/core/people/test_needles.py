import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import JANE, LI, MARY, PEOPLE, SOFIA, TOM, person

from confirmdesk.core.people.needles import bare, parse, people_in
from confirmdesk.core.people.users import UNCONFIRMED, make_user

OSULLIVAN = person("o'sullivan", "s.o'sullivan@example.org", "Siobhán O'Sullivan", "+390612345678")
ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
# An ID is no column where people have user names of their own; whoever pastes one means this person all the same.
OWN_NAME = make_user("zoë_k", 0.0, True, UNCONFIRMED, [("sub", ID), ("name", "Zoë Smith-Jones")])
EVERYBODY = (*PEOPLE, OSULLIVAN, OWN_NAME)
KEYS = [user.key() for user in EVERYBODY]
ROWS = range(len(EVERYBODY))


def found(text):
    return [EVERYBODY[i] for i in parse(text).select(ROWS, KEYS, EVERYBODY)]


@pytest.mark.parametrize(
    "pasted",
    [
        "JANE.DOE@Example.COM",
        " jane.doe@example.com\n",
        "\u00a0jane.doe@example.com\u200b",
        "jane.doe@exam\u00adple.com\ufeff",
        "mailto:jane.doe@example.com",
        "MAILTO:jane.doe%40example.com?subject=My%20code",
        "Janet Doe-Smith <jane.doe@example.com>",
        '"Doe-Smith, Janet" <jane.doe@example.com>',
        "jane.doe@example.com (Janet D.)",
        "Janet Doe-Smith jane.doe@example.com",
        "<jane.doe@example.com>;",
        "(jane.doe@example.com).",
        "'jane.doe@example.com',",
        "“jane.doe@example.com”",
        "[jane.doe@example.com](mailto:jane.doe@example.com)",
        "<mailto:jane.doe@example.com|Janet>",
        "E-mail address: jane.doe@example.com",
        "Is it jane.doe@example.com?",
        "**jane.doe@example.com**",
        "Hello,\nI cannot sign in.\nMy address is jane.doe@example.com.\nThanks, -J.\n-- \nJanet",
        "u-jane",
    ],
)
def test_an_address_is_found_whatever_clings_to_it(pasted):
    assert found(pasted) == [JANE]


@pytest.mark.parametrize(
    "pasted",
    [
        "07700 900112",
        "07700900112",
        "(07700) 900-112",
        "+44-7700-900112",
        "+44 7700 900112",
        "+44 (0)7700 900112",
        "+44(0)7700.900.112",
        "+44 07700 900112",
        "0044 7700 900112",
        "00447700900112",
        "011 44 7700 900112",
        "447700900112",
        "7700 900112",
        "+44 – 7700 – 900112",
        "+４４\u20097700\u2009900112",
        "tel:+44-7700-900112;",
        "Phone number: 07700 900112",
        "Mary O. 07700 900112",
        "900112",
        "900 112",
    ],
)
def test_a_phone_number_is_found_by_its_digits(pasted):
    assert found(pasted) == [MARY]


def test_a_zero_that_belongs_to_the_number_stays():
    assert found("+39 06 1234 5678") == found("06 12345678") == [OSULLIVAN]


@pytest.mark.parametrize("typed", ["0770", "07700 9", "+4477", "0044 77"])
def test_a_phone_number_is_found_while_it_is_typed(typed):
    assert found(typed) == [MARY, TOM]


def test_digits_of_a_national_number_are_looked_for_in_phone_numbers_only():
    assert parse("0234").select([0], [person("u-234").key()], [person("u-234")]) == []


@pytest.mark.parametrize("typed", ["O’Sullivan", "o`sullivan", "siobhan O'SULLIVAN", "s.o´sullivan@example.org"])
def test_an_apostrophe_is_an_apostrophe(typed):
    assert found(typed) == [OSULLIVAN]


@pytest.mark.parametrize("typed", ["smith–jones", "Smith‑Jones, Zoë", "zoe_k", ID, ID.upper(), f"sub: {ID}"])
def test_dashes_accents_and_ids(typed):
    assert found(typed) == [OWN_NAME]


def test_a_dash_leaves_people_out():
    assert found("example -jane") == [MARY, SOFIA, OSULLIVAN]
    assert JANE not in found("-example.com")
    assert JANE not in found("-@example.com")
    assert LI in found("-@example.com")
    assert MARY not in found("-07700900112")
    assert found("jane.doe@example.com -doe") == []
    assert found("Jane - Doe") == [JANE]  # a dash alone is no wish


def test_nothing_but_what_falls_away_finds_everybody():
    for typed in ("", " ", ";", "\u200b", "-", "()", ","):
        assert found(typed) == list(EVERYBODY)


@pytest.mark.parametrize(
    "pasted",
    [
        "jane.doe@example.com, M.Okafor@example.org; +447700900144",
        "jane.doe@example.com m.okafor@example.org\t07700 900144",
        "Jane <jane.doe@example.com>; Mary <mailto:m.okafor@example.org>; 0044 7700 900144",
        "E-mail\njane.doe@example.com\r\nm.okafor@example.org\n\nu-tom\n",
        "u-jane\nu-mary\nTom Bauer",
        '"Doe, Jane","jane.doe@example.com"\n"Okafor, Mary","m.okafor@example.org"\nTom Bauer',
    ],
)
def test_of_a_list_everybody_is_found(pasted):
    assert found(pasted) == [JANE, MARY, TOM]


def test_of_a_list_of_numbers_everybody_is_found_however_they_are_written():
    assert found("07700 900112; 07700-900144; +44 7700 900999") == [MARY, TOM]
    assert found("+447700900112, 00447700900144") == [MARY, TOM]
    piece = person("900112", "900112@example.com")
    assert list(parse("07700 900112, 07700 900144").select([0], [piece.key()], [piece])) == []


def test_an_address_in_a_list_means_nobody_whose_address_only_contains_it():
    marie = person("u-marie", "marie@example.com")
    anne_marie = person("u-am", "anne.marie@example.com")
    both = [marie, anne_marie]
    keys = [user.key() for user in both]
    assert list(parse("marie@example.com").select(range(2), keys, both)) == [0, 1]
    assert list(parse("marie@example.com, x@example.com").select(range(2), keys, both)) == [0]


def test_of_a_list_those_who_are_not_here_are_told_as_they_were_written():
    pasted = parse(f"jane.doe@example.com, Who@example.com, 07700 900112, +44 7700 900999, {ID}")
    rows = list(pasted.select(ROWS, KEYS, EVERYBODY))
    assert [EVERYBODY[i] for i in rows] == [JANE, MARY, OWN_NAME]
    assert pasted.missing(rows, KEYS, EVERYBODY) == ["Who@example.com", "+44 7700 900999"]


def test_who_is_named_as_it_was_written():
    assert people_in("Jane Doe <Jane.Doe@Example.com>") == ("Jane.Doe@Example.com",)
    assert people_in("jane.doe@example.com; JANE.DOE@example.com") == ("jane.doe@example.com",)
    assert people_in("Jane Doe") == ()
    assert bare(" “Jane  Doe”; -mary ") == "Jane Doe"
    assert bare("Name: O’Sullivan") == "O'Sullivan"


PASTED = st.text("a1@.+-0 ()<>;,'\n\u200bé", max_size=14)


@given(PASTED, st.sampled_from("a1@.+-0 ()<>;,'"))
def test_typing_on_never_brings_back_whom_the_narrowed_list_has_lost(text, key):
    """What is looked for among those shown only must be all that a look at everybody would find."""
    users = [person("a1", "a@a.aa", "A1 é"), person("b", "1@a.aa", "a", "+1000000000"), person("-a", "", "(a) 0a0")]
    keys = [user.key() for user in users]
    before, after = parse(text), parse(text + key)
    if after.narrows(before):
        assert set(after.select(range(3), keys, users)) <= set(before.select(range(3), keys, users))
