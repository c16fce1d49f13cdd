"""ListUsers and the describing calls on the practice pool, over HTTP by boto3."""

import time

import pytest
from botocore.exceptions import ClientError

UNCONFIRMED = 'cognito:user_status = "UNCONFIRMED"'


def attributes(user):
    return {attribute["Name"]: attribute["Value"] for attribute in user["Attributes"]}


def emails(users):
    return sorted(attributes(user)["email"] for user in users)


def quoted(value):
    return value.replace("\\", "\\\\").replace('"', '\\"')


def refusal(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]


def test_pages_of_sixty_make_the_whole_pool_once(caller):
    pages = list(caller.control.get_paginator("list_users").paginate(UserPoolId=caller.pool_id(), Filter=UNCONFIRMED))
    assert [len(page["Users"]) for page in pages] == [60, 60, 60, 20]
    users = [user for page in pages for user in page["Users"]]
    assert len({user["Username"] for user in users}) == 200
    assert {user["UserStatus"] for user in users} == {"UNCONFIRMED"}
    assert "PaginationToken" not in pages[-1]


def test_a_last_page_that_is_full_ends_the_chain(caller):
    answer = caller.control.list_users(UserPoolId=caller.pool_id(1), Limit=6)
    assert len(answer["Users"]) == 6
    assert "PaginationToken" not in answer


def test_a_page_can_be_asked_for_again(caller):
    question = {"UserPoolId": caller.pool_id(), "Filter": UNCONFIRMED, "Limit": 7}
    token = caller.control.list_users(**question)["PaginationToken"]
    second = caller.control.list_users(**question, PaginationToken=token)
    again = caller.control.list_users(**question, PaginationToken=token)
    assert second["Users"] == again["Users"]


def test_somebody_who_confirms_meanwhile_moves_nobody_to_another_page(caller):
    question = {"UserPoolId": caller.pool_id(), "Filter": UNCONFIRMED, "Limit": 60}
    first = caller.control.list_users(**question)
    for user in first["Users"][:5]:
        caller.control.admin_confirm_sign_up(UserPoolId=caller.pool_id(), Username=user["Username"])
    seen = list(first["Users"])
    page = first
    while token := page.get("PaginationToken"):
        page = caller.control.list_users(**question, PaginationToken=token)
        seen += page["Users"]
    assert len({user["Username"] for user in seen}) == len(seen) == 200
    assert len(caller.users(UNCONFIRMED)) == 195


@pytest.mark.parametrize("token", ["nonsense", "practice-999999-60"])
def test_a_foreign_token_is_refused(caller, token):
    error = refusal(caller.control.list_users, UserPoolId=caller.pool_id(), PaginationToken=token)
    assert error["Code"] == "InvalidParameterException"
    assert "Paging marker" in error["Message"]


def test_a_token_belongs_to_its_question(caller):
    token = caller.control.list_users(UserPoolId=caller.pool_id(), Filter=UNCONFIRMED)["PaginationToken"]
    error = refusal(caller.control.list_users, UserPoolId=caller.pool_id(), PaginationToken=token)
    assert "Paging marker" in error["Message"]


@pytest.mark.parametrize(
    "text",
    [
        "email = unquoted",
        'email > "a"',
        'email = "a" and name = "b"',
        'custom:tier = "gold"',
        'locale = "en-GB"',
        'name = "stray " quote"',
        'name = "' + "x" * 250 + '"',
    ],
)
def test_a_filter_the_service_does_not_know_is_refused(caller, text):
    error = refusal(caller.control.list_users, UserPoolId=caller.pool_id(), Filter=text)
    assert error["Code"] == "InvalidParameterException"


def test_more_than_sixty_a_page_are_refused(caller):
    error = refusal(caller.control.list_users, UserPoolId=caller.pool_id(), Limit=61)
    assert error["Code"] == "InvalidParameterException"


def test_an_unknown_pool_does_not_exist(caller):
    error = refusal(caller.control.list_users, UserPoolId="us-east-1_Nobody")
    assert error["Code"] == "ResourceNotFoundException"


def test_exact_email_finds_everybody_who_has_it(caller):
    assert len(caller.users('email = "twice@example.com"')) == 2
    assert sorted(user["UserStatus"] for user in caller.users('email = "taken@example.org"')) == [
        "CONFIRMED",
        "UNCONFIRMED",
    ]
    assert caller.users('email = "twice@example"') == []


def test_capital_letters_count_where_the_pool_is_set_so(caller):
    assert len(caller.users('email = "TWICE@Example.com"')) == 2
    assert len(caller.users('email ^= "TWICE@"')) == 2
    assert caller.users('name = "robin twice"') == []
    newsletter = caller.pool_id(1)
    found = [
        caller.control.list_users(UserPoolId=newsletter, Filter=f'username = "{name}"')["Users"]
        for name in ("Jonas_B", "jonas_b")
    ]
    assert [len(users) for users in found] == [1, 0]


def test_a_prefix_finds_those_who_begin_with_it(caller):
    everybody = emails(user for user in caller.users() if "email" in attributes(user))
    wanted = [address for address in everybody if address.startswith("b")]
    assert len(wanted) > 2
    assert emails(caller.users('email ^= "b"')) == wanted


