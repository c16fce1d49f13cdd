"""The one style sheet. `$name` is a field of `Colours`, `$name_text` and `$name_back` those of a tone."""

import re
from dataclasses import fields
from pathlib import Path
from string import Template

from confirmdesk.ui.kit.colours import Colours, Tone, ToneName

# A focus ring is a border of 2 px where there was one of 1: the padding gives the pixel, nothing moves.
_SHEET = """
QToolTip { background: $tip_back; color: $tip_text; border: 1px solid $field_line; padding: 4px 6px; }

QLabel { background: transparent; }
QLabel[kind="title"] { font-size: 18px; font-weight: 600; }
QLabel[kind="heading"] { font-size: 14px; font-weight: 600; }
QLabel[kind="number"] { font-size: 22px; font-weight: 600; }
QLabel[kind="code"] { font-family: "$mono"; font-size: 30px; font-weight: 600; }
QLabel[kind="secondary"] { font-size: 12px; color: $secondary; }
QLabel[kind="quiet"] { color: $secondary; }
QLabel[kind="pill"] { border-radius: 11px; padding: 3px 10px; font-size: 12px; }
QLabel[kind="environment"] { border-radius: 6px; padding: 6px 12px; font-size: 12px; font-weight: 700; }

QFrame[kind="card"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QFrame[kind="panel"] { background: $panel; }
QFrame[kind="line"] { background: $line; border: 0; }
QFrame[kind="banner"] { border: 0; border-radius: 6px; }
QFrame[kind="banner"][severity="info"] { background: $blue_back; }
QFrame[kind="banner"][severity="info"] QLabel { color: $blue_text; }
QFrame[kind="banner"][severity="warn"] { background: $amber_back; }
QFrame[kind="banner"][severity="warn"] QLabel { color: $amber_text; }
QFrame[kind="banner"][severity="error"] { background: $red_back; }
QFrame[kind="banner"][severity="error"] QLabel { color: $red_text; }

QPushButton { background: $field; color: $text; border: 1px solid $field_line; border-radius: 6px;
              padding: 6px 11px; min-height: 18px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border: 2px solid $link; padding: 5px 10px; }
QPushButton:disabled { color: $disabled; background: $window; border: 1px solid $line; padding: 6px 11px; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600;
                              padding: 8px 17px; }
QPushButton[kind="primary"]:hover, QPushButton[kind="primary"]:pressed { background: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $accent_ring; padding: 7px 16px; }
QPushButton[kind="primary"]:disabled { background: $line; color: $disabled; border: 1px solid $line;
                                       padding: 8px 17px; }
QPushButton[kind="danger"] { color: $danger; }
QPushButton[kind="danger"]:disabled { color: $disabled; }
QPushButton[kind="link"] { background: transparent; color: $link; border: 1px solid transparent; padding: 4px 5px; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border: 2px solid $link; padding: 3px 4px; }
QPushButton[kind="link"]:disabled { color: $disabled; }
QPushButton[kind="chip"] { background: $panel; border-radius: 16px; padding: 6px 14px; }
QPushButton[kind="chip"]:hover { background: $hover; }
QPushButton[kind="chip"]:checked { background: $selected; color: $blue_text; border: 1px solid $link; }
QPushButton[kind="chip"]:focus { border: 2px solid $link; padding: 5px 13px; }
QFrame[kind="banner"] QPushButton[kind="link"] { text-decoration: underline; padding: 1px 5px; min-height: 16px; }
QFrame[kind="banner"] QPushButton[kind="link"]:focus { border: 2px solid $link; padding: 0px 4px; }
QFrame[kind="banner"][severity="info"] QPushButton[kind="link"] { color: $blue_text; }
QFrame[kind="banner"][severity="warn"] QPushButton[kind="link"] { color: $amber_text; }
QFrame[kind="banner"][severity="error"] QPushButton[kind="link"] { color: $red_text; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox {
    background: $field; color: $text; border: 1px solid $field_line; border-radius: 6px;
    selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit { padding: 6px 9px; min-height: 18px; }
QComboBox { padding: 6px 2px 6px 9px; min-height: 18px; combobox-popup: 0; }
QAbstractSpinBox { padding: 4px 20px 4px 0; min-height: 18px; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus {
    border: 2px solid $link; }
QLineEdit:focus { padding: 5px 8px; }
QComboBox:focus { padding: 5px 1px 5px 8px; }
QAbstractSpinBox:focus { padding: 3px 19px 3px 0; }
QLineEdit[refused="true"], QLineEdit[refused="true"]:focus { border: 2px solid $danger; padding: 5px 8px; }
QComboBox[refused="true"], QComboBox[refused="true"]:focus { border: 2px solid $danger; padding: 5px 1px 5px 8px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
    color: $disabled; background: $window; border-color: $line; }
QComboBox QLineEdit, QComboBox QLineEdit:focus { border: 0; padding: 0; background: transparent; min-height: 0; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus {
    border: 0; padding: 0; background: transparent; min-height: 0; }
QAbstractItemView QLineEdit, QAbstractItemView QLineEdit:focus {
    border: 2px solid $link; border-radius: 0; padding: 0 4px; min-height: 0; }
QPlainTextEdit[kind="code"] { background: $code; border: 1px solid $line; border-radius: 8px; padding: 6px;
                               font-family: "$mono"; }
QPlainTextEdit[kind="code"]:focus { border: 2px solid $link; padding: 5px; }
QComboBox::drop-down { border: 0; width: 24px; }
QComboBox::down-arrow { image: url("$chevron_down"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $panel; color: $text; border: 1px solid $field_line; border-radius: 0;
                              outline: 0;
                              selection-background-color: $selected; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 6px; border-radius: 4px; }
QComboBox QAbstractItemView::item:selected, QComboBox QAbstractItemView::item:hover {
    background: $selected; color: $text; }
QAbstractSpinBox::up-button { subcontrol-position: top right; border: 0; width: 20px; background: transparent;
                              margin-top: 3px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; border: 0; width: 20px; background: transparent;
                                margin-bottom: 3px; }
QAbstractSpinBox::up-arrow { image: url("$chevron_up"); width: 9px; height: 9px; }
QAbstractSpinBox::down-arrow { image: url("$chevron_down"); width: 9px; height: 9px; }

QCheckBox { spacing: 8px; padding: 3px; border: 2px solid transparent; border-radius: 6px; }
QCheckBox:focus { border-color: $link; }
QCheckBox:disabled { color: $disabled; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $secondary; border-radius: 4px;
                       background: $field; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: url("$check"); }
QCheckBox::indicator:disabled { border-color: $line; background: $window; }

QTableView, QListView, QTreeView { background: $panel; color: $text; border: 1px solid $line; border-radius: 8px;
    outline: 0; gridline-color: $line; selection-background-color: $selected; selection-color: $text; }
QTableView:focus, QListView:focus, QTreeView:focus { border-color: $link; }
QListView::item { min-height: 28px; padding: 0 6px; }
/* Qt adds 3 px of its own: with them a cell begins under its heading. */
QTableView::item { padding: 0 5px; }
QTableView::item:selected, QListView::item:selected { background: $selected; color: $text; }
QTableView::item:focus, QListView::item:focus { border: 2px solid $link; }
QTableView[kind="records"]::item { border-bottom: 1px solid $line; }
QTableView[kind="records"]::item:focus { border: 0; border-bottom: 1px solid $line; }
QComboBox QListView:focus { border-color: $field_line; }
QComboBox QListView::item:focus { border: 0; }
QHeaderView { background: transparent; border: 0; }
QHeaderView::section { background: $panel; color: $secondary; border: 0; border-bottom: 1px solid $line;
                       padding: 0 8px; height: 34px; font-size: 12px; font-weight: 400; }
QHeaderView::section:hover { color: $text; }
QHeaderView::section:first { border-top-left-radius: 7px; }
QHeaderView::section:last, QHeaderView::section:only-one { border-top-right-radius: 7px; }
QHeaderView::up-arrow { image: url("$chevron_up"); width: 10px; height: 10px; }
QHeaderView::down-arrow { image: url("$chevron_down"); width: 10px; height: 10px; }

QMessageBox QLabel#qt_msgbox_label, QMessageBox QLabel#qt_msgbox_informativelabel { min-width: 340px; }
QMessageBox QLabel#qt_msgbox_label { font-weight: 600; }

QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget[kind="page"] { background: transparent; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 2px; }
QScrollBar::handle { background: $field_line; border-radius: 4px; }
QScrollBar::handle:hover { background: $disabled; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QProgressBar { background: $line; border: 0; border-radius: 4px; min-height: 8px; max-height: 8px; }
QProgressBar::chunk { background: $accent; border-radius: 4px; }

/* 3: the button that does it stands at the end on every system, as in the dialogs that are laid out by hand. */
QDialogButtonBox, QMessageBox { dialogbuttonbox-buttons-have-icons: 0; button-layout: 3; }
QMenu { background: $panel; color: $text; border: 1px solid $field_line; border-radius: 6px; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::item:selected { background: $selected; color: $text; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QSplitter::handle { background: $line; }

QFrame[kind="popup"] { background: $panel; border: 1px solid $field_line; }
QCalendarWidget QWidget#qt_calendar_navigationbar { background: $panel; }
QCalendarWidget QToolButton { background: transparent; color: $text; border: 2px solid transparent; border-radius: 6px;
                              padding: 4px 10px; font-weight: 600; }
QCalendarWidget QToolButton:hover { background: $hover; }
QCalendarWidget QToolButton:focus { border-color: $link; }
QCalendarWidget QToolButton::menu-indicator { image: none; }
QCalendarWidget QTableView { border: 0; border-radius: 0; }
QCalendarWidget QTableView::item { padding: 0; }
"""


