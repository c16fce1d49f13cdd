import hashlib
import json
import socket
from dataclasses import replace

import pytest
from scripted_aws import cut, error, http, ok, page

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.cognito.control import Control, Identity, pages
from confirmdesk.core.errors import ConfirmdeskError


@pytest.fixture
def control(aws, connection):
    return Control(aws, connection)


def row(name, **attributes):
    return {
        "Username": name,
        "UserCreateDate": 1_700_000_000.5,
        "Enabled": True,
        "UserStatus": "UNCONFIRMED",
        "Attributes": [{"Name": key, "Value": value} for key, value in attributes.items()],
    }


def listed(control, token="", stop=lambda: False):
    return [[user.username for user in one.users] for one in pages(control, token, stop)]


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return closed.getsockname()[1]


def problem_of(call):
    with pytest.raises(ConfirmdeskError) as caught:
        call()
    return caught.value.problem


def test_a_listing_asks_for_unconfirmed_users_and_follows_short_and_empty_pages(control, server):
    server.script = [page([row("a")], "t1"), page([], "t2"), page([row("b"), row("c")])]
    assert listed(control) == [["a"], [], ["b", "c"]]
    assert [seen.body.get("PaginationToken") for seen in server.seen] == [None, "t1", "t2"]
    assert server.seen[0].body["Filter"] == 'cognito:user_status = "UNCONFIRMED"'
    assert "AttributesToGet" not in server.seen[0].body
    assert "authorization" in server.seen[0].headers


def test_nobody_else_comes_from_an_endpoint_that_ignores_the_filter(control, server):
    server.script = [page([row("a"), row("b") | {"UserStatus": "CONFIRMED"}], "t1"), page([row("c")])]
    assert listed(control) == [["a"], ["c"]]


def test_users_keep_every_byte_and_may_have_no_attributes(control, server):
    bare = {"Username": "  Ünï ", "UserStatus": "UNCONFIRMED", "UserCreateDate": "2023-11-14T22:13:20Z"}
    server.script = [
        page([bare, row("sub-1", sub="sub-1", email="jane@example.com", given_name="Jane", family_name="Doe")])
    ]
    users = control.page().users
    assert (users[0].username, users[0].email, users[0].created) == ("  Ünï ", "", 1_700_000_000.0)
    assert (users[1].email, users[1].name, users[1].sub, users[1].created) == (
        "jane@example.com",
        "Jane Doe",
        "sub-1",
        1_700_000_000.5,
    )


@pytest.mark.parametrize(
    "body",
    [
        b'{"Users": {}}',
        b'{"Users": ""}',
        b'{"Users": [{"Username": 5}]}',
        b"{}",
        b'{"Users": null}',
        b'{"Users": [{}]}',
        b"[]",
        b"{garbled",
        b"",
        b'{"Users": ["a"]}',
    ],
)
def test_an_answer_without_users_is_an_error_and_never_an_empty_pool(control, server, body):
    server.script = [http(200, body)]
    assert "not a list of users" in problem_of(control.page).sentence


def test_a_row_without_a_name_is_nobody(control, server):
    server.script = [page([row(None), row("a"), row("")])]
    assert listed(control) == [["a"]]


def test_pools_and_clients_without_an_id_are_an_answer_that_cannot_be_read(control, server):
    server.script = [ok({"UserPools": [{"Name": "x"}]}), ok({"UserPoolClients": [{}]})]
    for ask in (control.pools, control.app_clients):
        assert problem_of(ask).sentence == "AWS's answer could not be read."


def test_a_cut_answer_is_an_error(control, server):
    server.otherwise = cut(200, b'{"Users": [', 900)
    assert "not a list of users" in problem_of(control.page).sentence


def test_a_repeated_token_ends_and_keeps_what_came(control, server):
    server.script = [page([row("a")], "t1"), page([row("b")], "t1")]
    reading = pages(control, "", lambda: False)
    assert [user.username for page_ in (next(reading), next(reading)) for user in page_.users] == ["a", "b"]
    with pytest.raises(ConfirmdeskError, match="same page twice"):
        next(reading)


