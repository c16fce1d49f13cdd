import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QTextDocument, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from confirmdesk.ui.colours import LIGHT, ToneName
from confirmdesk.ui.theme import set_kind
from confirmdesk.ui.widgets import (
    Banner,
    BusyBar,
    EmptyState,
    Pill,
    StatusLine,
    button,
    combo,
    name_spin,
    plain_label,
    title,
)

LONG = "somebody.with.a.very.long.name.indeed@subdomain.example.com " * 4
HOSTILE = '<img src=x onerror="alert(1)"> & <b>bold</b>'


@pytest.fixture
def window(qtbot, theme):
    made = QWidget()
    QVBoxLayout(made)
    qtbot.addWidget(made)
    return made


def put(window, *widgets):
    for widget in widgets:
        window.layout().addWidget(widget)
    window.show()


def spoken(widget):
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name), interface.text(QAccessible.Text.Description)


def label_names(widget):
    """What screen readers take for the name of a combo box."""
    relations = QAccessible.queryAccessibleInterface(widget).relations(QAccessible.RelationFlag.Label)
    return [interface.text(QAccessible.Text.Name) for interface, _ in relations]


def test_a_status_line_keeps_its_name_and_describes_what_it_shows(window):
    line = StatusLine("User counts")
    put(window, line)
    for text in ("3 loaded", "", "4 loaded"):
        line.show_text(text)
        assert spoken(line) == ("User counts", text)
        assert line.text() == text


def test_a_status_line_never_makes_the_window_wide(window):
    line = StatusLine("Connection status")
    put(window, line)
    before = window.minimumSizeHint().width()
    line.show_text(LONG)
    window.resize(200, 60)
    assert window.minimumSizeHint().width() <= max(before, 40)
    assert window.width() == 200
    assert line.shown_text().endswith("…")
    assert LONG.strip()[:40] in shown_tip(line).replace("\u200b", "")


def test_a_wrapping_status_line_grows_downwards(window):
    line = StatusLine("Connection check", wrap=True)
    put(window, line)
    line.show_text("word " * 60)
    window.resize(240, 60)
    assert line.heightForWidth(200) > 3 * line.fontMetrics().height()
    assert line.minimumSizeHint().width() < 240


def test_digits_of_a_status_line_have_one_width(window):
    line = StatusLine("User counts")
    put(window, line)
    assert line.font().featureTags()


def shown_tip(widget):
    document = QTextDocument()
    document.setHtml(widget.toolTip())
    return document.toPlainText()


def test_labels_show_strangers_text_word_for_word(window):
    banner, empty = Banner(), EmptyState()
    pill, line, label, heading = Pill(HOSTILE), StatusLine("x"), plain_label(HOSTILE), title(HOSTILE)
    put(window, banner, empty, pill, line, label, heading)
    banner.say(HOSTILE)
    empty.say(HOSTILE, HOSTILE)
    formats = {made.textFormat() for made in window.findChildren(QLabel)}
    assert formats == {Qt.TextFormat.PlainText}


def test_a_combo_box_is_called_by_a_hidden_label(window):
    made = combo("Channel filter", ["Any", "SMS"])
    put(window, made)
    assert label_names(made) == ["Channel filter"]
    assert spoken(made)[0] == "Any"  # why the label is needed
    visible = [label for label in window.findChildren(QLabel) if label.isVisible()]
    assert visible == []


def test_its_name_follows_a_combo_box_into_another_window(window, qtbot):
    made = combo("Channel filter", ["Any"])
    put(window, made)
    other = QWidget()
    QVBoxLayout(other).addWidget(made)
    qtbot.addWidget(other)
    other.show()
    assert label_names(made) == ["Channel filter"]
    labels = other.findChildren(QLabel)
    assert [label.buddy() for label in labels] == [made]
    assert not any(label.isVisible() for label in labels)


def test_a_visible_label_names_its_combo_box(window):
    label = plain_label("Where")
    made = combo("Region", ["eu-west-1"], label)
    put(window, label, made)
    assert label_names(made) == ["Region"]


def test_an_editable_combo_box_also_names_its_line_edit(window):
    made = combo("User pool", ["a"], editable=True)
    put(window, made)
    assert spoken(made.lineEdit())[0] == "User pool"
    made.lineEdit().setText("typed")
    assert made.currentText() == "typed"
    assert made.count() == 1


def test_scrolling_past_a_combo_box_changes_nothing(window):
    made = combo("Channel filter", ["Any", "SMS"])
    put(window, button("Elsewhere", "Elsewhere"), made)
    made.clearFocus()
    at = QPointF(made.rect().center())
    none, mods = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    down = QPoint(0, -120)
    event = QWheelEvent(at, made.mapToGlobal(at), down, down, none, mods, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(made, event)
    assert made.currentText() == "Any"


def test_a_spin_box_has_its_name_inside_and_out(window):
    made = QSpinBox()
    name_spin(made, "Sends per second")
    put(window, made)
    assert spoken(made)[0] == spoken(made.lineEdit())[0] == "Sends per second"


def with_button():
    banner, more = Banner(), button("Load more", "Load more", "link")
    banner.add_button(more)
    return banner, more


def test_a_banner_has_no_button_that_nobody_gave_it():
    assert not Banner().findChildren(QPushButton)


def test_a_banner_says_what_it_has_to_say_and_goes(window, qtbot):
    banner, more = with_button()
    put(window, banner)
    assert not banner.isVisible()
    banner.say("The page did not come.", "error")
    assert banner.isVisible()
    with qtbot.waitSignal(more.clicked):
        qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    banner.say("")
    assert not banner.isVisible()


def test_a_banner_wears_the_colours_of_what_it_says(window):
    banner, more = with_button()
    put(window, banner)
    for severity, tone in (("warn", LIGHT.amber), ("error", LIGHT.red), ("info", LIGHT.blue)):
        banner.say(f"It is {severity}.", severity)
        assert colour_at(banner, banner.rect().center() + QPoint(0, banner.height() // 2 - 3)) == tone.back
        assert more.palette().buttonText().color().name() == tone.text


def colour_at(widget, point):
    return widget.grab().toImage().pixelColor(point).name()


def test_a_pill_changes_its_colour_with_its_word(window):
    pill = Pill("Sent", ToneName.BLUE)
    put(window, pill)
    assert colour_at(pill, QPoint(pill.width() // 2, 1)) == LIGHT.blue.back
    pill.set("Failed", ToneName.RED)
    assert colour_at(pill, QPoint(pill.width() // 2, 1)) == LIGHT.red.back


def test_a_chip_stays_pressed(window, qtbot):
    chip = button("Enabled only", "Enabled only", "chip")
    put(window, chip)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert chip.isChecked()
    assert QAccessible.queryAccessibleInterface(chip).state().checked


def test_an_empty_place_wraps_its_sentences(window):
    empty = EmptyState(button("Help", "Help"))
    put(window, empty)
    empty.say("word " * 60, "more " * 60)
    assert empty.minimumSizeHint().width() < 400


def test_a_busy_bar_keeps_its_place(window, theme):
    bar = BusyBar(theme)
    put(window, bar)
    height = window.sizeHint().height()
    bar.set_busy(True)
    assert bar.is_busy()
    bar.set_busy(False)
    assert not bar.is_busy()
    assert window.sizeHint().height() == height


def test_a_kind_is_worn_by_a_widget_on_the_screen(window):
    label = plain_label("Title")
    put(window, label)
    before = label.sizeHint().height()
    set_kind(label, kind="title")
    assert label.sizeHint().height() > before
