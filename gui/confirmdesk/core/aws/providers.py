"""Where the credentials of a session come from: botocore's providers in their order, each with what ours need.

All of them wait until a call is signed, so that making a client never asks anybody; and what fails has a name.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from confirmdesk.core.aws.attempts import Attempt
from confirmdesk.core.aws.failures import TokenFileMissingError
from confirmdesk.core.aws.key_program import keys_of
from confirmdesk.core.aws.mfa import RoleWithMfa
from confirmdesk.core.aws.portals.tokens import MemoryTokens, SignInFiles, command_line_files, login_files
from confirmdesk.core.aws.profile_files import ProfileFiles, Section
from confirmdesk.core.aws.questions import FindQuestions

if TYPE_CHECKING:
    import botocore.session
    from botocore.credentials import CredentialProvider


RoleKeys = dict[str, Any]
Tokens: TypeAlias = MemoryTokens | SignInFiles


def use_our_providers(
    core: botocore.session.Session, files: ProfileFiles, roles: RoleKeys, questions: FindQuestions, tokens: Tokens
) -> None:
    """`core` has the settings of `files` in memory; their keys are read by botocore in another way. `roles` is what
    other sessions of the same profile have got: AWS takes a code only once. `tokens` are those of access portals."""
    chain: Any = core.get_component("credential_provider")
    role = chain.get_provider("assume-role")
    _ask_for_codes(role, files, questions)
    # What the AWS command line has got with a code is used as long as it lives; its cache is only read, for this
    # program stores no keys.
    role.cache = ChainMap(roles, command_line_files("cli", "cache"))
    # It makes the providers of one profile, also of those that a role stands on.
    builder = role._profile_provider_builder
    builder._sso_token_cache = tokens
    builder._login_token_cache = login_files()
    profile = core.get_config_variable("profile")
    make = builder.providers
    builder.providers = lambda profile_name, disable_env_vars=False: [
        _ours(provider, profile_name, files, questions) for provider in make(profile_name, disable_env_vars)
    ]
    ours = {provider.METHOD: provider for provider in builder.providers(profile or "default", _is_chosen(core))}
    chain.providers = [ours.get(provider.METHOD, provider) for provider in chain.providers]


def _is_chosen(core: botocore.session.Session) -> bool:
    """Whether a profile was chosen here, and the environment's credentials do not count."""
    return core.instance_variables().get("profile") is not None


def _ask_for_codes(role: Any, files: ProfileFiles, questions: FindQuestions) -> None:
    load = role._load_creds_via_assume_role

    def asking(profile: str) -> Any:
        # Also for the roles that a role stands on: it loads them in the same way.
        credentials = load(profile)
        device = files.profiles[profile].get("mfa_serial")
        if device is not None:
            # botocore's refresher takes one code for the whole life of a session.
            fetch = credentials._refresh_using._refresh
            mfa = RoleWithMfa(profile, device, questions, fetch)
            fetch.__self__._mfa_prompter = mfa.code
            credentials._refresh_using = mfa.keys
        credentials._refresh_using = Attempt(credentials._refresh_using)
        return credentials

    role._load_creds_via_assume_role = asking


def _ours(provider: Any, profile: str, files: ProfileFiles, questions: FindQuestions) -> CredentialProvider:
    if provider.METHOD == "shared-credentials-file":
        provider._ini_parser = lambda _: files.keys
    elif provider.METHOD == "config-file":
        provider._config_parser = lambda _: {"profiles": {}, **files.settings}
    elif provider.METHOD == "assume-role-with-web-identity":
        provider._token_loader_cls = _token_reader
    elif provider.METHOD == "custom-process":
        provider.load = lambda: _from_program(files.profiles.get(profile, {}), questions)
    if provider.METHOD in ("sso", "assume-role-with-web-identity"):
        provider.load = _shared(provider.load)
    kept: CredentialProvider = provider
    return kept


def _shared(load: Callable[[], Any]) -> Callable[[], Any]:
    """What comes of asking for the keys is shared by all who wait for them: each would wait once more by itself."""

    def sharing() -> Any:
        credentials = load()
        if credentials is not None:
            credentials._refresh_using = Attempt(credentials._refresh_using)
        return credentials

    return sharing


def _from_program(section: Section, questions: FindQuestions) -> Any:
    from botocore.credentials import DeferredRefreshableCredentials

    command = section.get("credential_process")
    if command is None:
        return None
    return DeferredRefreshableCredentials(Attempt(lambda: keys_of(command, questions)), "custom-process")


def _token_reader(file: str) -> Callable[[], str]:
    from botocore.utils import FileWebIdentityTokenLoader

    def read() -> str:
        try:
            token: str = FileWebIdentityTokenLoader(file)()
        except (OSError, ValueError) as error:
            raise TokenFileMissingError(f"{file}: {getattr(error, 'strerror', None) or 'not text'}") from None
        return token

    return read
