import pytest
from on_screen import show, the
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QListView

from confirmdesk.core.checks.check import Check, Light
from confirmdesk.ui.kit.colours import ToneName
from confirmdesk.ui.sending.checks_list import CHECKING, ChecksList, summary

BAD = Check(Light.BAD, "This app client needs its secret, and none is stored here.", "Client secret")
WARN = Check(Light.WARN, "Codes go out by SMS only: 2 SMS.", "AutoVerifiedAttributes")
UNKNOWN = Check(Light.UNKNOWN, "Nobody here may look.", "cognito-idp:DescribeUserPool")
GOOD = Check(Light.GOOD, "<b>AWS</b>\u202e reports no trouble.\n" + "very " * 60 + "long", "SmsConfiguration")
ALL = (BAD, WARN, UNKNOWN, GOOD)


@pytest.fixture
def checks(qtbot, theme):
    made = ChecksList(theme)
    made.resize(800, 200)
    return show(qtbot, made)


def rows(checks):
    """What a screen reader says, row by row."""
    told = QAccessible.queryAccessibleInterface(the(checks, "Checks", QListView))
    assert told.role() == QAccessible.Role.List
    return [told.child(at).text(QAccessible.Text.Name) for at in range(told.childCount())]


def test_each_check_is_read_with_its_word(checks):
    checks.show_checks(ALL)
    assert rows(checks)[:3] == [
        "Problem: This app client needs its secret, and none is stored here.",
        "Warning: Codes go out by SMS only: 2 SMS.",
        "Not checked: Nobody here may look.",
    ]
    assert rows(checks)[3].startswith("Good: <b>AWS</b>⟨U+202E⟩ reports no trouble.⏎very")


def test_the_setting_is_said_and_in_the_tool_tip(checks):
    checks.show_checks(ALL)
    index = checks.model().index(1, 0)
    assert index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "Setting: AutoVerifiedAttributes"
    assert "Setting: AutoVerifiedAttributes" in index.data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;b&gt;AWS" in checks.model().index(3, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_a_check_under_way_says_so_until_it_is_answered(checks):
    checks.show_checking()
    assert rows(checks) == [CHECKING]
    checks.show_checks((WARN,))
    assert rows(checks) == ["Warning: Codes go out by SMS only: 2 SMS."]
    checks.show_checking()
    assert rows(checks) == [CHECKING]


def test_keys_go_through_the_rows_and_tab_leads_out(checks, qtbot):
    checks.show_checks(ALL)
    checks.setFocus()
    assert (checks.currentIndex().row(), checks.selectionModel().hasSelection()) == (0, False)
    qtbot.keyClick(checks, Qt.Key.Key_Down)
    assert checks.currentIndex().row() == 1
    assert not checks.tabKeyNavigation()


@pytest.mark.parametrize(
    ("check", "tone"),
    [(BAD, ToneName.RED), (WARN, ToneName.AMBER), (UNKNOWN, ToneName.NEUTRAL), (GOOD, ToneName.GREEN)],
)
@pytest.mark.parametrize("choice", ["light", "dark"])
def test_a_light_has_its_own_colour_in_both_themes(checks, theme, check, tone, choice):
    theme.choose(choice)
    checks.show_checks((check,))
    checks.clearFocus()
    found = colours_in(checks)
    wanted = {name: QColor(theme.colours.tone(name).text).name() for name in ToneName}
    lights = (ToneName.RED, ToneName.AMBER, ToneName.GREEN)
    assert wanted[tone] in found
    assert not {wanted[name] for name in lights if name is not tone} & found


def colours_in(checks):
    """The colours of the dots' column."""
    picture = checks.viewport().grab().toImage()
    scale = picture.devicePixelRatio()
    wide, high = round(24 * scale), picture.height()
    return {picture.pixelColor(x, y).name() for x in range(wide) for y in range(high)}


@pytest.mark.parametrize("failure", ["\ufdfd\U00012031\u0488", "e" + 1500 * "\u0301"])
def test_no_sentence_is_painted_over_other_rows(checks, failure):
    def first_row(sentence):
        checks.show_checks((ALL[0], Check(Light.BAD, sentence, "x")))
        # All is painted before a part is looked at: of a part Qt would paint only the rows in it.
        return checks.viewport().grab().toImage().copy(checks.visualRect(checks.model().index(0, 0)))

    assert first_row(failure) == first_row("fine")


def test_no_long_sentence_makes_the_window_wider(checks):
    checks.show_checks(ALL)
    assert checks.sizeHintForColumn(0) <= checks.viewport().width()
    assert not checks.horizontalScrollBar().isVisible()


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (ALL, "1 problem, 1 warning, 1 not checked"),
        ((BAD, BAD), "2 problems"),
        ((WARN, WARN, GOOD), "2 warnings"),
        ((GOOD, GOOD), "all good"),
    ],
)
def test_the_gravest_is_what_is_said_aloud(found, words):
    assert summary(found) == words
