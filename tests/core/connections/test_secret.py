import copy
import json
import pickle
import traceback

import pytest

from confirmdesk.core.connections.secret import Secret, secret_problem

TEXT = "9example87654321"


def test_hash_is_the_documented_one() -> None:
    assert Secret(TEXT).secret_hash("mytestuser", "1example23456789") == "AYin1wReBq+RQpgkLjHSLSWJQB/NgayMcMWKp0/mxfI="


def test_hash_takes_the_user_name_as_it_is() -> None:
    secret = Secret(TEXT)
    hashes = {secret.secret_hash(name, "client") for name in ("jane", "Jane", "jane ", "jané", "jane\u0301")}
    assert len(hashes) == 5


@pytest.mark.parametrize(
    "shown", [repr, str, "{}".format, "{0!r:>30}".format, "%s".__mod__, lambda s: f"{s:>40}", lambda s: repr([s])]
)
def test_no_way_of_printing_shows_it(shown: object) -> None:
    assert TEXT not in shown(Secret(TEXT))  # type: ignore[operator]


def test_nothing_writes_it_away() -> None:
    with pytest.raises(TypeError) as refused:
        pickle.dumps(Secret(TEXT))
    assert TEXT not in "".join(traceback.format_exception(refused.value))
    with pytest.raises(TypeError):
        json.dumps(Secret(TEXT))
    assert not hasattr(Secret(TEXT), "__dict__")


def test_copies_are_the_same_one() -> None:
    secret = Secret(TEXT)
    assert copy.copy(secret) is secret
    assert copy.deepcopy([secret])[0] is secret


def test_compares_by_content() -> None:
    assert Secret(TEXT) == Secret(TEXT)
    assert hash(Secret(TEXT)) == hash(Secret(TEXT))
    assert Secret(TEXT) != Secret(TEXT + "x")
    assert Secret("schlüssel") == Secret("schlüssel")
    assert Secret(TEXT) != TEXT


def test_an_empty_one_is_none_at_all() -> None:
    assert not Secret("")
    assert Secret(TEXT)
    assert Secret(TEXT).reveal() == TEXT


COGNITOS = "9example87654321" * 3


@pytest.mark.parametrize("endpoint", ["", "https://cognito-idp-fips.us-east-1.amazonaws.com", "http://127.0.0.1:5000"])
@pytest.mark.parametrize(
    ("hidden", "words"),
    [
        ("\u200b", "zero width space, U+200B"),
        ("\ufeff", "zero width no-break space, U+FEFF"),
        ("\u00ad", "soft hyphen, U+00AD"),
        ("\u00a0", "no-break space, U+00A0"),
        ("\u202c", "pop directional formatting, U+202C"),
        ("\x07", "control character, U+0007"),
    ],
)
def test_a_character_that_nobody_sees_is_named_with_its_place(endpoint, hidden, words):
    problem = secret_problem(f"{COGNITOS[:11]}{hidden}{COGNITOS[11:]}", endpoint)
    assert problem
    assert f"{words}, as the 12th character" in problem.sentence
    assert COGNITOS[:11] not in problem.text()
    assert secret_problem(COGNITOS + hidden, endpoint)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (COGNITOS, ""),
        ("a" * 24, ""),
        ("a+_9" * 16, ""),
        ("a" * 23, "this has 23."),
        ("a" * 65, "this has 65."),
        (COGNITOS[:20] + "-" + COGNITOS[:20], "the 21st character is something else"),
        (COGNITOS[:30] + " ", "the 31st character is something else"),
        ("é" + COGNITOS, "the 1st character is something else"),
    ],
)
def test_cognitos_own_secrets_have_its_form(typed, told):
    problem = secret_problem(typed, "")
    assert (problem.text() if problem else "").endswith(f"{told}." if told and not told.endswith(".") else told)
    assert problem is None or typed not in problem.text()


@pytest.mark.parametrize("typed", ["canary-secret", "x", "with a blank", "é" * 200, "moto-5f7d4b0e-8d1c"])
def test_other_services_may_have_secrets_of_any_form(typed):
    assert secret_problem(typed, "http://127.0.0.1:5000") is None
