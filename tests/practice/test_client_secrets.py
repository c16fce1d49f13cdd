"""An app client's secret takes the place of another without a gap, as an administrator does it."""

import pytest
from botocore.exceptions import ClientError

from confirmdesk.practice.resend import secret_hash

OWN = "abcdefghijklmnopqrstuvwx"


@pytest.fixture
def at(caller):
    chosen = caller.server.pools[0].clients[0]
    return {"UserPoolId": caller.pool_id(), "ClientId": chosen.client_id}


def code_of(call, **parameters):
    with pytest.raises(ClientError) as refused:
        call(**parameters)
    return refused.value.response["Error"]["Code"]


def sent_with(caller, at, user, secret):
    """AWS's word on a code that is asked for with `secret`; "" where it is sent."""
    try:
        caller.resend(user, SecretHash=secret_hash(user, at["ClientId"], secret))
    except ClientError as refused:
        return refused.response["Error"]["Message"]
    return ""


def ids(caller, at):
    return [told["ClientSecretId"] for told in caller.control.list_user_pool_client_secrets(**at)["ClientSecrets"]]


def test_two_secrets_work_side_by_side_until_one_is_deleted(caller, at, plain_user):
    old, user = caller.server.pools[0].clients[0].secret, plain_user["Username"]
    made = caller.control.add_user_pool_client_secret(**at)["ClientSecretDescriptor"]
    new = made["ClientSecretValue"]
    assert made["ClientSecretId"].startswith(f"{at['ClientId']}--")
    assert [sent_with(caller, at, user, secret) for secret in (old, new)] == ["", ""]
    first, second = ids(caller, at)
    caller.control.delete_user_pool_client_secret(**at, ClientSecretId=first)
    assert sent_with(caller, at, user, old) == f"Unable to verify secret hash for client {at['ClientId']}"
    assert sent_with(caller, at, user, new) == ""
    assert caller.control.describe_user_pool_client(**at)["UserPoolClient"]["ClientSecret"] == new
    assert ids(caller, at) == [second]


def test_values_are_told_once_at_most(caller, at):
    made = caller.control.add_user_pool_client_secret(**at, ClientSecret=OWN)["ClientSecretDescriptor"]
    assert "ClientSecretValue" not in made
    told = caller.control.list_user_pool_client_secrets(**at)["ClientSecrets"]
    assert [set(one) for one in told] == [{"ClientSecretId", "ClientSecretCreateDate"}] * 2


def test_there_are_two_at_most_and_one_at_least(caller, at):
    add, delete = caller.control.add_user_pool_client_secret, caller.control.delete_user_pool_client_secret
    assert code_of(add, **at, ClientSecret="abcdefghijklmnopqrstuvw-") == "InvalidParameterException"
    add(**at)
    assert code_of(add, **at) == "LimitExceededException"
    first, second = ids(caller, at)
    delete(**at, ClientSecretId=first)
    assert code_of(delete, **at, ClientSecretId=first) == "ResourceNotFoundException"
    assert code_of(delete, **at, ClientSecretId=second) == "InvalidParameterException"


def test_a_public_client_gets_none(caller, at):
    public = at | {"ClientId": caller.server.pools[0].clients[1].client_id}
    assert code_of(caller.control.add_user_pool_client_secret, **public) == "InvalidParameterException"
    assert ids(caller, public) == []
    assert code_of(caller.control.list_user_pool_client_secrets, **at | {"ClientId": "gone"}) == (
        "ResourceNotFoundException"
    )


def test_resetting_practice_brings_the_first_secret_back(caller, at, plain_user):
    old = caller.server.pools[0].clients[0].secret
    caller.control.add_user_pool_client_secret(**at)
    caller.control.delete_user_pool_client_secret(**at, ClientSecretId=ids(caller, at)[0])
    caller.server.reset()
    assert sent_with(caller, at, plain_user["Username"], old) == ""
    assert len(ids(caller, at)) == 1
