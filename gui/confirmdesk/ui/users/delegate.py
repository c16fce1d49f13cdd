"""How a row of the users table is painted: text, the pick box, the notes as pills."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from confirmdesk.core.people.users import Note
from confirmdesk.ui.kit.colours import Colours, ToneName
from confirmdesk.ui.kit.tables import ROW_HEIGHT
from confirmdesk.ui.kit.theme import SMALL_PIXELS, Theme, tabular, zoomed
from confirmdesk.ui.users.model import MISSING, UserColumn, UsersModel

Index = QModelIndex | QPersistentModelIndex

PADDING = 8
BOX = 18
_PILL_HEIGHT = 22
_NOTE_TONES = {
    Note.DISABLED: ToneName.NEUTRAL,
    Note.NO_ADDRESS: ToneName.RED,
    Note.WAIT: ToneName.AMBER,
    Note.TYPO: ToneName.AMBER,
    Note.SENT: ToneName.BLUE,
    Note.EXPIRED: ToneName.NEUTRAL,
}
_LOUD = (UserColumn.EMAIL, UserColumn.NAME)
_DIGITS = (UserColumn.PHONE, UserColumn.SIGNED_UP, UserColumn.LAST_SENT)
# Their tool tips say more than a cell that is wide enough.
_MORE_IN_TIP = (UserColumn.SIGNED_UP, UserColumn.LAST_SENT, UserColumn.NOTES)
_CENTRED = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class UsersDelegate(QStyledItemDelegate):
    """Paints straight from the model: asking for a style option's dozen roles would cost more than the painting."""

    def __init__(self, model: UsersModel, theme: Theme, parent: QAbstractItemView) -> None:
        super().__init__(parent)
        self._model = model
        self._theme = theme
        self._view = parent
        self.hovered_row = -1
        self._set_fonts()
        theme.changed.connect(self._set_fonts)

    def _set_fonts(self) -> None:
        self._font = QFont(self._view.font())
        self._digits = tabular(QFont(self._font))
        self._small = QFont(self._font)
        self._small.setPixelSize(zoomed(SMALL_PIXELS))
        self._padding, self._pill = zoomed(PADDING), zoomed(_PILL_HEIGHT)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        if index.column() == UserColumn.PICK:
            return QSize(zoomed(BOX + 2 * PADDING), zoomed(ROW_HEIGHT))
        text = self._model.shown_text(index.row(), index.column())
        return QSize(QFontMetrics(self._view.font()).horizontalAdvance(text) + 3 * self._padding, zoomed(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, row, column = self._theme.colours, index.row(), index.column()
        rect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or row == self.hovered_row:
            painter.fillRect(rect, QColor(colours.selected if selected else colours.hover))
        painter.fillRect(QRect(rect.left(), rect.bottom(), rect.width(), 1), QColor(colours.line))
        inside = rect.adjusted(self._padding, 0, -self._padding, -1)
        if column == UserColumn.PICK:
            state = Qt.CheckState.Checked if self._model.is_picked(row) else Qt.CheckState.Unchecked
            paint_box(painter, box_in(rect), state, colours)
        elif column == UserColumn.NOTES:
            self._paint_notes(painter, inside, row)
        else:
            self._paint_text(painter, inside, row, column, selected)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,  # noqa: ARG002
        option: QStyleOptionViewItem,  # noqa: ARG002
        index: Index,
    ) -> bool:
        """The whole first cell is the pick box. Clicks that extend the selection only do that."""
        if index.column() != UserColumn.PICK or not isinstance(event, QMouseEvent):
            return False
        extends = event.modifiers() & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier)
        if event.type() != QEvent.Type.MouseButtonRelease or event.button() != Qt.MouseButton.LeftButton or extends:
            return False
        self._model.pick_rows((index.row(),), not self._model.is_picked(index.row()))
        return True

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """A text that can be read whole needs no tool tip."""
        if index.isValid() and index.column() not in _MORE_IN_TIP:
            text = self._model.shown_text(index.row(), index.column())
            room = option.rect.width() - 2 * self._padding
            if QFontMetrics(view.font()).horizontalAdvance(text) <= room:
                event.accept()
                return True
        return super().helpEvent(event, view, option, index)

    def _paint_text(self, painter: QPainter, rect: QRect, row: int, column: int, selected: bool) -> None:
        text = self._model.shown_text(row, column) or MISSING
        colours = self._theme.colours
        loud = text != MISSING and (column in _LOUD or selected)
        painter.setPen(QColor(colours.text if loud else colours.secondary))
        painter.setFont(self._digits if column in _DIGITS else self._font)
        text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        if not text.isascii():
            # Accents, and letters of some scripts, are higher than their line, and Qt only asks whether the line fits.
            painter.setClipRect(rect)
        painter.drawText(rect, _CENTRED, text)
        painter.setClipping(False)

    def _paint_notes(self, painter: QPainter, rect: QRect, row: int) -> None:
        notes = self._model.notes_at(row)
        if not notes:
            return
        painter.setFont(self._small)
        more = f"+{len(notes) - 1}" if len(notes) > 1 else ""
        metrics = painter.fontMetrics()
        kept = metrics.horizontalAdvance(more) + self._padding if more else 0
        note, words = notes[0]
        tone = self._theme.colours.tone(_NOTE_TONES[note])
        words = metrics.elidedText(
            words, Qt.TextElideMode.ElideRight, max(0, rect.width() - kept - 2 * self._padding - 2)
        )
        width = metrics.horizontalAdvance(words) + 2 * self._padding + 2
        pill = QRect(rect.left(), rect.center().y() - self._pill // 2 + 1, width, self._pill)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tone.back))
        painter.drawRoundedRect(pill, self._pill / 2, self._pill / 2)
        painter.setPen(QColor(tone.text))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)
        painter.setPen(QColor(self._theme.colours.secondary))
        painter.drawText(rect.adjusted(width + self._padding // 2, 0, 0, 0), _CENTRED, more)


def box_in(rect: QRect) -> QRectF:
    """Where the pick box of the cell `rect` is."""
    size = zoomed(BOX)
    return QRectF(rect.left() + zoomed(PADDING), rect.top() + (rect.height() - 1 - size) // 2, size, size)


def paint_box(painter: QPainter, box: QRectF, state: Qt.CheckState, colours: Colours) -> None:
    """A check box on half pixels, so that its border is one crisp line."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    on = state != Qt.CheckState.Unchecked
    painter.setPen(QPen(QColor(colours.accent if on else colours.secondary), 1))
    painter.setBrush(QColor(colours.accent if on else colours.field))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    pen = QPen(QColor(colours.on_accent), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    corner, size = box.topLeft(), box.width() / BOX
    if state == Qt.CheckState.Checked:
        tick = (QPointF(4.5, 9.3), QPointF(7.6, 12.4), QPointF(13.5, 6))
        painter.drawPolyline([corner + point * size for point in tick])
    elif on:
        painter.drawLine(corner + QPointF(5, 9) * size, corner + QPointF(13, 9) * size)
    painter.restore()
