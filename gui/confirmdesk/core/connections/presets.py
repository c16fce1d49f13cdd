"""Connections that IT presets for everybody on a computer: JSON files in a directory, read at start, never written.

A file holds one connection as an object, or a list of them, with the field names of `Connection`. An object may set the
proxy and the certificates of all of them instead.
"""

import json
import os
import stat
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from confirmdesk.core import text
from confirmdesk.core.connections.connection import FIELDS, PRODUCTION, Connection, connection_from, problems, tidy
from confirmdesk.core.connections.network import NETWORK_KEYS, NetworkPreset, network_preset_from
from confirmdesk.core.connections.trust import ROOT, opening
from confirmdesk.core.errors import Problem
from confirmdesk.core.patience import bounded

DIRECTORY = "connections.d"
# Bytes of a file, files of a directory, and seconds for all: the directory may be a network mount that hangs.
FILE_BYTES, FILES, PATIENCE = 256_000, 200, 1.0
# Letters of a message, and how many messages are shown before the details.
SENTENCE, SHOWN = 400, 3

_NUMBERS = ("per_second", "confirm_above", "cool_down", "largest_run")
_OF_A_PORTAL = ("account_id", "role_name")


@dataclass(frozen=True, slots=True)
class Preset:
    """A connection that is IT's to change, and the name of the file that sets it."""

    connection: Connection
    file: str


@dataclass(frozen=True, slots=True)
class Presets:
    """What was `found` in `directories`, each under a name of its own, what IT has to mend there, and what IT has set
    of the network."""

    directories: tuple[Path, ...] = ()
    found: tuple[Preset, ...] = ()
    problems: tuple[Problem, ...] = ()
    network: NetworkPreset = NetworkPreset()

    def problem(self) -> Problem | None:
        """All problems as one message, for the person who has to pass it on."""
        if not self.problems:
            return None
        lines = [problem.text() for problem in self.problems]
        more = [f"And {len(lines) - SHOWN:,} more, under the details."] if lines[SHOWN:] else []
        return Problem(
            "Some preset connections need mending.",
            "\n\n".join(["Please tell your administrator; everything else works.", *lines[:SHOWN], *more]),
            "\n".join([*map(str, self.directories), "", *lines]),
        )


def preset_directory() -> Path:
    """The directory of this computer's presets. No variable of the environment leads elsewhere: it would plant
    connections that look like IT's."""
    if sys.platform == "win32":
        return program_data() / "Confirmdesk" / DIRECTORY
    if sys.platform == "darwin":
        return Path("/Library/Application Support/Confirmdesk") / DIRECTORY
    return Path("/etc/confirmdesk") / DIRECTORY


def program_data() -> Path:
    """What %PROGRAMDATA% stands for, from Windows itself: anybody can set the variable for a program they start.

    https://learn.microsoft.com/en-us/windows/win32/api/shlobj_core/nf-shlobj_core-shgetfolderpathw
    """
    if sys.platform == "win32":
        import ctypes

        buffer, common_appdata = ctypes.create_unicode_buffer(260), 0x23
        if ctypes.windll.shell32.SHGetFolderPathW(None, common_appdata, None, 0, buffer) == 0:
            return Path(buffer.value)
    return Path("C:\\ProgramData")


def preset_directories(data_dir: Path | None = None) -> tuple[Path, ...]:
    """This computer's directory, and DIR/connections.d where somebody asked for the world in DIR on purpose."""
    own = (data_dir.expanduser().absolute() / DIRECTORY,) if data_dir else ()
    return (preset_directory(), *own)


def load_presets(directories: Sequence[Path]) -> Presets:
    """The presets of `directories`, in the order of the directories and of the file names. Raises nothing, and takes
    PATIENCE seconds at most.

    What is broken costs itself only, and so does what others can change: in this computer's directory everybody but
    administrators, elsewhere everybody but them and this account. Where a name comes twice the first has it. No value
    of a file gets into a message but names and regions.
    """
    places = tuple(directories)
    silent = Problem(
        f"The preset connections in {' and '.join(map(str, places))} could not be read in time.",
        "The disk or the network share does not answer. Start the program again.",
    )
    return bounded(lambda: _read_all(places), PATIENCE, Presets(places, problems=(silent,)))


def beside(found: Sequence[Preset], own: Sequence[Connection]) -> tuple[Connection, ...]:
    """What is offered: the presets, then the `own` connections in their order. A preset has its name; an own
    connection of the same name is called "NAME (own)"."""
    presets = [preset.connection for preset in found]
    names = {c.name for c in presets}
    taken = names | {c.name for c in own}
    offered = list(presets)
    for connection in own:
        if connection.name in names:
            free = (f"{connection.name} (own{'' if n == 1 else f' {n}'})" for n in count(1))
            connection = replace(connection, name=next(name for name in free if name not in taken))
            taken.add(connection.name)
        offered.append(connection)
    return tuple(offered)


def _read_all(directories: tuple[Path, ...]) -> Presets:
    reading = _Reading()
    for directory in directories:
        reading.read_directory(directory, _trusted(directory))
    return Presets(directories, tuple(reading.found), tuple(reading.problems), reading.network)


def _trusted(directory: Path) -> frozenset[int]:
    """The accounts that may preset connections there."""
    if sys.platform == "win32" or directory == preset_directory():
        return frozenset({ROOT})
    return frozenset({ROOT, os.getuid()})


