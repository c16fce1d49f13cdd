"""Which proxy leads to AWS: what the settings say, or the environment, or the system. A real CONNECT proxy counts who
came to it."""

import socket
import threading
from dataclasses import replace

import pytest
from certificates import HOST, Authority
from connect_proxy import ConnectProxy
from scripted_aws import ScriptedAws, page
from whole_aws import SSO

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.network import way as module
from confirmdesk.core.aws.network.way import Wayfinder
from confirmdesk.core.aws.ways_in import WayIn
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.network import Network, ProxyChoice
from confirmdesk.core.connections.portal import Portal
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.sending.plan import Request

FAR = Connection("Shop", "eu-west-1", "eu-west-1_A", "client", endpoint=f"https://{HOST}:8443")
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def bundle(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def server(bundle):
    made = ScriptedAws(otherwise=page([]), tls=bundle.server_side())
    yield made
    made.stop()


@pytest.fixture
def proxy(server, bundle, monkeypatch):
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle.bundle))
    made = ConnectProxy(server.port)
    yield made
    made.stop()


def by(proxy):
    return Network(ProxyChoice.ADDRESS, f"http://{proxy.address}")


def listed(aws, connection=FAR):
    return Control(aws, connection).page().users == ()


def test_a_typed_address_leads_listing_and_sending_whatever_the_environment_says(proxy, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", NOWHERE)
    monkeypatch.setenv("NO_PROXY", "*")
    aws = Aws(practice=True)
    aws.use(by(proxy))
    assert listed(aws)
    open_sender(aws, FAR, None).send(Request("jane"))
    assert len(proxy.asked) == 2


def test_without_a_proxy_it_goes_there_directly_whatever_the_environment_says(proxy, server, monkeypatch):
    find = socket.getaddrinfo

    def led_here(host, port, *more, **named):
        return find("127.0.0.1", server.port, *more, **named) if host == HOST else find(host, port, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", led_here)
    monkeypatch.setenv("HTTPS_PROXY", NOWHERE)
    aws = Aws(practice=True, system_proxy=lambda _: NOWHERE)
    aws.use(Network(ProxyChoice.NONE))
    assert listed(aws)
    assert proxy.asked == []


def test_a_change_counts_for_the_next_client_also_of_a_session_that_is_kept(proxy):
    aws = Aws(practice=True)
    aws.use(Network(ProxyChoice.ADDRESS, NOWHERE))
    with pytest.raises(ConfirmdeskError):
        listed(aws)
    aws.use(by(proxy))
    assert listed(aws)


def test_the_systems_is_asked_for_the_very_address_and_only_where_the_environment_has_none(proxy, monkeypatch):
    asked = []

    def system(url):
        asked.append(url)
        return f"http://{proxy.address}"

    aws = Aws(practice=True, system_proxy=system)
    assert listed(aws)
    assert asked == [FAR.endpoint]
    monkeypatch.setenv("HTTPS_PROXY", f"http://{proxy.address}")
    assert listed(aws)
    assert asked == [FAR.endpoint]


def test_the_one_for_every_scheme_counts_where_the_environment_names_no_other(proxy, monkeypatch):
    monkeypatch.setenv("ALL_PROXY", f"http://{proxy.address}")
    aws = Aws(practice=True, system_proxy=lambda _: NOWHERE)
    assert listed(aws)
    assert len(proxy.asked) == 1
    monkeypatch.setenv("NO_PROXY", "amazonaws.com")
    assert Wayfinder(lambda _: NOWHERE).to("https://cognito-idp.eu-west-1.amazonaws.com").proxies == {}


@pytest.mark.parametrize(
    ("region", "host"),
    [("eu-west-1", "eu-west-1.amazonaws.com"), ("cn-north-1", "cn-north-1.amazonaws.com.cn")],
)
def test_for_awss_own_it_is_asked_for_the_hosts_of_the_region(region, host):
    asked = []
    aws = Aws(practice=True, system_proxy=asked.append)
    open_sender(aws, Connection("Shop", region, f"{region}_A", "c"), None)
    aws.oidc_client(WayIn(Portal("https://x.awsapps.com/start", region)))
    assert asked == [f"https://cognito-idp.{host}", f"https://oidc.{host}"]


@pytest.mark.parametrize("network", [Network(), Network(ProxyChoice.ADDRESS, NOWHERE)])
def test_this_computer_is_never_called_through_a_proxy(network):
    server, asked = ScriptedAws(otherwise=page([])), []
    aws = Aws(practice=True, system_proxy=lambda url: (asked.append(url), NOWHERE)[1])
    aws.use(network)
    assert listed(aws, Connection("T", "eu-west-1", "eu-west-1_A", "c", endpoint=server.endpoint))
    assert asked == []
    server.stop()


def test_a_socks_proxy_of_the_system_is_told_as_such():
    with pytest.raises(ConfirmdeskError) as told:
        Control(Aws(practice=True, system_proxy=lambda _: "socks5://proxy:1080"), FAR)
    assert "SOCKS" in told.value.problem.sentence
    assert told.value.problem.details.startswith("The system's settings: ")


def test_a_system_that_does_not_answer_is_not_waited_for(proxy, monkeypatch):
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    released = threading.Event()
    aws = Aws(practice=True, system_proxy=lambda _: NOWHERE if released.wait() else "")
    open_sender(aws, FAR, None)
    assert not released.is_set()
    released.set()


@pytest.mark.parametrize("signs", ["keys", "role", "portal"])
def test_whoever_gives_credentials_is_reached_in_the_same_way(whole_aws, tmp_path, monkeypatch, signs):
    """Also by the clients that botocore makes for itself."""
    for variable in ("HTTPS_PROXY", "AWS_CA_BUNDLE"):
        monkeypatch.delenv(variable)
    whole_aws.keep_sign_in()
    keys = "aws_access_key_id = AKIAKEYS\naws_secret_access_key = x\n"
    role = f"role_arn = arn:aws:iam::123456789012:role/support\nsource_profile = base\n[profile base]\n{keys}"
    profile = {"keys": keys, "role": role, "portal": SSO}[signs]
    (tmp_path / ".aws" / "config").write_text(f"[profile x]\n{profile}")
    aws = Aws()
    aws.use(replace(by(whole_aws.proxy), ca_bundle=str(whole_aws.authority.bundle)))
    assert listed(aws, Connection("Shop", "eu-west-1", "eu-west-1_A", "c", profile="x"))
    assert whole_aws.services()[-1] == "cognito-idp"
