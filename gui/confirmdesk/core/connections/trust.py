"""Who else can change a file. Everything on the way to it has a say, from the root down and along every link: who may
write to a folder above takes away what is there and puts something else in its place.
"""

import errno
import os
import stat
from collections.abc import Collection
from pathlib import Path

from confirmdesk.core.errors import Problem

ROOT = 0
# As many as Linux follows.
LINKS = 40


def opening(path: Path, accounts: Collection[int]) -> Problem | None:
    """What lets somebody other than `accounts` (numbers of the system's) change `path`, the first on the way to it;
    None where nothing does, and on Windows, where rights are not told in so few bits.

    Sticky folders, as /tmp, count as closed: in them everybody changes only what is their own. Raises OSError.
    """
    if os.name != "posix":
        return None
    at, links = Path("/"), 0
    ahead = list(reversed(path.absolute().parts[1:]))
    found = _opening_of(at, os.lstat(at), accounts)
    while ahead and not found:
        if (part := ahead.pop()) == "..":
            at = at.parent
            continue
        step = at / part
        facts = os.lstat(step)
        found = _opening_of(step, facts, accounts)
        if not stat.S_ISLNK(facts.st_mode):
            at = step
            continue
        if (links := links + 1) > LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
        target = os.readlink(step)
        at = Path("/") if target.startswith("/") else at
        ahead += [part for part in reversed(target.split("/")) if part not in ("", ".")]
    return found


def _opening_of(path: Path, facts: os.stat_result, accounts: Collection[int]) -> Problem | None:
    if facts.st_uid not in accounts:
        who = "belongs neither to an administrator nor to you" if len(accounts) > 1 else "belongs to no administrator"
        return Problem(f"{path} {who}.", "Let an administrator own it.")
    mode = facts.st_mode
    # A link has no rights of its own, whatever its bits say.
    if stat.S_ISLNK(mode) or (stat.S_ISDIR(mode) and mode & stat.S_ISVTX):
        return None
    if mode & stat.S_IWOTH:
        return Problem(f"Anybody on this computer may write to {path}.", _CLOSE_IT)
    if mode & stat.S_IWGRP:
        return Problem(f"A whole group may write to {path}.", _CLOSE_IT)
    return None


_CLOSE_IT = "Take the right to write away from others."
