"""The part of a connection's form that says how one signs in: by the company's access portal, or by a profile."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLineEdit, QPushButton, QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.sign_in.accounts import AccountRole
from confirmdesk.core.text import plain
from confirmdesk.ui.connections.search_combo import SearchCombo
from confirmdesk.ui.kit.inputs import button, combo, text_field
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.theme import set_kind

PORTAL, PROFILE = "AWS access portal", "AWS profile"
DEFAULT_PROFILE = "Default credentials"
# One flaw is mended after the other; more would fill the dialog.
FLAWS_SHOWN = 2
# Typed by hand, where nobody may list them: `123456789012 support`.
_BY_HAND = re.compile(r"\s*(?P<account>\d{12})\W+(?P<role>[\w+=,.@-]+)\s*", re.ASCII)


class SignInFields(QObject):
    """Rows for a form. Tells `changed` whenever they say something else.

    Without a start URL nobody signs in by a portal, whatever is chosen: the profile counts.
    """

    changed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.way = combo("Sign-in", (PORTAL, PROFILE))
        self.start_url = text_field("Start URL", "https://company.awsapps.com/start")
        self.portal_region = text_field("Portal region", "Found by itself, where the portal tells it")
        self.role = SearchCombo("Account and role")
        self.profile = combo("AWS profile", [DEFAULT_PROFILE], editable=True)
        self.profile_note = plain_label(kind="secondary", wrap=True)
        self.state = StatusLine("Sign-in state", "secondary", wrap=True)
        self.sign_in = button("Sign in", "Sign in")
        self.sign_out = button("Sign out", "Sign out")
        self._roles: dict[str, AccountRole] = {}
        self._device_code = True
        self._is_chosen = False
        self._can_sign_in = self._signed_in = False
        self._form: QFormLayout | None = None
        self._portal_rows: list[QHBoxLayout] = []
        self._profile_row: QHBoxLayout | None = None
        self._buttons: QHBoxLayout | None = None
        for field in (self.start_url, self.portal_region):
            field.textChanged.connect(self.changed)
            field.returnPressed.connect(self.sign_in.click)
        for box in (self.way, self.role, self.profile):
            box.currentTextChanged.connect(self.changed)
        for signal in (self.way.currentTextChanged, self.start_url.textChanged, self.profile.currentTextChanged):
            signal.connect(self._remember_choice)
        self.way.currentTextChanged.connect(self._show_way)
        self.show_state("", can_sign_in=False, signed_in=False)

    def add_to(self, form: QFormLayout) -> None:
        """Put the rows at the end of `form`."""
        self._form = form
        add_row(form, "Sign-in", self.way)
        self._portal_rows = [
            add_row(form, "Start URL", self.start_url),
            add_row(form, "Portal region", self.portal_region),
        ]
        self._profile_row = add_row(form, "AWS profile", self.profile)
        form.addRow("", self.profile_note)
        self._buttons = add_row(form, "", self.state, self.sign_out, self.sign_in)
        self._portal_rows.append(add_row(form, "Account and role", self.role))
        self._show_way()

    def _show_way(self) -> None:
        """Only what belongs to the chosen way is shown. By most profiles nobody signs in with a browser."""
        if self._form is None or self._profile_row is None or self._buttons is None:
            return
        by_portal = self.way.currentText() == PORTAL
        for row in self._portal_rows:
            self._form.setRowVisible(row, by_portal)
        self._form.setRowVisible(self._profile_row, not by_portal)
        self._form.setRowVisible(self.profile_note, not by_portal and bool(self.profile_note.text()))
        self._form.setRowVisible(self._buttons, by_portal or self._can_sign_in)
        self.sign_out.setVisible(self._signed_in)

    def _remember_choice(self) -> None:
        self._is_chosen = True

    # What is shown

    def show_connection(self, connection: Connection) -> None:
        self._device_code = connection.device_code
        self.start_url.setText(connection.start_url)
        self.portal_region.setText(connection.sso_region)
        self.profile.setEditText(connection.profile or DEFAULT_PROFILE)
        self.show_role(connection.account_id, connection.role_name)
        self.way.setCurrentText(PORTAL if connection.start_url else PROFILE)
        self._is_chosen = bool(connection.start_url or connection.profile)

    def show_role(self, account_id: str, role_name: str) -> None:
        """Show the account and the role of these names, by the account's name where that is known."""
        found = (t for t, r in self._roles.items() if (r.account_id, r.role_name) == (account_id, role_name))
        self.role.setEditText(next(found, f"{account_id} · {role_name}" if account_id or role_name else ""))

    def suggest_portal(self) -> None:
        """This computer has nothing to sign in with: a portal it is, unless somebody has chosen."""
        if not self._is_chosen:
            self.way.setCurrentText(PORTAL)
            self.start_url.setFocus()

    def offer_roles(self, roles: Sequence[AccountRole]) -> None:
        """Offer what somebody may take; the only one is chosen, and what was chosen stays."""
        account_id, role_name = self._chosen_role()
        self._roles = {f"{plain(r.account_name, 60)} · {r.account_id} · {plain(r.role_name, 80)}": r for r in roles}
        self.role.offer(list(self._roles))
        if account_id:
            self.show_role(account_id, role_name)
        elif len(self._roles) == 1:
            self.role.setCurrentIndex(0)

    def offer_profiles(self, profiles: Sequence[str]) -> None:
        self.profile.offer([DEFAULT_PROFILE, *profiles])

    def tell_flaws(self, flaws: Sequence[str]) -> None:
        """What is wrong with the files that profiles stand in, which may be why one is not offered."""
        self.profile_note.setText(" ".join(flaws[:FLAWS_SHOWN]))
        self._show_way()

    def show_state(self, words: str, can_sign_in: bool, signed_in: bool) -> None:
        """Who is signed in by what these fields say, and what the buttons can do about it."""
        self.state.show_text(words)
        self._can_sign_in, self._signed_in = can_sign_in, signed_in
        self.sign_in.setEnabled(can_sign_in)
        self.sign_in.setText("Sign in again" if signed_in else "Sign in")
        next_to_do = not signed_in and not self.role.currentText()
        set_kind(self.sign_in, kind="primary" if next_to_do else "plain")
        self._show_way()

    # What they say

    def filled(self, connection: Connection) -> Connection:
        """`connection` with what these fields say."""
        url = self.start_url.text().strip()
        if self.way.currentText() != PORTAL or not url:
            profile = self.profile.currentText().strip()
            return replace(connection, profile="" if profile == DEFAULT_PROFILE else profile)
        account_id, role_name = self._chosen_role()
        return replace(
            connection,
            start_url=url,
            sso_region=self.portal_region.text(),
            account_id=account_id,
            role_name=role_name,
            device_code=self._device_code,
        )

    def _chosen_role(self) -> tuple[str, str]:
        text = self.role.currentText()
        if found := self._roles.get(text):
            return found.account_id, found.role_name
        typed = _BY_HAND.fullmatch(text)
        return (typed["account"], typed["role"]) if typed else ("", text.strip())

    def spelling(self) -> dict[str, QWidget]:
        """The fields by what of a connection they spell."""
        return {
            "start_url": self.start_url,
            "sso_region": self.portal_region,
            "account_id": self.role,
            "role_name": self.role,
        }

    def lock(self) -> None:
        """They stay readable; one can still sign in."""
        for field in (self.way, self.start_url, self.portal_region, self.role, self.profile):
            field.setEnabled(False)


def add_row(form: QFormLayout, text: str, field: QWidget, *buttons: QPushButton) -> QHBoxLayout:
    """A row of `form`: what it is about, the field, and the buttons that help with it."""
    label = plain_label(text)
    row = QHBoxLayout()
    row.setSpacing(8)
    row.addWidget(field, 1)
    for made in buttons:
        row.addWidget(made)
    form.addRow(label, row)
    if isinstance(field, QLineEdit):
        label.setBuddy(field)
    return row
