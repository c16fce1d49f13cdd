from dataclasses import replace

import pytest
from on_screen import wait_loaded
from PySide6.QtCore import QCoreApplication, QEvent

from confirmdesk.core.connections.connection import Connection


@pytest.fixture(autouse=True)
def _last_windows_gone() -> None:
    """What pytest-qt lets be deleted later waits for an event loop; till then each theme would dress it once more."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def newsletter(practice):
    """A connection to the practice server's other pool, with six people."""
    pool = practice.pools[1]
    client = pool.clients[0].client_id
    return Connection("Newsletter", pool.region, pool.pool_id, client, endpoint=practice.endpoint, needs_secret=False)


@pytest.fixture
def two(qtbot, make_window, practice_session, newsletter):
    """The practice shop and the newsletter, the shop in front."""
    shop = practice_session.settings.connections[0]
    practice_session.put_connection(newsletter)
    practice_session.change(replace(practice_session.settings, last_connection=shop.name))
    window = make_window(practice_session)
    wait_loaded(qtbot, window)
    return window
