"""The program that a profile names for its keys (credential_process): run here, for botocore waits without an end.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from confirmdesk.core.aws.deadlines import OverdueError, call_under_way
from confirmdesk.core.aws.failures import (
    KeysExpiredError,
    NoKeysError,
    ProgramFailedError,
    ProgramMissingError,
    ProgramOverdueError,
)
from confirmdesk.core.text import plain

# In seconds. It may ask somebody for a PIN.
PROGRAM_LIMIT = 60.0
# In characters, of what it complains.
COMPLAINT = 600
# Keys without an end are asked for once, as botocore does it.
_NEVER = "2999-01-01T00:00:00Z"


def keys_of(command: str, limit: float = PROGRAM_LIMIT) -> dict[str, str | None]:
    """What botocore wants to know of the keys that the program `command` writes.

    Raises one of `failures`; what the program writes to its output is in none of them, for that holds keys.
    """
    status, output, complaint = _run(command, limit)
    if status:
        raise ProgramFailedError(complaint)
    try:
        answer = json.loads(output)
        keys = {
            "access_key": str(answer["AccessKeyId"]),
            "secret_key": str(answer["SecretAccessKey"]),
            "token": answer.get("SessionToken"),
            "expiry_time": answer.get("Expiration") or _NEVER,
            "account_id": answer.get("AccountId"),
        }
        expired = datetime.fromisoformat(keys["expiry_time"]) <= datetime.now(UTC)
        fit = answer["Version"] == 1
    except (ValueError, TypeError, KeyError, AttributeError):
        fit = expired = False
    if not fit:
        raise NoKeysError(complaint)
    if expired:
        raise KeysExpiredError(complaint)
    return keys


def _run(command: str, limit: float) -> tuple[int, bytes, str]:
    program = _started(command)
    call = call_under_way()
    if call:
        # Nobody waits any more: the window closes.
        call.when_shut(lambda: _end(program))
    try:
        output, complaint = program.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        _end(program)
        program.wait()
        raise ProgramOverdueError from None
    if call and call.is_shut:
        raise OverdueError
    return program.returncode, output, plain(complaint[:COMPLAINT].decode(errors="replace").strip(), COMPLAINT)


def _started(command: str) -> subprocess.Popen[bytes]:
    from botocore.compat import compat_shell_split

    # A group of its own can be ended with all that it has started; and no black window flashes up.
    own: dict[str, Any] = {"start_new_session": True}
    if sys.platform == "win32":
        own = {"creationflags": subprocess.CREATE_NO_WINDOW}
    pipe = subprocess.PIPE
    try:
        words = compat_shell_split(command)
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, **own)  # noqa: S603 as AWS has it: whoever writes the profile names the program
    except (OSError, ValueError, IndexError) as error:
        raise ProgramMissingError(getattr(error, "strerror", None) or "") from None


def _end(program: subprocess.Popen[bytes]) -> None:
    # The number of one that has ended may be another program's by now.
    if program.returncode is not None:
        return
    with suppress(OSError):
        if sys.platform == "win32":
            program.kill()
        else:
            os.killpg(program.pid, signal.SIGKILL)
