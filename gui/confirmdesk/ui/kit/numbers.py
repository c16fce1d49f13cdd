"""Numbers as people type them, with either decimal sign and any digits; shown in one form, whatever the system's."""

import re
import unicodedata

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QLabel

from confirmdesk.ui.kit.inputs import name_spin

# Comma, and what Arabic and full-width keyboards have in place of it and of the point.
_DECIMAL_SIGNS = ",٫，．"
_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")


def program_locale() -> QLocale:
    """English, as the rest of the program is, without signs between thousands: "1,000" would be a thousand here and one
    there."""
    english = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
    options = QLocale.NumberOption
    english.setNumberOptions(options.OmitGroupSeparator | options.RejectGroupSeparator)
    return english


class NumberBox(QDoubleSpinBox):
    """A spin box called `name`; `label` is the visible label beside it, if there is one."""

    def __init__(self, name: str, least: float, most: float, decimals: int = 0, label: QLabel | None = None) -> None:
        super().__init__()
        self.setLocale(program_locale())
        self.setDecimals(decimals)
        self.setRange(least, most)
        name_spin(self, name, label)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        typed = _in_one_form(text)
        if not self.decimals() and "." in typed:
            if not _THOUSANDS.fullmatch(typed):
                # Perhaps a thousand some day. Without the sign, 2.5 would be 25.
                return QValidator.State.Intermediate, text, position
            typed = typed.replace(".", "")
        return super().validate(typed, min(position, len(typed)))

    def fixup(self, text: str) -> str:
        # Qt would take the signs out. What is no number gives way to the last one that was.
        return text

    def valueFromText(self, text: str) -> float:
        return super().valueFromText(_in_one_form(text))


def _in_one_form(text: str) -> str:
    return "".join(_digit_or_sign(letter) for letter in text)


def _digit_or_sign(letter: str) -> str:
    digit = unicodedata.decimal(letter, None)
    if digit is not None:
        return str(digit)
    return "." if letter in _DECIMAL_SIGNS else letter
