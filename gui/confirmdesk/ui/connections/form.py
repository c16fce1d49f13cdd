"""The fields of a connection, and the connection they spell."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLineEdit, QPushButton, QWidget

from confirmdesk.core.cognito.control import Named
from confirmdesk.core.connections.connection import ENVIRONMENTS, PRACTICE, PRODUCTION, Connection, SecretSlot, tidy
from confirmdesk.core.text import plain
from confirmdesk.ui.connections.sending_fields import SendingFields
from confirmdesk.ui.connections.sign_in_fields import SignInFields, add_row
from confirmdesk.ui.kit.inputs import Combo, button, combo, mark_refused, text_field
from confirmdesk.ui.kit.labels import plain_label

FIELD_LEAST = 240


class IdCombo(Combo):
    """Pools or app clients by name, or an id typed by hand where nobody may list them."""

    def __init__(self, name: str) -> None:
        super().__init__(name, editable=True)
        self._named: dict[str, Named] = {}

    def offer_named(self, found: Sequence[Named]) -> None:
        """Offer `found`; what is chosen or typed stays."""
        chosen = self.chosen()
        self._named = {f"{plain(n.name, 60)} · {n.id}": n for n in found}
        self.blockSignals(True)
        self.clear()
        self.addItems(list(self._named))
        self.blockSignals(False)
        self.show_id(chosen.id, chosen.name)

    def show_id(self, id_: str, name: str = "") -> None:
        """Show an id, by its name where that is known."""
        text = next((text for text, named in self._named.items() if named.id == id_), None)
        if text is None and id_ and name:
            text = f"{plain(name, 60)} · {id_}"
            self._named[text] = Named(id_, name)
        self.setEditText(text or id_)

    def chosen(self) -> Named:
        text = self.currentText().strip()
        return self._named.get(text, Named(text, ""))


class ConnectionForm(QWidget):
    """Tells `changed` whenever the connection it spells is another one, however the text got there."""

    changed = Signal()

    def __init__(self, practice: bool) -> None:
        super().__init__()
        self._practice = practice
        self.name = text_field("Connection name", "Shop, production")
        self.environment = combo("Environment", ENVIRONMENTS, editable=True)
        self.sign_in = SignInFields(self)
        self.region = combo("Region", editable=True)
        self.endpoint = text_field("Endpoint URL", "AWS's own")
        self.pool = IdCombo("User pool")
        self.load_pools = button("Load pools", "Load pools")
        self.client = IdCombo("App client")
        self.load_clients = button("Load app clients", "Load app clients")
        self.secret = text_field("Client secret")
        self.secret.setEchoMode(QLineEdit.EchoMode.Password)
        self.read_secret = button("Read from AWS", "Read secret from AWS")
        self.forget_secret = button("Forget", "Forget secret")
        self.secret_note = plain_label(kind="secondary", wrap=True)
        self.sending = SendingFields(self)
        self._needs_secret: bool | None = None
        self._lay_out()
        for field in (self.name, self.endpoint):
            field.textChanged.connect(self.changed)
        for box in (self.environment, self.region, self.pool, self.client):
            box.currentTextChanged.connect(self.changed)
        self.changed.connect(self._take_marks_back)
        self.sign_in.changed.connect(self.changed)
        self.sending.changed.connect(self.changed)
        self.pool.currentTextChanged.connect(self._drop_foreign_client)
        self.pool.currentTextChanged.connect(self._suggest_name)
        if practice:
            # There is one server and no profile: nothing may lead anywhere else.
            self.sign_in.lock()
            for widget in (self.endpoint, self.environment, self.region):
                widget.setEnabled(False)

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        # What nobody can do without comes first, and what AWS tells after what it is asked with.
        self.sign_in.add_to(form)
        rows: tuple[tuple[str, QWidget, tuple[QPushButton, ...]], ...] = (
            ("Region", self.region, ()),
            ("User pool", self.pool, (self.load_pools,)),
            ("App client", self.client, (self.load_clients,)),
            ("Client secret", self.secret, (self.read_secret, self.forget_secret)),
            ("", self.secret_note, ()),
            ("Name", self.name, ()),
            ("Environment", self.environment, ()),
            ("Endpoint URL", self.endpoint, ()),
        )
        for text, field, buttons in rows:
            field.setMinimumWidth(FIELD_LEAST)
            add_row(form, text, field, *buttons)
        self.sending.add_to(form)

    def lock(self) -> None:
        """Everything stays readable, and only the client secret can be changed."""
        fields = self.sending
        self.sign_in.lock()
        for field in (self.name, self.environment, self.region, self.endpoint, self.pool, self.client):
            field.setEnabled(False)
        for widget in (*fields.numbers(), fields.read_only):
            widget.setEnabled(False)
        for made in (self.load_pools, self.load_clients):
            made.hide()

    def show_connection(self, connection: Connection | None) -> None:
        """Fill the fields; None for a new connection."""
        shown = connection or Connection("", "", "", "", environment=PRACTICE if self._practice else PRODUCTION)
        self.name.setText(shown.name)
        self.environment.setEditText(shown.environment)
        self.sign_in.show_connection(shown)
        self.region.setEditText(shown.region)
        self.endpoint.setText(shown.endpoint)
        self._client_of = shown.pool_id
        self._suggested = None
        self.pool.show_id(shown.pool_id, shown.pool_name)
        self.client.show_id(shown.client_id, shown.client_name)
        self.sending.show_connection(shown)
        self.learn_secret_need(shown.needs_secret)
        self._suggested = ""

    def mark(self, field: str, why: str) -> QWidget:
        """Mark what spells `field` of a connection as refused, until something is changed, and give it the focus."""
        refused = self._fields()[field]
        mark_refused(refused, why)
        refused.setFocus()
        return refused

    def _take_marks_back(self) -> None:
        for field in self._fields().values():
            mark_refused(field)

    def _fields(self) -> dict[str, QWidget]:
        return {
            "name": self.name,
            **self.sign_in.spelling(),
            "region": self.region,
            "pool_id": self.pool,
            "client_id": self.client,
            "endpoint": self.endpoint,
            "secret": self.secret,
        }

    def _drop_foreign_client(self) -> None:
        # App clients are listed for one pool; an id typed by hand may be meant for this one.
        if self.pool.chosen().id != self._client_of:
            listed = bool(self.client.chosen().name)
            self.client.offer_named([])
            if listed:
                self.client.setEditText("")

    def _suggest_name(self) -> None:
        """The pool's, for as long as nobody has typed another."""
        name = plain(self.pool.chosen().name, 60)
        if name and self.name.text() == self._suggested:
            self._suggested = name
            self.name.setText(name)

    def offer_clients(self, clients: Sequence[Named]) -> None:
        """Offer the app clients of the pool that is shown."""
        self._client_of = self.pool.chosen().id
        self.client.offer_named(clients)

    def connection(self) -> Connection:
        """What the fields spell, fit or not."""
        pool, client = self.pool.chosen(), self.client.chosen()
        spelled = Connection(
            name=self.name.text(),
            region=self.region.currentText(),
            pool_id=pool.id,
            client_id=client.id,
            endpoint=self.endpoint.text(),
            pool_name=pool.name,
            client_name=client.name,
            environment=self.environment.currentText(),
            needs_secret=self._needs_secret,
        )
        spelled = tidy(self.sign_in.filled(spelled))
        spelled = replace(spelled, environment=spelled.environment or PRODUCTION)
        if spelled.slot != self._need_of:
            spelled = replace(spelled, needs_secret=None)
        return self.sending.filled(spelled)

    def learn_secret_need(self, needed: bool | None) -> None:
        """Whether the app client that is shown needs a secret, as far as AWS told."""
        self._needs_secret = needed
        self._need_of = self.connection().slot

    _need_of: SecretSlot | None = None
    _client_of = ""
    # None while the fields are filled.
    _suggested: str | None = ""

    def offer_regions(self, regions: Sequence[str]) -> None:
        self.region.offer(regions)

    def is_complete(self) -> bool:
        """Whether name, region, pool and client are there."""
        spelled = self.connection()
        return bool(spelled.name and spelled.region and spelled.pool_id and spelled.client_id)
