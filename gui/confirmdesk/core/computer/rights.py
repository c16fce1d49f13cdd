"""Other accounts of this computer at the program's data: they have no business there."""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from confirmdesk.core import product
from confirmdesk.core.computer.files import open_plain
from confirmdesk.core.computer.paths import Places
from confirmdesk.core.errors import Problem

_OTHERS, _WRITE = stat.S_IRWXG | stat.S_IRWXO, stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class _Open:
    """`path`, with the rights that others have there and that they should not have; the `telling` ones matter so much
    that somebody has to hear of them."""

    path: Path
    mode: int
    too_much: int
    telling: int


def close_to_others(places: Places) -> Problem | None:
    """Takes away from others the right to write to the data directory and every right to the files in it, where they
    are this account's. What must be told: that they could change something, or read the ledger. None where all was
    well, and on Windows, where each account's own data directory is closed by the system. Raises nothing."""
    opened = _found(places) if os.name == "posix" else []
    closed = {one.path for one in opened if _closed(one)}
    found = [one for one in opened if one.too_much & one.telling]
    if not found:
        return None
    left = [one for one in found if one.path not in closed]
    could = "read or change" if any(one.too_much & _WRITE for one in found) else "read"
    return Problem(
        f"Others on this computer {'can' if left else 'could'} {could} what {product.NAME} keeps in {places.data}.",
        _LEFT if left else _MENDED,
        "\n".join(f"{one.path} had the mode {stat.S_IMODE(one.mode):04o}" for one in found),
    )


_MENDED = (
    "That is mended: only your account can now. If somebody else uses this computer, look into the connections and the "
    "history whether they are as you know them."
)
_LEFT = (
    "It could not be mended. Ask an administrator to give the directory and the files in it to your account alone, or "
    "start the program with --data-dir and another directory."
)


def _found(places: Places) -> list[_Open]:
    # Copies of settings and ledger that were kept aside, and older logs, begin with these names too.
    ours = tuple(path.name for path in (places.settings_file, places.ledger_file, places.log_file))
    try:
        files = sorted(path for path in places.data.iterdir() if path.name.startswith(ours))
        modes = {path: os.lstat(path).st_mode for path in files}
        directory = os.stat(places.data).st_mode
    except OSError:  # for whoever opens them to tell
        return []
    # Settings and log hold nothing that others may not know; the ledger has who was sent what.
    looked = [
        _Open(path, mode, mode & _OTHERS, _OTHERS if path.name.startswith(places.ledger_file.name) else _WRITE)
        for path, mode in modes.items()
        if stat.S_ISREG(mode)
    ]
    looked.append(_Open(places.data, directory, directory & _WRITE, _WRITE))
    return [one for one in looked if one.too_much]


def _closed(one: _Open) -> bool:
    """Whether the rights could be taken away."""
    # A sticky directory is made for everybody, as /tmp.
    if one.mode & stat.S_ISVTX:
        return False
    try:
        if os.stat(one.path).st_uid == os.getuid():
            _close(one)
        # Some file systems have no rights, and don't say so.
        return not os.stat(one.path).st_mode & one.too_much
    except OSError:
        return False


def _close(one: _Open) -> None:
    mode = stat.S_IMODE(one.mode) & ~one.too_much
    if stat.S_ISDIR(one.mode):
        one.path.chmod(mode)
        return
    handle = open_plain(one.path, os.O_RDONLY)
    try:
        os.fchmod(handle, mode)
    finally:
        os.close(handle)
