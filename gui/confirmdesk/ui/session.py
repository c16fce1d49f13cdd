"""What the program works with: a data directory, AWS access, secrets. Practice has one of its own."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.network.way import SystemProxy, nobody_knows
from confirmdesk.core.computer.paths import Places
from confirmdesk.core.computer.settings import RecordMark, Settings, SettingsFile, WorkedSecret
from confirmdesk.core.connections.connection import PRACTICE, Connection, SecretSlot
from confirmdesk.core.connections.keychain import Keychain
from confirmdesk.core.connections.network import Network
from confirmdesk.core.connections.presets import Preset, Presets, beside
from confirmdesk.core.connections.redactor import Redactor
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.connections.vault import Vault
from confirmdesk.core.errors import ConfirmdeskError, Problem
from confirmdesk.ui.kit.tasks import Tasks

if TYPE_CHECKING:
    from confirmdesk.core.ledger.ledger import Ledger
    from confirmdesk.practice.launch import PracticeServer

# What a crash makes the settings forget of the record may be sent to again, if the files beside it are lost as well.
LOOK_AFTER_MS = 1_000


class Session(QObject):
    """Settings are read here and saved here, in the background; the latest always wins. Presets are IT's: they are
    offered beside the own connections and never saved."""

    def __init__(
        self,
        practice: bool,
        places: Places,
        keyring: Keychain,
        redactor: Redactor,
        tasks: Tasks,
        presets: Presets | None = None,
        parent: QObject | None = None,
        system_proxy: SystemProxy = nobody_knows,
    ) -> None:
        super().__init__(parent)
        self.practice = practice
        self.places = places
        self.tasks = tasks
        self.aws = Aws(practice, system_proxy=system_proxy)
        self.clock = self.aws.clock
        self.vault = Vault(keyring, redactor)
        self.server: PracticeServer | None = None
        # Who is signed in to AWS, as far as that is known; part of each run's record.
        self.identity = ""
        self.ledger: Ledger | None = None
        # Why nothing can be sent while there is no ledger.
        self.ledger_problem = Problem("The record of sent codes is still being opened.", "Try again in a moment.")
        self.presets = presets or Presets()
        self._file = SettingsFile(places.settings_file)
        self.settings, self.settings_problem = self._file.load()
        self.aws.use(self.network)
        self._saving = threading.Lock()
        self._holding = threading.Lock()
        self._held: Ledger | None = None
        self._ended = False
        timer = QTimer(self, interval=LOOK_AFTER_MS)
        timer.timeout.connect(self._look_after_record)
        timer.start()

    @property
    def network(self) -> Network:
        """The way out that counts: what IT has set of it, then what the person has."""
        return self.presets.network.over(self.settings.network)

    @property
    def connections(self) -> tuple[Connection, ...]:
        """Every connection that is offered, presets first, each under a name of its own."""
        return beside(self.presets.found, self.settings.connections)

    def connection(self, name: str) -> Connection | None:
        return next((c for c in self.connections if c.name == name), None)

    def preset(self, name: str) -> Preset | None:
        """The preset that is offered as `name`; None for an own connection."""
        return next((p for p in self.presets.found if p.connection.name == name), None)

    def change(self, settings: Settings) -> None:
        """Use `settings` from now on, and save them."""
        self.settings = settings
        self.aws.use(self.network)
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
        """Add `connection`, or let it take the place of the one called `instead_of`; a preset is only chosen."""
        own = list(self.settings.connections)
        if preset := self.preset(instead_of or connection.name):
            self._learn_need(preset, connection.needs_secret)
        else:
            index = self._index_of(instead_of or connection.name)
            # A name that was only lent, because a preset has the real one, is not saved.
            kept = own[index].name if instead_of == connection.name and own[index:] else connection.name
            own[index : index + 1] = [replace(connection, name=kept)]
        self.change(replace(self.settings, connections=tuple(own), last_connection=connection.name))

    def _learn_need(self, preset: Preset, needs_secret: bool | None) -> None:
        """Until the program ends: where IT left it open, somebody who entered a secret has answered it."""
        if preset.connection.needs_secret is None and needs_secret:
            learned = replace(preset, connection=replace(preset.connection, needs_secret=True))
            found = tuple(learned if p is preset else p for p in self.presets.found)
            self.presets = replace(self.presets, found=found)

    def _index_of(self, name: str) -> int:
        """Where the settings keep the own connection that is offered as `name`; their end where there is none."""
        own = self.connections[len(self.presets.found) :]
        return next((i for i, c in enumerate(own) if c.name == name), len(own))

    def delete_connection(self, name: str) -> None:
        """Delete the own connection that is offered as `name`; a preset stays."""
        index, own = self._index_of(name), self.settings.connections
        self.settings = replace(self.settings, connections=own[:index] + own[index + 1 :])
        left = self.connections
        self.change(replace(self.settings, last_connection=left[0].name if left else ""))

    def adopt(self, server: PracticeServer) -> None:
        """Work with `server`: every connection here leads to it, whatever port it has this time."""
        self.server = server
        self.aws.send_along(server.endpoint, server.headers)
        own = server.connection()
        saved = self.settings.connections or (own,)
        moved = tuple(replace(c, endpoint=server.endpoint, environment=PRACTICE, profile="") for c in saved)
        self.settings = replace(self.settings, connections=moved)

    def secret_worked(self, slot: SecretSlot) -> None:
        """AWS has just taken the client secret of `slot`."""
        known = {connection.slot for connection in self.connections} - {slot}
        kept = tuple(worked for worked in self.settings.worked if worked.slot in known)
        self.change(replace(self.settings, worked=(*kept, WorkedSecret(slot, self.clock.now()))))

    def secret_changed(self, slot: SecretSlot) -> None:
        """It is another one, or gone: of this one nobody knows yet whether it works."""
        kept = tuple(worked for worked in self.settings.worked if worked.slot != slot)
        if kept != self.settings.worked:
            self.change(replace(self.settings, worked=kept))

    def last_worked(self, slot: SecretSlot) -> float:
        """When AWS last took the secret of `slot`, in seconds since the epoch; 0 where nobody knows."""
        return next((worked.at for worked in self.settings.worked if worked.slot == slot), 0.0)

    def know_secrets(self, secrets: Mapping[str, str]) -> None:
        """Practice only: the secrets of the practice server's own app clients, by client id, kept in memory."""
        for connection in self.settings.connections:
            if secret := secrets.get(connection.client_id):
                self.vault.keep_for_session(connection.slot, Secret(secret))

    def reset_practice(self) -> None:
        """In a worker: the practice pool as it was at the start, with a record that knows of nothing. Practice only."""
        if self.practice and self.server and self.ledger:
            self.server.reset()
            self.ledger.empty()

    def open_ledger(self) -> tuple[Ledger, Problem | None]:
        """In a worker: the ledger, and what must be told about it. Without one nothing is sent."""
        from confirmdesk.core.ledger.opening import open_ledger

        ledger, problem = open_ledger(self.places.ledger_file, self.settings.record, self.clock)
        return self._hold(ledger), problem

    def begin_new_record(self) -> tuple[Ledger, None]:
        """In a worker: an empty ledger in place of one that was lost."""
        from confirmdesk.core.ledger.opening import begin_new_record

        return self._hold(begin_new_record(self.places.ledger_file, self.clock)), None

    def take_up_record(self, found: Path) -> tuple[Ledger, None]:
        """In a worker: the ledger that was lost, from where somebody found it."""
        from confirmdesk.core.ledger.opening import take_up_record

        return self._hold(take_up_record(self.places.ledger_file, found, self.settings.record, self.clock)), None

    def _hold(self, ledger: Ledger) -> Ledger:
        """It is closed with the session also where its window is gone by now: others may want the file."""
        with self._holding:
            self._held = ledger
            if self._ended:
                ledger.close()
        return ledger

    def remember_record(self) -> None:
        """The settings know which record is used and how far it has got: the next start misses what is lost."""
        if ledger := self.ledger:
            self.tasks.run(self, lambda: ledger.mark, self._keep_mark, lambda _: None)

    def _keep_mark(self, mark: RecordMark) -> None:
        # Nobody asked for this: settings that cannot be saved are told when somebody changes them.
        if mark != self.settings.record:
            self.settings = replace(self.settings, record=mark)
            self.tasks.run(self, self._save, lambda _: None, lambda _: None)

    def _look_after_record(self) -> None:
        """An outcome that found no room is written as soon as there is some, and what the settings know of the record
        is never older than a few seconds, whatever ends the program."""
        self.remember_record()
        if (ledger := self.ledger) and ledger.unwritten:
            self.tasks.run(self, ledger.write_rest, lambda _: None)

    def close_ledger(self) -> None:
        with self._holding:
            self._ended = True
            if self._held:
                self._held.close()
        self.ledger = self._held = None