def test_a_page_that_failed_can_be_asked_for_again(control, server):
    server.script = [page([row("a")], "t1"), http(200, b"{}"), page([row("b")])]
    came = []
    with pytest.raises(ConfirmdeskError):
        came.extend(one.token for one in pages(control, "", lambda: False))
    assert listed(control, token="t1") == [["b"]]


def test_stopping_asks_for_no_further_page(control, server):
    server.otherwise = page([row("a")], "t1")
    assert listed(control, stop=lambda: bool(server.seen)) == [["a"]]
    assert len(server.seen) == 1


def test_pools_and_app_clients_come_by_name_over_several_pages(control, server):
    server.script = [
        ok({"UserPools": [{"Id": "eu-west-1_Z", "Name": "zoo"}], "NextToken": "n"}),
        ok({"UserPools": [{"Id": "eu-west-1_A", "Name": "Alpha"}]}),
        ok({"UserPoolClients": [{"ClientId": "c1", "ClientName": "web"}]}),
    ]
    assert [pool.name for pool in control.pools()] == ["Alpha", "zoo"]
    assert [client.id for client in control.app_clients()] == ["c1"]
    assert server.seen[2].body["ClientType"] == "REGULAR"


def test_the_pools_and_the_clients_facts_are_read(control, server):
    described = {"Name": "Shop", "AutoVerifiedAttributes": ["email"], "LambdaConfig": {"CustomMessage": "arn:x"}}
    server.script = [
        ok({"UserPool": described}),
        ok({"UserPoolClient": {"ClientName": "web", "ClientSecret": "canary-secret"}}),
        ok({"UserPoolClient": {"ClientName": "app"}}),
    ]
    facts = control.pool_facts()
    assert (facts.name, facts.auto_verified, facts.custom_message) == ("Shop", frozenset({"email"}), True)
    assert not facts.custom_email_sender
    assert not facts.custom_sms_sender
    with_secret, public = control.client_facts(), control.client_facts()
    assert with_secret.secret.reveal() == "canary-secret"
    assert "canary-secret" not in repr(with_secret)
    assert public.secret is None


@pytest.mark.parametrize(
    ("answer", "sentence", "hint"),
    [
        (error("AccessDeniedException", "User: arn is not authorized"), "has no right", "cognito-idp:ListUsers"),
        (error("ResourceNotFoundException", "User pool eu-west-1_Ab12Cd34E does not exist."), "no user pool", "region"),
        (error("ExpiredTokenException", "The security token included in the request is expired"), "expired", "Sign in"),
        (error("UnrecognizedClientException", "The security token is invalid"), "does not know", "administrator"),
        (error("InvalidParameterException", "Paging marker x is invalid for request"), "stale", "picks are kept"),
        (error("SomethingNewException", "?"), "AWS answered SomethingNewException", "details"),
        (http(200, b"<html></html>", "text/html"), "instead", "browser"),
        (error("ForbiddenException", "WAF", 403), "firewall", "security team"),
    ],
)
def test_a_refusal_becomes_a_sentence_and_a_next_step(control, server, answer, sentence, hint):
    server.otherwise = answer
    problem = problem_of(control.page)
    assert sentence in problem.sentence
    assert hint in problem.hint


def test_a_server_fault_is_retried_because_reading_twice_harms_nobody(control, server):
    server.script = [error("InternalErrorException", "", 500), page([row("a")])]
    assert listed(control) == [["a"]]


def test_no_connection_names_the_host_and_the_region(aws, connection):
    nowhere = Control(aws, replace(connection, endpoint=f"http://127.0.0.1:{closed_port()}"))
    problem = problem_of(nowhere.page)
    assert "could not be reached" in problem.sentence
    assert "eu-west-1" in problem.hint


def test_a_profile_that_is_not_there_is_a_sentence(connection, monkeypatch, tmp_path):
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    problem = problem_of(lambda: Control(Aws(), replace(connection, profile="shop")))
    assert "“shop” is not on this computer" in problem.sentence


def test_no_credentials_is_a_sentence(connection, monkeypatch, tmp_path):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_DEFAULT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    assert "no AWS sign-in" in problem_of(Control(Aws(), connection).page).sentence


