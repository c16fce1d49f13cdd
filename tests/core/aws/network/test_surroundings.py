"""What is wrong on this computer is told before anything is sent, and each in its own sentence."""

import os
from dataclasses import replace

import pytest
from certificates import HOST, Authority
from connect_proxy import ConnectProxy
from scripted_aws import ScriptedAws

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.checks.before_sending import ConnectionFacts, checks_of, read_facts
from confirmdesk.core.checks.check import Check, Light
from confirmdesk.core.checks.connection import check_connection
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError, Kind
from confirmdesk.core.sending.plan import Plan, Request

FAR = Connection("Shop", "eu-west-1", "eu-west-1_A", "client", endpoint="https://cognito.example.com")


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def aws():
    """One for all: each reads AWS's description of its services anew."""
    return Aws(practice=True)


def problem_of(open_):
    with pytest.raises(ConfirmdeskError) as told:
        open_()
    return told.value.problem


def written(path, data):
    path.write_bytes(data)
    return str(path)


def pipe(path):
    os.mkfifo(path)
    return str(path)


@pytest.mark.parametrize(
    ("bundle", "words"),
    [
        (lambda folder, authority: str(folder / "gone.pem"), "is not there"),
        (lambda folder, authority: written(folder / "empty.pem", b"\n"), "is empty"),
        (lambda folder, authority: str(folder), "is a folder"),
        (lambda folder, authority: pipe(folder / "pipe"), "is no file of certificates"),
        (lambda folder, authority: "/dev/zero", "is no file of certificates"),
        (lambda folder, authority: written(folder / "bundle.der", authority.der), "in text form (PEM"),
        (lambda folder, authority: written(folder / "x.pem", b"-----BEGIN CERTIFICATE-----\nxx"), "in text form (PEM"),
        (lambda folder, authority: f'"{authority.bundle}"', "quotation marks"),
    ],
    ids=["gone", "empty", "folder", "pipe", "device", "der", "broken", "quoted"],
)
def test_certificates_that_cannot_be_used_are_told_before_the_run(aws, tmp_path, authority, monkeypatch, bundle, words):
    monkeypatch.setenv("AWS_CA_BUNDLE", bundle(tmp_path, authority))
    for open_ in (lambda: open_sender(aws, FAR, None), lambda: Control(aws, FAR)):
        problem = problem_of(open_)
        assert words in problem.sentence
        assert "certificate file" in problem.sentence
        assert problem.kind is Kind.BROKEN_HERE


def test_good_certificates_and_a_good_proxy_are_no_problem(authority, monkeypatch):
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.bundle))
    monkeypatch.setenv("HTTPS_PROXY", "http://user:p%40ss@proxy.example.com:8080")
    open_sender(Aws(), FAR, None)
    for proxy in ("proxy.example.com:8080", "//proxy.example.com", "http://[2001:db8::1]:3128/", ""):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        open_sender(Aws(), FAR, None)


@pytest.mark.parametrize("login", ["user:p@ss", "us er:p ss", "user:p:w", "user:p%", "user", ":word", "user:p%40ss"])
@pytest.mark.parametrize("scheme", ["http://", "//", ""])
def test_a_login_that_works_is_no_problem_however_odd(aws, authority, monkeypatch, scheme, login):
    server = ScriptedAws(tls=authority.server_side())
    proxy = ConnectProxy(server.port)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.bundle))
    monkeypatch.setenv("HTTPS_PROXY", f"{scheme}{login}@{proxy.address}/")
    reply = open_sender(aws, replace(FAR, endpoint=f"https://{HOST}:8443"), None).send(Request("jane"))
    assert reply.destination
    proxy.stop()
    server.stop()


def test_the_certificates_that_other_programs_use_are_looked_at_as_botocore_does(aws, monkeypatch):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere")
    sentence = problem_of(lambda: open_sender(aws, FAR, None)).sentence
    assert sentence == "The certificate file /nowhere, which REQUESTS_CA_BUNDLE names, is not there."


