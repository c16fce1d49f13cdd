"""Starts the measuring processes and reads their answers, one JSON line each."""

import json
import os
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from parent import HEADERS

from confirmdesk.core.computer.paths import find_places
from confirmdesk.core.computer.settings import Settings, SettingsFile
from confirmdesk.core.connections.connection import Connection
from confirmdesk.practice.launch import PracticeServer

HERE = Path(__file__).parent
PATIENCE = 180
SAVED = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "1example23456789")


def start_seconds(script: str, bytecode: str) -> float:
    """How long `script` takes from the start of its process until it says that its window is painted; as on an
    ordinary day, with a saved connection. `bytecode` is a directory that keeps compiled modules from start to start."""
    with TemporaryDirectory() as directory:
        settings = Settings(connections=(SAVED,), last_connection=SAVED.name)
        SettingsFile(find_places(Path(directory)).settings_file).save(settings)
        began = time.perf_counter()
        with _spawn(script, [directory], PYTHONPYCACHEPREFIX=bytecode, PYTHONDONTWRITEBYTECODE="") as process:
            said = process.stdout.readline()
            taken = time.perf_counter() - began
            process.communicate(timeout=PATIENCE)
    assert said == "painted\n", f"{script}: {said or 'nothing painted'}"
    assert process.returncode == 0, f"{script} failed"
    return taken


def ask_once(script: str, server: PracticeServer | None, *arguments: str) -> dict[str, Any]:
    """Run `script` on the pools of `server` and return its answer."""
    with _spawn(script, [*_connections(server), *arguments], **_headers(server)) as process:
        answer, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, f"{script} failed"
    return json.loads(answer.splitlines()[-1])


class Child:
    """A process that measures one round whenever it is asked."""

    def __init__(self, script: str, server: PracticeServer) -> None:
        self._process = _spawn(script, _connections(server), **_headers(server))

    def wait_until_ready(self) -> None:
        assert self._read() == "ready"

    def round(self) -> dict[str, dict[str, float]]:
        self._process.stdin.write("round\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        line = self._process.stdout.readline()
        assert line, f"{self._process.args} ended early"
        return json.loads(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=PATIENCE)


def _spawn(script: str, arguments: list[str], **more: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / script), *arguments]
    # Qt's offscreen platform says at each window what it cannot do.
    environment = os.environ | {"QT_LOGGING_RULES": "default.warning=false"} | more
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)


def _connections(server: PracticeServer | None) -> list[str]:
    """The large pool, and a small one to warm up with: no client is made, nothing imported for the first time."""
    if server is None:
        return []
    large, small = server.pools[0], server.pools[1]
    made = [
        Connection(pool.name, pool.region, pool.pool_id, pool.clients[0].client_id, endpoint=server.endpoint)
        for pool in (large, small)
    ]
    return [json.dumps([asdict(connection) for connection in made])]


def _headers(server: PracticeServer | None) -> dict[str, str]:
    """What lets a child in at the server; command lines are for everybody to read."""
    return {HEADERS: json.dumps(dict(server.headers))} if server else {}
