"""What is in the way to AWS: proxies, certificates, networks that swallow everything. Each failure has its own
sentence, whoever is called ends in time, and no thread stays behind. Real sockets; names lead to this computer."""

import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from black_hole import BlackHole
from certificates import Authority
from connect_proxy import CLOSING, FORBIDDING, REFUSING, SILENT, ConnectProxy
from scripted_aws import ScriptedAws, page
from seen_deadlines import SeenDeadlines
from waiting import until, when
from whole_aws import HOSTS, SSO

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.deadlines import Deadlines, WaitsFor
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError, Kind

KEYS = "aws_access_key_id = AKIAKEYS\naws_secret_access_key = x\n"
ROLE = "role_arn = arn:aws:iam::123456789012:role/support\nsource_profile = base\n[profile base]\n" + KEYS


def refusal(profile=KEYS, ask=Control.page, folder=None, limit=20.0, deadlines=None):
    if folder:
        (folder / ".aws").mkdir(exist_ok=True)
        (folder / ".aws" / "config").write_text(f"[profile x]\n{profile}")
    at = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "client", profile="x")
    with pytest.raises(ConfirmdeskError) as told:
        ask(Control(Aws(deadlines=deadlines or Deadlines(limit=limit)), at))
    assert told.value.problem.kind is Kind.UNREACHED
    return told.value.problem


# Proxies


@pytest.mark.parametrize(
    ("breaks", "sentence", "way_on"),
    [
        (REFUSING, "The network proxy wants a user name and a password.", "NTLM, Kerberos"),
        (FORBIDDING, "The network proxy does not let this computer through to AWS.", "allow the addresses of AWS"),
        (CLOSING, "The network proxy found no way to AWS.", "region eu-west-1"),
        (SILENT, "The network proxy did not answer.", "Settings"),
    ],
)
def test_each_trouble_with_a_proxy_has_its_own_sentence(whole_aws, tmp_path, breaks, sentence, way_on):
    whole_aws.proxy.breaks = breaks
    problem = refusal(folder=tmp_path, limit=3.0 if breaks == SILENT else 20.0)
    assert problem.sentence == sentence
    assert way_on in problem.hint
    assert "IT department" in problem.hint


def test_a_proxy_that_swallows_all_that_is_sent_to_it_did_not_answer(whole_aws, tmp_path, monkeypatch):
    hole = BlackHole(accepts=False)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{hole.port}")
    assert refusal(folder=tmp_path, limit=2.0).sentence == "The network proxy did not answer."
    hole.stop()


def encrypting(deadlines):
    """The calls that the proxy has led to somebody, who says nothing."""
    return [call for call in deadlines.calls if call.waits_for is WaitsFor.ENCRYPTION]


def test_it_is_not_the_proxys_fault_that_what_it_led_to_is_silent(whole_aws, tmp_path, monkeypatch):
    hole = BlackHole(accepts=True)
    proxy = ConnectProxy(hole.port)
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    deadlines = SeenDeadlines()
    when(lambda: encrypting(deadlines), deadlines.shut_all)
    assert refusal(folder=tmp_path, deadlines=deadlines).sentence == "AWS in eu-west-1 did not answer."
    assert proxy.asked
    hole.stop()
    proxy.stop()


def test_the_password_of_a_proxy_is_in_no_sentence_and_no_details(whole_aws, tmp_path, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://jane:s3cret@{whole_aws.proxy.address}")
    for breaks in (REFUSING, FORBIDDING, CLOSING):
        whole_aws.proxy.breaks = breaks
        problem = refusal(folder=tmp_path)
        assert not any(part in problem.text() + problem.details for part in ("s3cret", "jane"))


# Certificates


@pytest.fixture
def shown(whole_aws, tmp_path, monkeypatch):
    """Whatever is called shows this certificate, whose authority is trusted."""
    servers = []

    def show(*hosts, **how):
        (tmp_path / "other").mkdir()
        authority = Authority(tmp_path / "other", *hosts, **how)
        monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.bundle))
        servers.append(ScriptedAws(otherwise=page([]), tls=authority.server_side()))
        servers.append(ConnectProxy(servers[0].port))
        monkeypatch.setenv("HTTPS_PROXY", f"http://{servers[1].address}")

    yield show
    for server in reversed(servers):
        server.stop()


