"""Which rights in AWS the program can use, and what is missing without each of them."""

import json
from dataclasses import dataclass
from enum import Enum


class Group(Enum):
    """What is granted together; the value names a statement of the policy."""

    READING = "ReadThePool"
    CLIENTS = "OptionalChooseAppClient"
    POOLS = "OptionalChoosePool"
    SECRET = "OptionalReadClientSecret"  # noqa: S105 the name of a statement
    REPLICAS = "OptionalTellPrimaryRegion"


@dataclass(frozen=True, slots=True)
class Right:
    """A right of IAM, `action`, what it is `used_for` and what happens `without` it. One that is not `on_pool` can be
    given for all pools only."""

    action: str
    group: Group
    used_for: str
    without: str
    on_pool: bool = True


# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncognitouserpools.html
RIGHTS = (
    Right("cognito-idp:ListUsers", Group.READING, "the list, and looking somebody up", "nothing works"),
    Right(
        "cognito-idp:DescribeUserPool",
        Group.READING,
        "whether codes go by e-mail or SMS, whether a Lambda sees the metadata, the checks before sending",
        "the channel is assumed, and the first send tells",
    ),
    Right("cognito-idp:ListUserPoolClients", Group.CLIENTS, "choosing the app client by name", "its id is typed"),
    Right("cognito-idp:ListUserPools", Group.POOLS, "choosing the pool by name", "its id is typed", on_pool=False),
    Right(
        "cognito-idp:DescribeUserPoolClient",
        Group.SECRET,
        "reading the client secret, also in a run where it was replaced, and comparing the stored one with it",
        "it is typed, and a run waits for it where AWS refuses the stored one",
    ),
    Right(
        "cognito-idp:ListUserPoolReplicas",
        Group.REPLICAS,
        "warning where the region is only a copy of the pool",
        "nobody is warned",
    ),
)
# What needs no right of IAM: the first takes no credentials, the second answers everybody, and the others are asked
# with the token of a sign-in by the access portal.
WITHOUT_RIGHT = (
    "cognito-idp:ResendConfirmationCode",
    "sts:GetCallerIdentity",
    "sso:ListAccounts",
    "sso:ListAccountRoles",
    "sso:GetRoleCredentials",
    "sso:Logout",
    "sso-oidc:RegisterClient",
    "sso-oidc:StartDeviceAuthorization",
    "sso-oidc:CreateToken",
)
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov", "eusc-": "aws-eusc"}


def policy(region: str = "", account: str = "", pool_id: str = "") -> str:
    """The least rights as a policy of IAM, in JSON, what can be left out in statements of its own. What is not known
    stands there in capitals."""
    partition = next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")
    pool = f"{region or 'REGION'}:{account or 'ACCOUNT'}:userpool/{pool_id or 'POOL_ID'}"
    arn = f"arn:{partition}:cognito-idp:{pool}"
    return json.dumps({"Version": "2012-10-17", "Statement": [_statement(group, arn) for group in Group]}, indent=2)


def _statement(group: Group, arn: str) -> dict[str, object]:
    rights = [right for right in RIGHTS if right.group is group]
    on_pool = all(right.on_pool for right in rights)
    return {
        "Sid": group.value,
        "Effect": "Allow",
        "Action": [right.action for right in rights],
        "Resource": arn if on_pool else "*",
    }
