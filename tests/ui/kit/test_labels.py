from parts import colour_at, put, spoken
from PySide6.QtCore import QPoint
from PySide6.QtGui import QTextDocument

from confirmdesk.ui.kit.colours import LIGHT, ToneName
from confirmdesk.ui.kit.labels import Pill, StatusLine, plain_label
from confirmdesk.ui.kit.theme import set_kind

LONG = "somebody.with.a.very.long.name.indeed@subdomain.example.com " * 4


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


def test_a_pill_changes_its_colour_with_its_word(window):
    pill = Pill("Sent", ToneName.BLUE)
    put(window, pill)
    assert colour_at(pill, QPoint(pill.width() // 2, 1)) == LIGHT.blue.back
    pill.set("Failed", ToneName.RED)
    assert colour_at(pill, QPoint(pill.width() // 2, 1)) == LIGHT.red.back


def test_a_kind_is_worn_by_a_widget_on_the_screen(window):
    label = plain_label("Title")
    put(window, label)
    before = label.sizeHint().height()
    set_kind(label, kind="title")
    assert label.sizeHint().height() > before
