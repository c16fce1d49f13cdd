from parts import colour_at, put
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from confirmdesk.ui.kit.colours import LIGHT
from confirmdesk.ui.kit.faces import Banner, BusyBar, EmptyState
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import Pill, StatusLine, plain_label, title

HOSTILE = '<img src=x onerror="alert(1)"> & <b>bold</b>'


def test_labels_show_strangers_text_word_for_word(window):
    banner, empty = Banner(), EmptyState()
    pill, line, label, heading = Pill(HOSTILE), StatusLine("x"), plain_label(HOSTILE), title(HOSTILE)
    put(window, banner, empty, pill, line, label, heading)
    banner.say(HOSTILE)
    empty.say(HOSTILE, HOSTILE)
    formats = {made.textFormat() for made in window.findChildren(QLabel)}
    assert formats == {Qt.TextFormat.PlainText}


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
