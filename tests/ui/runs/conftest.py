import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from confirmdesk.core.ledger.file import LedgerFile
from confirmdesk.core.ledger.ledger import Ledger


class WatchedFile(LedgerFile):
    """Remembers who waited for the disk, and lets the disk be slow."""

    def __init__(self, path):
        self.threads = set()
        self.quick = threading.Event()
        self.quick.set()
        super().__init__(path)

    def read(self, *asked):
        self.threads.add(threading.current_thread())
        self.quick.wait()
        return super().read(*asked)

    def write(self, *statements):
        self.quick.wait()
        return super().write(*statements)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing is read or written meanwhile."""
        self.quick.clear()
        try:
            yield
        finally:
            self.quick.set()


@pytest.fixture
def file(tmp_path):
    made = WatchedFile(tmp_path / "ledger.sqlite3")
    yield made
    made.close()


@pytest.fixture
def ledger(file):
    return Ledger(file)
