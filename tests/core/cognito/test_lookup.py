import pytest
from samples import JANE, LI, MARY, PEOPLE, TOM, person
from scripted_aws import error, page

from confirmdesk.core.cognito.control import Control, pages
from confirmdesk.core.cognito.lookup import Found, find, look_up
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.people.roster import Roster


@pytest.fixture
def control(aws, connection):
    return Control(aws, connection)


def row(name, status="UNCONFIRMED", **attributes):
    pairs = [{"Name": key, "Value": value} for key, value in attributes.items()]
    return {"Username": name, "Enabled": True, "UserStatus": status, "Attributes": pairs}


def asked(server):
    return [seen.body["Filter"] for seen in server.seen]


def problem_of(call):
    with pytest.raises(ConfirmdeskError) as caught:
        call()
    return caught.value.problem


def test_a_search_tries_exact_matches_then_beginnings(control, server):
    server.script = [page([]), page([]), page([row("u1", email="jane@example.com")]), page([])]
    assert [user.username for user in find(control, ' jane"@example.com ')] == ["u1"]
    assert [seen.body["Filter"] for seen in server.seen] == [
        'email = "jane\\"@example.com"',
        'username = "jane\\"@example.com"',
        'email ^= "jane\\"@example.com"',
        'username ^= "jane\\"@example.com"',
    ]


def test_a_search_reads_on_while_pages_are_empty(control, server):
    server.script = [page([], "t1"), page([], "t2"), page([row("u1", email="jane@example.com")]), page([])]
    assert [user.username for user in find(control, "jane@example.com")] == ["u1"]
    assert [seen.body.get("PaginationToken") for seen in server.seen] == [None, "t1", "t2", None]
    assert {seen.body["Filter"].partition(" ")[2] for seen in server.seen} == {'= "jane@example.com"'}


def test_a_search_for_beginnings_reads_on_too(control, server):
    server.script = [page([]), page([]), page([], "t1"), page([row("u1")]), page([])]
    assert [user.username for user in find(control, "jane@")] == ["u1"]


def test_a_search_keeps_sixty_people(control, server):
    server.script = [page([row(f"a{i}") for i in range(40)], "t1"), page([row(f"b{i}") for i in range(40)], "t2")]
    server.otherwise = page([row("other")])
    found = [user.username for user in find(control, "jane@example.com")]
    assert found == [f"a{i}" for i in range(40)] + [f"b{i}" for i in range(20)]
    assert len(server.seen) == 3


def test_a_search_that_never_comes_to_an_end_does_not_say_that_nobody_is_there(control, server):
    server.otherwise = page([], "again")
    assert "did not read the whole pool" in problem_of(lambda: find(control, "jane@example.com")).sentence
    assert len(server.seen) == 80


def test_a_search_for_a_phone_number_forgives_spaces(control, server):
    server.script = [page([row("u1", phone_number="+447700900112")])]
    server.otherwise = page([])
    assert len(find(control, "+44 7700 900112")) == 1
    assert server.seen[0].body["Filter"] == 'phone_number = "+447700900112"'


def test_an_address_in_capitals_is_asked_as_typed_then_in_small_letters(control, server):
    server.script = [page([]), page([]), page([row("u1", email="jane@example.com")]), page([])]
    assert [user.username for user in find(control, "Jane@Example.COM")] == ["u1"]
    assert asked(server) == [
        'email = "Jane@Example.COM"',
        'username = "Jane@Example.COM"',
        'email = "jane@example.com"',
        'username = "jane@example.com"',
    ]


@pytest.mark.parametrize(
    "pasted",
    ["mailto:jane@example.com", "Jane Doe <jane@example.com>", "jane@example.com;", " (jane@example.com)\u200b"],
)
def test_what_clings_to_an_address_is_not_asked_for(control, server, pasted):
    server.script = [page([row("u1", email="jane@example.com")])]
    server.otherwise = page([])
    assert len(find(control, pasted)) == 1
    assert asked(server)[0] == 'email = "jane@example.com"'


@pytest.mark.parametrize(
    ("typed", "codes", "numbers"),
    [
        ("+44 (0)7700-900112", (), ["+447700900112"]),
        ("0044 7700 900112", (), ["+447700900112"]),
        ("+44 07700 900112", (), ["+4407700900112", "+447700900112"]),
        ("07700 900112", ("+44", "+353"), ["+447700900112", "+3537700900112"]),
        ("447700900112", (), ["+447700900112"]),
    ],
)
def test_a_phone_number_is_asked_for_as_cognito_keeps_it(control, server, typed, codes, numbers):
    server.script = [page([row("u1", phone_number="+447700900112")])]
    server.otherwise = page([])
    assert len(find(control, typed, codes)) == 1
    expected = [f'phone_number = "{number}"' for number in numbers]
    assert [question for question in asked(server) if question.startswith("phone")] == expected