def test_the_certificates_that_a_profile_names_count_too(tmp_path, monkeypatch):
    (tmp_path / "config").write_text(f"[default]\nca_bundle = {tmp_path / 'gone.pem'}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    assert "is not there" in problem_of(lambda: open_sender(Aws(), FAR, None)).sentence


def test_this_computer_is_called_whatever_stands_in_its_settings(server, connection, monkeypatch):
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:bad")
    open_sender(Aws(), connection, None)


@pytest.mark.parametrize(
    ("proxy", "words"),
    [
        ("http://proxy.example.com:8080 ", "has a blank at its beginning or its end"),
        (" http://proxy.example.com:8080", "has a blank at its beginning or its end"),
        ("http://proxy.example.com:80 80", "has a blank in it"),
        ("http://proxy.example.com:port", "not a number up to 65535"),
        ("http://proxy.example.com:99999", "not a number up to 65535"),
        ("http://:8080", "names no host"),
        ("socks5://proxy.example.com:1080", "is a SOCKS proxy"),
        ("ftp://proxy.example.com:1080", "neither http:// nor https://"),
        ("http://user:p@ss/w#rd@proxy:1", "must be written as %"),
        ("http://SHOP\\user:p[w#rd@proxy:1", "must be written as %"),
        ("http://SHOP\\user:päss@proxy:1", "must be written as %"),
        ("http://user:123/4@proxy:1", "must be written as %"),
        ("http://user:päss@proxy:1", "other letters than English ones"),
        ("http://user:p%C3%A4ss@proxy:1", "other letters than English ones"),
    ],
)
def test_a_proxy_that_is_none_is_told_before_the_run_and_never_its_password(aws, monkeypatch, proxy, words):
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    for open_ in (lambda: open_sender(aws, FAR, None), lambda: Control(aws, FAR)):
        problem = problem_of(open_)
        assert words in problem.sentence
        assert problem.kind is Kind.BROKEN_HERE
        assert not any(
            part in problem.text() + problem.details for part in ("p@ss", "w#rd", "päss", "ss@", "SHOP", "p%C3", "123")
        )


def test_the_checks_say_it_once_and_call_it_a_problem(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:99999")
    answers = check_connection(Aws(practice=True), FAR, lambda: None).answers
    assert not any(answer.good for answer in answers)
    assert [answer.what for answer in answers if "network proxy" in answer.sentence] == ["Proxy"]


def test_what_breaks_later_on_this_computer_is_one_problem_in_the_review(authority, monkeypatch, tmp_path):
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(authority.bundle.read_bytes())
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    server = ScriptedAws(tls=authority.server_side())
    control = Control(Aws(practice=True), Connection("T", "eu-west-1", "eu-west-1_A", "c", endpoint=server.endpoint))
    bundle.unlink()
    facts = read_facts(control)
    assert facts.pool is facts.client
    server.stop()
    assert server.seen == []


def test_what_is_broken_here_is_a_problem_and_no_open_question(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:99999")
    problem = problem_of(lambda: Control(Aws(practice=True), FAR))
    checks = checks_of(ConnectionFacts(problem, problem), FAR, None, Plan(()))
    assert checks[0] == Check(Light.BAD, problem.sentence, "This computer")
    assert [check.light for check in checks].count(Light.UNKNOWN) == 0


def test_keys_of_encrypted_connections_are_written_nowhere(tmp_path, server, connection, monkeypatch):
    for keys in (tmp_path / "gone" / "keys", tmp_path / "keys"):
        monkeypatch.setenv("SSLKEYLOGFILE", str(keys))
        open_sender(Aws(), connection, None)
        Control(Aws(practice=True), connection)
        assert not keys.exists()


FOREIGN = (
    "AWS_DEFAULTS_MODE",
    "AWS_RETRY_MODE",
    "AWS_MAX_ATTEMPTS",
    "AWS_REQUEST_CHECKSUM_CALCULATION",
    "AWS_RESPONSE_CHECKSUM_VALIDATION",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES",
    "AWS_ENDPOINT_DISCOVERY_ENABLED",
    "AWS_AUTH_SCHEME_PREFERENCE",
    "AWS_SIGV4A_SIGNING_REGION_SET",
    "AWS_CSM_ENABLED",
    "AWS_CSM_PORT",
    "AWS_METADATA_SERVICE_TIMEOUT",
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_SDK_UA_APP_ID",
    "BOTOCORE_TCP_KEEPALIVE",
)


def test_no_setting_for_other_programs_of_aws_stops_anything(server, connection, monkeypatch):
    for variable in FOREIGN:
        monkeypatch.setenv(variable, "bogus, and longer than any name that a program would be given by anybody")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    for aws in (Aws(practice=True), Aws()):
        Control(aws, connection)
        open_sender(aws, connection, None)
        aws.sts_client(connection, aws.session(connection))
    assert "eu-west-1" in Aws().regions()
