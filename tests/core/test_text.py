import pytest

from confirmdesk.core.text import count, plain, search_key


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("jane@example.com", "jane@example.com"),
        ("Zoë 花 🙂", "Zoë 花 🙂"),
        ("two\nlines\r\u2028more", "two⏎lines⏎⏎more"),
        ("a\tb", "a b"),
        ("\u202emoc.elpmaxe", "⟨U+202E⟩moc.elpmaxe"),
        ("a\u200bb\x00c", "a⟨U+200B⟩b⟨U+0000⟩c"),
        ("\ud800", "⟨U+D800⟩"),
        ("<b>bold</b>", "<b>bold</b>"),
    ],
)
def test_plain_shows_what_is_there_on_one_line(hostile, shown):
    assert plain(hostile) == shown


def test_joiners_that_scripts_need_stay():
    assert plain("می\u200cخواهم 👩\u200d💻") == "می\u200cخواهم 👩\u200d💻"


def test_plain_cuts_what_is_longer_than_its_limit_and_nothing_else():
    assert plain("x" * 10, 10) == "x" * 10
    assert plain("x" * 11, 10) == "x" * 9 + "…"


def test_keys_ignore_case_and_composition():
    assert search_key("Zoe\u0308") == search_key("ZOË") == "zoë"
    assert search_key("Straße") == "strasse"


def test_keys_do_not_match_across_two_texts():
    assert "doejane" not in search_key("doe", "jane")
    assert "doe jane" not in search_key("doe", "jane")


def test_counts_have_the_right_word():
    assert [count(n, "person", "people") for n in (0, 1, 3180)] == ["0 people", "1 person", "3,180 people"]
    assert count(2, "user") == "2 users"
