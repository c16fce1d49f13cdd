import copy
import json
import pickle
import traceback

import pytest

from confirmdesk.core.connections.secret import Secret

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
