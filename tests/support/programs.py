"""A Linux desktop's programs, as far as ours asks for them: what opens files, folders and web pages."""

from pathlib import Path

import pytest


class Programs:
    """Its only programs are those that a test puts there; at first there are none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = folder / "seen"

    def put(self, name: str, script: str) -> None:
        (self._folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (self._folder / name).chmod(0o755)

    def put_opener(self, name: str = "xdg-open") -> None:
        """One that opens whatever it is given."""
        self.put(name, f'printf "%s\\n" "$@" >> {self._seen}')

    @property
    def opened(self) -> list[str]:
        return self._seen.read_text().splitlines() if self._seen.exists() else []


@pytest.fixture
def programs(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Programs:
    folder = tmp_path_factory.mktemp("programs")
    monkeypatch.setenv("PATH", str(folder))
    return Programs(folder)