def test_a_broken_aws_configuration_is_a_sentence(connection, monkeypatch, tmp_path):
    broken = tmp_path / "config"
    broken.write_text("[[[ broken")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(broken))
    problem = problem_of(lambda: Control(Aws(), connection))
    assert problem.sentence == (
        "The AWS profile “default” cannot be used. "
        f"Line 1 of {broken} begins a section, but not in the form [profile name]."
    )
    assert problem.hint.startswith("Choose another AWS profile")


@pytest.fixture
def with_profiles(connection, monkeypatch, tmp_path):
    """The connection with the profile `role`, whose rights come from a role; `lines` say how."""

    def write(*lines):
        config = tmp_path / "config"
        role = ("[profile role]", "role_arn = arn:aws:iam::123456789012:role/support", "source_profile = base", *lines)
        base = ("[profile base]", "aws_access_key_id = AKIAEXAMPLE", "aws_secret_access_key = example")
        config.write_text("\n".join((*role, *base)))
        monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
        monkeypatch.setenv("HOME", str(tmp_path))
        return replace(connection, profile="role")

    return write


MFA = "mfa_serial = arn:aws:iam::123456789012:mfa/jane"


def test_where_nobody_can_be_asked_a_profile_with_mfa_is_a_sentence_and_no_question_on_a_terminal(
    with_profiles, server, monkeypatch
):
    monkeypatch.setattr("getpass.getpass", lambda prompt: pytest.fail(f"asked: {prompt}"))
    problem = problem_of(Control(Aws(), with_profiles(MFA)).page)
    assert problem.sentence == "This profile asks for an MFA code, and nobody is there to be asked for it."
    assert problem.hint == (
        "Sign in with the AWS command line first, choose another profile, or ask your administrator for one without."
    )
    assert server.seen == []


def test_signed_in_with_the_command_line_a_profile_with_mfa_works_and_no_keys_are_stored(
    with_profiles, server, tmp_path
):
    at = with_profiles(MFA)
    asked = {"RoleArn": "arn:aws:iam::123456789012:role/support", "SerialNumber": MFA.rpartition(" ")[2]}
    cache = tmp_path / ".aws" / "cli" / "cache"
    cache.mkdir(parents=True)
    keys = {
        "AccessKeyId": "ASIAEXAMPLE",
        "SecretAccessKey": "x",
        "SessionToken": "y",
        "Expiration": "2099-01-01T00:00:00Z",
    }
    kept = cache / f"{hashlib.sha1(json.dumps(asked, sort_keys=True).encode()).hexdigest()}.json"
    kept.write_text(json.dumps({"Credentials": keys}))
    server.script = [page([row("a")])]
    assert listed(Control(Aws(), at)) == [["a"]]
    assert "ASIAEXAMPLE" in server.seen[0].headers["authorization"]
    assert list(cache.iterdir()) == [kept]


def test_a_role_without_mfa_is_assumed_in_the_connections_region_and_no_keys_are_stored(
    with_profiles, server, whole_aws, tmp_path, monkeypatch
):
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.endpoint)
    server.script = [page([row("a")])]
    assert listed(Control(Aws(), with_profiles())) == [["a"]]
    assert "ASIAROLE" in server.seen[0].headers["authorization"]
    assert ["/eu-west-1/sts/" in asked.authorization for asked in whole_aws.asked] == [True]
    assert not (tmp_path / ".aws").exists()


def test_a_profile_of_the_environment_that_is_gone_keeps_nobody_from_choosing_another(connection, monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "gone")
    assert Aws().profiles() == []
    assert "eu-west-1" in Aws().regions()
    assert "that AWS_PROFILE names" in problem_of(lambda: Control(Aws(), connection)).sentence


def test_an_endpoint_of_its_own_means_no_other_service_is_asked(control, server):
    assert control.identity() == Identity()
    assert server.seen == []


@pytest.mark.parametrize(
    ("arn", "name"),
    [
        ("arn:aws:sts::123456789012:assumed-role/support-role/jane", "support-role"),
        ("arn:aws:iam::123456789012:user/jane", "jane"),
        ("arn:aws:iam::123456789012:root", "root"),
        ("", ""),
    ],
)
def test_who_is_signed_in_is_called_as_people_call_it(arn, name):
    assert Identity(arn).name == name
