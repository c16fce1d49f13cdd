"""What the checks before sending found: a coloured dot and its word, the sentence, the setting."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QObject, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from confirmdesk.core.checks.check import Check, Light
from confirmdesk.core.text import count, plain
from confirmdesk.ui.kit.colours import ToneName
from confirmdesk.ui.kit.eliding import tool_tip
from confirmdesk.ui.kit.screen_reader import announce
from confirmdesk.ui.kit.tables import ROW_HEIGHT, Column, Index, RecordsModel
from confirmdesk.ui.kit.theme import SMALL_PIXELS, Theme, zoomed

CHECKING = "Checking…"
_PADDING, _DOT, _GAP = 12, 8, 8
_SECOND_LINE = 18
_TONES = {
    Light.BAD: ToneName.RED,
    Light.WARN: ToneName.AMBER,
    Light.UNKNOWN: ToneName.NEUTRAL,
    Light.GOOD: ToneName.GREEN,
}
_CENTRED = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def _words(check: Check | None) -> str:
    return f"{check.light.value}: {check.sentence}" if check else CHECKING


class ChecksModel(RecordsModel[Check | None]):
    """None stands for checks that are still being made."""

    def __init__(self, parent: QObject) -> None:
        super().__init__((Column("Check", _words),), parent)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        check = self.record(index.row()) if index.isValid() else None
        if check and role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return f"Setting: {plain(check.setting, 200)}"
        if check and role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(f"{check.sentence}\nSetting: {check.setting}")
        return super().data(index, role)


class ChecksDelegate(QStyledItemDelegate):
    """What is not good has a second line with the setting; of the rest the tool tip tells it."""

    def __init__(self, model: ChecksModel, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._model = model
        self._theme = theme
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(0, row_height(self._model.record(index.row())))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        colours = self._theme.colours
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus):
            painter.fillRect(option.rect, QColor(colours.selected))
        rect = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        if check := self._model.record(index.row()):
            self._paint_check(painter, rect, check)
        else:
            _paint_text(painter, rect, CHECKING, self._view.font(), colours.secondary)
        painter.restore()

    def _paint_check(self, painter: QPainter, rect: QRect, check: Check) -> None:
        colours, font = self._theme.colours, self._view.font()
        tone = colours.tone(_TONES[check.light]).text
        first = QRect(rect.left(), rect.top(), rect.width(), zoomed(ROW_HEIGHT))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone))
        painter.drawEllipse(first.left(), first.center().y() - _DOT // 2 + 1, _DOT, _DOT)
        bold, small = QFont(font), QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        small.setPixelSize(zoomed(SMALL_PIXELS))
        word = first.adjusted(_DOT + _GAP, 0, 0, 0)
        _paint_text(painter, word, check.light.value, bold, tone)
        widest = max(QFontMetrics(bold).horizontalAdvance(light.value) for light in Light)
        sentence = word.adjusted(widest + 2 * _GAP, 0, 0, 0)
        _paint_text(painter, sentence, plain(check.sentence, 400), font, colours.text)
        if _is_tall(check):
            _paint_text(
                painter,
                sentence.translated(0, zoomed(_SECOND_LINE)),
                plain(check.setting, 200),
                small,
                colours.secondary,
            )


def _is_tall(check: Check | None) -> bool:
    return check is not None and check.light is not Light.GOOD


def row_height(check: Check | None) -> int:
    """In pixels."""
    return zoomed(ROW_HEIGHT + _SECOND_LINE) if _is_tall(check) else zoomed(ROW_HEIGHT)


def _paint_text(painter: QPainter, rect: QRect, text: str, font: QFont, colour: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(rect, _CENTRED, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width()))


class ChecksList(QListView):
    """Called `Checks`. Rows come gravest first, as the checks do."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Checks")
        self._model = ChecksModel(self)
        self.setModel(self._model)
        self.setItemDelegate(ChecksDelegate(self._model, theme, self))
        # The wheel scrolls; it does not take the focus.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_checking(self) -> None:
        """While AWS is being asked."""
        self._model.show([None])

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show what was found, and have a screen reader say how grave it is."""
        self._model.show(checks)
        # Where the keys begin; nothing is highlighted before they are used.
        self.selectionModel().setCurrentIndex(self._model.index(0, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
        announce(self, f"Checks: {summary(checks)}.")

    def sizeHint(self) -> QSize:
        rows = self._model.records() or [None]
        return QSize(super().sizeHint().width(), sum(map(row_height, rows)) + 2 * self.frameWidth())


def summary(checks: Sequence[Check]) -> str:
    """`1 problem, 2 warnings`, in the order of gravity; what is good only where nothing else is."""
    lights = [check.light for check in checks]
    bad, warn, unknown = (lights.count(light) for light in (Light.BAD, Light.WARN, Light.UNKNOWN))
    parts = [count(bad, "problem") if bad else "", count(warn, "warning") if warn else ""]
    parts.append(f"{unknown:,} not checked" if unknown else "")
    return ", ".join(part for part in parts if part) or "all good"
