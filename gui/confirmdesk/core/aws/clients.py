"""Clients for one connection: a signed one that lists and describes, an unsigned one that sends.

boto3 takes half a second to import, so it is imported when the first client is made, never at the top of a module.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from confirmdesk.core.aws.deadlines import Deadlines
from confirmdesk.core.aws.failures import SERVICE_ID, refuse_pages_for_people
from confirmdesk.core.aws.questions import NobodyThere, Questions
from confirmdesk.core.aws.sessions import AwsSession, Sessions
from confirmdesk.core.aws.surroundings import problem_of_surroundings
from confirmdesk.core.aws.way import SystemProxy, Wayfinder, nobody_knows
from confirmdesk.core.clock import Clock
from confirmdesk.core.connections.connection import Connection, endpoint_problem, is_loopback
from confirmdesk.core.connections.network import Network
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.product import NAME, product_version

if TYPE_CHECKING:
    from botocore.awsrequest import AWSRequest
    from botocore.config import Config
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient
    from mypy_boto3_sts.client import STSClient

CognitoClient: TypeAlias = "CognitoIdentityProviderClient"

CONNECT_TIMEOUT = 10
# In seconds, for each address, attempt and read; `deadlines` has the limit over all.
READ_TIMEOUT = 10
SEND_READ_TIMEOUT = 35


class Aws:
    """Makes clients. In practice no profile and no configuration of this computer is read."""

    def __init__(
        self, practice: bool = False, deadlines: Deadlines | None = None, system_proxy: SystemProxy = nobody_knows
    ) -> None:
        # Whoever can read that file can read all that TLS protects, and one that cannot be written stops every client.
        os.environ.pop("SSLKEYLOGFILE", None)
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

    def sts_client(self, connection: Connection, session: AwsSession) -> STSClient:
        """For the question who is signed in. Only for connections without an endpoint of their own."""
        client: STSClient = session.client("sts", region_name=connection.region, config=self._config(""))
        return client

    def _client(self, session: AwsSession, connection: Connection, config: Config) -> CognitoClient:
        if broken := endpoint_problem(connection.endpoint):
            raise ConfirmdeskError(broken)
        client: CognitoClient = session.client(
            "cognito-idp",
            region_name=connection.region,
            endpoint_url=connection.endpoint or None,
            config=self._config(connection.endpoint).merge(config),
        )
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
