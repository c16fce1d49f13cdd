"""Whether what the program writes down is still there at the next sign-in. That nobody is sent to twice rests on it."""

import os
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePath

from confirmdesk.core import product
from confirmdesk.core.errors import Problem


class Lasting(StrEnum):
    """How the data directory lies, in the word of `--self-check`."""

    LASTING = "lasting"
    MEMORY = "in memory"
    TEMPORARY = "temporary directory"
    TEMPORARY_PROFILE = "temporary profile"
    MANDATORY = "mandatory profile"
    ROAMING = "roaming profile"
    NETWORK = "network share"


_THEN = f"Then {product.NAME} forgets who was sent a code, and may send somebody a second one."
_WHERE = {
    Lasting.MEMORY: f"in memory, which is empty after the computer was turned off. {_THEN}",
    Lasting.TEMPORARY: f"in a temporary directory, which the system empties. {_THEN}",
    Lasting.TEMPORARY_PROFILE: f"in a temporary profile, which is deleted when you sign out. {_THEN}",
    Lasting.MANDATORY: f"in a mandatory profile, whose changes are dropped when you sign out. {_THEN}",
    Lasting.ROAMING: "in the part of a roaming profile that stays behind: the next computer does not know who was sent "
    "a code from this one, and where profiles are deleted at sign-out neither does this one.",
    Lasting.NETWORK: "on a network share, where locks are not to be relied on: used from two computers it may be "
    "damaged, or somebody be sent two codes.",
}
_HINT = "Tell your IT department: a directory that stays, on this computer and for your account alone, mends it."

# What Linux calls file systems that are in memory, and those that are another computer's.
_IN_MEMORY = frozenset({"tmpfs", "ramfs", "devtmpfs"})
_ELSEWHERE = re.compile(
    r"nfs\d?|cifs|smb\d?|smbfs|ncpfs|afs|ceph|glusterfs|lustre|beegfs|gpfs|davfs"
    r"|fuse\.(sshfs|rclone|gvfsd-fuse|glusterfs|s3fs|davfs2?|ceph)"
)
_EMPTIED_BY_LINUX = ("/tmp", "/var/tmp", "/run", "/dev/shm")  # noqa: S108 nothing is written there
_EMPTIED_BY_MACOS = ("/private/tmp", "/private/var/tmp", "/private/var/folders", "/Users/Guest")
# https://learn.microsoft.com/en-us/windows/win32/api/userenv/nf-userenv-getprofiletype
_PT_TEMPORARY, _PT_ROAMING, _PT_MANDATORY, _PT_ROAMING_PREEXISTING = 1, 2, 4, 8
# https://learn.microsoft.com/en-us/windows/win32/api/fileapi/nf-fileapi-getdrivetypew
_DRIVE_REMOTE, _DRIVE_RAMDISK = 4, 6


@dataclass(frozen=True, slots=True)
class Around:
    """What the system tells: `emptied` are the directories that it empties, `home` is the account's profile.

    `mounts` is Linux's table of file systems, `profile` and `drive` are Windows's own numbers, 0 elsewhere.
    """

    home: PurePath
    emptied: tuple[PurePath, ...] = ()
    mounts: str = ""
    profile: int = 0
    drive: int = 0


def lasting(directory: Path) -> Lasting:
    """How `directory` lies on this computer. A network share may take long to answer; raises nothing."""
    try:
        real = Path(os.path.realpath(directory))
        return how_it_lies(real, _around(real, os.environ))
    except (OSError, ValueError):
        return Lasting.LASTING


def how_it_lies(directory: PurePath, around: Around) -> Lasting:
    """The gravest that `around` tells of `directory`, which no link leads to."""
    file_system = _file_system(directory, around.mounts)
    if directory.is_relative_to(around.home) and (found := _of_profile(around)):
        return found
    if any(directory.is_relative_to(emptied) for emptied in around.emptied):
        return Lasting.TEMPORARY
    if file_system in _IN_MEMORY or around.drive == _DRIVE_RAMDISK:
        return Lasting.MEMORY
    if _ELSEWHERE.fullmatch(file_system) or around.drive == _DRIVE_REMOTE or directory.drive.startswith("\\\\"):
        return Lasting.NETWORK
    roams = around.profile & (_PT_ROAMING | _PT_ROAMING_PREEXISTING)
    return Lasting.ROAMING if roams and directory.is_relative_to(around.home) else Lasting.LASTING


def _of_profile(around: Around) -> Lasting | None:
    if around.profile & _PT_MANDATORY:
        return Lasting.MANDATORY
    # What Windows makes where a profile cannot be loaded.
    called_so = around.home.drive and re.fullmatch(r"(?i)TEMP(\..+)?", around.home.name)
    return Lasting.TEMPORARY_PROFILE if around.profile & _PT_TEMPORARY or called_so else None


def lasting_problem(found: Lasting, directory: Path) -> Problem | None:
    """What to say of it; None where all is well."""
    if found is Lasting.LASTING:
        return None
    return Problem(f"The record of sent codes is kept {_WHERE[found]}", _HINT, str(directory))


def _file_system(directory: PurePath, mounts: str) -> str:
    """The type of the file system that `directory` is on; what was mounted last lies over what was there."""
    found, longest = "", -1
    for line in mounts.splitlines():
        mounted, _, of = line.partition(" - ")
        parts, kinds = mounted.split(), of.split()
        if len(parts) < 5 or not kinds:
            continue
        at = re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), parts[4])
        if directory.is_relative_to(at) and len(at) >= longest:
            found, longest = kinds[0], len(at)
    return found


def _around(directory: Path, environment: Mapping[str, str]) -> Around:
    home = Path(os.path.realpath(Path.home()))
    if sys.platform == "win32":
        profile, drive = _asked_of_windows(directory)
        return Around(home, (Path(os.path.realpath(tempfile.gettempdir())),), profile=profile, drive=drive)
    if sys.platform == "darwin":
        return Around(home, tuple(map(Path, _EMPTIED_BY_MACOS)))
    named = (environment.get("TMPDIR", ""), environment.get("XDG_RUNTIME_DIR", ""))
    emptied = [Path(os.path.realpath(path)) for path in (*_EMPTIED_BY_LINUX, *filter(None, named))]
    # Whoever has their temporary files straight in their home has not all of it emptied.
    emptied = [path for path in emptied if not home.is_relative_to(path) or str(path) in _EMPTIED_BY_LINUX]
    return Around(home, tuple(emptied), Path("/proc/self/mountinfo").read_text(errors="surrogateescape"))


def _asked_of_windows(directory: Path) -> tuple[int, int]:
    """The type of the profile that is loaded, and that of the drive."""
    if sys.platform == "win32":
        import ctypes

        flags = ctypes.c_ulong(0)
        ctypes.windll.userenv.GetProfileType(ctypes.byref(flags))
        return int(flags.value), int(ctypes.windll.kernel32.GetDriveTypeW(directory.anchor))
    return 0, 0
