"""Fusion on every platform, in our own light or dark palette."""

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from confirmdesk.ui.kit.colours import DARK, LIGHT, Colours
from confirmdesk.ui.kit.style_sheet import style_sheet

SYSTEM, LIGHT_CHOICE, DARK_CHOICE = "system", "light", "dark"
CHOICES = (SYSTEM, LIGHT_CHOICE, DARK_CHOICE)

TEXT_PIXELS = 13
SMALL_PIXELS = 12


def zoomed(pixels: int) -> int:
    """So many pixels beside text of 13, as many as belong beside the text of now: everything large or small together.

    Lengths of rows, boxes and columns follow the text; what a window must have at least does not, for the screen has no
    more room than before.
    """
    size = QApplication.font().pixelSize()
    return pixels if size == TEXT_PIXELS else round(pixels * size / TEXT_PIXELS)


class Theme(QObject):
    """The look of one application; handed to whatever paints for itself.

    `changed` comes after palette and style sheet are in place, whether somebody chose or the system switched.

    With `dressed=False` the style sheet waits for `dress`. Under a style sheet each part that is laid out is polished
    with everything in it, again and again: a window that is built before it is there in half the time.
    """

    changed = Signal()

    def __init__(self, app: QApplication, icons: Path, choice: str = SYSTEM, dressed: bool = True) -> None:
        super().__init__(app)
        self._app = app
        self._icons = icons
        self._dressed = dressed
        self._choice = ""
        self.colours = LIGHT
        app.setStyle("Fusion")
        self._zoom = 100
        self._set_text(TEXT_PIXELS)
        app.styleHints().colorSchemeChanged.connect(self._follow)
        self.choose(choice)

    @property
    def choice(self) -> str:
        return self._choice

    def choose(self, choice: str) -> Colours:
        """Switch to "system", "light" or "dark"; anything else counts as "system"."""
        self._choice = choice if choice in CHOICES else SYSTEM
        hints = self._app.styleHints()
        # Window frames and native file dialogs follow where the platform can do it.
        if self._choice == SYSTEM:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if self._choice == DARK_CHOICE else Qt.ColorScheme.Light)
        self._wear(self._choice == DARK_CHOICE or (self._choice == SYSTEM and _is_dark(hints.colorScheme())))
        return self.colours

    @property
    def zoom(self) -> int:
        """In per cent."""
        return self._zoom

    def set_zoom(self, percent: int) -> None:
        """Everything larger or smaller: text first, in whole pixels, and with it what stands around it."""
        if percent != self._zoom:
            self._zoom = percent
            self._set_text(round(TEXT_PIXELS * percent / 100))
            self._wear(self.colours.dark)

    def _set_text(self, pixels: int) -> None:
        font = self._app.font()
        font.setPixelSize(pixels)
        self._app.setFont(font)

    def dress(self) -> None:
        """Put on the style sheet, if it is not there yet: the last thing before a window is shown."""
        if not self._dressed:
            self._dressed = True
            self._put_on_sheet()

    def _follow(self, scheme: Qt.ColorScheme) -> None:
        if self._choice == SYSTEM:
            self._wear(_is_dark(scheme))

    def _wear(self, dark: bool) -> None:
        self.colours = DARK if dark else LIGHT
        self._app.setPalette(palette(self.colours))
        if self._dressed:
            self._put_on_sheet()
        self.changed.emit()

    def _put_on_sheet(self) -> None:
        mono = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
        self._app.setStyleSheet(
            style_sheet(self.colours, self._icons, mono, self._app.font().pixelSize() / TEXT_PIXELS)
        )


def _is_dark(scheme: Qt.ColorScheme) -> bool:
    return scheme == Qt.ColorScheme.Dark


def palette(colours: Colours) -> QPalette:
    """For what the style sheet leaves to Fusion."""
    made = QPalette()
    role = QPalette.ColorRole
    for name, colour in (
        (role.Window, colours.window),
        (role.Base, colours.panel),
        (role.AlternateBase, colours.panel),
        (role.Button, colours.panel),
        (role.Light, colours.panel),
        (role.Midlight, colours.hover),
        (role.Mid, colours.line),
        (role.Dark, colours.field_line),
        (role.Shadow, colours.line),
        (role.WindowText, colours.text),
        (role.Text, colours.text),
        (role.ButtonText, colours.text),
        (role.BrightText, colours.danger),
        (role.Highlight, colours.accent),
        (role.Accent, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Link, colours.link),
        (role.LinkVisited, colours.link),
        (role.PlaceholderText, colours.secondary),
        (role.ToolTipBase, colours.tip.back),
        (role.ToolTipText, colours.tip.text),
    ):
        made.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.disabled))
    return made


def tabular(font: QFont) -> QFont:
    """`font` with digits of one width, for numbers that change."""
    font.setFeature(QFont.Tag.fromString("tnum"), 1)
    return font


def set_kind(widget: QWidget, **properties: str) -> None:
    """Set the properties that the style sheet goes by, also on a widget that is already on the screen."""
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
