"""What the checks before sending found: one line each, a coloured dot and its word, the sentence, the setting."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from confirmdesk.core.checks import Check, Light
from confirmdesk.core.text import count, plain
from confirmdesk.ui.colours import ToneName
from confirmdesk.ui.theme import SMALL_PIXELS, Theme
from confirmdesk.ui.widgets import announce, tool_tip

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT = 34
CHECKING = "Checking…"
_PADDING, _DOT, _GAP = 12, 8, 8
# The setting is for an administrator: it takes what the sentence leaves, and never more than this part of the row.
_SETTING_PART = 0.35
_TONES = {
    Light.BAD: ToneName.RED,
    Light.WARN: ToneName.AMBER,
    Light.UNKNOWN: ToneName.NEUTRAL,
    Light.GOOD: ToneName.GREEN,
}
_CENTRED = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class ChecksModel(QAbstractListModel):
    """None stands for a check that is still being made."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._checks: list[Check | None] = []

    def replace(self, checks: Sequence[Check | None]) -> None:
        self.beginResetModel()
        self._checks = list(checks)
        self.endResetModel()

    def check(self, row: int) -> Check | None:
        return self._checks[row]

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._checks)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        check = self._checks[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{check.light.value}: {plain(check.sentence, 400)}" if check else CHECKING
        if check is None:
            return None
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return f"Setting: {plain(check.setting, 200)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tool_tip(f"{check.sentence}\nSetting: {check.setting}")
        return None


class ChecksDelegate(QStyledItemDelegate):
    def __init__(self, model: ChecksModel, theme: Theme, view: QListView) -> None:
        super().__init__(view)
        self._model = model
        self._theme = theme
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        colours = self._theme.colours
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(option.rect, QColor(colours.selected))
        rect = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        painter.setFont(self._view.font())
        if check := self._model.check(index.row()):
            self._paint_check(painter, rect, check)
        else:
            self._paint_text(painter, rect, CHECKING, colours.secondary)
        painter.restore()

    def _paint_check(self, painter: QPainter, rect: QRect, check: Check) -> None:
        colours = self._theme.colours
        tone = QColor(colours.tone(_TONES[check.light]).text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tone)
        painter.drawEllipse(rect.left(), rect.center().y() - _DOT // 2 + 1, _DOT, _DOT)
        bold = QFont(self._view.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        words = rect.adjusted(_DOT + _GAP, 0, 0, 0)
        self._paint_text(painter, words, check.light.value, tone.name())
        widest = max(painter.fontMetrics().horizontalAdvance(light.value) for light in Light)
        sentence = words.adjusted(widest + 2 * _GAP, 0, 0, 0)
        painter.setFont(self._view.font())
        needed = painter.fontMetrics().horizontalAdvance(plain(check.sentence, 400)) + 2
        kept = self._paint_setting(painter, sentence, check, needed)
        painter.setFont(self._view.font())
        self._paint_text(painter, sentence.adjusted(0, 0, -kept, 0), plain(check.sentence, 400), colours.text)

    def _paint_setting(self, painter: QPainter, rect: QRect, check: Check, needed: int) -> int:
        """Paints the setting at the right end and returns the width that is gone."""
        small = QFont(self._view.font())
        small.setPixelSize(SMALL_PIXELS)
        painter.setFont(small)
        free = rect.width() - needed - 2 * _GAP
        width = min(painter.fontMetrics().horizontalAdvance(check.setting) + 2, round(rect.width() * _SETTING_PART))
        if free < width:
            return 0  # the sentence is for everybody; the setting is still in the tool tip
        at = QRect(rect.right() - width, rect.top(), width, rect.height())
        self._paint_text(painter, at, plain(check.setting, 200), self._theme.colours.secondary)
        return width + 2 * _GAP

    def _paint_text(self, painter: QPainter, rect: QRect, text: str, colour: str) -> None:
        painter.setPen(QColor(colour))
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, _CENTRED, elided)


class ChecksList(QListView):
    """Called `Checks`. Rows come gravest first, as the checks do."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Checks")
        self._model = ChecksModel(self)
        self.setModel(self._model)
        self.setItemDelegate(ChecksDelegate(self._model, theme, self))
        self.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)

    def show_checking(self) -> None:
        """While AWS is being asked."""
        self._model.replace([None])

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show what was found, and have a screen reader say how grave it is."""
        self._model.replace(checks)
        self.setCurrentIndex(self._model.index(0))
        announce(self, f"Checks: {summary(checks)}.")

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), ROW_HEIGHT * max(1, self._model.rowCount()) + 2)


def summary(checks: Sequence[Check]) -> str:
    """`1 problem, 2 warnings`, in the order of gravity; what is good only where nothing else is."""
    lights = [check.light for check in checks]
    bad, warn, unknown = (lights.count(light) for light in (Light.BAD, Light.WARN, Light.UNKNOWN))
    parts = [count(bad, "problem") if bad else "", count(warn, "warning") if warn else ""]
    parts.append(f"{unknown:,} not checked" if unknown else "")
    return ", ".join(part for part in parts if part) or "all good"