def test_of_a_number_without_its_country_nobody_says_nobody(control, server):
    server.otherwise = page([])
    assert "with its country only" in problem_of(lambda: find(control, "07700 900112")).sentence
    told = problem_of(lambda: find(control, "07700 900112", ("+44", "+353")))
    assert told.sentence == "Nobody has this phone number after +44 or +353."
    assert "+44 7700 900212" in told.hint


def test_names_are_looked_for_as_people_write_them(control, server):
    server.otherwise = page([])
    assert find(control, "o’sullivan") == []
    for name in ("name", "given_name", "family_name"):
        assert f'{name} = "o\'sullivan"' in asked(server)
        assert f'{name} ^= "O\'Sullivan"' in asked(server)


@pytest.mark.parametrize("typed", ["Siobhán O'Sullivan", "O’Sullivan, Siobhán", "o'sullivan siobhan"])
def test_a_name_of_two_parts_is_found_in_any_order(control, server, typed):
    def answer(connection, seen):
        by_surname = seen.body["Filter"] == 'family_name = "O\'Sullivan"'
        everybody = [
            row("u1", given_name="Siobhán", family_name="O'Sullivan"),
            row("u2", given_name="Ann", family_name="O'Sullivan"),
        ]
        page(everybody if by_surname else [])(connection, seen)

    server.otherwise = answer
    assert [user.username for user in find(control, typed)] == ["u1"]


def test_a_text_that_no_filter_holds_is_told_and_not_asked(control, server):
    told = problem_of(lambda: find(control, "a" * 300))
    assert "longer than what AWS can look for: 300 characters" in told.sentence
    assert "region" not in told.text()
    assert "nothing in it" in problem_of(lambda: find(control, " ;\u200b")).sentence
    assert server.seen == []


@pytest.mark.parametrize("typed", ["token@example.com", "paging", "userPoolId", "pagination token"])
def test_what_aws_refuses_is_not_blamed_on_the_pool_because_of_a_word_in_it(control, server, typed):
    """AWS repeats the filter in its sentence."""
    server.otherwise = error("InvalidParameterException", f"Error while parsing filter: {typed}")
    told = problem_of(lambda: find(control, typed))
    assert told.sentence == "AWS cannot look for this text."
    assert "part of it" in told.hint
    assert typed in told.details


def test_a_later_page_that_went_stale_is_told_as_such(control, server):
    server.script = [page([], "t1"), error("InvalidParameterException", "Paging marker t1 is invalid for request")]
    assert "went stale" in problem_of(lambda: find(control, "jane@example.com")).sentence


# With people who are loaded


def looked_up(control, text, loaded=PEOPLE):
    roster = Roster()
    roster.add(loaded)
    return look_up(lambda: control, text, roster.matching(text), roster.users())


def test_near_misses_among_those_loaded_come_with_the_answer(control, server):
    server.otherwise = page([])
    assert looked_up(control, "li.wei@example.com") == Found(near=(LI,))
    assert looked_up(control, "LI.WEI@example.com") == Found(near=(LI,))
    assert looked_up(control, "jane.deo@example.com") == Found(near=(JANE,))
    assert looked_up(control, "bob.doe@example.com") == Found()


def test_another_digit_is_another_person(control, server):
    server.otherwise = page([])
    jane2 = person("u2", "jane2@example.com")
    assert looked_up(control, "jane1@example.com", (jane2,)) == Found()
    assert looked_up(control, "jnae2@example.com", (jane2,)).near == (jane2,)


def test_whoever_is_loaded_is_found_whatever_aws_says(control, server):
    """Capital letters, a filter in the window, a list that is minutes old: the program knows this person."""
    server.otherwise = page([])
    capital = person("u-capital", "Zoe@Example.com")
    assert looked_up(control, "zoe@example.com", (capital,)) == Found(known=(capital,))
    assert looked_up(control, "900144") == Found(known=(TOM,))
    assert looked_up(control, "tom") == Found(known=(TOM,))


def test_nobody_is_told_twice(control, server):
    server.script = [page([row(JANE.username, email=JANE.email)])]
    server.otherwise = page([])
    found = looked_up(control, "jane.doe@example.com")
    assert [user.username for user in found.people] == [JANE.username]
    assert found.known == found.near == ()


def test_without_an_answer_those_loaded_are_told_with_the_reason(control, server):
    server.otherwise = error("AccessDeniedException", "no")
    found = looked_up(control, "li.wei@example.com")
    assert found.near == (LI,)
    assert "no right" in found.problem.sentence
    assert "no right" in problem_of(lambda: looked_up(control, "who@example.com")).sentence


def test_a_list_is_found_among_those_loaded_and_not_asked_for(control, server):
    strangers = [f"who{number}@example.org" for number in range(38)]
    found = looked_up(control, "; ".join(["JANE.DOE@example.com", "m.okafor@example.org", *strangers]))
    assert (found.known, found.listed, found.missing) == ((JANE, MARY), 40, tuple(strangers))
    assert server.seen == []