def test_the_certificate_of_another_host_is_told_as_such(shown, tmp_path):
    shown()
    problem = refusal(folder=tmp_path)
    assert problem.sentence == "What answered in place of AWS in eu-west-1 showed the certificate of another host."
    assert "IT department" in problem.hint


def test_one_that_has_expired_may_be_the_clocks_fault(shown, tmp_path):
    shown(*HOSTS, now=datetime.now(UTC) - timedelta(days=400))
    problem = refusal(folder=tmp_path)
    assert problem.sentence == "The certificate of AWS in eu-west-1 has expired, or this computer's clock is wrong."


def test_it_is_told_whose_it_is_where_a_sign_in_service_shows_it(shown, tmp_path):
    shown()
    sentence = refusal(ask=Control.identity, folder=tmp_path).sentence
    assert "AWS's sign-in service sts.eu-west-1.amazonaws.com" in sentence


def test_an_unknown_authority_is_told_with_where_its_certificate_belongs(whole_aws, tmp_path, monkeypatch):
    monkeypatch.delenv("AWS_CA_BUNDLE")
    problem = refusal(folder=tmp_path)
    assert problem.sentence == "The encrypted connection to AWS in eu-west-1 was not trusted."
    assert "among the system's, or as CA bundle in Settings" in problem.hint
    monkeypatch.setenv("SSL_CERT_FILE", str(whole_aws.authority.bundle))
    assert Control(Aws(), Connection("S", "eu-west-1", "eu-west-1_A", "c", profile="x")).page().users == ()


# Networks that swallow everything


@pytest.fixture(params=[False, True], ids=["accepts nothing", "says nothing"])
def hole(request, whole_aws, monkeypatch):
    """All of AWS is there, without a proxy. Somebody has signed in at the portal."""
    monkeypatch.delenv("HTTPS_PROXY")
    whole_aws.keep_sign_in()
    made = BlackHole(accepts=request.param)
    find = socket.getaddrinfo

    def led_here(host, port, *more, **named):
        here = str(host).endswith("amazonaws.com")
        return find("127.0.0.1", made.port, *more, **named) if here else find(host, port, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", led_here)
    yield made
    made.stop()


def ours():
    return {thread.name for thread in threading.enumerate()} & {"connect", "deadlines", "bounded"}


@pytest.mark.parametrize(
    ("profile", "ask", "who"),
    [
        (KEYS, Control.page, "AWS in eu-west-1"),
        (KEYS, Control.pools, "AWS in eu-west-1"),
        (KEYS, Control.identity, "AWS's sign-in service sts.eu-west-1.amazonaws.com"),
        (ROLE, Control.page, "AWS's sign-in service sts.eu-west-1.amazonaws.com"),
        (SSO, Control.page, "AWS's sign-in service portal.sso.eu-west-1.amazonaws.com"),
    ],
    ids=["list", "pools", "who is signed in", "a role", "the portal"],
)
def test_whoever_is_called_ends_in_time_and_leaves_no_thread_behind(hole, tmp_path, profile, ask, who):
    problem = refusal(profile, ask, tmp_path, limit=1.5)
    assert problem.sentence == f"{who} did not answer."
    until(lambda: not ours())


def test_several_who_need_the_portals_keys_wait_for_it_once(whole_aws, tmp_path, monkeypatch):
    """Who is signed in, the pool's settings and the list are asked for at the same time."""
    hole = BlackHole(accepts=True)
    proxy = ConnectProxy(hole.port)
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    whole_aws.keep_sign_in()
    (tmp_path / ".aws" / "config").write_text(f"[profile x]\n{SSO}")
    at = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "client", profile="x")
    deadlines = SeenDeadlines()
    control = Control(Aws(deadlines=deadlines), at)
    before, told = len(deadlines.calls), []

    def ask(question):
        with pytest.raises(ConfirmdeskError) as failed:
            question()
        told.append(failed.value.problem.sentence)

    workers = [threading.Thread(target=ask, args=(ask_,)) for ask_ in (control.page, control.identity, control.pools)]
    # One call each, and one for the client of STS.
    when(
        lambda: len(deadlines.calls) == before + 4 and encrypting(deadlines),
        lambda: encrypting(deadlines)[0].shut(),
    )
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert told == ["AWS's sign-in service portal.sso.eu-west-1.amazonaws.com did not answer."] * 3
    assert len(proxy.asked) == 1
    proxy.stop()
    hole.stop()
