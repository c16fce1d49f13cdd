"""The settings of the whole program. They count from the moment they are saved."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFormLayout, QVBoxLayout, QWidget

from confirmdesk.core.connections.network import Network, refused_network
from confirmdesk.core.errors import Problem
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.inputs import button, combo
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.screen import fit
from confirmdesk.ui.kit.theme import CHOICES, Theme
from confirmdesk.ui.session import Session
from confirmdesk.ui.settings.network_fields import NetworkFields


class SettingsDialog(QDialog):
    def __init__(self, parent: QWidget, session: Session, theme: Theme) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Settings")
        self._session = session
        self._theme = theme
        self._appearance_label = plain_label("Appearance")
        self._appearance = combo("Appearance", (choice.capitalize() for choice in CHOICES), self._appearance_label)
        self._appearance.setCurrentIndex(CHOICES.index(theme.choice))
        preset = session.presets.network
        self._network = NetworkFields(self, session.settings.network, preset, session.practice)
        self._refusal = StatusLine("Settings check", "", wrap=True)
        self._refusal.hide()
        self._save = button("Save settings", "Save settings", "primary")
        self._save.setDefault(True)
        self._discard = button("Cancel", "Discard settings")
        self._lay_out()
        self._network.changed.connect(self._refusal.hide)
        self._save.clicked.connect(self._save_now)
        self._discard.clicked.connect(self.reject)
        fit(self, 560)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self._appearance_label, self._appearance)
        self._network.add_to(form)
        foot = NarrowRow()
        foot.setSpacing(8)
        foot.addStretch()
        foot.addWidget(self._discard)
        foot.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(plain_label("Settings", "title"))
        column.addLayout(form)
        column.addStretch()
        column.addWidget(self._refusal)
        column.addLayout(foot)

    def _save_now(self) -> None:
        """A certificate file may lie on a network drive that takes its time."""
        network = self._network.network()
        self._save.setEnabled(False)

        def done(wrong: dict[str, Problem]) -> None:
            self._save.setEnabled(True)
            mine = {field: problem for field, problem in wrong.items() if self._network.can_change(field)}
            self._refuse(*next(iter(mine.items()))) if mine else self._finish(network)

        self._session.tasks.run(self, lambda: refused_network(network), done)

    def _refuse(self, field: str, problem: Problem) -> None:
        self._refusal.show()
        self._refusal.show_text(problem.text(), announced=True)
        self._network.mark(field, problem.text())

    def _finish(self, network: Network) -> None:
        settings = replace(self._session.settings, network=network)
        choice = CHOICES[self._appearance.currentIndex()]
        # An appearance of the command line is for this time only, unless somebody has chosen one here.
        if choice != self._theme.choice:
            self._theme.choose(choice)
            settings = replace(settings, theme=choice)
        self._session.change(settings)
        self.accept()
