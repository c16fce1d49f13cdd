"""The program that a profile names for its keys (credential_process): run here, for botocore waits without an end.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from confirmdesk.core.aws.deadlines import call_under_way
from confirmdesk.core.aws.failures import (
    KeysExpiredError,
    NoKeysError,
    ProgramFailedError,
    ProgramMissingError,
    ProgramOverdueError,
    SignInCancelledError,
)
from confirmdesk.core.aws.questions import FindQuestions, NobodyThere, ProgramWait
from confirmdesk.core.other_programs import environment_for_others
from confirmdesk.core.text import plain

# In seconds. It may ask somebody for a PIN.
PROGRAM_LIMIT = 60.0
# In seconds: until somebody is told, and between two looks.
PATIENCE, SLICE = 5.0, 0.1
# In bytes, of what it writes: keys are some hundreds.
LONGEST_OUTPUT = 1_000_000
# In characters, of what it complains.
COMPLAINT = 600
LONGEST_NAME = 60
# Keys without an end are asked for once, as botocore does it.
_NEVER = "2999-01-01T00:00:00Z"


def keys_of(
    command: str, questions: FindQuestions = NobodyThere, limit: float = PROGRAM_LIMIT, patience: float = PATIENCE
) -> dict[str, str | None]:
    """What botocore wants to know of the keys that the program `command` writes. After `patience` seconds somebody is
    told that it is waited for, and may cancel it; after `limit` it is ended.

    Raises one of `failures`; what the program writes to its output is in none of them, for that holds keys.
    """
    status, output, complaint = _run(command, questions, limit, patience)
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
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        fit = expired = False
    if not fit:
        raise NoKeysError(complaint)
    if expired:
        raise KeysExpiredError(complaint)
    return keys


def _run(command: str, questions: FindQuestions, limit: float, patience: float) -> tuple[int, bytes, str]:
    words = _words(command)
    program = _started(words)
    wait = ProgramWait(_name_of(words[0]))
    if call := call_under_way():
        # Nobody waits any more: the window closes, and perhaps nobody is left to look.
        call.when_shut(wait.cancel)
        call.when_shut(lambda: _end(program))
    try:
        output, complaint = _outcome(program, wait, questions, limit, patience)
    except BaseException:
        _end(program)
        program.wait()
        raise
    finally:
        questions().take_back(wait)
    return program.returncode, output, plain(complaint[:COMPLAINT].decode(errors="replace").strip(), COMPLAINT)


def _outcome(
    program: subprocess.Popen[bytes], wait: ProgramWait, questions: FindQuestions, limit: float, patience: float
) -> tuple[bytes, bytes]:
    began, told = time.monotonic(), False
    while not wait.cancelled:
        # In slices: what it has started may hold its output open after its end, and that wait cannot be woken.
        try:
            return program.communicate(timeout=SLICE)
        except subprocess.TimeoutExpired as slow:
            if len(slow.output or b"") + len(slow.stderr or b"") > LONGEST_OUTPUT:
                raise NoKeysError from None
        waited = time.monotonic() - began
        if waited > limit:
            raise ProgramOverdueError
        if waited > patience and not told:
            told = True
            questions().tell_waiting(wait)
    raise SignInCancelledError


def _words(command: str) -> list[str]:
    from botocore.compat import compat_shell_split

    try:
        words: list[str] = compat_shell_split(command)
    except ValueError:
        words = []
    if not words:
        raise ProgramMissingError
    return words


def _name_of(program: str) -> str:
    """As people call it."""
    return plain(re.sub(r"(?i)\.(exe|cmd|bat)$", "", re.split(r"[/\\]", program)[-1]), LONGEST_NAME)


def _started(words: list[str]) -> subprocess.Popen[bytes]:
    # A group of its own can be ended with all that it has started; and no black window flashes up.
    own: dict[str, Any] = {"start_new_session": True, "env": environment_for_others()}
    if sys.platform == "win32":
        own = {"creationflags": subprocess.CREATE_NO_WINDOW}
    pipe = subprocess.PIPE
    try:
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, **own)  # noqa: S603 as AWS has it: whoever writes the profile names the program
    except (OSError, ValueError) as error:
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
