"""Sessions of boto3: whose credentials a client signs with. No two threads may make one at once."""

from __future__ import annotations

import os
from collections import ChainMap
from typing import TYPE_CHECKING, Any, NoReturn

from confirmdesk.core.aws.deadlines import stop_when_overdue
from confirmdesk.core.aws.handed_over import make_connections_tell

if TYPE_CHECKING:
    import boto3
    import botocore.session
    from botocore.loaders import Loader


# Settings of other programs' calls, in the environment or a profile: a word that botocore does not know in one of them
# would keep even practice from starting, and none of them means anything for what is asked here.
_NOT_OURS: dict[str, Any] = {
    "account_id_endpoint_mode": "preferred",
    "auth_scheme_preference": None,
    "csm_enabled": False,
    "defaults_mode": "legacy",
    "disable_host_prefix_injection": None,
    "disable_request_compression": True,
    "ec2_metadata_service_endpoint_mode": None,
    "endpoint_discovery_enabled": "auto",
    "max_attempts": None,
    "metadata_service_num_attempts": 1,
    "metadata_service_timeout": 1,
    "request_checksum_calculation": "when_supported",
    "request_min_compression_size_bytes": 10240,
    "response_checksum_validation": "when_supported",
    "retry_mode": "standard",
    "sigv4a_signing_region_set": None,
    "sts_regional_endpoints": "regional",
    "user_agent_appid": None,
}


class MfaCodeNeededError(Exception):
    """The profile's role wants the code of an MFA device, and nobody here can be asked for one."""


def make_session(practice: bool, loader: Loader, profile: str | None, region: str = "") -> boto3.Session:
    """`profile` "" means the one that the environment names, or else the default one; None means none at all.

    `loader` has AWS's description of its services, 15 MB, and is shared by all sessions.
    """
    import boto3
    import botocore.session
    from botocore.configprovider import ConstantProvider

    make_connections_tell()
    core = botocore.session.Session()
    core.register_component("data_loader", loader)
    core.get_component("event_emitter").register("needs-retry", stop_when_overdue)
    for name, value in _NOT_OURS.items():
        core.get_component("config_store").set_config_provider(name, ConstantProvider(value))
    if practice:
        profile = None
        for name in ("config_file", "credentials_file"):
            core.set_config_variable(name, os.devnull)
        core.set_credentials("practice", "practice")
    if profile is None:
        # AWS_PROFILE may name one that is gone.
        core.get_component("config_store").set_config_provider("profile", ConstantProvider(None))
    session = boto3.Session(botocore_session=core, profile_name=profile or None, region_name=region or None)
    if profile is not None:
        _ask_for_no_mfa_code(core)
    return session


def ca_bundle_of(session: boto3.Session) -> str | None:
    """The certificate file that AWS_CA_BUNDLE or the session's profile names."""
    named: str | None = session._session.get_config_variable("ca_bundle")
    return named


def _ask_for_no_mfa_code(core: botocore.session.Session) -> None:
    # botocore would ask on a terminal that nobody sees. What the AWS command line has got with a code is used as long
    # as it lives; its cache is only read, for this program stores no keys.
    from botocore.utils import JSONFileCache

    provider = core.get_component("credential_provider").get_provider("assume-role")
    provider._prompter = _refuse_to_ask
    cached: Any = JSONFileCache(os.path.expanduser(os.path.join("~", ".aws", "cli", "cache")))
    provider.cache = ChainMap({}, cached)


def _refuse_to_ask(_prompt: str) -> NoReturn:
    raise MfaCodeNeededError
