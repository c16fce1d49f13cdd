"""What helps a person, by the status of their account. Only UNCONFIRMED is for ResendConfirmationCode.

https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html
"""

from confirmdesk.core.people.domains import likely_domain
from confirmdesk.core.people.users import UNCONFIRMED, User

_HELP = {
    UNCONFIRMED: "Has not confirmed yet. Pick this person and send a code.",
    "CONFIRMED": "The account is active. The customer can sign in, or reset the password.",
    "FORCE_CHANGE_PASSWORD": "Was invited by an administrator, who must send the invitation again.",
    "RESET_REQUIRED": "Must choose a new password: “Forgot password” in the app sends a code for that.",
    "EXTERNAL_PROVIDER": "Signs in through another provider, such as Google or the company; there is no code to send.",
}


def what_helps(user: User) -> str:
    """One sentence for the agent: what gets this person going again."""
    advice = _HELP.get(user.status, "Ask an AWS administrator what this status means for the account.")
    meant = likely_domain(user.email.rpartition("@")[2])
    if meant and user.status == UNCONFIRMED and not user.phone:
        advice = (
            f"Has not confirmed yet, but the address looks mistyped ({meant}?): a code would not reach the customer, "
            "who can sign up again with the right one."
        )
    if not user.enabled:
        return f"The account is disabled and must be enabled first. {advice}"
    return advice


def status_words(user: User) -> str:
    """The status as people read it: `Force change password`."""
    words = user.status.replace("_", " ").capitalize() or "Unknown"
    return words if user.enabled else f"{words}, disabled"
