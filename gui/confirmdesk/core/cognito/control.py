"""What the signed client is asked: pools, app clients, one pool's settings, its users, one person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.failures import SERVICE_ID, service_answer
from confirmdesk.core.cognito.pages import PAGE_KEY, Page, take_page
from confirmdesk.core.cognito.problems import explain
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import Kind, failure
from confirmdesk.core.people.users import UNCONFIRMED, User
from confirmdesk.core.quotas import PAGE_SIZE
from confirmdesk.core.text import plain

T = TypeVar("T")

# A page may be empty and still have a next one, so a search reads on for a while.
SEARCH_PAGES = 20


@dataclass(frozen=True, slots=True)
class Named:
    """A pool or an app client in a list."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """What DescribeUserPool tells that matters for a resend.

    `built_in_mailer`: Cognito's own mailer and not the account's SES. `sms_failure` is AWS's word for what is wrong
    with SMS, "" where it reports nothing.
    """

    name: str
    auto_verified: frozenset[str]
    custom_message: bool
    custom_email_sender: bool = False
    custom_sms_sender: bool = False
    by_link: bool = False
    built_in_mailer: bool = True
    sms_failure: str = ""


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What DescribeUserPoolClient tells. `secret` is None for a public client; it is kept in memory only.

    `hides_users`: AWS answers for users that do not exist as if they did (PreventUserExistenceErrors).
    """

    name: str
    secret: Secret | None
    hides_users: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a connection's credentials belong to. `arn` is "" where nobody was asked."""

    arn: str = ""

    @property
    def name(self) -> str:
        """The role or user, as people call it."""
        parts = self.arn.rpartition(":")[2].split("/")
        return parts[1] if parts[0] == "assumed-role" and len(parts) > 1 else parts[-1]

    @property
    def person(self) -> str:
        """The same, but for roles of an access portal: there everybody has a session of their own name.
        https://docs.aws.amazon.com/singlesignon/latest/userguide/referencingpermissionsets.html
        """
        _, _, session = self.arn.rpartition("/")
        return session if "assumed-role/AWSReservedSSO_" in self.arn else self.name


class Control:
    """The questions about one connection. Made once and shared by threads; every method may take seconds."""

    def __init__(self, aws: Aws, connection: Connection) -> None:
        self.connection = connection
        self._aws = aws
        self._session = self._made(lambda: aws.session(connection))
        self._client = self._made(lambda: aws.control_client(connection, self._session))
        self._client.meta.events.register(f"before-parse.{SERVICE_ID}.ListUsers", take_page)

    @property
    def endpoint(self) -> str:
        """The address that is really called."""
        return self._client.meta.endpoint_url

    @property
    def clock_ahead(self) -> float:
        """By how many seconds this computer's clock is ahead of AWS's, 0 where that does not matter. In practice time
        is put forward on purpose."""
        return 0.0 if self._aws.practice else self._aws.clock.ahead

    def identity(self) -> Identity:
        """Who is signed in. A connection with an endpoint of its own calls no other service, so nobody is asked."""
        if self.connection.endpoint:
            return Identity()
        sts = self._made(lambda: self._aws.sts_client(self.connection, self._session))
        return Identity(str(_part(self._ask("sts:GetCallerIdentity", sts.get_caller_identity), "Arn")))

    def pools(self) -> list[Named]:
        """Every user pool of the region, by name. Needs cognito-idp:ListUserPools."""
        pages = self._all("list_user_pools", "cognito-idp:ListUserPools", MaxResults=PAGE_SIZE)
        return _named((pool["Id"], pool["Name"]) for page in pages for pool in page.get("UserPools", ()))

    def app_clients(self) -> list[Named]:
        """The pool's app clients, by name, without those that dynamic registration may have flooded it with."""
        right = "cognito-idp:ListUserPoolClients"
        of = self.connection.pool_id
        pages = self._all("list_user_pool_clients", right, UserPoolId=of, MaxResults=PAGE_SIZE, ClientType="REGULAR")
        return _named((c["ClientId"], c["ClientName"]) for page in pages for c in page.get("UserPoolClients", ()))

    def pool_facts(self) -> PoolFacts:
        """The pool's settings. Needs cognito-idp:DescribeUserPool."""
        pool_id = self.connection.pool_id
        answer = self._ask("cognito-idp:DescribeUserPool", lambda: self._client.describe_user_pool(UserPoolId=pool_id))
        return _pool_facts(_part(answer, "UserPool"))

    def client_facts(self) -> ClientFacts:
        """The chosen app client's name and secret. Needs cognito-idp:DescribeUserPoolClient, which shows the secret."""
        at = self.connection
        answer = self._ask(
            "cognito-idp:DescribeUserPoolClient",
            lambda: self._client.describe_user_pool_client(UserPoolId=at.pool_id, ClientId=at.client_id),
        )
        client = _part(answer, "UserPoolClient")
        secret = client.get("ClientSecret")
        hides_users = client.get("PreventUserExistenceErrors") == "ENABLED"
        return ClientFacts(client.get("ClientName", ""), Secret(secret) if secret else None, hides_users)

    def primary_region(self) -> str:
        """The region that a replicated pool is written in; "" for a pool that is nowhere else.

        Needs cognito-idp:ListUserPoolReplicas, and a botocore that knows of it.
        https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-multi-region.html
        """
        if not hasattr(self._client, "list_user_pool_replicas"):
            return ""
        right, of = "cognito-idp:ListUserPoolReplicas", self.connection.pool_id
        pages = self._all("list_user_pool_replicas", right, UserPoolId=of)
        replicas = [replica for page in pages for replica in page.get("UserPoolReplicas", ())]
        primary = (str(r.get("RegionName", "")) for r in replicas if r.get("Role") == "PRIMARY")
        return next(primary, "") if len(replicas) > 1 else ""

    def page(self, token: str = "") -> Page:
        """One page of unconfirmed users; `token` is the one before's, and lives for an hour."""
        page = self._list(f'cognito:user_status = "{UNCONFIRMED}"', token)
        # An endpoint that only imitates Cognito may take no notice of the filter.
        return Page(tuple(user for user in page.users if user.status == UNCONFIRMED), page.token)

    def search(self, expression: str) -> Page:
        """60 people of any status whom the filter `expression` finds, or a few more, or all there are, as one page. It
        has a token where AWS did not come to the end.

        Raises ConfirmdeskError, also where AWS does not take what is looked for.
        """
        users: tuple[User, ...] = ()
        token = ""
        for _ in range(SEARCH_PAGES):
            page = self._list(expression, token, searching=True)
            users, token = users + page.users, page.token
            if not token or len(users) >= PAGE_SIZE:
                break
        return Page(users, token)

    def _list(self, expression: str, token: str, searching: bool = False) -> Page:
        more = {"PaginationToken": token} if token else {}
        pool_id = self.connection.pool_id

        def call() -> Any:
            try:
                return self._client.list_users(UserPoolId=pool_id, Filter=expression, Limit=PAGE_SIZE, **more)
            except Exception as error:
                if searching and not token:
                    _blame_what_is_looked_for(error)
                raise

        answer: Any = self._ask("cognito-idp:ListUsers", call)
        page: Page = answer[PAGE_KEY]
        return page

    def _all(self, operation: str, right: str, **parameters: Any) -> Iterator[Any]:
        token: dict[str, str] = {}
        seen: set[str] = set()
        while True:
            answer = self._ask(right, partial(getattr(self._client, operation), **parameters, **token))
            yield answer
            following = answer.get("NextToken")
            if not following or following in seen:
                return
            seen.add(following)
            token = {"NextToken": following}

    def _made(self, make: Callable[[], T]) -> T:
        # Nobody is asked for that, and on a busy computer the import of boto3 alone may take seconds.
        try:
            with self._aws.deadlines.within(self._aws.deadlines.limit):
                return make()
        except Exception as error:
            raise explain(error, self.connection) from None

    def _ask(self, right: str, call: Callable[[], T]) -> T:
        asked = False
        try:
            with self._aws.deadlines.within(self._aws.deadlines.limit) as under_way:
                try:
                    return call()
                finally:
                    asked = under_way.handed_over
        except Exception as error:
            told = explain(error, self.connection, right, asked)
            if told.problem.kind in (Kind.EXPIRED, Kind.NO_SIGN_IN, Kind.CANCELLED):
                self._aws.forget_credentials(self.connection, self._session)
            raise told from None


