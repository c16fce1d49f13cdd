"""What administrators are told to grant is what the program asks, no more and no less."""

import ast
import json
import re
from pathlib import Path

import botocore.session
import pytest
from botocore import xform_name

from confirmdesk.core.cognito.rights import RIGHTS, WITHOUT_RIGHT, policy

SOURCE = Path(__file__).parents[3] / "gui" / "confirmdesk" / "core"
SERVICES = ("cognito-idp", "sts", "sso", "sso-oidc")
# What botocore asks by itself: with the token of a sign-in, or for a profile that names a role.
BY_BOTOCORE = {"sso:GetRoleCredentials", "sso-oidc:CreateToken"}


def operations():
    """Every operation of these services, by the name of its method."""
    session = botocore.session.Session()
    models = {service: session.get_service_model(service) for service in SERVICES}
    return {xform_name(name): f"{s}:{name}" for s, model in models.items() for name in model.operation_names}


def called():
    """The operations whose methods the source names, as attributes of clients or, where it is chosen, as texts."""
    known, found = operations(), set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            name = getattr(node, "attr", None) or (
                getattr(node, "value", None) if isinstance(node, ast.Constant) else None
            )
            if isinstance(name, str) and name in known:
                found.add(known[name])
    return found


def test_every_call_is_in_the_list_and_nothing_else():
    listed = {right.action for right in RIGHTS} | set(WITHOUT_RIGHT)
    assert called() | BY_BOTOCORE == listed


def test_every_right_is_the_one_that_the_call_is_refused_for():
    """What a refused call is told to need is what administrators are told to grant."""
    text = (SOURCE / "cognito" / "control.py").read_text(encoding="utf-8")
    named = set(re.findall(r'"(cognito-idp:\w+)"', text))
    assert named == {right.action for right in RIGHTS}


def test_each_action_is_granted_once_and_on_one_pool_where_that_is_possible():
    statements = json.loads(policy("eu-west-1", "123456789012", "eu-west-1_Ab12Cd34E"))["Statement"]
    granted = {action: s["Resource"] for s in statements for action in s["Action"]}
    assert len(granted) == sum(len(s["Action"]) for s in statements) == len(RIGHTS)
    arn = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_Ab12Cd34E"
    assert granted == {right.action: arn if right.on_pool else "*" for right in RIGHTS}
    assert len({s["Sid"] for s in statements}) == len(statements)
    assert all(re.fullmatch(r"[A-Za-z0-9]+", s["Sid"]) and s["Effect"] == "Allow" for s in statements)


@pytest.mark.parametrize("region", ["us-east-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"])
def test_the_pool_is_named_as_in_its_part_of_the_world(region):
    partition = botocore.session.Session().get_partition_for_region(region)
    assert f'"arn:{partition}:cognito-idp:{region}:ACCOUNT:userpool/POOL_ID"' in policy(region)


def test_what_is_not_known_stands_in_capitals():
    assert "cognito-idp:REGION:ACCOUNT:userpool/POOL_ID" in policy()
