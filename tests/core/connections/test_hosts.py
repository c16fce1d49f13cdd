"""The hosts that a firewall is asked to let through are those that are called."""

from urllib.parse import urlsplit

import boto3
import pytest

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.hosts import hosts


def names(connection):
    return [host.name for host in hosts(connection)]


class NotSentError(Exception):
    pass


def host_of(region, service, call):
    """Where the request would have gone: what a client tells of its endpoint is not what it calls."""
    client = boto3.Session("id", "key", region_name=region).client(service)

    def stop(request, **_):
        raise NotSentError(request.url)

    client.meta.events.register("before-send", stop)
    with pytest.raises(NotSentError) as stopped:
        call(client)
    return urlsplit(str(stopped.value)).hostname


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"])
def test_they_are_the_ones_that_boto3_calls(region):
    at = Connection("Shop", region, f"{region}_Ab1", "c", start_url="https://x.awsapps.com/start", sso_region=region)
    called = [
        host_of(region, "cognito-idp", lambda client: client.list_users(UserPoolId=f"{region}_Ab1")),
        host_of(region, "sts", lambda client: client.get_caller_identity()),
        host_of(region, "sso-oidc", lambda client: client.register_client(clientName="x", clientType="public")),
        host_of(region, "sso", lambda client: client.list_accounts(accessToken="x")),
    ]
    assert names(at) == [*called, "x.awsapps.com"]


def test_the_portal_is_called_where_the_company_has_it():
    at = Connection("Shop", "us-east-1", "us-east-1_Ab1", "c", start_url="https://a.b", sso_region="eu-west-1")
    assert names(at)[1:4] == [
        "sts.us-east-1.amazonaws.com",
        "oidc.eu-west-1.amazonaws.com",
        "portal.sso.eu-west-1.amazonaws.com",
    ]


def test_with_an_endpoint_of_its_own_no_other_service_of_that_region_is_called():
    at = Connection("Shop", "us-east-1", "us-east-1_Ab1", "c", endpoint="https://cognito.example.com:8443/x")
    assert names(at)[0] == "cognito.example.com"
    assert not any(name.startswith(("sts.", "cognito-idp.")) for name in names(at))
