import json

import pytest
from on_screen import line, show, the
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QLabel, QPlainTextEdit
from samples import JANE, person

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.sending.metadata import Filled
from confirmdesk.ui.metadata.lambda_preview import EXAMPLE, NO_TRIGGER, UNKNOWN_TRIGGER, LambdaPreview

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client")


@pytest.fixture
def preview(qtbot, theme):
    made = LambdaPreview(theme)
    made.resize(360, 300)
    return show(qtbot, made)


@pytest.fixture
def text(preview):
    return the(preview, "Lambda preview", QPlainTextEdit)


def test_the_documented_event_with_our_values(preview, text):
    preview.show_event(SHOP, JANE, Filled((("ticket", "CS-4471"),), ()))
    event = json.loads(text.toPlainText())
    assert event["triggerSource"] == "CustomMessage_ResendCode"
    assert event["userName"] == "u-jane"
    assert event["userPoolId"] == "eu-west-1_Ab12Cd34E"
    assert event["callerContext"]["clientId"] == "4f9k2client"
    assert event["request"]["userAttributes"]["email"] == "jane.doe@example.com"
    assert event["request"]["clientMetadata"] == {"ticket": "CS-4471"}


@pytest.mark.parametrize(("has_trigger", "sentence"), [(True, EXAMPLE), (False, NO_TRIGGER), (None, UNKNOWN_TRIGGER)])
def test_whether_the_pool_looks_at_it_at_all(preview, has_trigger, sentence):
    preview.show_trigger(has_trigger)
    assert line(preview, "Lambda trigger") == sentence
    if has_trigger is False:
        assert "ignores client metadata" in sentence


def test_our_part_is_in_view_and_stands_out(preview, text, theme):
    preview.show_event(SHOP, JANE, Filled((("ticket", "CS-4471"),), ()))
    found = text.document().find("CS-4471")
    rectangle = text.cursorRect(found)
    assert text.viewport().rect().contains(rectangle.center())
    greys = {block.text().strip(): bool(block.layout().formats()) for block in iter_blocks(text.document())}
    assert greys['"ticket": "CS-4471"'] is False
    assert greys['"userName": "u-jane",'] is True
    assert greys['"response": {'] is True


MANY = tuple((f"key {number}", "resent after the incident") for number in range(6))


@pytest.mark.parametrize("pairs", [MANY, MANY[:1]], ids=["six fields", "one field"])
@pytest.mark.parametrize("height", [260, 300, 420])
def test_our_part_is_shown_from_its_beginning(preview, text, qtbot, pairs, height):
    preview.show_event(SHOP, JANE, Filled((), ()))
    preview.resize(300, height)
    preview.show_event(SHOP, JANE, Filled(pairs, ()))
    preview.resize(280, height)
    room = text.viewport().rect()

    def in_view(part):
        return room.contains(text.cursorRect(text.document().find(part)).center())

    qtbot.waitUntil(lambda: in_view('"clientMetadata"'))
    assert in_view(pairs[0][0])
    # What does not fit is at the end, and nothing of the example takes its room.
    assert in_view(pairs[-1][0]) or text.cursorRect(text.document().find('"clientMetadata"')).top() < 12


def iter_blocks(document):
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def test_a_giant_value_does_not_fill_the_window(preview, text):
    preview.show_event(SHOP, JANE, Filled((("blob", "x" * 131_072),), ()))
    assert len(text.toPlainText()) < 5_000


def test_strangers_cannot_write_lines_of_their_own(preview, text):
    evil = person("u-1", "a@example.com", 'x"\n  "userName": "u-jane"\u2028\u202e')
    preview.show_event(SHOP, evil, Filled((), ()))
    assert json.loads(text.toPlainText().replace("⏎", "").replace("⟨U+202E⟩", ""))["userName"] == "u-1"
    assert "\u202e" not in text.toPlainText()


def test_a_pile_of_accents_is_not_painted_over_other_lines(preview, text):
    def above(value):
        preview.show_event(SHOP, JANE, Filled((("first", "here"), ("ticket", value)), ()))
        line = text.cursorRect(text.document().find('"first"'))
        # Its upper half: how far the text is scrolled is not what is asked.
        return text.viewport().grab().toImage().copy(0, line.top(), text.viewport().width(), line.height() // 2)

    assert above("e" + 1500 * "\u0301") == above("e")


def test_it_is_read_not_typed_into_and_tab_leaves(preview, text, qtbot):
    preview.show_event(SHOP, JANE, Filled((), ()))
    before = text.toPlainText()
    text.setFocus()
    text.moveCursor(QTextCursor.MoveOperation.End)
    qtbot.keyClicks(text, "abc")
    qtbot.keyClick(text, Qt.Key.Key_Tab)
    assert text.toPlainText() == before
    assert text.tabChangesFocus()


def test_what_is_empty_is_read_whole_beside_a_long_address(preview, qtbot):
    user = person("u-1", "somebody.with.a.long.name@department.example.com")
    preview.resize(280, 420)
    preview.show_event(SHOP, user, Filled((("locale", ""),), ("{attr:locale}",)))
    label = the(preview, "Lambda preview for", QLabel)
    assert label.text().endswith("{attr:locale} is empty")
    assert label.wordWrap()
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))
