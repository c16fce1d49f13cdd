"""Sessions of boto3: whose credentials a client signs with. Each connection has its own, made once."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from confirmdesk.core.aws.botocore_session import botocore_session, bundle_of, fix
from confirmdesk.core.aws.network.certificates import BETWEEN
from confirmdesk.core.aws.network.surroundings import IN_SETTINGS
from confirmdesk.core.aws.network.way import Way, Wayfinder
from confirmdesk.core.aws.portals.tokens import MemoryTokens, command_line_files, moment_of, token_files
from confirmdesk.core.aws.profile_files import NO_FILES, ProfileFiles, read_profile_files
from confirmdesk.core.aws.providers import RoleKeys, Tokens, use_our_providers
from confirmdesk.core.aws.questions import FindQuestions
from confirmdesk.core.aws.ways_in import WayIn, files_for, role_key, way_of_profile
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.hosts import host_of
from confirmdesk.core.errors import Kind, failure

if TYPE_CHECKING:
    import boto3
    import botocore.session
    from botocore.loaders import Loader

# What a profile says of the way to AWS, and not of who calls.
_OF_THE_WAY = ("ca_bundle", "use_fips_endpoint", "use_dualstack_endpoint")


class AwsSession:
    """Makes clients, which sign with the same credentials. Threads may share it: no two make one at once, and making
    one asks nobody for credentials, but on a computer of AWS's own."""

    def __init__(self, made: boto3.Session, way: Way) -> None:
        self._made = made
        self.way = way
        self._lock = threading.Lock()

    def client(self, service: str, **options: Any) -> Any:
        """As boto3 makes one."""
        make: Any = self._made.client
        with self._lock:
            return make(service, **options)

    def regions(self, service: str) -> list[str]:
        """Those that botocore knows."""
        return sorted(
            region
            for partition in self._made.get_available_partitions()
            for region in self._made.get_available_regions(service, partition_name=partition)
        )

    @property
    def bundles(self) -> list[tuple[str, str]]:
        """The files of certificates that count beside botocore's and the system's, each with who names it."""
        other = os.environ.get("REQUESTS_CA_BUNDLE")
        # botocore falls back on the variable of another library.
        named = [name for name in (bundle_of(self._made._session) or other or "").split(BETWEEN) if name]
        by = {self.way.ca_bundle: IN_SETTINGS, other: "REQUESTS_CA_BUNDLE"}
        return [(name, by.get(name, "AWS_CA_BUNDLE or the AWS profile")) for name in named]


@dataclass(frozen=True, slots=True)
class _Kept:
    session: AwsSession
    files: ProfileFiles
    way: Way


