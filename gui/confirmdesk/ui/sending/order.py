"""An order: everything that a review shows and a run is made of. Prepared in the background; knows no windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import ConfirmdeskError, Problem
from confirmdesk.core.people.past import Past
from confirmdesk.core.sending.mail_day import mail_day
from confirmdesk.core.sending.plan import Plan
from confirmdesk.ui.session import Session

if TYPE_CHECKING:
    from confirmdesk.core.ledger.journal import RunJournal
    from confirmdesk.core.ledger.ledger import Ledger, Operator, Run
    from confirmdesk.core.sending.results import Result

SECRET_MISSING = Problem(
    "This app client needs its client secret, and none is stored on this computer.",
    "Edit the connection and enter the secret, or read it from AWS.",
)
READ_ONLY = "This connection is read-only: it lists people and sends nothing."

MakePlan = Callable[[Past], Plan]


@dataclass(frozen=True, slots=True)
class Order:
    """What is sent to whom, through which connection, by whom. `note` is said above the review's list; `blocked` tells
    why nothing can be sent, "" where it can. The secret is read once, for the review and the run after it."""

    connection: Connection
    plan: Plan
    operator: Operator
    note: str = ""
    secret: Secret | None = None
    blocked: str = ""
    # How many e-mails have left this computer since the service's day began.
    sent_today: int = 0
    # Whether the run pauses after its first person.
    first_only: bool = False
    # The interrupted run that goes on, and everybody's result so far.
    run: Run | None = None
    results: tuple[Result, ...] = ()


def new_order(session: Session, ledger: Ledger, connection: Connection, make: MakePlan, note: str) -> Order:
    """An order for the plan that `make` draws up. In a worker: it reads the ledger, and the keyring may ask somebody
    for its password."""
    now = ledger.now()
    past = ledger.past(connection, now)
    plan, sent_today = make(past), ledger.mails_since(mail_day(now))
    secret, blocked = _secret(session, connection)
    return Order(connection, plan, _operator(session), note, secret, blocked, sent_today)


def order_to_resume(session: Session, connection: Connection, run: Run, results: list[Result]) -> Order:
    """The rest of an interrupted run, with the very requests that were reviewed. In a worker, as above. The run itself
    reads the secret, for it can wait until somebody has unlocked the keyring."""
    plan = Plan(tuple(result.recipient for result in results))
    blocked = READ_ONLY if connection.read_only else ""
    return Order(connection, plan, _operator(session), blocked=blocked, run=run, results=tuple(results))


def write_down(ledger: Ledger, order: Order, instead_of: int) -> RunJournal:
    """The whole run goes to the ledger before its first call. `instead_of` is the run on the screen, 0 for none: who
    is left of it is in this one, and must not come back as interrupted."""
    if order.run:
        return ledger.resume(order.run)
    if instead_of:
        ledger.end(instead_of, ledger.now())
    return ledger.begin(order.connection, order.operator, order.plan, order.connection.per_second, ledger.now())


def _operator(session: Session) -> Operator:
    from confirmdesk.core.ledger.ledger import this_operator

    return this_operator(session.identity)


def _secret(session: Session, connection: Connection) -> tuple[Secret | None, str]:
    """The secret, and why nothing can be sent; "" where it can."""
    if connection.read_only:
        return None, READ_ONLY
    if connection.needs_secret is False:
        return None, ""
    try:
        secret = session.vault.read(connection.slot)
    except ConfirmdeskError as error:
        return None, error.problem.text() if connection.needs_secret else ""
    missing = connection.needs_secret and not secret
    return secret, SECRET_MISSING.text() if missing else ""
