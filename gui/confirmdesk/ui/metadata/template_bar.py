"""Templates of client metadata: choose, save under a name, delete. Choosing one never loses what was typed."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from confirmdesk.core.computer.settings import Template
from confirmdesk.core.sending.metadata import Row
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.inputs import button, combo
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.messages import ask
from confirmdesk.ui.metadata.model import MetadataModel

NONE = "No template"


class TemplateBar(QObject):
    """Its parts are laid out by the panel; `templates_changed` carries the new list to whoever saves it."""

    templates_changed = Signal(tuple)
    # What a person put in place of what; None for nothing.
    changed_by_hand = Signal(object, object)

    def __init__(self, model: MetadataModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._templates: tuple[Template, ...] = ()
        self._before: tuple[Row, ...] = ()
        self.choice = combo("Template", [NONE])
        # The panel is narrow; the list of a long name's choice is as wide as it needs.
        self.choice.least = 84
        self.save = button("Save template", "Save template", "link")
        self.delete = button("Delete", "Delete template", "link")
        self.undo_line = QWidget()
        self._undo_text = StatusLine("Template status", "secondary")
        undo = button("Undo", "Undo template", "link")
        row = QHBoxLayout(self.undo_line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._undo_text, 1)
        row.addWidget(undo)
        self.undo_line.hide()
        self.save.clicked.connect(self._ask_name)
        self.delete.clicked.connect(self._ask_delete)
        undo.clicked.connect(self._undo)
        self.choice.currentTextChanged.connect(self._chosen)
        model.rows_changed.connect(self._enable)
        model.rows_changed.connect(self._edited)
        self._enable()

    def show_templates(self, templates: Sequence[Template], chosen: str = "") -> None:
        """Offer `templates`, without touching the rows."""
        self._templates = tuple(sorted(templates, key=lambda t: t.name.casefold()))
        self.choice.blockSignals(True)
        self.choice.clear()
        self.choice.addItems([NONE, *(plain(t.name, 80) for t in self._templates)])
        self.choice.setCurrentIndex(next((i + 1 for i, t in enumerate(self._templates) if t.name == chosen), 0))
        self.choice.blockSignals(False)
        self._enable()

    def _current(self) -> Template | None:
        index = self.choice.currentIndex() - 1
        return self._templates[index] if 0 <= index < len(self._templates) else None

    def _chosen(self) -> None:
        rows, template = self._model.rows(), self._current()
        if template is not None and rows != template.rows:
            kept_elsewhere = not rows or any(rows == t.rows for t in self._templates)
            self._before = rows
            self._model.replace(template.rows)
            self.undo_line.setVisible(not kept_elsewhere)
            self._undo_text.show_text("The template replaced what you had typed.", announced=not kept_elsewhere)
        self._enable()

    def leave(self, rows: tuple[Row, ...]) -> None:
        """What `rows` took the place of comes back: where they are the chosen template's it is not chosen any more."""
        template = self._current()
        if template is not None and template.rows == rows:
            self.choice.setCurrentIndex(0)

    def _edited(self) -> None:
        # Going back now would lose what was typed since.
        template = self._current()
        if template is None or self._model.rows() != template.rows:
            self.undo_line.hide()

    def _undo(self) -> None:
        self._model.replace(self._before)
        self.undo_line.hide()
        self.choice.setCurrentIndex(0)

    def _enable(self) -> None:
        self.save.setEnabled(bool(self._model.rows()))
        self.delete.setEnabled(self._current() is not None)
        self.delete.setVisible(bool(self._templates))

    def _ask_name(self) -> None:
        current = self._current()
        names = [template.name for template in self._templates]
        dialog = NameDialog(self.choice.window(), current.name if current else "", names)
        dialog.named.connect(self._save)
        dialog.open()

    def _save(self, name: str) -> None:
        before, after = self._called(name), Template(name, self._model.rows())
        self._swap(name, after, name)
        self.undo_line.hide()
        self.changed_by_hand.emit(before, after)

    def _ask_delete(self) -> None:
        template = self._current()
        if template is not None:
            ask(
                self.choice.window(),
                f"Delete the template “{plain(template.name, 60)}”?",
                "The fields that are shown stay as they are.",
                "Delete template",
                lambda: self._delete(template),
            )

    def _delete(self, template: Template) -> None:
        self._swap(template.name, None, "")
        self.changed_by_hand.emit(template, None)

    def swap(self, name: str, before: Template | None, after: Template | None) -> bool:
        """Put `after` in place of `before`, both called `name`; False where that one is not as it was any more."""
        if self._called(name) != before:
            return False
        chosen = self._current()
        self._swap(name, after, chosen.name if chosen else name)
        return True

    def _swap(self, name: str, into: Template | None, chosen: str) -> None:
        others = [t for t in self._templates if t.name != name]
        self.show_templates([*others, into] if into else others, chosen)
        self.templates_changed.emit(self._templates)

    def _called(self, name: str) -> Template | None:
        return next((t for t in self._templates if t.name == name), None)


class NameDialog(QDialog):
    """Asks for a template's name. Saving under a name that is there replaces that template, and says so."""

    named = Signal(str)

    def __init__(self, parent: QWidget, name: str, taken: Sequence[str] = ()) -> None:
        super().__init__(parent)
        self._taken = taken
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Save template")
        self._name = QLineEdit(name)
        self._name.setAccessibleName("Template name")
        self._name.setMaxLength(80)
        label = plain_label("Save these fields under the name")
        label.setBuddy(self._name)
        buttons = QDialogButtonBox()
        self._ok = button("Save", "Save template name", "primary")
        self._ok.setDefault(True)
        buttons.addButton(self._ok, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(button("Cancel", "Cancel template name"), QDialogButtonBox.ButtonRole.RejectRole)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        self._replaces = StatusLine("Template name status", "secondary")
        for widget in (label, self._name, self._replaces, buttons):
            column.addWidget(widget)
        self.setMinimumWidth(360)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self._name.textChanged.connect(self._enable)
        self.accepted.connect(lambda: self.named.emit(self._name.text().strip()))
        self._enable()

    def _enable(self) -> None:
        name = self._name.text().strip()
        self._ok.setEnabled(bool(name))
        replaces = "The template of this name is replaced." if name in self._taken else ""
        self._replaces.show_text(replaces, announced=True)
