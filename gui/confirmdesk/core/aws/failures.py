"""What botocore raises, told apart for those who may not import it."""

from typing import Any

# How botocore names the service in its events.
SERVICE_ID = "cognito-identity-provider"


class NotAwsAnsweredError(Exception):
    """A page for people came where AWS's JSON should be: a proxy, a VPN or a sign-in page answered."""

    def __init__(self, status: int) -> None:
        super().__init__(f"HTTP {status} with an HTML page")
        self.status = status


class SignInError(Exception):
    """No credentials came about on this computer. Its text is for an administrator and holds no secret."""


class MfaCodeNeededError(SignInError):
    """The profile's role wants the code of an MFA device, and nobody here can be asked for one."""


class SignInCancelledError(SignInError):
    """Somebody was asked, and would rather not."""


class ProgramMissingError(SignInError):
    """The program that the profile names for its keys cannot be started."""


class ProgramFailedError(SignInError):
    """It ended with an error; the text is what it complained."""


class ProgramOverdueError(SignInError):
    """It did not end in time."""


class NoKeysError(SignInError):
    """What it wrote are no keys."""


class KeysExpiredError(SignInError):
    """It wrote keys that had ended by then."""


class TokenFileMissingError(SignInError):
    """The file with the token of a web identity cannot be read."""


class SignInFileBrokenError(SignInError):
    """What another program has kept of a sign-in cannot be read."""


class LoginFileBrokenError(SignInFileBrokenError):
    """The same, of `aws login`."""


def refuse_pages_for_people(response_dict: dict[str, Any], **_: object) -> None:
    """botocore's `before-parse` handler: it would turn a page with status 200 into an empty answer, and say nothing."""
    kind = response_dict["headers"].get("content-type", "")
    if "html" in kind.lower() or response_dict["body"].lstrip()[:1] == b"<":
        raise NotAwsAnsweredError(response_dict["status_code"])


def is_botocores(error: Exception) -> bool:
    """Whether `error` is one of botocore's own; an answer of AWS is none of these."""
    from botocore.exceptions import BotoCoreError

    return isinstance(error, BotoCoreError)


def service_answer(error: Exception) -> Any:
    """AWS's answer with its error code, where `error` is one; else None."""
    from botocore.exceptions import ClientError

    return error.response if isinstance(error, ClientError) else None


def is_unsendable(error: Exception) -> bool:
    """Whether botocore refused the request before it left."""
    from botocore.exceptions import ParamValidationError

    return isinstance(error, ParamValidationError)
