"""By which access portal somebody signs in with a browser, and where what comes of it is kept."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from confirmdesk.core.aws.profile_files import ProfileFiles, Section
from confirmdesk.core.connections.portal import Portal

# What a token may do: list accounts and roles, and get the keys of one. With it AWS renews tokens.
# https://docs.aws.amazon.com/cli/latest/userguide/sso-configure-profile-token.html
SCOPES = ("sso:account:access",)


@dataclass(frozen=True, slots=True)
class WayIn:
    """`profile` "" means a connection's own portal: its tokens stay in memory. Those of a profile lie where the AWS
    command line keeps them, by the name of the `session` in AWS's files, or in an older profile by the start URL."""

    portal: Portal
    profile: str = ""
    session: str = ""
    scopes: tuple[str, ...] = SCOPES

    @property
    def in_memory(self) -> bool:
        return not self.profile

    @property
    def by_code_only(self) -> bool:
        """Older profiles have a token of some hours that nothing renews; AWS gives it for a code alone."""
        return not self.in_memory and not self.session

    @property
    def called(self) -> str:
        """As botocore is told: what the token is kept by."""
        return f"{self.portal.start_url} {self.portal.region}" if self.in_memory else self.session

    @property
    def key(self) -> str:
        """What one sign-in serves: all that share its token."""
        return hashlib.sha1((self.called or self.portal.start_url).encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedIn:
    """`until` is when the token ends. One that `renews_itself` is followed by another, for as long as the company's
    session lasts, which AWS tells nobody."""

    until: datetime
    renews_itself: bool


def way_of_profile(files: ProfileFiles, profile: str) -> WayIn | None:
    """By which portal one signs in for `profile`, or for the one that its role stands on; None where by none."""
    profiles, seen = files.profiles, set[str]()
    while profile and profile not in seen:
        seen.add(profile)
        section: Section = profiles.get(profile, {})
        if "sso_session" in section or "sso_start_url" in section:
            return _way_of(files, profile, section)
        profile = str(section.get("source_profile") or "")
    return None


def _way_of(files: ProfileFiles, profile: str, section: Section) -> WayIn | None:
    session = str(section.get("sso_session") or "")
    if session:
        section = files.settings.get("sso_sessions", {}).get(session, {})
    start_url, region = section.get("sso_start_url"), section.get("sso_region")
    if not (isinstance(start_url, str) and isinstance(region, str)):
        return None
    # As the AWS command line has it: of an older profile the token may do all and ends after some hours.
    named = tuple(
        scope for word in str(section.get("sso_registration_scopes", "")).split(",") if (scope := word.strip())
    )
    return WayIn(Portal(start_url, region), profile, session, (named or SCOPES) if session else ())


def files_for(way: WayIn, account_id: str = "", role_name: str = "") -> ProfileFiles:
    """What AWS's files would say of a connection's own portal, for the profile that is called as it; a role where one
    is named."""
    section: Section = {"sso_session": way.called}
    if role_name:
        section |= {"sso_account_id": account_id, "sso_role_name": role_name}
    session = {"sso_start_url": way.portal.start_url, "sso_region": way.portal.region}
    return ProfileFiles({"profiles": {way.called: section}, "sso_sessions": {way.called: session}}, {})


def role_key(way: WayIn, account_id: str, role_name: str) -> str:
    """Where the AWS command line keeps the keys of a role."""
    named = {"sessionName": way.session} if way.session else {"startUrl": way.portal.start_url}
    words: dict[str, Any] = {"roleName": role_name, "accountId": account_id, **named}
    spelled = json.dumps(words, sort_keys=True, separators=(",", ":"))
    return hashlib.sha1(spelled.encode(), usedforsecurity=False).hexdigest()
