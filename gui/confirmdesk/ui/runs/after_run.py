"""Who of a run has confirmed since."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Problem
from confirmdesk.ui.session import Session


def count_confirmed(
    owner: QWidget,
    session: Session,
    connection: Connection,
    served: set[str],
    done: Callable[[int], None],
    failed: Callable[[Problem], None],
) -> None:
    """How many of `served` are no longer unconfirmed: the list is read once more and subtracted.

    It costs nothing; AdminGetUser would bill each active user.
    """

    def job() -> int:
        from confirmdesk.core.cognito.control import Control, pages

        listed = pages(Control(session.aws, connection), "", lambda: False)
        return len(served - {user.username for page in listed for user in page.users})

    session.tasks.run(owner, job, done, failed)
