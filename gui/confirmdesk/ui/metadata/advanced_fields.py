"""The three optional parts of a request that a support desk rarely has. Folded and empty until somebody opens them."""

from ipaddress import ip_address

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from confirmdesk.core.quotas import LONGEST_TEXT
from confirmdesk.core.sending.metadata import Advanced
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import plain_label

FIELDS = (
    (
        "IP address",
        "The customer's, never yours. Has an effect only with threat protection and an app client that has a secret "
        "and passes user context on.",
    ),
    ("Encoded data", "The customer's device fingerprint. Has an effect only with threat protection."),
    ("Analytics endpoint ID", "Reached Amazon Pinpoint, which ended on 30 October 2026. Has no effect known to us."),
)


class AdvancedFields(QWidget):
    """UserContextData and AnalyticsMetadata; what is empty is not sent."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._toggle = button("Advanced ▸", "Advanced", "link")
        self._toggle.setCheckable(True)
        self._body = QWidget()
        self._fields: list[QLineEdit] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._toggle, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._body)
        inner = QVBoxLayout(self._body)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(4)
        for name, effect in FIELDS:
            inner.addWidget(self._label(name))
            inner.addWidget(self._fields[-1])
            inner.addWidget(plain_label(effect, "secondary", wrap=True))
        self._body.hide()
        self._toggle.toggled.connect(self._fold)

    def _label(self, name: str) -> QWidget:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setMaxLength(LONGEST_TEXT)
        field.textChanged.connect(self.changed)
        self._fields.append(field)
        label = plain_label(name)
        label.setBuddy(field)
        return label

    def _fold(self, open_: bool) -> None:
        self._toggle.setText("Advanced ▾" if open_ else "Advanced ▸")
        self._body.setVisible(open_)

    def values(self) -> Advanced:
        return Advanced(*(field.text().strip() for field in self._fields))

    def refusal(self) -> str:
        """Why these values cannot be sent, or ""."""
        if address := self.values().ip_address:
            try:
                ip_address(address)
            except ValueError:
                return "The IP address under Advanced is neither IPv4 nor IPv6."
        return ""
