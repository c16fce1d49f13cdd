"""A connection on its way to others, as a file that connections.d takes. Its secret stays where it is."""

import json
import re
from dataclasses import fields
from pathlib import Path

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import failure
from confirmdesk.core.text import plain

# What is told also where it is as usual: whoever reads the file wonders about it.
_TOLD = ("name", "region", "pool_id", "client_id", "environment")


def preset_text(connection: Connection) -> str:
    """The file's content: the fields of a connection, without those that are as usual. None of them is a secret."""
    usual = Connection("", "", "", "")
    said = {field.name: getattr(connection, field.name) for field in fields(connection)}
    kept = {key: value for key, value in said.items() if key in _TOLD or value != getattr(usual, key)}
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def preset_file_name(connection: Connection) -> str:
    """A name for that file which every system takes."""
    words = re.findall(r"[a-z\d]+", connection.name.casefold())
    return f"50-{'-'.join(words)[:60] or 'connection'}.json"


def save_preset(connection: Connection, file: Path) -> None:
    """Write it to `file`, for others to read. Raises ConfirmdeskError."""
    try:
        file.write_text(preset_text(connection), encoding="utf-8")
    except OSError as error:
        raise failure(
            f"The preset file could not be written to {file.name}.", "Choose another folder.", str(error)
        ) from None


def where_it_goes(file: Path) -> str:
    """What whoever hands `file` on has to say with it."""
    return (
        f"Saved as {plain(str(file), 400)}. Whoever gets it gives it to their administrator, who puts it into "
        "/etc/confirmdesk/connections.d on Linux, %PROGRAMDATA%\\Confirmdesk\\connections.d on Windows or "
        "/Library/Application Support/Confirmdesk/connections.d on macOS. The client secret is not in it: each person "
        "enters it once."
    )
