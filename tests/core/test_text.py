import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confirmdesk.core.text import count, plain, search_key, without_invisible, without_logins

ACUTE = "\u0301"


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
        ("a\u034fb\u2800c\u3164d", "a⟨U+034F⟩b⟨U+2800⟩c⟨U+3164⟩d"),
        ("jane\U000e0041\U000e0001", "jane⟨U+E0041⟩⟨U+E0001⟩"),
        ("a\u115f\u1160\uffa0\u17b4\u2065\ufff0", "a⟨U+115F⟩⟨U+1160⟩⟨U+FFA0⟩⟨U+17B4⟩⟨U+2065⟩⟨U+FFF0⟩"),
        ("jane\u200d@\ufe0fexample.com", "jane⟨U+200D⟩@⟨U+FE0F⟩example.com"),
        ("می\u200c\u200cخواهم ❤\ufe0f\ufe0f", "می\u200c⟨U+200C⟩خواهم ❤\ufe0f⟨U+FE0F⟩"),
        ("jane\U000e0100\u180b", "jane⟨U+E0100⟩⟨U+180B⟩"),
        (f"{ACUTE}jane {ACUTE}doe", "⟨U+0301⟩jane ⟨U+0301⟩doe"),
        (f"e{2 * ACUTE}", f"e{ACUTE}⟨U+0301⟩"),
        ("e\u0300\u0301\u0302\u0323x", "e\u0300\u0301⟨U+0302⟩\u0323x"),
        ("ก\u0e47\u0e47\u0e47", "ก\u0e47⟨U+0E47⟩⟨U+0E47⟩"),
        ("a\u20dd\u20de\u20e0\u0334", "a\u20dd\u20de⟨U+20E0⟩⟨U+0334⟩"),
    ],
)
def test_plain_shows_what_is_there_on_one_line(hostile, shown):
    assert plain(hostile) == shown


@pytest.mark.parametrize(
    "name",
    [
        "Zoe\u0308 Nguye\u0302\u0303n",  # decomposed
        unicodedata.normalize("NFD", "ᾧδή"),
        "می\u200cخواهم",
        "अनुष्का क्ष\u200dत्रिय",
        "குமார் ශ්\u200dරී",
        "שָׁלוֹם בְּרֵאשִׁ֖ית",
        "مُحَمَّد",
        "น้ำผึ้ง",
        "မြွှုံ့",
        "སྒྲུབ་བརྒྱུད",
        "ខ្ញុំ",
        "葛\U000e0100城",
        "ᠮᠣᠩᠭ\u180bᠣᠯ",
        "👩🏽\u200d💻 ❤\ufe0f\u200d🔥 🏳\ufe0f\u200d🌈 7\ufe0f\u20e3 ©\ufe0f",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f Ailsa",
        "한글 각",
    ],
)
def test_what_people_are_called_stays_as_they_write_it(name):
    assert plain(name) == name


@given(st.text(), st.sampled_from("aé花א"))
def test_whatever_is_typed_no_mark_piles_up_and_nothing_hides(text, before):
    shown = plain(before + text)
    marks = longest = 0
    for char in shown:
        assert char == " " or unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp")
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        longest = max(longest, marks)
    assert longest <= 7
    assert plain(shown) == shown


@given(st.text(st.characters(min_codepoint=0x300, max_codepoint=0x36F, exclude_characters="\u034f"), min_size=8))
def test_a_pile_of_marks_becomes_visible_marks(marks):
    shown = plain(f"e{marks}")
    assert sum(shown.count(mark) for mark in set(marks)) <= 7
    assert shown.count("⟨U+") >= len(marks) - 7


def test_plain_cuts_what_is_longer_than_its_limit_and_nothing_else():
    assert plain("x" * 10, 10) == "x" * 10
    assert plain("x" * 11, 10) == "x" * 9 + "…"


def test_keys_ignore_case_accents_and_composition():
    assert search_key("Zoe\u0308") == search_key("ZOË") == search_key("zoe")
    assert search_key("Straße") == "strasse"
    assert search_key("Łukasz Wiśniewski, Sørensen, Yılmaz") == "lukasz wisniewski, sorensen, yilmaz"
    assert search_key("김하늘") == "김하늘"
    assert search_key("ガ") != search_key("カ")  # a mark that makes another syllable of it


@pytest.mark.parametrize("mark", "'\"`´‘’‚‛“”„‟′″«»‹›＇＂ʼ")
def test_keys_have_one_quotation_mark(mark):
    assert search_key(f"O{mark}Sullivan") == "o'sullivan"


@pytest.mark.parametrize("dash", "-‐‑‒–—―−﹣－")
def test_keys_have_one_dash(dash):
    assert search_key(f"Smith{dash}Jones") == "smith-jones"


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u00ad", "\u2060", "\u202a", "\u200e", "\u200d", "\U000e0041"])
def test_keys_have_nothing_that_nobody_sees(unseen):
    assert search_key(f"Ja{unseen}ne") == "jane"
    assert without_invisible(f"Ja{unseen}ne") == "Jane"


def test_what_was_meant_keeps_case_accents_and_lines():
    assert without_invisible("Zoë\u00a0O’Connor\n“Zo” – ０１２ ٣\x07") == 'Zoë O\'Connor\n"Zo" - 012 3'
    assert without_invisible("a\tb") == "a\tb"


def test_keys_do_not_match_across_two_texts():
    assert "doejane" not in search_key("doe", "jane")
    assert "doe jane" not in search_key("doe", "jane")


def test_counts_have_the_right_word():
    assert [count(n, "person", "people") for n in (0, 1, 3180)] == ["0 people", "1 person", "3,180 people"]
    assert count(2, "user") == "2 users"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("http://user:pass@proxy:8080/x", "http://…@proxy:8080/x"),
        ("http://user:p@ss/w#rd@proxy:1", "http://…@proxy:1"),
        ("to 'http://user:p ss@proxy:1' failed", "to 'http://…@proxy:1' failed"),
        ("//user@proxy and https://a:b@c", "//…@proxy and https://…@c"),
        ("http://proxy:8080 failed for jane@example.com", "http://proxy:8080 failed for jane@example.com"),
        ("https://cognito.example.com/", "https://cognito.example.com/"),
        ("jane@example.com", "jane@example.com"),
    ],
)
def test_an_address_is_shown_without_its_login(text, shown):
    assert without_logins(text) == shown


def test_a_long_text_of_a_stranger_costs_no_time():
    for text in ("//a:" * 5_000 + "@", "@" + "//a:" * 5_000, "@" + "//a" * 5_000):
        assert "@" in without_logins(text)
