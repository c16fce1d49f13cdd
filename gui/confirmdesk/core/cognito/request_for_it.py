"""A text for the IT department of somebody who has nothing yet, or not enough: what is needed, and where it goes."""

from collections.abc import Iterator
from dataclasses import replace

from confirmdesk.core import product
from confirmdesk.core.cognito.rights import policy
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.handing_on import preset_file_name, preset_text
from confirmdesk.core.connections.hosts import hosts
from confirmdesk.core.connections.presets import preset_directory
from confirmdesk.core.text import plain

_NOT_KNOWN = "(please tell me)"


def request_for_it(connection: Connection) -> str:
    """The text, with as much of `connection` as somebody has typed. It never has a secret."""
    parts = (_head(), _needed(connection), _rights(connection), _preset(connection), _network(connection))
    return "\n\n".join(parts) + "\n"


def _head() -> str:
    return f"""Please set up {product.NAME} for me

{product.NAME} is a program for support staff. It lists the people in an Amazon Cognito user pool who have not
confirmed their account, and sends them their confirmation code again. It needs a way to sign in to AWS that
may read this one user pool. It changes nothing in AWS."""


def _needed(connection: Connection) -> str:
    facts = (
        ("Region of the user pool", connection.region),
        ("User pool", connection.pool_id),
        ("App client, the one where people sign up", connection.client_id),
        ("Start URL of our AWS access portal", connection.start_url),
        ("Region of the access portal", connection.sso_region),
        ("AWS account", connection.account_id),
        ("Role (permission set)", connection.role_name),
    )
    lines = [f"- {what}: {plain(value, 200) if value else _NOT_KNOWN}" for what, value in facts]
    if connection.profile:
        lines.append(f"- I tried it with the AWS profile: {plain(connection.profile, 100)}")
    lines.append("- If the app client has a secret: please hand it to me by a safe way, or let me read it (see below)")
    return "\n".join(["1. What I need to know", *lines])


def _rights(connection: Connection) -> str:
    return f"""2. What I need to be allowed
In IAM Identity Center: a permission set with this as its inline policy, assigned to me in the account of the
user pool. Without an access portal: an AWS profile on this computer whose role has this policy. Statements that
are called Optional… can be left out: then ids and the secret are typed. Sending itself needs no right, for AWS's
ResendConfirmationCode takes no credentials.

{policy(connection.region, connection.account_id, connection.pool_id)}"""


def _preset(connection: Connection) -> str:
    example = _example(connection)
    return f"""3. Where it goes
So that nobody has to type it, put this into a file of its own, which only administrators can write to:
{preset_directory() / preset_file_name(example)}
Every computer that has the file offers the connection to everybody who works at it. Never put the client
secret into it: each person enters that once, and it goes to their keyring.

{preset_text(example).rstrip()}"""


def _example(connection: Connection) -> Connection:
    """With words in capitals for what nobody knows yet."""
    named = replace(
        connection,
        name=connection.name or "Customers",
        region=connection.region or "REGION",
        pool_id=connection.pool_id or "POOL_ID",
        client_id=connection.client_id or "APP_CLIENT_ID",
    )
    if connection.profile:
        return named
    return replace(
        named,
        start_url=connection.start_url or "https://COMPANY.awsapps.com/start",
        sso_region=connection.sso_region or "PORTAL_REGION",
        account_id=connection.account_id or "ACCOUNT",
        role_name=connection.role_name or "ROLE",
    )


def _network(connection: Connection) -> str:
    return "\n".join(["4. What the network must let through, by https", *_hosts(connection)])


def _hosts(connection: Connection) -> Iterator[str]:
    for host in hosts(connection):
        yield f"- {host.name}: {host.used_for}"
