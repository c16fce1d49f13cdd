"""What somebody presses, chooses and types in, with the names that screen readers and automation rely on."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from confirmdesk.ui.kit.eliding import ElidedButton
from confirmdesk.ui.kit.labels import plain_label
from confirmdesk.ui.kit.theme import set_kind, zoomed

# Pixels that the style keeps free beside the text of a combo box, and forgets to ask for.
EDGES = 4
# Pixels of a combo box's list: beside its texts, and at most.
LIST_MARGIN, LIST_MOST = 24, 640


def button(text: str, name: str, kind: str = "plain") -> QPushButton:
    """A push button; `kind` is plain, primary, link, danger or chip (which stays pressed)."""
    made = ElidedButton(text)
    made.setAccessibleName(name)
    made.setProperty("kind", kind)
    made.setAutoDefault(False)
    made.setCheckable(kind == "chip")
    if kind == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def text_field(name: str, hint: str = "") -> QLineEdit:
    """A line to type in; `hint` stands there while it is empty."""
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    return made


class _Still(QObject):
    """Hands on to what lies below it a wheel that turns over something without the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False


def keep_still(control: QWidget) -> None:
    """Scrolling past `control` must not change what is sent; Qt by itself lets the wheel give it the focus first."""
    control.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    control.installEventFilter(_Still(control))


class Combo(QComboBox):
    """A combo box that keeps its name. Qt's accessibility gives it the chosen text as name and leaves the rest to a
    label whose buddy it is; where the design shows none, a hidden one follows it from parent to parent.

    `currentTextChanged` is the signal that counts: assistive tools set text without activating anything. `least` pixels
    of width are enough, if it is set: a narrow window cuts the longer texts.
    """

    def __init__(self, name: str, label: QLabel | None = None, editable: bool = False) -> None:
        super().__init__()
        self.least = 0
        self._follower = None if label else plain_label(name)
        buddy = label or self._follower
        assert buddy is not None
        buddy.setBuddy(self)
        buddy.setAccessibleName(name)
        self.setAccessibleName(name)
        keep_still(self)
        self.setView(QListView())
        self.setEditable(editable)
        if edit := self.lineEdit():
            edit.setAccessibleName(name)
            self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)

    def offer(self, texts: Sequence[str]) -> None:
        """Offer `texts` in an editable one; what is chosen or typed stays."""
        typed = self.currentText()
        self.blockSignals(True)
        self.clear()
        self.addItems(list(texts))
        self.blockSignals(False)
        self.setEditText(typed)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ParentChange and self._follower is not None:
            self._follower.setParent(self.parentWidget())
            self._follower.hide()
        return super().event(event)

    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(EDGES, 0)

    def minimumSizeHint(self) -> QSize:
        wanted = super().minimumSizeHint() + QSize(EDGES, 0)
        return QSize(zoomed(self.least), wanted.height()) if self.least else wanted

    def showPopup(self) -> None:
        # Two names that begin alike could not be told apart in a list as narrow as the box.
        widest = self.view().sizeHintForColumn(0) + LIST_MARGIN
        self.view().setMinimumWidth(min(max(widest, self.width()), LIST_MOST))
        super().showPopup()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.isEditable():
            super().paintEvent(event)
            return
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, field.width() - 2
        )
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


def combo(name: str, items: Iterable[str] = (), label: QLabel | None = None, editable: bool = False) -> Combo:
    """A combo box called `name`; `label` is the visible label beside it, if there is one."""
    made = Combo(name, label, editable)
    made.addItems(list(items))
    return made


def name_spin(spin: QAbstractSpinBox, name: str, label: QLabel | None = None) -> None:
    """Name a spin box or date edit, with its inner line edit; `label` is the visible label beside it."""
    keep_still(spin)
    spin.setAccessibleName(name)
    spin.lineEdit().setAccessibleName(name)
    # The style sheet's padding does not reach the text of a spin box.
    spin.lineEdit().setTextMargins(7, 0, 0, 0)
    if label is not None:
        label.setBuddy(spin)
        label.setAccessibleName(name)


def mark_refused(field: QWidget, why: str = "") -> None:
    """Show that what `field` says is refused, and have screen readers say `why`; "" takes that back."""
    if bool(why) != bool(field.property("refused")):
        set_kind(field, refused="true" if why else "")
    for part in (field, *field.findChildren(QLineEdit)):
        part.setAccessibleDescription(why)
