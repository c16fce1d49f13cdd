"""The answers of *Check connection*: credentials, region, user pool, app client, secret; a sentence each."""

from dataclasses import dataclass

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import ConfirmdeskError, Kind


@dataclass(frozen=True, slots=True)
class Answer:
    """`good` is None where nobody may look."""

    what: str
    good: bool | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Checked:
    """`needs_secret` is None where the app client could not be described."""

    answers: tuple[Answer, ...]
    needs_secret: bool | None = None


def check_connection(aws: Aws, connection: Connection, secret: Secret | None) -> Checked:
    """Ask AWS about each part of `connection`, and never send anything to anybody. Takes seconds; raises nothing.

    `secret` is the one that would be used. It is compared in memory with the app client's own, where that may be read.
    """
    try:
        control = Control(aws, connection)
        signed_in = _credentials(control)
    except ConfirmdeskError as error:
        return Checked((Answer("Credentials", False, error.problem.text()),))
    if signed_in.good is False:
        return Checked((signed_in,))
    listed, region = _users(control)
    answers = [signed_in, region]
    if listed is not None:
        answers.append(listed)
    client, needs_secret = _client(control, secret)
    return Checked((*answers, *client), needs_secret)


def _credentials(control: Control) -> Answer:
    if control.connection.endpoint:
        return Answer("Credentials", None, f"Not asked: this connection calls {control.connection.endpoint} only.")
    try:
        return Answer("Credentials", True, f"Signed in as {control.identity().name}.")
    except ConfirmdeskError as error:
        return Answer("Credentials", False, error.problem.text())


def _users(control: Control) -> tuple[Answer | None, Answer]:
    """The answers on the user pool and on the region. One page of users proves both."""
    at = control.connection
    try:
        control.page()
    except ConfirmdeskError as error:
        if error.problem.kind not in (Kind.UNREACHED, Kind.BROKEN_HERE):
            return Answer("User pool", False, error.problem.text()), Answer("Region", True, f"{at.region} answers.")
        return None, Answer("Region", False, error.problem.text())
    try:
        name = f"“{control.pool_facts().name}”"
    except ConfirmdeskError:
        name = at.pool_id
    return Answer("User pool", True, f"{name}: its users can be listed."), Answer(
        "Region", True, f"{at.region} answers."
    )


def _client(control: Control, secret: Secret | None) -> tuple[tuple[Answer, ...], bool | None]:
    at = control.connection
    try:
        facts = control.client_facts()
    except ConfirmdeskError as error:
        if error.problem.kind is Kind.DENIED:
            hint = "Nobody here may look at the app client; the first send will tell whether it works."
            return (Answer("App client", None, hint),), None
        return (Answer("App client", False, error.problem.text()),), None
    found = Answer("App client", True, f"“{facts.name or at.client_id}” belongs to this pool.")
    return (found, _secret(facts.secret, secret)), facts.secret is not None


def _secret(needed: Secret | None, stored: Secret | None) -> Answer:
    if needed is None:
        return Answer("Client secret", True, "This app client has none and needs none.")
    if not stored:
        return Answer("Client secret", False, "This app client needs its secret. Enter it, or read it from AWS.")
    if needed != stored:
        # The pool may hold two valid secrets and shows one of them.
        # https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-client-apps.html
        return Answer(
            "Client secret", None, "The secret is not the one that AWS shows. If it was replaced, read it again."
        )
    return Answer("Client secret", True, "The secret is this app client's.")
