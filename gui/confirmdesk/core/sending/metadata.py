"""ClientMetadata: from the rows of the editor and one user to the map that the pool's Lambda triggers receive.

Cognito neither stores, checks nor encrypts these values; only Lambda triggers see them.
https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html#CognitoUserPools-ResendConfirmationCode-request-ClientMetadata
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.people.users import User
from confirmdesk.core.quotas import LONGEST_TEXT

Row = tuple[str, str]

# A doubled brace is a brace; group 1 is there only for a placeholder.
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}")
_ATTRIBUTE = re.compile(r"attr:[\w:.-]{1,32}")
PLACEHOLDERS = ("{username}", "{email}", "{phone}", "{name}", "{sub}", "{attr:locale}")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something about one row. `refused` keeps the review shut, the rest is a warning."""

    row: int
    sentence: str
    refused: bool


@dataclass(frozen=True, slots=True)
class Advanced:
    """The optional parts of a request that a support desk rarely has; "" is not sent at all."""

    ip_address: str = ""
    encoded_data: str = ""
    analytics_endpoint_id: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """The map for one user, as pairs in the order of the rows, and the placeholders that came out empty for them."""

    pairs: tuple[Row, ...]
    empty: tuple[str, ...]


def _known(placeholder: str) -> bool:
    return f"{{{placeholder}}}" in PLACEHOLDERS or _ATTRIBUTE.fullmatch(placeholder) is not None


def _value(placeholder: str, user: User) -> str:
    own = {"username": user.username, "email": user.email, "phone": user.phone, "name": user.name, "sub": user.sub}
    if placeholder in own:
        return own[placeholder]
    return user.attribute(placeholder.removeprefix("attr:")) or ""


def fill(rows: Sequence[Row], user: User) -> Filled:
    """What is sent for `user`. A doubled brace `{{` stands for a brace; text from attributes is never filled again."""
    empty: list[str] = []

    def replace(match: re.Match[str]) -> str:
        if match[1] is None:
            return match[0][0]
        if not _known(match[1]):
            return match[0]
        value = _value(match[1], user)
        if not value and match[0] not in empty:
            empty.append(match[0])
        return value

    pairs = tuple((key, _TOKEN.sub(replace, text)) for key, text in rows)
    return Filled(pairs, tuple(empty))


def check(rows: Sequence[Row]) -> list[Flaw]:
    """Everything wrong or worrying about `rows`, by row: refused before anything is sent, or a warning."""
    flaws: list[Flaw] = []
    seen: dict[str, int] = {}
    for row, (key, text) in enumerate(rows):
        flaws += [Flaw(row, sentence, True) for sentence in _refusals(key, text, key in seen)]
        seen.setdefault(key, row)
        if warning := secret_like(key, text):
            flaws.append(Flaw(row, warning, False))
    return flaws


def _refusals(key: str, text: str, again: bool) -> list[str]:
    found = []
    if not key.strip():
        found.append("This field has no key.")
    elif again:
        found.append(f"The key “{key[:40]}” is there twice; only one value could be sent.")
    if len(key) > LONGEST_TEXT or len(text) > LONGEST_TEXT:
        found.append(f"Longer than {LONGEST_TEXT:,} characters, the most that AWS takes.")
    for match in _TOKEN.finditer(text):
        if (placeholder := match[1]) is not None and not _known(placeholder):
            found.append(
                f"{{{placeholder[:40]}}} is not a placeholder. There are {', '.join(PLACEHOLDERS)}; "
                f"write {{{{ for a brace."
            )
    return found


_SECRET_KEY = re.compile(r"(?i)pass(word|wd|phrase)?$|passwort|secret|token|api[-_ ]?key|credential|\bpin\b|cvv")
_SECRET_VALUE = re.compile(r"eyJ[\w-]{10,}\.|AKIA[A-Z0-9]{16}|-----BEGIN|\bgh[pousr]_\w{20,}|\bsk_(live|test)_\w+")
_CARD = re.compile(r"(?<!\d)(?:\d[ -]?){12,18}\d(?!\d)")


def secret_like(key: str, text: str) -> str:
    """Why this field should not be sent, in two sentences; "" where nothing is known against it."""
    if not text:
        return ""
    if _SECRET_KEY.search(key) or _SECRET_VALUE.search(text):
        return "This looks like a password or token. Cognito does not encrypt these values: leave it out."
    if any(_luhn(re.sub(r"\D", "", number)) for number in _CARD.findall(text)):
        return "This looks like a card number. Cognito does not encrypt these values: leave it out."
    return ""


def _luhn(digits: str) -> bool:
    odd, even = digits[-1::-2], digits[-2::-2]
    return (sum(map(int, odd)) + sum(sum(divmod(2 * int(d), 10)) for d in even)) % 10 == 0


def trigger_event(connection: Connection, user: User, pairs: Sequence[Row]) -> str:
    """The CustomMessage event that the Lambda trigger receives for `user`, as indented JSON.

    `clientMetadata` is exactly what is sent; the rest follows AWS's documented example.
    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
    """
    attributes = {user.attributes[i]: user.attributes[i + 1] for i in range(0, len(user.attributes), 2)}
    attributes["cognito:user_status"] = user.status
    event = {
        "version": "1",
        "triggerSource": "CustomMessage_ResendCode",
        "region": connection.region,
        "userPoolId": connection.pool_id,
        "userName": user.username,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": connection.client_id},
        "request": {
            "userAttributes": attributes,
            "codeParameter": "{####}",
            "usernameParameter": None,
            "clientMetadata": dict(pairs),
        },
        "response": {"smsMessage": None, "emailMessage": None, "emailSubject": None},
    }
    return json.dumps(event, indent=2, ensure_ascii=False)