class Sessions:
    """Of one program. No lock is held while anybody is asked for credentials: whoever hangs, hangs alone.

    In practice no file of AWS's is read.
    """

    def __init__(self, practice: bool, ways: Wayfinder, questions: FindQuestions) -> None:
        self._practice, self._ways, self._questions = practice, ways, questions
        self._kept: dict[Connection, _Kept] = {}
        self._in_memory = MemoryTokens()
        # What roles gave, by profile: whoever works with a pool of another region is not asked for a second code.
        self._roles: dict[str, RoleKeys] = {}
        self._lock = threading.Lock()
        # AWS's description of its services, read once: 15 MB for each session otherwise.
        self._loader: Loader | None = None

    def files(self) -> ProfileFiles:
        """AWS's files of this computer, as they are now."""
        if self._practice:
            return NO_FILES
        config = os.environ.get("AWS_CONFIG_FILE", os.path.join("~", ".aws", "config"))
        credentials = os.environ.get("AWS_SHARED_CREDENTIALS_FILE", os.path.join("~", ".aws", "credentials"))
        return read_profile_files(config, credentials)

    def way_in(self, connection: Connection) -> WayIn | None:
        """By which portal one signs in for `connection`; None where that is not the way to get its credentials."""
        if portal := connection.portal:
            return WayIn(portal)
        if self._practice or (not connection.profile and "AWS_ACCESS_KEY_ID" in os.environ):
            return None
        return way_of_profile(self.files(), _name_of(connection.profile))

    def tokens(self, way_in: WayIn | None) -> Tokens:
        """Where those of `way_in` are kept, and of any profile's."""
        return self._in_memory if way_in and way_in.in_memory else token_files()

    def signed(self, connection: Connection) -> AwsSession:
        """The session of `connection`, the same one until AWS's files or the way there have changed. No profile means
        the one that the environment names, or else the default one. Raises ConfirmdeskError where a flaw of the files
        is in its way."""
        files, profile = self._files_of(connection)
        way, whose = self._ways.to(_address_of(connection)), _whose(connection)
        with self._lock:
            kept = self._kept.get(whose)
            if kept and (kept.files, kept.way) != (files, way):
                kept = None
                self._roles.pop(profile, None)
            if not kept:
                tokens = self.tokens(WayIn(connection.portal) if connection.portal else None)
                session = self._made(connection.region, files, profile, way, tokens)
                kept = self._kept[whose] = _Kept(session, files, way)
        return kept.session

    def _files_of(self, connection: Connection) -> tuple[ProfileFiles, str]:
        """What counts for it, and as which profile."""
        if connection.portal:
            way_in = WayIn(connection.portal)
            return files_for(way_in, connection.account_id, connection.role_name), way_in.called
        files = self.files()
        _refuse_a_flawed(connection.profile, files)
        return files, connection.profile

    def unsigned(self, connection: Connection) -> AwsSession:
        """A session without credentials, which needs no profile; of `connection`'s it has the way to AWS, where that
        can be read."""
        section = {} if connection.portal else self.files().profiles.get(_name_of(connection.profile), {})
        kept = {name: section[name] for name in _OF_THE_WAY if name in section}
        way = self._ways.to(_address_of(connection))
        with self._lock:
            return self._made(connection.region, ProfileFiles({"profiles": {"default": kept}}, {}), None, way)

    def of_nobody(self) -> AwsSession:
        """A session to ask what botocore knows by itself."""
        with self._lock:
            return self._made("", NO_FILES, None, Way())

    def of_pages(self, url: str) -> AwsSession:
        """A session without credentials, with the way to `url`. In a worker: the system may be asked for it."""
        way = self._ways.to(url)
        with self._lock:
            return self._made("", NO_FILES, None, way)

    def forget(self, connection: Connection, session: AwsSession) -> None:
        """The credentials of `session` are no good: the next one gets new ones. Where there is a next one by now, it
        stays: whoever learns it late has not been told of that one."""
        with self._lock:
            kept = self._kept.get(_whose(connection))
            if kept and kept.session is session:
                del self._kept[_whose(connection)]
                self._roles.pop(connection.profile, None)

    def forget_all_of(self, way_in: WayIn) -> None:
        """Somebody else is signed in there from now on, or nobody."""
        with self._lock:
            kept = list(self._kept)
        alike = [whose for whose in kept if (its := self.way_in(whose)) and its.key == way_in.key]
        with self._lock:
            for whose in alike:
                self._kept.pop(whose, None)
                self._roles.pop(whose.profile, None)

    def forget_role_keys(self, way_in: WayIn) -> None:
        """What the AWS command line has kept of the roles that were taken by `way_in`. Raises OSError."""
        files, kept = self.files(), command_line_files("cli", "cache")
        for name, section in files.profiles.items():
            its = way_of_profile(files, name)
            if its and its.key == way_in.key and "sso_role_name" in section:
                with suppress(KeyError):
                    del kept[role_key(way_in, str(section.get("sso_account_id")), str(section["sso_role_name"]))]

    def token(self, way_in: WayIn) -> str:
        """The token of whoever is signed in by `way_in`, renewed where its time has come. Asks AWS for it at most, and
        raises what botocore raises."""
        from botocore.exceptions import UnauthorizedSSOTokenError
        from botocore.tokens import SSOTokenProvider
        from botocore.utils import SSOTokenLoader

        tokens: Any = self.tokens(way_in)
        if way_in.by_code_only:
            found = SSOTokenLoader(tokens)(way_in.portal.start_url)
            if moment_of(found["expiresAt"]) <= datetime.now(UTC):
                raise UnauthorizedSSOTokenError
            return str(found["accessToken"])
        way = self._ways.to(f"https://{host_of('oidc', way_in.portal.region)}")
        with self._lock:
            core = self._core(files_for(way_in), way)
        fix(core, "profile", None)
        renewed: Any = SSOTokenProvider(core, tokens, profile_name=way_in.called).load_token()
        return str(renewed.get_frozen_token().token)

    def _made(
        self, region: str, files: ProfileFiles, profile: str | None, way: Way, tokens: Tokens | None = None
    ) -> AwsSession:
        import boto3

        core = self._core(files, way)
        if profile is None or self._practice:
            profile = None
            # AWS_PROFILE may name one that is gone.
            fix(core, "profile", None)
        loader = core.get_component("data_loader")
        paths = len(loader.search_paths)
        session = boto3.Session(botocore_session=core, profile_name=profile or None, region_name=region or None)
        # Each session adds the folder of boto3 anew.
        del loader.search_paths[paths:]
        if profile is not None:
            use_our_providers(
                core, files, self._roles.setdefault(profile, {}), self._questions, tokens or token_files()
            )
        return AwsSession(session, way)

    def _core(self, files: ProfileFiles, way: Way) -> botocore.session.Session:
        from botocore.loaders import create_loader

        self._loader = self._loader or create_loader()
        return botocore_session(self._loader, files, self._practice, way)


def _whose(connection: Connection) -> Connection:
    """All connections that are signed in alike."""
    profile = "" if connection.portal else connection.profile
    whose = Connection("", connection.region, "", "", profile=profile)
    if not connection.portal:
        return whose
    at = connection
    return replace(
        whose, start_url=at.start_url, sso_region=at.sso_region, account_id=at.account_id, role_name=at.role_name
    )


def _address_of(connection: Connection) -> str:
    """Where most of its calls go, for the question which proxy leads there."""
    return connection.endpoint or f"https://{host_of('cognito-idp', connection.region)}"


def _name_of(profile: str) -> str:
    return profile or os.environ.get("AWS_DEFAULT_PROFILE") or os.environ.get("AWS_PROFILE") or "default"


def _refuse_a_flawed(profile: str, files: ProfileFiles) -> None:
    if not profile and "AWS_ACCESS_KEY_ID" in os.environ:
        return
    name = _name_of(profile)
    if not (flaw := files.flaw_of(name)):
        return
    others = "\n".join(str(other) for other in files.flaws if other != flaw)
    hint = "Choose another AWS profile in the connection, or have this corrected by whoever set it up, then try again."
    raise failure(f"The AWS profile “{name}” cannot be used. {flaw}", hint, others, Kind.NO_SIGN_IN)
