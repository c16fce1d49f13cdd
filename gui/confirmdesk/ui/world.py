"""What the program works with: a data directory, AWS access, secrets. Practice is a world of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from confirmdesk.core.aws import Aws
from confirmdesk.core.connections import PRACTICE, Connection
from confirmdesk.core.errors import ConfirmdeskError, Problem
from confirmdesk.core.keychain import Keychain
from confirmdesk.core.logs import Redactor
from confirmdesk.core.paths import Places
from confirmdesk.core.secret import Secret
from confirmdesk.core.settings import Settings, SettingsFile
from confirmdesk.core.vault import Vault
from confirmdesk.ui.tasks import Tasks

if TYPE_CHECKING:
    from confirmdesk.core.ledger import Ledger
    from confirmdesk.practice.launch import PracticeServer


class World(QObject):
    """Settings are read here and saved here, in the background; the latest always wins."""

    def __init__(self, practice: bool, places: Places, keyring: Keychain, redactor: Redactor, tasks: Tasks) -> None:
        super().__init__()
        self.practice = practice
        self.places = places
        self.tasks = tasks
        self.aws = Aws(practice)
        self.vault = Vault(keyring, redactor)
        self.server: PracticeServer | None = None
        # Who is signed in to AWS, as far as that is known; part of each run's record.
        self.identity = ""
        self.ledger: Ledger | None = None
        # Why nothing can be sent while there is no ledger.
        self.ledger_problem = Problem("The record of sent codes is still being opened.", "Try again in a moment.")
        self._file = SettingsFile(places.settings_file)
        self.settings, self.settings_problem = self._file.load()
        self._saving = threading.Lock()

    def connection(self, name: str) -> Connection | None:
        return next((c for c in self.settings.connections if c.name == name), None)

    def change(self, settings: Settings) -> None:
        """Use `settings` from now on, and save them."""
        self.settings = settings
        self.tasks.run(self, self._save, lambda _: None)

    def save_now(self, settings: Settings) -> None:
        """Save before the program ends; an error then has nobody to be shown to."""
        self.settings = settings
        try:
            self._save()
        except ConfirmdeskError:
            return

    def _save(self) -> None:
        with self._saving:
            self._file.save(self.settings)

    def put_connection(self, connection: Connection, instead_of: str = "") -> None:
        """Add `connection`, or let it take the place of the one called `instead_of`."""
        others = list(self.settings.connections)
        at = next((i for i, c in enumerate(others) if c.name == (instead_of or connection.name)), len(others))
        others[at : at + 1] = [connection]
        self.change(replace(self.settings, connections=tuple(others), last_connection=connection.name))

    def delete_connection(self, name: str) -> None:
        rest = tuple(c for c in self.settings.connections if c.name != name)
        self.change(replace(self.settings, connections=rest, last_connection=rest[0].name if rest else ""))

    def adopt(self, server: PracticeServer) -> None:
        """Work with `server`: every connection of this world leads to it, whatever port it has this time."""
        self.server = server
        own = server.connection()
        saved = self.settings.connections or (own,)
        moved = tuple(replace(c, endpoint=server.endpoint, environment=PRACTICE, profile="") for c in saved)
        self.settings = replace(self.settings, connections=moved)

    def know_secrets(self, secrets: Mapping[str, str]) -> None:
        """Practice only: the secrets of the practice server's own app clients, by client id, kept in memory."""
        for connection in self.settings.connections:
            if secret := secrets.get(connection.client_id):
                self.vault.keep_for_session(connection.slot, Secret(secret))

    def open_ledger(self) -> tuple[Ledger, Problem | None]:
        """In a worker: the ledger, and what must be told about it. Without one nothing is sent."""
        from confirmdesk.core.ledger import Ledger
        from confirmdesk.core.ledger_file import open_ledger_file

        file, problem = open_ledger_file(self.places.ledger_file)
        ledger = Ledger(file)
        ledger.expire(time.time())
        return ledger, problem

    def close_ledger(self) -> None:
        if self.ledger:
            self.ledger.close()
            self.ledger = None