# The forms in which people paste somebody, in the search box and in the look-up


PASTED = {
    # From the reports of people who do this job.
    "a mail link": "mailto:edith.archer@exmaple.com",
    "a name before the address": "Edith Archer <edith.archer@exmaple.com>",
    "a closing semicolon": "edith.archer@exmaple.com;",
    "an invisible character": "edith.archer@exmaple.com\u200b",
    "blanks and a line end": "\u00a0 edith.archer@exmaple.com \r\n",
    "capital letters": "EDITH.ARCHER@EXMAPLE.COM",
    "brackets": "(edith.archer@exmaple.com)",
    "a full stop": "Is it edith.archer@exmaple.com.",
    "quotation marks": "“edith.archer@exmaple.com”",
    "a name": "edith archer",
    "a name, surname first": "Archer, Edith",
    "the address she meant": "edith.archer@example.com",
    "a national number": "07700 900004",
    "dashes": "+44-7700-900004",
    "00 for +": "0044 7700 900004",
    "a zero in brackets": "+44 (0)7700 900004",
    "a phone link": "tel:+447700900004",
    "digits alone": "447700900004",
    "a typographic apostrophe": "o’quote@example.org",
    "an apostrophe in a name": "O`Quote",
    # Found while trying.
    "a link of a chat": "<mailto:edith.archer@exmaple.com|Edith>",
    "a link of a wiki": "[Edith](mailto:edith.archer@exmaple.com?subject=Code)",
    "a row of a table": "Archer\tE.\tedith.archer@exmaple.com",
    "a row of a .csv file": '"Archer","edith.archer@exmaple.com","2026-11-25"',
    "a label": "E-mail address: edith.archer@exmaple.com",
    "a name after the address": "edith.archer@exmaple.com (Edie A.)",
    "a percent sign for @": "mailto:edith.archer%40exmaple.com",
    "a zero too many": "+44 07700 900004",
    "the prefix of North America": "011 44 7700 900004",
    "full-width digits": "０７７００\u3000９００００４",
    "accents left out": "sofia nunez",
    "somebody else's address": "nobody.like.this@example.com",
    "a number of nobody": "+44 7700 999999",
    "a name of nobody": "Ebenezer Scrooge",
}
NOBODYS = {"somebody else's address", "a number of nobody", "a name of nobody"}
BY_LOOK_UP_ONLY = {"the address she meant"}
# Cognito compares whole names, or how they begin, letter by letter.
AMONG_THOSE_LOADED_ONLY = {"an apostrophe in a name", "accents left out"}


def meant(form):
    if form in NOBODYS:
        return ""
    if "apostrophe" in form:
        return "o'quote@example.org"
    if form == "accents left out":
        return "sofia.nunez"
    return "edith" if "edith" in PASTED[form].lower() else "+447700900004"


@pytest.fixture(scope="module")
def pool(practice_server, practice_aws):
    """The practice pool with everybody unconfirmed loaded, as in the window."""
    practice_server.reset()
    at = practice_server.connection()
    control = Control(practice_aws, at)
    roster = Roster()
    for one in pages(control, "", lambda: False):
        roster.add(one.users)
    return control, roster


def described(users):
    return {user.email or user.phone for user in users}


@pytest.mark.parametrize("form", PASTED)
def test_what_people_paste_is_found_or_truly_nobody(pool, form):
    control, roster = pool
    text = PASTED[form].strip(" ")  # as the box gives it
    box = roster.matching(text)
    found = look_up(lambda: control, text, box, roster.users())
    # Without the help of the search box: what the pool itself answers, and who comes near.
    alone = look_up(lambda: control, text, [], roster.users())
    if form in NOBODYS:
        assert (box, found, alone) == ([], Found(), Found())
        return
    everybody = described((*found.near, *found.people, *found.known))
    assert len(everybody) < 10, "found, not drowned"
    assert any(meant(form) in address for address in everybody)
    if form not in BY_LOOK_UP_ONLY:
        assert any(meant(form) in address for address in described(box))
    if form not in AMONG_THOSE_LOADED_ONLY:
        assert any(meant(form) in address for address in described((*alone.near, *alone.people)))


def test_a_pool_where_capital_letters_count_is_asked_in_small_ones_too(practice_server, practice_aws):
    practice_server.reset()
    newsletter = practice_server.pools[1]
    client = newsletter.clients[0].client_id
    at = Connection("News", newsletter.region, newsletter.pool_id, client, endpoint=practice_server.endpoint)
    control = Control(practice_aws, at)
    assert [user.username for user in find(control, "AMELIA.HARTLEY@EXAMPLE.NET")] == ["amelia.h"]
    assert [user.username for user in find(control, "Jonas_B")] == ["Jonas_B"]
