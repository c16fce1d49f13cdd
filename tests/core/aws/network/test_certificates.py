"""Whose certificates are believed, with a real private authority in a bundle, in the system's store, and nowhere.

SSL_CERT_FILE stands in for the system's store.
"""

import os
from dataclasses import replace

import pytest
from certificates import Authority
from scripted_aws import ScriptedAws, page

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.network import Network
from confirmdesk.core.errors import ConfirmdeskError, Kind

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_A", "client")


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def other(tmp_path):
    (tmp_path / "other").mkdir()
    return Authority(tmp_path / "other", called="other.test")


@pytest.fixture
def aws():
    return Aws(practice=True)


@pytest.fixture
def at(authority):
    server = ScriptedAws(otherwise=page([]), tls=authority.server_side())
    yield replace(SHOP, endpoint=server.endpoint)
    server.stop()


def refusal(aws, connection):
    with pytest.raises(ConfirmdeskError) as told:
        Control(aws, connection).page()
    return told.value.problem


def test_an_authority_that_nobody_named_is_refused(aws, at):
    problem = refusal(aws, at)
    assert problem.kind is Kind.UNREACHED
    assert "was not trusted" in problem.sentence


def test_the_systems_certificates_count(aws, at, authority, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.bundle))
    assert Control(aws, at).page().users == ()


def test_a_pipe_in_place_of_the_systems_keeps_nobody_waiting(at, tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "pipe"))
    assert "was not trusted" in refusal(Aws(practice=True), at).sentence


def test_they_count_beside_every_bundle_that_is_named(aws, at, authority, other, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.bundle))
    monkeypatch.setenv("AWS_CA_BUNDLE", str(other.bundle))
    assert Control(aws, at).page().users == ()


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_the_bundle_of_the_settings_counts_beside_that_of_the_environment(
    aws, at, authority, other, monkeypatch, variable
):
    for named, in_settings in ((authority, other), (other, authority)):
        monkeypatch.setenv(variable, str(named.bundle))
        aws.use(Network(ca_bundle=str(in_settings.bundle)))
        assert Control(aws, at).page().users == ()


def test_the_bundle_of_the_settings_counts_at_once_and_no_longer_than_it_stands_there(aws, at, authority):
    refusal(aws, at)
    aws.use(Network(ca_bundle=str(authority.bundle)))
    assert Control(aws, at).page().users == ()
    aws.use(Network())
    refusal(aws, at)


def test_a_bundle_of_the_settings_in_the_persons_folder_may_be_called_so(aws, at, tmp_path, monkeypatch, authority):
    monkeypatch.setenv("HOME", str(tmp_path))
    aws.use(Network(ca_bundle="~/bundle.pem"))
    assert Control(aws, at).page().users == ()


def test_one_that_is_gone_is_told_before_anything_is_asked_and_where_it_is_named(aws, at, tmp_path):
    aws.use(Network(ca_bundle=str(tmp_path / "gone.pem")))
    problem = refusal(aws, at)
    assert problem.sentence == f"The certificate file {tmp_path / 'gone.pem'}, which Settings names, is not there."
    assert "Settings (under More)" in problem.hint
    assert problem.kind is Kind.BROKEN_HERE


@pytest.mark.parametrize("trusted", ["system", "bundle"])
def test_the_certificate_of_another_host_is_refused_however_trusted(aws, tmp_path, monkeypatch, trusted):
    authority = Authority(tmp_path, address="127.0.0.2")
    server = ScriptedAws(otherwise=page([]), tls=authority.server_side())
    if trusted == "system":
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.bundle))
    else:
        aws.use(Network(ca_bundle=str(authority.bundle)))
    problem = refusal(aws, replace(SHOP, endpoint=server.endpoint))
    server.stop()
    assert problem.kind is Kind.UNREACHED
    assert server.seen == []
