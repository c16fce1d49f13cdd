"""The part of the settings that says how the program gets out of this computer: proxy and certificates."""

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QFormLayout, QHBoxLayout, QLineEdit, QWidget

from confirmdesk.core.connections.network import Network, NetworkPreset, ProxyChoice, tidy_network
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.inputs import button, combo, mark_refused, text_field
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.messages import open_file_dialog

PROXY_WORDS = {ProxyChoice.SYSTEM: "System", ProxyChoice.NONE: "None", ProxyChoice.ADDRESS: "Address"}
PROXY_NOTES = {
    ProxyChoice.SYSTEM: "What the environment says (HTTPS_PROXY), then what the operating system knows.",
    ProxyChoice.NONE: "AWS is called directly, whatever the environment and the operating system say.",
    ProxyChoice.ADDRESS: "The same for all connections. User names and passwords are not kept here.",
}
BUNDLE_NOTE = "A file (PEM) that counts beside the certificates of the operating system; from your IT department."
IN_PRACTICE = "The practice pool calls nobody outside of this computer."


class NetworkFields(QObject):
    """Rows for a form. What IT has set is shown and cannot be changed; in practice nothing can. Tells `changed`
    whenever they say something else."""

    changed = Signal()

    def __init__(self, parent: QWidget, own: Network, preset: NetworkPreset, practice: bool) -> None:
        super().__init__(parent)
        self._own, self._preset, self._practice = own, preset, practice
        self._proxy_label = plain_label("Proxy")
        self.proxy = combo("Proxy", PROXY_WORDS.values(), self._proxy_label)
        self.address = text_field("Proxy address", "http://proxy.example.com:8080")
        self.proxy_note = StatusLine("Proxy in words", "secondary", wrap=True)
        self.ca_bundle = text_field("CA bundle", "None")
        self.choose = button("Choose…", "Choose CA bundle")
        self.ca_bundle_note = StatusLine("CA bundle in words", "secondary", wrap=True)
        shown = preset.over(own)
        self.proxy.setCurrentText(PROXY_WORDS[shown.proxy])
        self.address.setText(shown.proxy_address)
        self.ca_bundle.setText(shown.ca_bundle)
        self.proxy.currentTextChanged.connect(self._show)
        for field in (self.address, self.ca_bundle):
            field.textChanged.connect(self.changed)
        self.proxy.currentTextChanged.connect(self.changed)
        self.changed.connect(self._take_marks_back)
        self.choose.clicked.connect(self._choose)
        self._show()

    def add_to(self, form: QFormLayout) -> None:
        """Put the rows at the end of `form`."""
        form.addRow(self._proxy_label, self.proxy)
        form.addRow(_label("Proxy address", self.address), self.address)
        form.addRow("", self.proxy_note)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.ca_bundle, 1)
        row.addWidget(self.choose)
        form.addRow(_label("CA bundle", self.ca_bundle), row)
        form.addRow("", self.ca_bundle_note)

    def network(self) -> Network:
        """What the person has set, fit or not: what is IT's stays in the settings as it was."""
        spelled = tidy_network(Network(self._choice(), self.address.text(), self.ca_bundle.text()))
        if self._preset.proxy_file:
            spelled = replace(spelled, proxy=self._own.proxy, proxy_address=self._own.proxy_address)
        elif spelled.proxy is not ProxyChoice.ADDRESS:
            # What does not count is not looked at, and may be anything.
            spelled = replace(spelled, proxy_address="")
        return replace(spelled, ca_bundle=self._own.ca_bundle) if self._preset.ca_bundle_file else spelled

    def can_change(self, field: str) -> bool:
        return self._fields()[field].isEnabled()

    def mark(self, field: str, why: str) -> None:
        """Mark what spells `field` of the network as refused, until something is changed, and give it the focus."""
        mark_refused(self._fields()[field], why)
        self._fields()[field].setFocus()

    def _take_marks_back(self) -> None:
        for field in self._fields().values():
            mark_refused(field)

    def _fields(self) -> dict[str, QLineEdit]:
        return {"proxy_address": self.address, "ca_bundle": self.ca_bundle}

    def _choice(self) -> ProxyChoice:
        return next(choice for choice, word in PROXY_WORDS.items() if word == self.proxy.currentText())

    def _show(self) -> None:
        choice, preset = self._choice(), self._preset
        free = not (self._practice or preset.proxy_file)
        self.proxy.setEnabled(free)
        self.address.setEnabled(free and choice is ProxyChoice.ADDRESS)
        self.proxy_note.show_text(_note(PROXY_NOTES[choice], preset.proxy_file, self._practice))
        free = not (self._practice or preset.ca_bundle_file)
        self.ca_bundle.setEnabled(free)
        self.choose.setEnabled(free)
        self.ca_bundle_note.show_text(_note(BUNDLE_NOTE, preset.ca_bundle_file, self._practice))

    def _choose(self) -> None:
        forms = "Certificates (*.pem *.crt *.cer);;All files (*)"
        dialog = QFileDialog(self.ca_bundle.window(), "Choose a CA bundle", self.ca_bundle.text(), forms)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.ca_bundle.setText)
        open_file_dialog(dialog)


def _note(usual: str, file: str, practice: bool) -> str:
    if practice:
        return IN_PRACTICE
    return f"Set by your administrator in {plain(file, 120)}." if file else usual


def _label(text: str, of: QWidget) -> QWidget:
    label = plain_label(text)
    label.setBuddy(of)
    return label
