"""Waiting for what may never answer: a keyring, a network drive."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Asked(Generic[T]):
    """`job` at work from now on, behind the scenes, while its caller does something else. `job` must not raise."""

    def __init__(self, job: Callable[[], T]) -> None:
        self._results: list[T] = []
        self._began = time.monotonic()
        self._worker = threading.Thread(target=lambda: self._results.append(job()), name="bounded", daemon=True)
        self._worker.start()

    def answer(self, seconds: float, otherwise: T) -> T:
        """What `job` returns, or `otherwise` if it takes longer than `seconds` in all: then it goes on."""
        self._worker.join(max(0.0, self._began + seconds - time.monotonic()))
        return self._results[0] if self._results else otherwise


def bounded(job: Callable[[], T], seconds: float, otherwise: T) -> T:
    """What `job` returns, or `otherwise` if that takes longer than `seconds`: then it goes on behind the scenes.
    `job` must not raise."""
    return Asked(job).answer(seconds, otherwise)