@pytest.mark.parametrize("attribute", ["phone_number", "sub", "name", "given_name", "family_name"])
def test_everybody_is_found_by_each_attribute(caller, attribute):
    for user in caller.users():
        value = attributes(user).get(attribute, "")
        text = f'{attribute} = "{quoted(value)}"'
        if value and len(text) <= 256 and place_of(user) % 9 == 0:
            assert user["Username"] in [found["Username"] for found in caller.users(text)]


def place_of(user):
    return int(attributes(user)["sub"][:4], 16)


def test_quotes_in_a_name_are_escaped(caller):
    name = 'Robert "Bobby" O\'Quote; DROP TABLE users;--'
    assert emails(caller.users(f'name = "{quoted(name)}"')) == ["o'quote@example.org"]
    assert emails(caller.users('name ^= "Robert \\"Bob"')) == ["o'quote@example.org"]


def test_a_newline_in_a_name_can_be_asked_for(caller):
    assert emails(caller.users('name ^= "Ursula\nNew"')) == ["newline@example.com"]


def test_a_username_is_found_only_as_it_is_written(caller):
    assert [user["Username"] for user in caller.users('username = "Jonas_B"', pool=1)] == ["Jonas_B"]
    assert caller.users('username = "jonas_b"', pool=1) == []
    assert [user["Username"] for user in caller.users('username ^= "渡"', pool=1)] == ["渡辺"]


def test_status_filters(caller):
    assert len(caller.users('cognito:user_status = "unconfirmed"')) == 200
    assert len(caller.users('status = "Disabled"')) == 3
    assert len(caller.users('status = "Enabled"')) == 237


def test_a_row_says_what_the_service_says(caller):
    (user,) = caller.users('email = "edith.archer@exmaple.com"')
    assert user.keys() == {
        "Username",
        "Attributes",
        "UserCreateDate",
        "UserLastModifiedDate",
        "Enabled",
        "UserStatus",
        "MFAOptions",
    }
    assert user["Enabled"] is True
    assert attributes(user) == {
        "sub": user["Username"],
        "email": "edith.archer@exmaple.com",
        "email_verified": "false",
        "name": "Edith Archer",
        "locale": "en-GB",
    }
    age = time.time() - user["UserCreateDate"].timestamp()
    assert 50 * 60 <= age < 55 * 60


def test_listing_says_what_admin_get_user_says(caller):
    for email in ("o'quote@example.org", "newline@example.com", "disabled.dora@example.org", "google.1@example.com"):
        (listed,) = caller.users(f'email = "{email}"')
        alone = caller.control.admin_get_user(UserPoolId=caller.pool_id(), Username=listed["Username"])
        assert alone["UserAttributes"] == listed["Attributes"]
        for name in ("Username", "UserCreateDate", "UserLastModifiedDate", "Enabled", "UserStatus"):
            assert alone[name] == listed[name]


def test_asking_for_attributes_that_somebody_lacks_is_an_error(caller):
    question = {"UserPoolId": caller.pool_id(1), "AttributesToGet": ["email"]}
    answer = caller.control.list_users(**question)
    assert {name for user in answer["Users"] for name in attributes(user)} == {"email"}
    error = refusal(caller.control.list_users, UserPoolId=caller.pool_id(1), AttributesToGet=["phone_number"])
    assert error["Code"] == "InvalidParameterException"


def test_pools_and_clients_are_listed_and_described(caller):
    pools = caller.control.list_user_pools(MaxResults=60)["UserPools"]
    assert [(pool["Id"], pool["Name"]) for pool in pools] == [(pool.pool_id, pool.name) for pool in caller.server.pools]
    for pool in caller.server.pools:
        listed = caller.control.list_user_pool_clients(UserPoolId=pool.pool_id, MaxResults=60)["UserPoolClients"]
        assert [(client["ClientId"], client["ClientName"]) for client in listed] == [
            (client.client_id, client.name) for client in pool.clients
        ]


def test_the_shop_is_described_with_its_settings(caller):
    shop = caller.control.describe_user_pool(UserPoolId=caller.pool_id())["UserPool"]
    assert shop["AutoVerifiedAttributes"] == ["email", "phone_number"]
    assert shop["LambdaConfig"]["CustomMessage"].startswith("arn:aws:lambda:us-east-1:")
    assert shop["EmailConfiguration"]["EmailSendingAccount"] == "DEVELOPER"
    assert shop["EstimatedNumberOfUsers"] == 240
    newsletter = caller.control.describe_user_pool(UserPoolId=caller.pool_id(1))["UserPool"]
    assert not newsletter.get("AutoVerifiedAttributes")
    assert not newsletter.get("LambdaConfig")


def test_a_client_is_described_with_its_secret_if_it_has_one(caller):
    web, mobile = caller.server.pools[0].clients
    described = [
        caller.control.describe_user_pool_client(UserPoolId=caller.pool_id(), ClientId=client.client_id)[
            "UserPoolClient"
        ]
        for client in (web, mobile)
    ]
    assert described[0]["ClientSecret"] == web.secret
    assert described[0]["PreventUserExistenceErrors"] == "ENABLED"
    assert "ClientSecret" not in described[1]
    assert mobile.secret == ""
    assert described[1]["PreventUserExistenceErrors"] == "LEGACY"
