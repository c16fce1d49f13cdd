"""AWS's two files of this computer, read section by section: a flaw costs the profiles that it touches, and no other.

botocore reads all of a file or nothing.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from configparser import DuplicateOptionError, MissingSectionHeaderError, ParsingError, RawConfigParser
from configparser import Error as NotIni
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeAlias

from confirmdesk.core.text import plain

Section: TypeAlias = dict[str, Any]
Sections: TypeAlias = dict[str, Section]

# A header may hold anything but must end; the name of a profile stands behind the word, in quotation marks or not.
_NAME = re.compile(r"\[*\s*(?:profile\s+)?(?P<kind>(?:sso-session|services)\s+)?[\"']?(?P<name>[^\]\"']*)")
_SIGN_IN = "sso-session "
# In bytes. Thousands of profiles are a tenth of it.
LONGEST_FILE = 10_000_000


class Fault(StrEnum):
    """What is wrong, as the end of a sentence that begins with the place."""

    UTF_16 = "is saved as UTF-16; other programs cannot read it, so save it as UTF-8"
    BYTE_ORDER_MARK = "begins with a byte order mark; other programs cannot read it, so save it as UTF-8 without one"
    NOT_UTF_8 = "has letters that are not UTF-8; save the file as UTF-8"
    BROKEN_HEADER = "begins a section, but not in the form [profile name]"
    NO_SECTION = "stands before the first section"
    NO_SETTING = "is no setting of the form name = value"
    SECTION_TWICE = "begins a section that is there already"
    KEY_TWICE = "sets what its section has set already"
    UNREADABLE = "cannot be read"

    @property
    def is_harmless(self) -> bool:
        """Whether all is understood here nevertheless."""
        return self in (Fault.UTF_16, Fault.BYTE_ORDER_MARK, Fault.NOT_UTF_8)


@dataclass(frozen=True, slots=True)
class Flaw:
    """`line` is counted from 1, and 0 where it is the whole file. `section` is the profile that is lost by it, or the
    `sso-session NAME`; "" where that cannot be told."""

    file: Path
    line: int
    fault: Fault
    section: str = ""

    @property
    def is_of_unknown(self) -> bool:
        """Whether what it costs can be guessed at most."""
        return not self.section or self.fault is Fault.BROKEN_HEADER

    @property
    def cost(self) -> str:
        """What follows from it for whoever chooses a profile, as a sentence; "" where nothing does."""
        if self.fault.is_harmless or not self.section:
            return ""
        sign_in = self.section.removeprefix(_SIGN_IN)
        lost = f"profile “{self.section}” is" if sign_in == self.section else f"profiles of the sign-in “{sign_in}” are"
        return f"The {lost} not used until it is corrected."

    def __str__(self) -> str:
        where = plain(str(self.file), 200)
        return f"{f'Line {self.line} of {where}' if self.line else where} {self.fault}."


@dataclass(frozen=True, slots=True)
class ProfileFiles:
    """`settings` is what botocore makes of the first file's sound sections, `keys` are those of the second."""

    settings: Section
    keys: Sections
    flaws: tuple[Flaw, ...] = ()

    @property
    def profiles(self) -> Sections:
        """By name, with the keys of both files."""
        merged = {name: dict(section) for name, section in self.settings.get("profiles", {}).items()}
        for name, section in self.keys.items():
            merged.setdefault(name, {}).update(section)
        return merged

    def flaw_of(self, profile: str) -> Flaw | None:
        """What keeps `profile` from being used: in its own section, or in one that it refers to."""
        harmful = [flaw for flaw in self.flaws if not flaw.fault.is_harmless]
        profiles, seen = self.profiles, set[str]()
        while profile and profile not in seen:
            seen.add(profile)
            section = profiles.get(profile)
            names = (profile, f"{_SIGN_IN}{section.get('sso_session')}") if section else (profile,)
            own = next((flaw for flaw in harmful if flaw.section in names and flaw.section), None)
            if own or section is None:
                # It may stand where nobody can tell whose lines they are.
                return own or next((flaw for flaw in harmful if flaw.is_of_unknown), None)
            profile = str(section.get("source_profile") or "")
        return None