def style_sheet(colours: Colours, icons: Path, mono: str = "monospace", factor: float = 1.0) -> str:
    """The sheet in these colours, `factor` times as large as it was drawn; `icons` is the directory of the arrows and
    the tick, `mono` a font family."""
    values = {"mono": mono}
    for field in fields(colours):
        value = getattr(colours, field.name)
        if isinstance(value, Tone):
            values |= {f"{field.name}_text": value.text, f"{field.name}_back": value.back}
        else:
            values[field.name] = str(value)
    shade = "dark" if colours.dark else "light"
    for name in ("chevron-down", "chevron-up"):
        values[name.replace("-", "_")] = (icons / f"{name}-{shade}.svg").as_posix()
    values["check"] = (icons / "check.svg").as_posix()
    sheet = Template(_SHEET + _tones()).substitute(values)
    return sheet if factor == 1 else _RULE.sub(lambda rule: _enlarged(rule, factor), sheet)


_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_PIXELS = re.compile(r"\b(\d+)px")


def _enlarged(rule: re.Match[str], factor: float) -> str:
    """Borders stay as thin as they are. The padding of a focus ring is what the ring leaves of the one without it, and
    no corner is rounder than half of what is as high as before, but for its border: Qt would make it square."""
    selectors, declarations = rule.groups()
    # Of `QLineEdit:focus` as well as of `[refused="true"]`, which has the ring always.
    ringed = ":focus" in selectors

    def enlarge(declaration: str) -> str:
        name = declaration.partition(":")[0].strip()
        if name.startswith("border") and name != "border-radius":
            return declaration
        if name == "border-radius":
            return _PIXELS.sub(lambda found: f"{int((int(found[1]) - 1) * factor)}px", declaration)
        # What is there beside the padding and stays as it is: the ring's other pixel, and Qt's own three of a cell.
        ring = 3 if "QTableView::item" in selectors else int(ringed)
        ring = ring if name == "padding" else 0
        return _PIXELS.sub(lambda found: f"{max(0, round((int(found[1]) + ring) * factor) - ring)}px", declaration)

    return f"{selectors}{{{';'.join(map(enlarge, declarations.split(';')))}}}"


def _tones() -> str:
    return "\n".join(
        f'QLabel[tone="{tone}"] {{ background: ${tone}_back; color: ${tone}_text; }}\n'
        f'QLabel[kind="word"][tone="{tone}"] {{ background: transparent; color: ${tone}_text; font-weight: 600; }}\n'
        f'QFrame[kind="environment line"][tone="{tone}"] {{ background: ${tone}_back; border: 0; }}'
        for tone in ToneName
    )
