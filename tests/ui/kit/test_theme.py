import re
from dataclasses import fields

import pytest
from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from confirmdesk.core.computer.paths import resource
from confirmdesk.core.computer.view import ZOOMS
from confirmdesk.ui.kit.colours import DARK, LIGHT, Tone, ToneName
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.style_sheet import style_sheet
from confirmdesk.ui.kit.theme import TEXT_PIXELS, set_kind, zoomed

ICONS = resource("icons/check.svg").parent
PALETTES = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two #rrggbb colours, from 1 to 21. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio"""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def text_pairs(colours) -> tuple[tuple[str, str, str], ...]:
    """Each (what, text, background) that a person has to read."""
    surfaces = (colours.window, colours.panel, colours.field, colours.hover, colours.selected)
    pairs = [("text", colours.text, back) for back in (*surfaces, colours.code, colours.pressed)]
    pairs += [("secondary", colours.secondary, back) for back in surfaces]
    pairs += [("link", colours.link, back) for back in (colours.window, colours.panel)]
    pairs += [
        ("danger", colours.danger, back) for back in (colours.window, colours.panel, colours.field, colours.hover)
    ]
    pairs += [("primary", colours.on_accent, back) for back in (colours.accent, colours.accent_hover)]
    tones = [(name, colours.tone(name)) for name in ToneName]
    pairs += [(name.value, tone.text, tone.back) for name, tone in tones]
    # Words like "accepted" take their tone's colour without its shape.
    words = (ToneName.AMBER, ToneName.RED, ToneName.GREEN, ToneName.BLUE)
    pairs += [(f"{name.value} word", colours.tone(name).text, back) for name in words for back in surfaces]
    return (*pairs, ("tool tip", colours.tip.text, colours.tip.back))


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert contrast("#abcdef", "#abcdef") == 1


@PALETTES
def test_every_text_can_be_read_on_what_it_stands_on(colours):
    pairs = text_pairs(colours)
    too_faint = [(what, text, back) for what, text, back in pairs if contrast(text, back) < 4.5]
    assert too_faint == []
    used = {colour for _, *both in pairs for colour in both}
    # Whoever adds a tone must add its pair.
    tones = [value for field in fields(colours) if isinstance(value := getattr(colours, field.name), Tone)]
    assert all({tone.text, tone.back} <= used for tone in tones)


@PALETTES
def test_focus_rings_stand_out(colours):
    """3:1 against what they are drawn on: https://www.w3.org/TR/WCAG22/#non-text-contrast"""
    backs = (colours.window, colours.panel, colours.field, colours.selected, colours.hover)
    assert min(contrast(colours.link, back) for back in backs) >= 3
    assert contrast(colours.accent_ring, colours.accent) >= 3


@PALETTES
def test_the_sheet_refers_to_files_that_exist(colours):
    sheet = style_sheet(colours, ICONS)
    files = re.findall(r'url\("([^"]+)"\)', sheet)
    assert files
    assert all(QSvgRenderer(file).isValid() for file in files)
    assert "$" not in sheet


def window_colour(app):
    return app.palette().window().color().name()


def test_the_choice_is_worn_at_once(qapp, theme):
    assert window_colour(qapp) == LIGHT.window
    assert theme.choose("dark") is DARK
    assert window_colour(qapp) == DARK.window
    assert DARK.panel in qapp.styleSheet()


def test_an_unknown_system_scheme_counts_as_light(qapp, theme):
    theme.choose("dark")
    theme.choose("system")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Unknown)
    assert theme.colours is LIGHT


def test_the_system_is_followed_live_and_only_where_asked(qapp, qtbot, theme):
    theme.choose("system")
    with qtbot.waitSignal(theme.changed):
        qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert window_colour(qapp) == DARK.window
    theme.choose("light")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert window_colour(qapp) == LIGHT.window


def test_nonsense_counts_as_system(theme):
    theme.choose("purple")
    assert theme.choice == "system"


@pytest.mark.parametrize("kind", ["plain", "primary", "link", "danger", "chip"])
@pytest.mark.parametrize("choice", ["light", "dark"])
def test_buttons_show_that_they_have_the_focus(qtbot, theme, kind, choice):
    theme.choose(choice)
    made = button("Press", "Press", kind)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    made.clearFocus()
    without = made.grab().toImage()
    made.setFocus()
    qtbot.waitUntil(made.hasFocus)
    assert made.grab().toImage() != without
    assert made.grab().size() == QSize(made.sizeHint())


def test_a_kind_given_later_is_worn(qtbot, theme):
    made = button("Stop", "Stop")
    qtbot.addWidget(made)
    made.show()
    before = made.grab().toImage()
    set_kind(made, kind="primary")
    assert made.grab().toImage() != before


@pytest.mark.parametrize("size", [16, 256])
def test_the_application_icon_fills_its_square(size):
    renderer = QSvgRenderer(QByteArray((ICONS / "confirmdesk.svg").read_bytes()))
    assert renderer.viewBox().width() == renderer.viewBox().height()
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    painted = [(x, y) for x in range(size) for y in range(size) if image.pixelColor(x, y).alpha() > 127]
    assert max(x for x, _ in painted) >= size - 2
    assert min(x for x, _ in painted) <= 1
    assert image.pixelColor(0, 0).alpha() == 0


@pytest.mark.parametrize("zoom", ZOOMS)
def test_text_and_what_stands_around_it_grow_together(qapp, qtbot, theme, zoom):
    made = button("Send codes", "Send codes")
    qtbot.addWidget(made)
    before = made.sizeHint()
    theme.set_zoom(zoom)
    try:
        grown = (
            made.fontMetrics().height() / QFontMetrics(normal(qapp)).height(),
            made.sizeHint().height() / before.height(),
            zoomed(1000) / 1000,
        )
        # Heights of fonts are whole pixels, of 13 and more.
        assert all(abs(factor - zoom / 100) < 0.15 for factor in grown), grown
    finally:
        theme.set_zoom(100)
    assert made.sizeHint() == before


def normal(app):
    font = QFont(app.font())
    font.setPixelSize(TEXT_PIXELS)
    return font


def padding(sheet, selector):
    """In pixels, top and left, of the rule for `selector` alone."""
    found = re.search(rf"^{re.escape(selector)} {{[^}}]*padding: (\d+)px (\d+)px", sheet, re.MULTILINE)
    assert found, selector
    return int(found[1]), int(found[2])


@pytest.mark.parametrize("zoom", ZOOMS)
@pytest.mark.parametrize(
    "control", ["QPushButton", 'QPushButton[kind="primary"]', 'QPushButton[kind="link"]', "QLineEdit"]
)
def test_nothing_moves_when_the_focus_comes_at_any_zoom(qapp, theme, control, zoom):
    """A ring of two pixels takes the place of a border of one, and the padding gives the other."""
    theme.set_zoom(zoom)
    top, left = padding(qapp.styleSheet(), control)
    assert padding(qapp.styleSheet(), f"{control}:focus") == (top - 1, left - 1)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_a_chip_is_round_at_any_zoom(qapp, qtbot, theme, zoom):
    """Qt draws square corners where the radius is more than half of the height."""
    theme.set_zoom(zoom)
    chip = button("Enabled only", "Enabled only", "chip")
    qtbot.addWidget(chip)
    chip.resize(chip.sizeHint())
    radius = max(int(found) for found in re.findall(r'"chip"\] \{[^}]*border-radius: (\d+)px', qapp.styleSheet()))
    assert chip.height() // 2 - 3 <= radius <= chip.height() / 2
