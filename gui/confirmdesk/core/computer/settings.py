"""What the program remembers between two starts: connections, templates, appearance, the network. Never a secret."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from confirmdesk.core import product, text
from confirmdesk.core.computer.files import (
    NotPlainFileError,
    make_private_directory,
    read_plain,
    set_aside,
    write_atomically,
)
from confirmdesk.core.computer.view import FIRST_VIEW, View, view_from
from confirmdesk.core.connections.connection import Connection, SecretSlot, connection_from
from confirmdesk.core.connections.network import Network, network_from
from confirmdesk.core.errors import ConfirmdeskError, Problem, failure
from confirmdesk.core.unread import Unread, without_secrets

# Raised by whatever a version before would not know what to do with, such as a field of a connection.
VERSION = 2
THEMES = ("system", "light", "dark")

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Template:
    """Client metadata saved by name: rows of key and value, placeholders unfilled."""

    name: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RecordMark:
    """Which record of sent codes is used here, and how far it had got: its id, "" for none yet, and its steps, which
    only ever grow."""

    id: str = ""
    steps: int = 0


@dataclass(frozen=True, slots=True)
class WorkedSecret:
    """When AWS last took the client secret of `slot`, in seconds since the epoch. Nothing of the secret itself."""

    slot: SecretSlot
    at: float


@dataclass(frozen=True, slots=True)
class Settings:
    """`last_connection` is a name or "", `theme` one of THEMES, `window` its geometry as base64 or "".

    `told_version` is the latest version of settings of which the person was told that this program is older,
    `told_place` the word for a data directory that does not last, as far as that was told.
    """

    connections: tuple[Connection, ...] = ()
    last_connection: str = ""
    theme: str = "system"
    templates: tuple[Template, ...] = ()
    window: str = ""
    record: RecordMark = RecordMark()
    view: View = FIRST_VIEW
    network: Network = Network()
    worked: tuple[WorkedSecret, ...] = ()
    told_version: int = 0
    told_place: str = ""


class SettingsFile:
    """Of one data directory. What cannot be read is kept under another name, never overwritten; what this version does
    not know stays in the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._unsaved_original = False
        self._unread = Unread({}, Settings())

    def load(self) -> tuple[Settings, Problem | None]:
        """The settings, and what a person must be told about the file. Raises nothing.

        A file that is broken or unreadable gives the defaults; where only some entries are broken, the others are
        kept. Of a file of a later version what is known is used, and the rest is kept for that version.
        """
        try:
            raw = _object(read_plain(self._path))
            settings, lost = _parsed(raw)
            # What nests too deep for this could not be written back later either.
            without = without_secrets(raw)
        except FileNotFoundError:
            return Settings(), None
        except (OSError, ValueError, RecursionError) as error:
            return Settings(), self._kept_aside(
                "The settings could not be read; the program starts without them.", error
            )
        if _version(raw) > VERSION:
            return self._of_a_later_version(raw, without, settings)
        if not lost:
            self._unread = Unread(raw, settings)
            return settings, None
        problem = self._kept_aside(f"{text.count(lost, 'saved entry', 'saved entries')} could not be read.")
        # The file has been renamed: without this the good entries would be gone at the next start.
        try:
            self.save(settings)
        except ConfirmdeskError as error:
            log.warning("%s", error.problem.text())
        return settings, problem

    def _of_a_later_version(
        self, raw: dict[str, object], without: dict[str, object], settings: Settings
    ) -> tuple[Settings, Problem | None]:
        """Whoever goes back to an older program is told once, and finds everything when they come forward again."""
        self._unread, version = Unread(raw, settings), _version(raw)
        if settings.told_version >= version:
            return settings, None
        copy = self._path.with_name(f"{self._path.name}.version-{version}")
        try:
            write_atomically(copy, json.dumps(without, ensure_ascii=False, indent=2) + "\n")
            kept = f"A copy of them as they were is {copy}."
        except OSError as error:
            kept = f"No copy of them could be made: {error.strerror}."
        problem = Problem(
            f"These settings were last saved by a later version of {product.NAME}.",
            "This older one uses what it knows of them and keeps the rest for the later one. What only that one knows "
            f"has no effect until it is used again. {kept}",
        )
        return replace(settings, told_version=version), problem

    def peek(self) -> Settings:
        """The settings for somebody who only looks: nothing is kept aside, and what is broken reads as the defaults."""
        try:
            return _parsed(_object(read_plain(self._path)))[0]
        except (OSError, ValueError, RecursionError):
            return Settings()

    def save(self, settings: Settings) -> None:
        """Writes all of `settings` in one step, 0600. Raises ConfirmdeskError."""
        if self._unsaved_original:
            raise failure(
                f"The settings were not saved: {self._path} could not be read, and saving would overwrite it.",
                "Move that file away and start the program again.",
            )
        content = self._unread.beside(settings, _PARSERS)
        content = {**content, "version": max(VERSION, _version(content))}
        try:
            make_private_directory(self._path.parent)
            write_atomically(self._path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
        except OSError as error:
            raise failure(
                f"The settings could not be saved to {self._path}.",
                "Make sure that the disk is not full and that this account may write there.",
                f"{type(error).__name__}: {error.strerror}",
            ) from None
        self._unread = Unread(content, settings)

    def _kept_aside(self, sentence: str, cause: Exception | None = None) -> Problem:
        details = _told_of(cause) if cause else ""
        try:
            kept = set_aside(self._path, datetime.now().astimezone())
        except OSError:
            self._unsaved_original = True
            return Problem(sentence, f"The file stays at {self._path}; move it away to save new settings.", details)
        return Problem(sentence, f"Nothing is lost: the file was kept as {kept}.", details)


def _told_of(cause: Exception) -> str:
    return cause.problem.sentence if isinstance(cause, NotPlainFileError) else type(cause).__name__


def _object(content: str) -> dict[str, object]:
    """The object with a version that `content` spells. Raises ValueError."""
    raw = json.loads(content)
    if not isinstance(raw, dict) or type(raw.get("version")) is not int:
        raise ValueError("no version")
    return raw


def _version(raw: dict[str, object]) -> int:
    version = raw.get("version", 0)
    return version if isinstance(version, int) else 0


def _parsed(raw: dict[str, object]) -> tuple[Settings, int]:
    """The settings in `raw` and how many of its entries were broken."""
    connections, lost_connections = _each(raw.get("connections", []), connection_from)
    templates, lost_templates = _each(raw.get("templates", []), _template)
    # A file of an older version has none.
    networks, lost_networks = _each([raw.get("network", {})], network_from)
    theme, told = raw.get("theme"), raw.get("told_version")
    return Settings(
        connections,
        _text_or_empty(raw.get("last_connection")),
        theme if theme in THEMES else "system",
        templates,
        _text_or_empty(raw.get("window")),
        _record(raw.get("record")),
        view_from(raw.get("view")),
        networks[0] if networks else Network(),
        # A date that cannot be read is forgotten: nobody misses it.
        _each(raw.get("worked", []), _worked)[0],
        told if type(told) is int else 0,
        _text_or_empty(raw.get("told_place")),
    ), lost_connections + lost_templates + lost_networks


def _each(raw: object, parse: Callable[[object], T]) -> tuple[tuple[T, ...], int]:
    if not isinstance(raw, list):
        return (), 1
    good: list[T] = []
    for entry in raw:
        try:
            good.append(parse(entry))
        except (ValueError, TypeError):
            continue
    return tuple(good), len(raw) - len(good)


def _record(raw: object) -> RecordMark:
    if not isinstance(raw, dict) or type(raw.get("steps")) is not int:
        return RecordMark()
    return RecordMark(_text_or_empty(raw.get("id")), raw["steps"])


def _worked(raw: object) -> WorkedSecret:
    if not isinstance(raw, dict) or not isinstance(raw.get("slot"), dict) or not isinstance(raw.get("at"), int | float):
        raise TypeError("not a date of a secret")
    slot = raw["slot"]
    return WorkedSecret(SecretSlot(*(_text(slot.get(field.name)) for field in fields(SecretSlot))), float(raw["at"]))


def _text_or_empty(raw: object) -> str:
    return raw if isinstance(raw, str) else ""


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise TypeError("not a text")
    return raw


def _template(raw: object) -> Template:
    if not isinstance(raw, dict) or not isinstance(raw.get("rows"), list):
        raise TypeError("not a template")
    return Template(_text(raw.get("name")), tuple((_text(key), _text(value)) for key, value in raw["rows"]))


# What the lists of the file hold.
_PARSERS: dict[str, Callable[[object], object]] = {"connections": connection_from, "templates": _template}
