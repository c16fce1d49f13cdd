"""Clients for one connection: a signed one that lists and describes, an unsigned one that sends.

boto3 takes half a second to import, so it is imported when the first client is made, never at the top of a module.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from confirmdesk.core.aws.deadlines import Deadlines
from confirmdesk.core.aws.failures import SERVICE_ID, refuse_pages_for_people
from confirmdesk.core.aws.sessions import ca_bundle_of, make_session
from confirmdesk.core.aws.surroundings import problem_of_surroundings
from confirmdesk.core.clock import Clock
from confirmdesk.core.connections.connection import Connection, endpoint_problem, is_loopback
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.product import NAME, product_version

if TYPE_CHECKING:
    import boto3
    from botocore.awsrequest import AWSRequest
    from botocore.config import Config
    from botocore.loaders import Loader
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient
    from mypy_boto3_sts.client import STSClient

CognitoClient: TypeAlias = "CognitoIdentityProviderClient"

CONNECT_TIMEOUT = 10
# In seconds, for each address, attempt and read; `deadlines` has the limit over all.
READ_TIMEOUT = 10
SEND_READ_TIMEOUT = 35


class Aws:
    """Makes sessions and clients. Neither may be made by two threads at once, so a lock goes with them.

    In practice no profile and no configuration of this computer is read.
    """

    def __init__(self, practice: bool = False, deadlines: Deadlines | None = None) -> None:
        # Whoever can read that file can read all that TLS protects, and one that cannot be written stops every client.
        os.environ.pop("SSLKEYLOGFILE", None)
        self.practice = practice
        self.deadlines = deadlines or Deadlines()
        # Every answer tells the time, whoever asked.
        self.clock = Clock()
        self._lock = threading.Lock()
        # AWS's description of its services, read once: 15 MB for each session otherwise.
        self._loader: Loader | None = None
        self._headers: dict[str, Mapping[str, str]] = {}

    def send_along(self, endpoint: str, headers: Mapping[str, str]) -> None:
        """From now on each request of practice to `endpoint` carries `headers`, also those of clients made before.
        They let it in there, and are nobody else's business."""
        self._headers[endpoint] = headers

    def profiles(self) -> list[str]:
        """The names in the AWS configuration files of this computer."""
        with self._lock:
            return [] if self.practice else self._session(None).available_profiles

    def regions(self) -> list[str]:
        """Regions that botocore knows for user pools; China is not among them, so a region can always be typed."""
        with self._lock:
            session = self._session(None)
            return sorted(
                region
                for partition in session.get_available_partitions()
                for region in session.get_available_regions("cognito-idp", partition_name=partition)
            )

    def control_client(self, connection: Connection) -> CognitoClient:
        """The signed client. Repeats what failed: reading twice harms nobody."""
        from botocore.config import Config

        retries = Config(read_timeout=READ_TIMEOUT, retries={"mode": "standard", "total_max_attempts": 4})
        return self._client(connection, retries)

    def send_client(self, connection: Connection, calls_in_flight: int) -> CognitoClient:
        """The unsigned client. ResendConfirmationCode takes no credentials, so a run outlives any sign-in; and it is
        never repeated by botocore: after a read timeout each repetition would be one more message.

        Raises whatever botocore raises, but no profile that is gone keeps anybody from sending.
        https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ResendConfirmationCode.html
        """
        from botocore import UNSIGNED
        from botocore.config import Config
        from botocore.exceptions import ProfileNotFound

        once = Config(
            signature_version=UNSIGNED,
            read_timeout=SEND_READ_TIMEOUT,
            max_pool_connections=calls_in_flight,
            retries={"mode": "standard", "total_max_attempts": 1},
        )
        try:
            return self._client(connection, once)
        except ProfileNotFound:
            return self._client(connection, once, profiles=False)

    def sts_client(self, connection: Connection) -> STSClient:
        """For the question who is signed in. Only for connections without an endpoint of their own."""
        with self._lock:
            return self._session(connection.profile, connection.region).client(
                "sts", region_name=connection.region, config=self._config("")
            )

    def _client(self, connection: Connection, config: Config, profiles: bool = True) -> CognitoClient:
        if broken := endpoint_problem(connection.endpoint):
            raise ConfirmdeskError(broken)
        with self._lock:
            session = self._session(connection.profile if profiles else None, connection.region)
            client: CognitoClient = session.client(
                "cognito-idp",
                region_name=connection.region,
                endpoint_url=connection.endpoint or None,
                config=self._config(connection.endpoint).merge(config),
            )
        if broken := problem_of_surroundings(client.meta.endpoint_url, ca_bundle_of(session)):
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

    def _session(self, profile: str | None, region: str = "") -> boto3.Session:
        from botocore.loaders import create_loader

        self._loader = self._loader or create_loader()
        return make_session(self.practice, self._loader, profile, region)

    def _config(self, endpoint: str) -> Config:
        from botocore.config import Config

        # A stray AWS_ENDPOINT_URL would silently redirect the sends; HTTP_PROXY would catch even 127.0.0.1.
        options: dict[str, Any] = {"ignore_configured_endpoint_urls": True}
        if is_loopback(endpoint):
            options["proxies"] = {}
        agent = f"{NAME}/{product_version()}"
        return Config(connect_timeout=CONNECT_TIMEOUT, user_agent_extra=agent, **options)