def pages(control: Control, token: str, stop: Callable[[], bool]) -> Iterator[Page]:
    """Pages of unconfirmed users from `token` on, until the last one or until `stop` says so.

    A repeated token would go round for ever: it ends in a ConfirmdeskError, and what came so far was already given.
    """
    seen = {token}
    while not stop():
        page = control.page(token)
        token = page.token
        if token and token in seen:
            yield replace(page, token="")
            raise failure("AWS gave the same page twice.", "The list may be incomplete. Refresh to read it anew.")
        yield page
        if not token:
            return
        seen.add(token)


def _blame_what_is_looked_for(error: Exception) -> None:
    """AWS repeats what it refuses, so its words are the customer's: only its code tells anything."""
    answer = service_answer(error)
    if answer and answer["Error"].get("Code") == "InvalidParameterException":
        said = plain(str(answer["Error"].get("Message") or ""), 600)
        raise failure("AWS cannot look for this text.", "Look for a part of it: the address, or the surname.", said)


def _named(pairs: Iterator[tuple[str, str]]) -> list[Named]:
    try:
        return sorted((Named(id_, name) for id_, name in pairs), key=lambda named: (named.name.casefold(), named.id))
    except KeyError as missing:
        raise failure("AWS's answer could not be read.", "Try again in a minute.", f"no {missing} in a row") from None


def _pool_facts(pool: Any) -> PoolFacts:
    triggers = pool.get("LambdaConfig") or {}
    template = pool.get("VerificationMessageTemplate") or {}
    mail = pool.get("EmailConfiguration") or {}
    return PoolFacts(
        pool.get("Name", ""),
        frozenset(pool.get("AutoVerifiedAttributes") or ()),
        bool(triggers.get("CustomMessage")),
        bool(triggers.get("CustomEmailSender")),
        bool(triggers.get("CustomSMSSender")),
        template.get("DefaultEmailOption") == "CONFIRM_WITH_LINK",
        mail.get("EmailSendingAccount") != "DEVELOPER",
        str(pool.get("SmsConfigurationFailure") or ""),
    )


def _part(answer: Any, name: str) -> Any:
    if not answer.get(name):
        raise failure("AWS's answer could not be read.", "Try again in a minute.", f"no {name} in the answer")
    return answer[name]
