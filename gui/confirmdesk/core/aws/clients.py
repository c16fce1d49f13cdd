"""Clients for one connection: a signed one that lists and describes, an unsigned one that sends.

boto3 takes half a second to import, so it is imported when the first client is made, never at the top of a module.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from confirmdesk.core.aws.deadlines import Deadlines
from confirmdesk.core.aws.failures import SERVICE_ID, SignInFileBrokenError, refuse_pages_for_people
from confirmdesk.core.aws.network.certificates import forget_what_is_no_file
from confirmdesk.core.aws.network.route import Route
from confirmdesk.core.aws.network.surroundings import problem_of_surroundings
from confirmdesk.core.aws.network.way import SystemProxy, Wayfinder, nobody_knows
from confirmdesk.core.aws.portals.page import WebPage, page_at
from confirmdesk.core.aws.portals.tokens import moment_of
from confirmdesk.core.aws.questions import NobodyThere, Questions
from confirmdesk.core.aws.sessions import AwsSession, Sessions
from confirmdesk.core.aws.ways_in import SignedIn, WayIn
from confirmdesk.core.clock import Clock
from confirmdesk.core.connections.connection import Connection, endpoint_problem, is_loopback
from confirmdesk.core.connections.hosts import host_of
from confirmdesk.core.connections.network import Network
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.product import NAME, product_version

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest
    from botocore.config import Config
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient
    from mypy_boto3_sts.client import STSClient

CognitoClient: TypeAlias = "CognitoIdentityProviderClient"

# In seconds, for each address, attempt and read; `deadlines` has the limit over all.
CONNECT_TIMEOUT = READ_TIMEOUT = 10
SEND_READ_TIMEOUT = 35


class Aws:
    """Makes clients. In practice no profile and no configuration of this computer is read."""

    def __init__(
        self, practice: bool = False, deadlines: Deadlines | None = None, system_proxy: SystemProxy = nobody_knows
    ) -> None:
        # Whoever can read that file can read all that TLS protects, and one that cannot be written stops every client.
        os.environ.pop("SSLKEYLOGFILE", None)
        forget_what_is_no_file()
        self.practice = practice
        self.deadlines = deadlines or Deadlines()
        # Every answer tells the time, whoever asked.
        self.clock = Clock()
        # Whoever shows what somebody must be asked.
        self.questions: Questions = NobodyThere()
        self._ways = Wayfinder(system_proxy)
        self._sessions = Sessions(practice, self._ways, lambda: self.questions)
        self._headers: dict[str, Mapping[str, str]] = {}

    def send_along(self, endpoint: str, headers: Mapping[str, str]) -> None:
        """From now on each request of practice to `endpoint` carries `headers`, also those of clients made before.
        They let it in there, and are nobody else's business."""
        self._headers[endpoint] = headers

    def use(self, network: Network) -> None:
        """The way to AWS of all clients that are made from now on."""
        self._ways.network = network

    def profiles(self) -> list[str]:
        """The names in the AWS configuration files of this computer, as far as they are sound."""
        return list(self._sessions.files().profiles)

    def flaws_of_profiles(self) -> list[str]:
        """What is wrong in those files, each with file and line and what it costs."""
        return [f"{flaw} {flaw.cost}".strip() for flaw in self._sessions.files().flaws]

    def regions(self) -> list[str]:
        """Regions that botocore knows for user pools, whatever those files say; China is not among them, so a region
        can always be typed."""
        return self._sessions.of_nobody().regions("cognito-idp")

    def session(self, connection: Connection) -> AwsSession:
        """Whose credentials the clients of `connection` sign with. Clients of one session ask somebody once."""
        return self._sessions.signed(connection)

    def forget_credentials(self, connection: Connection, session: AwsSession) -> None:
        """Those of `session` are no good: the next one gets new ones."""
        self._sessions.forget(connection, session)

    def control_client(self, connection: Connection, session: AwsSession) -> CognitoClient:
        """The signed client. Repeats what failed: reading twice harms nobody."""
        from botocore.config import Config

        retries = Config(read_timeout=READ_TIMEOUT, retries={"mode": "standard", "total_max_attempts": 4})
        return self._client(session, connection, retries)

    def send_client(self, connection: Connection, calls_in_flight: int) -> CognitoClient:
        """The unsigned client. ResendConfirmationCode takes no credentials, so it has a session of its own, which needs
        no profile: a run outlives any sign-in. And it is never repeated by botocore: after a read timeout each
        repetition would be one more message.

        Raises whatever botocore raises.
        https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html
        """
        from botocore import UNSIGNED
        from botocore.config import Config

        once = Config(
            signature_version=UNSIGNED,
            read_timeout=SEND_READ_TIMEOUT,
            max_pool_connections=calls_in_flight,
            retries={"mode": "standard", "total_max_attempts": 1},
        )
        return self._client(self._sessions.unsigned(connection), connection, once)

    def route(self, connection: Connection) -> Route:
        """The way to the endpoint of `connection`, which needs no credentials. Calls nobody."""
        from botocore import UNSIGNED
        from botocore.config import Config

        once = Config(signature_version=UNSIGNED, read_timeout=READ_TIMEOUT, retries={"total_max_attempts": 1})
        session = self._sessions.unsigned(connection)
        return Route(self._made(session, connection, once), session)

    def sts_client(self, connection: Connection, session: AwsSession) -> STSClient:
        """For the question who is signed in. Only for connections without an endpoint of their own."""
        client: STSClient = session.client("sts", region_name=connection.region, config=self._config(""))
        return client

    # Signing in with a browser

    def way_in(self, connection: Connection) -> WayIn | None:
        """What can be done where `connection` has no sign-in, or an expired one: by which portal one signs in for it
        with a browser. None where that does not help: keys and programs come from elsewhere."""
        return self._sessions.way_in(connection)

    def sign_in_of(self, connection: Connection) -> SignedIn | None:
        """How long the sign-in by a portal lasts, from what is kept of it here; nobody is asked. None for none."""
        way_in = self.way_in(connection)
        token = self._kept_token(way_in) if way_in else None
        if not token:
            return None
        return SignedIn(moment_of(token["expiresAt"]), "refreshToken" in token)

    def keep_sign_in(self, way_in: WayIn, token: dict[str, str]) -> None:
        """From now on `way_in` is signed in with `token`, in the form of the AWS command line. Raises OSError where it
        belongs into a file that cannot be written."""
        self._sessions.tokens(way_in).sign_in(way_in.key, token)
        self._sessions.forget_all_of(way_in)

    def forget_sign_in(self, way_in: WayIn) -> str:
        """Nobody is signed in by `way_in` any more, as far as is kept here. The token that was, "" for none: AWS takes
        it until it is told. Raises OSError where a file of it cannot be removed."""
        token = self._kept_token(way_in)
        self._sessions.forget_all_of(way_in)
        with suppress(KeyError):
            del self._sessions.tokens(way_in)[way_in.key]
        if not way_in.in_memory:
            self._sessions.forget_role_keys(way_in)
        return str(token["accessToken"]) if token else ""

    def token(self, way_in: WayIn) -> str:
        """Of whoever is signed in by `way_in`, renewed where its time has come. Raises what botocore raises."""
        return self._sessions.token(way_in)

    def oidc_client(self, way_in: WayIn) -> Any:
        """Of the service that registers this program and gives tokens. Nothing is repeated: a code is taken once."""
        return self._portal_client("sso-oidc", "oidc", way_in, attempts=1)

    def portal_client(self, way_in: WayIn) -> Any:
        """Of the portal itself: accounts, roles, signing out."""
        return self._portal_client("sso", "portal.sso", way_in, attempts=3)

    def page_at(self, url: str) -> WebPage:
        """What a page for people says, or where it leads to. Raises what botocore raises."""
        session = self._sessions.of_pages(url)
        if broken := problem_of_surroundings(url, session.way, session.bundles):
            raise ConfirmdeskError(broken)
        return page_at(url, session, READ_TIMEOUT)

    def _kept_token(self, way_in: WayIn) -> Any:
        try:
            return self._sessions.tokens(way_in)[way_in.key]
        except (KeyError, SignInFileBrokenError):
            return None

    def _portal_client(self, service: str, host: str, way_in: WayIn, attempts: int) -> Any:
        from botocore import UNSIGNED
        from botocore.config import Config

        region = way_in.portal.region
        session = self._sessions.of_pages(f"https://{host_of(host, region)}")
        own = Config(
            signature_version=UNSIGNED,
            read_timeout=READ_TIMEOUT,
            retries={"mode": "standard", "total_max_attempts": attempts},
        )
        client = session.client(service, region_name=region, config=self._config("").merge(own))
        if broken := problem_of_surroundings(client.meta.endpoint_url, session.way, session.bundles):
            raise ConfirmdeskError(broken)
        client.meta.events.register(f"before-parse.{service}", self._hear_time)
        return client

    def _made(self, session: AwsSession, connection: Connection, config: Config) -> CognitoClient:
        if broken := endpoint_problem(connection.endpoint):
            raise ConfirmdeskError(broken)
        client: CognitoClient = session.client(
            "cognito-idp",
            region_name=connection.region,
            endpoint_url=connection.endpoint or None,
            config=self._config(connection.endpoint).merge(config),
        )
        return client

    def _client(self, session: AwsSession, connection: Connection, config: Config) -> CognitoClient:
        client = self._made(session, connection, config)
        if broken := problem_of_surroundings(client.meta.endpoint_url, session.way, session.bundles):
            raise ConfirmdeskError(broken)
        client.meta.events.register(f"before-parse.{SERVICE_ID}", refuse_pages_for_people)
        client.meta.events.register(f"before-parse.{SERVICE_ID}", self._hear_time)
        if self.practice:

            def carry(request: AWSRequest, **_: object) -> None:
                for name, value in self._headers.get(connection.endpoint, {}).items():
                    request.headers[name] = value

            client.meta.events.register(f"request-created.{SERVICE_ID}", carry)
        return client

    def _hear_time(self, response_dict: dict[str, Any], **_: object) -> None:
        self.clock.hear(response_dict["headers"].get("date", ""))

    def _config(self, endpoint: str) -> Config:
        from botocore.config import Config

        # A stray AWS_ENDPOINT_URL would silently redirect the sends; HTTP_PROXY would catch even 127.0.0.1.
        options: dict[str, Any] = {"ignore_configured_endpoint_urls": True}
        if is_loopback(endpoint):
            options["proxies"] = {}
        agent = f"{NAME}/{product_version()}"
        return Config(connect_timeout=CONNECT_TIMEOUT, user_agent_extra=agent, **options)
