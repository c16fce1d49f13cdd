import pytest
from PySide6.QtCore import QCoreApplication, QEvent


@pytest.fixture(autouse=True)
def _last_windows_gone() -> None:
    """What pytest-qt lets be deleted later waits for an event loop; till then each theme would dress it once more."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
