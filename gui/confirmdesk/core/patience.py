"""Waiting for what may never answer: a keyring, a network drive."""

import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def bounded(job: Callable[[], T], seconds: float, otherwise: T) -> T:
    """What `job` returns, or `otherwise` if that takes longer than `seconds`: then it goes on behind the scenes.
    `job` must not raise."""
    results: list[T] = []
    worker = threading.Thread(target=lambda: results.append(job()), name="bounded", daemon=True)
    worker.start()
    worker.join(seconds)
    return results[0] if results else otherwise
