"""What is kept of sign-ins by access portals: in memory, or in the files of the AWS command line."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from confirmdesk.core.aws.failures import LoginFileBrokenError, SignInFileBrokenError


class MemoryTokens:
    """Of the portals of connections. botocore reads and renews them here; nothing of them is written down."""

    def __init__(self) -> None:
        self._kept: dict[str, str] = {}
        self._lock = threading.Lock()

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def __getitem__(self, key: str) -> Any:
        with self._lock:
            return json.loads(self._kept[key])

    def sign_in(self, key: str, token: Any) -> None:
        """Somebody has signed in."""
        with self._lock:
            self._kept[key] = as_the_command_line(token)

    def __setitem__(self, key: str, token: Any) -> None:
        """botocore has renewed it: for nobody, where they have signed out meanwhile, or somebody else has signed in."""
        with self._lock:
            if key in self._kept and _is_renewal(json.loads(self._kept[key]), token):
                self._kept[key] = as_the_command_line(token)

    def __delitem__(self, key: str) -> None:
        with self._lock:
            del self._kept[key]


class SignInFiles:
    """Those of other programs, which share a sign-in with this one: botocore takes whatever a file holds for a token,
    and makes a folder that others can look into."""

    def __init__(self, folder: Path, is_fit: Callable[[Any], bool], broken: type[Exception]) -> None:
        from botocore.utils import JSONFileCache

        self._folder, self._is_fit, self._broken = folder, is_fit, broken
        self._kept = JSONFileCache(str(folder), dumps_func=as_the_command_line)

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def __getitem__(self, key: str) -> Any:
        try:
            found = self._kept[key]
            if self._is_fit(found):
                return found
        except (KeyError, TypeError, ValueError, AttributeError):
            pass
        raise self._broken(f"{key}.json")

    def __setitem__(self, key: str, token: Any) -> None:
        """As in memory."""
        try:
            kept = self._kept[key]
        except KeyError:
            return
        if _is_renewal(kept, token):
            self._kept[key] = token

    def sign_in(self, key: str, token: Any) -> None:
        """Somebody has signed in."""
        for folder in reversed([self._folder, *self._folder.parents]):
            if not folder.exists():
                folder.mkdir(0o700, exist_ok=True)
        self._kept[key] = token

    def __delitem__(self, key: str) -> None:
        del self._kept[key]


def command_line_files(*folder: str) -> Any:
    """Those below ~/.aws, as botocore reads and writes them."""
    from botocore.utils import JSONFileCache

    return JSONFileCache(str(_below_aws(*folder)), dumps_func=as_the_command_line)


def token_files() -> SignInFiles:
    """Where the AWS command line keeps the tokens of portals."""
    return SignInFiles(_below_aws("sso", "cache"), _is_token, SignInFileBrokenError)


def login_files() -> SignInFiles:
    """Where it keeps the sign-ins of `aws login`."""
    from botocore.utils import get_login_token_cache_directory

    return SignInFiles(Path(get_login_token_cache_directory()), _is_login, LoginFileBrokenError)


def moment_of(text: str) -> datetime:
    """Raises ValueError. An older AWS command line wrote UTC where others write Z."""
    return datetime.fromisoformat(text.replace("UTC", "Z"))


def as_the_command_line(token: Any) -> str:
    """In the JSON that the AWS command line writes."""
    return json.dumps(token, default=written)


def written(moment: datetime) -> str:
    """As the AWS command line writes times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _below_aws(*folder: str) -> Path:
    return Path(os.path.expanduser("~"), ".aws", *folder)


def _is_renewal(kept: Any, token: Any) -> bool:
    """Each sign-in registers anew, and what is renewed keeps that."""
    return not isinstance(kept, dict) or kept.get("clientId") == token.get("clientId")


def _is_token(found: Any) -> bool:
    return isinstance(found["accessToken"], str) and moment_of(found["expiresAt"]).tzinfo is not None


def _is_login(found: Any) -> bool:
    keys = found["accessToken"]
    named = ("accessKeyId", "secretAccessKey", "sessionToken", "accountId")
    return all(isinstance(keys[name], str) for name in named) and moment_of(keys["expiresAt"]).tzinfo is not None