class _Reading:
    """What was read so far."""

    def __init__(self) -> None:
        self.found: list[Preset] = []
        self.network = NetworkPreset()
        self.problems: list[Problem] = []

    def _note(self, sentence: str, hint: str = "") -> None:
        self.problems.append(Problem(text.plain(sentence, SENTENCE), hint))

    def read_directory(self, directory: Path, trusted: frozenset[int]) -> None:
        try:
            # As a shell's *.json: what begins with a dot is a copy that an editor or a file system made.
            names = sorted(n for n in os.listdir(directory) if n.lower().endswith(".json") and not n.startswith("."))
            if names and (found := opening(directory, trusted)):
                self._note(f"{directory} is not used: {found.sentence}", found.hint)
                return
        except FileNotFoundError:
            return
        except OSError as error:
            self._note(f"{directory} could not be read: {error.strerror}.")
            return
        if len(names) > FILES:
            self._note(f"{directory} holds more than {FILES} files; the others are not used.", "Put lists into files.")
        for name in names[:FILES]:
            self._read_file(directory / name, trusted)

    def _read_file(self, path: Path, trusted: frozenset[int]) -> None:
        try:
            if found := opening(path, trusted):
                self._note(f"{path.name} is not used: {found.sentence}", found.hint)
                return
            raw = json.loads(_bytes(path))
        except OSError as error:
            self._note(f"{path.name} could not be read: {error.strerror}.")
        except json.JSONDecodeError as error:
            self._note(f"{path.name} is not JSON: see line {error.lineno}, column {error.colno}.")
        except UnicodeDecodeError:
            self._note(f"{path.name} is not JSON: it is not saved as UTF-8.")
        except RecursionError:
            self._note(f"{path.name} is not JSON that anybody meant: its brackets are too deep.")
        except ValueError as error:
            self._note(f"{path.name} is not used: {error}")
        else:
            for number, entry in enumerate(raw if isinstance(raw, list) else [raw], 1):
                self._read_entry(path.name, f"Entry {number}" if isinstance(raw, list) else "The entry", entry)

    def _read_entry(self, file: str, called: str, raw: object) -> None:
        if isinstance(raw, dict) and isinstance(raw.get("name"), str) and raw["name"].strip():
            called = f"“{text.plain(raw['name'].strip(), 60)}”"
        called = f"{called} in {file}"
        if isinstance(raw, dict) and _is_network(raw):
            self._read_network(file, called, raw)
            return
        try:
            _refuse_secrets(raw)
            connection = _tidy(connection_from(_stripped(raw)))
            _refuse_half_a_portal(connection)
        except ValueError as error:
            self._note(f"{called} is not used: {error}")
            return
        if wrong := problems(connection):
            self._note(f"{called} is not used: {wrong[0].text()}")
        elif any(p.connection.name == connection.name for p in self.found):
            self._note(f"{called} is not used: another preset has the same name.", "Give it a name of its own.")
        else:
            self.found.append(Preset(connection, file))
            assert isinstance(raw, dict)
            self._note_odd(called, raw, connection)

    def _read_network(self, file: str, called: str, raw: dict[str, object]) -> None:
        try:
            told = network_preset_from(raw, file)
        except ValueError as error:
            self._note(f"{called} is not used: {error}")
            return
        for key in (key for key in raw if key not in NETWORK_KEYS):
            self._note(f"{called}: “{text.plain(key, 40)}” is no setting of the network and was left out.")
        before = self.network
        if (told.proxy_file and before.proxy_file) or (told.ca_bundle_file and before.ca_bundle_file):
            self._note(f"{called} sets what another file has set; the first one counts.", "Keep one of them.")
        self.network = NetworkPreset(
            before.over(told.network),
            before.proxy_file or told.proxy_file,
            before.ca_bundle_file or told.ca_bundle_file,
        )

    def _note_odd(self, called: str, raw: dict[str, object], connection: Connection) -> None:
        """The connection works; IT may have meant something else."""
        for key in (key for key in raw if key not in FIELDS):
            self._note(f"{called}: “{text.plain(key, 40)}” is no field of a connection and was left out.")
        for key in _NUMBERS:
            used = getattr(connection, key)
            if key in raw and raw[key] != used:
                self._note(f"{called}: “{key}” is out of range; {used:g} is used.")


def _bytes(path: Path) -> bytes:
    """The content of a regular file of bearable size. Raises OSError, or ValueError with a sentence."""
    # A pipe without a writer would keep a plain open() waiting for ever.
    flags = getattr(os, "O_NONBLOCK", 0)
    with open(path, "rb", opener=lambda name, mode: os.open(name, mode | flags)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("It is not a file.")
        content = file.read(FILE_BYTES + 1)
    if len(content) > FILE_BYTES:
        raise ValueError(f"It is larger than {FILE_BYTES // 1000} KB.")
    return content


def _is_network(raw: dict[str, object]) -> bool:
    return any(key in raw for key in NETWORK_KEYS) and not any(key in raw for key in FIELDS)


def _refuse_secrets(raw: object) -> None:
    for key in raw if isinstance(raw, dict) else ():
        if key not in FIELDS and text.names_a_secret(key):
            raise ValueError(
                f"“{text.plain(key, 40)}” does not belong in a file that others can read. Take it out and replace that "
                "secret: each person keeps it in the keyring, with “Edit…”."
            )


def _refuse_half_a_portal(connection: Connection) -> None:
    """Nobody can choose in a preset: what is not set there stays unset."""
    for key in _OF_A_PORTAL:
        if connection.portal and not getattr(connection, key):
            raise ValueError(f"“{key}” is missing, which belongs to a “start_url”.")


def _stripped(raw: object) -> object:
    """Without blanks around texts, as the form has them: a secret is bound to these very texts."""
    if not isinstance(raw, dict):
        return raw
    return {key: value.strip() if isinstance(value, str) else value for key, value in raw.items()}


def _tidy(connection: Connection) -> Connection:
    connection = tidy(connection)
    # Whoever leaves it empty must not lose the question before a production run.
    return replace(connection, environment=connection.environment or PRODUCTION)