NO_FILES = ProfileFiles({}, {})


def read_profile_files(config: str, credentials: str) -> ProfileFiles:
    """What stands in the files at these places; none, and a file that is not there, is an empty one. Raises nothing."""
    from botocore.configloader import build_profile_map

    sections, flaws = _read(config)
    keys, more = _read(credentials)
    lost = {flaw.section for flaw in (*flaws, *more) if not flaw.fault.is_harmless}
    settings: Section = build_profile_map(sections)
    for name in lost:
        settings["profiles"].pop(name, None)
        keys.pop(name, None)
    return ProfileFiles(settings, keys, (*flaws, *more))


def _read(place: str) -> tuple[Sections, list[Flaw]]:
    file = Path(os.path.expanduser(os.path.expandvars(place)))
    try:
        if not place or not file.exists():
            return {}, []
        data = _bytes(file)
    except (OSError, ValueError):
        return {}, [Flaw(file, 0, Fault.UNREADABLE)]
    text, flaws = _decoded(file, data)
    sections: Sections = {}
    for first, chunk in _chunks(text):
        found, flaw = _parsed(file, first, chunk)
        for header, section in found.items():
            if header in sections:
                flaw = flaw or Flaw(file, first, Fault.SECTION_TWICE, _name_in(header))
            sections[header] = section
        flaws += [flaw] if flaw else []
    return {header: section for header, section in sections.items() if not _is_lost(header, flaws)}, flaws


def _bytes(file: Path) -> bytes:
    # A pipe without a writer would keep a plain open() waiting for ever, and a device has no end.
    flags = getattr(os, "O_NONBLOCK", 0)
    with open(file, "rb", opener=lambda name, mode: os.open(name, mode | flags)) as opened:
        return opened.read(LONGEST_FILE)


def _is_lost(header: str, flaws: list[Flaw]) -> bool:
    return any(flaw.section == _name_in(header) for flaw in flaws if not flaw.fault.is_harmless)


def _decoded(file: Path, data: bytes) -> tuple[str, list[Flaw]]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace"), [Flaw(file, 0, Fault.UTF_16)]
    flaws = [Flaw(file, 1, Fault.BYTE_ORDER_MARK)] if data.startswith(codecs.BOM_UTF8) else []
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode(), flaws
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return data.decode("latin-1"), [*flaws, Flaw(file, line, Fault.NOT_UTF_8)]


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """What stands from one header to the next, each with the number of its first line."""
    first, lines = 1, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("[") and lines:
            yield first, "\n".join(lines)
            first, lines = number, []
        lines.append(line)
    yield first, "\n".join(lines)


def _parsed(file: Path, first: int, chunk: str) -> tuple[Sections, Flaw | None]:
    header = chunk.partition("\n")[0]
    name = _name_in(header) if header.startswith("[") else ""
    parser = RawConfigParser()
    try:
        parser.read_string(chunk)
        return {header: _nested(dict(parser.items(header))) for header in parser.sections()}, None
    except MissingSectionHeaderError as error:
        broken = Fault.BROKEN_HEADER if header.startswith("[") else Fault.NO_SECTION
        return {}, Flaw(file, first + error.lineno - 1, broken, name)
    except DuplicateOptionError as error:
        return {}, Flaw(file, first + (error.lineno or 1) - 1, Fault.KEY_TWICE, name)
    except ParsingError as error:
        line = error.errors[0][0] if error.errors else 1
        return {}, Flaw(file, first + line - 1, Fault.NO_SETTING, name)
    except (NotIni, ValueError):
        return {}, Flaw(file, first, Fault.NO_SETTING, name)


def _nested(section: Section) -> Section:
    """As botocore has it: indented lines below a name are settings of their own. Raises ValueError."""
    return {
        name: dict(_pair(line) for line in value.splitlines() if line.strip()) if value.startswith("\n") else value
        for name, value in section.items()
    }


def _pair(line: str) -> tuple[str, str]:
    name, value = line.split("=", 1)
    return name.strip(), value.strip()


def _name_in(header: str) -> str:
    match = _NAME.match(header)
    return f"{match['kind'] or ''}{match['name']}".strip() if match else ""
