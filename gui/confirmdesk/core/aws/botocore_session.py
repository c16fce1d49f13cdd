"""A session of botocore's, made ours: what it reads, believes and waits for, whoever calls with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from confirmdesk.core.aws.deadlines import stop_when_overdue
from confirmdesk.core.aws.failures import refuse_pages_for_people
from confirmdesk.core.aws.handed_over import make_connections_tell
from confirmdesk.core.aws.network.certificates import BETWEEN, believe_the_system
from confirmdesk.core.aws.network.way import Way
from confirmdesk.core.aws.profile_files import ProfileFiles, Section

if TYPE_CHECKING:
    import botocore.session
    from botocore.loaders import Loader

# Of the clients that botocore makes for itself, to get credentials; in seconds, for each address and attempt.
_CONNECT_TIMEOUT, _READ_TIMEOUT, _ATTEMPTS = 5, 10, 2
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


def _add_bundle(core: botocore.session.Session, added: str) -> None:
    """Beside the one that `core` knows of."""
    named = bundle_of(core) or os.environ.get("REQUESTS_CA_BUNDLE")
    core.set_config_variable("ca_bundle", BETWEEN.join((named, added)) if named else added)


def bundle_of(core: botocore.session.Session) -> str | None:
    """The files of certificates that `core` knows of, with BETWEEN between them."""
    named: str | None = core.get_config_variable("ca_bundle")
    return named


def botocore_session(loader: Loader, files: ProfileFiles, practice: bool, way: Way) -> botocore.session.Session:
    """One that reads no file of AWS's by itself: it has the settings of `files`, and goes by `way`."""
    import botocore.session
    from botocore.config import Config

    make_connections_tell()
    believe_the_system()
    core = botocore.session.Session()
    core.register_component("data_loader", loader)
    events = core.get_component("event_emitter")
    events.register("needs-retry", stop_when_overdue)
    # Also of clients that botocore makes for itself.
    for service in ("sso", "sso-oidc"):
        events.register(f"before-parse.{service}", refuse_pages_for_people)
    for name, value in _NOT_OURS.items():
        fix(core, name, value)
    # The sections that are sound are given to it in memory, for it would read all or nothing.
    for name in ("config_file", "credentials_file"):
        core.set_config_variable(name, os.devnull)
    settings: Section = core.full_config
    settings.update({**files.settings, "profiles": files.profiles})
    limits: dict[str, Any] = {
        # A stray AWS_ENDPOINT_URL would get the tokens of a sign-in.
        "ignore_configured_endpoint_urls": True,
        "connect_timeout": _CONNECT_TIMEOUT,
        "read_timeout": _READ_TIMEOUT,
        "retries": {"mode": "standard", "total_max_attempts": _ATTEMPTS},
    }
    if way.proxies is not None:
        limits["proxies"] = dict(way.proxies)
    core.set_default_client_config(Config(**limits))
    if way.ca_bundle:
        _add_bundle(core, way.ca_bundle)
    if practice:
        core.set_credentials("practice", "practice")
    return core


def fix(core: botocore.session.Session, name: str, value: Any) -> None:
    """`name` is `value` for `core`, whatever environment and files say."""
    from botocore.configprovider import ConstantProvider

    core.get_component("config_store").set_config_provider(name, ConstantProvider(value))
