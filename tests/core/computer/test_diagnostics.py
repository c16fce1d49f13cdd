"""What goes into a ticket names nobody: the facts here are full of names, and none may come through."""

import os
import platform
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from confirmdesk.core.computer.diagnostics import (
    HIDDEN,
    ComputerFacts,
    Desktop,
    Owner,
    Version,
    Work,
    diagnostics,
    endpoint_kind,
    gather,
    goes_through_proxy,
    installed_versions,
    shown_path,
)
from confirmdesk.core.computer.paths import Places
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.keychain import KeychainState, SessionKeychain, Usability
from confirmdesk.core.connections.network import Network, ProxyChoice
from confirmdesk.core.errors import Problem

DESKTOP = Desktop("6.11.3", "xcb", 2560, 1600, 2.0, 1, "dark")
SHOP = Connection(
    "Acme shop",
    "eu-west-1",
    "eu-west-1_Pool12345",
    "clientid0canary0clientid00",
    profile="acme-prod",
    pool_name="Acme customers",
    client_name="acme web",
)
CUSTOM = replace(SHOP, name="Lab", endpoint="https://cognito.corp.example.com", pool_name="Lab", client_name="lab app")
JANE = Owner(("/home/jane.doe",), "", ("jane.doe", "laptop-of-jane"))
JANE_WINDOWS = Owner((r"C:\Users\Jane.Doe",), r"C:\Users\Jane.Doe\AppData\Local", ("jane.doe", "DESKTOP-1"))


def work(data="/home/jane.doe/.local/share/confirmdesk", connections=(SHOP, CUSTOM), current=SHOP, **more):
    return Work(Places(Path(data)), False, connections, current, ledger_open=True, **more)


def facts(**changes):
    known = ComputerFacts(
        versions=(Version("Confirmdesk", "0.1.0"), Version("Python", "3.11.7")),
        system="Debian GNU/Linux 12 (bookworm), Linux 6.1.0 x86_64",
        desktop=DESKTOP,
        work=work(),
        keyring=KeychainState(Usability.LOCKED, "Secret Service", Problem("The keyring is locked.")),
        proxy=True,
        variables=("AWS_PROFILE", "AWS_REGION"),
        owner=JANE,
    )
    return replace(known, **changes)


def line(text, label):
    (found,) = [each for each in text.split("\n") if each.startswith(f"{label}: ")]
    return found.removeprefix(f"{label}: ")


def test_the_whole_text():
    assert diagnostics(facts()) == (
        "Confirmdesk diagnostics\n"
        "\n"
        "Confirmdesk: 0.1.0\n"
        "Python: 3.11.7\n"
        "\n"
        "System: Debian GNU/Linux 12 (bookworm), Linux 6.1.0 x86_64\n"
        "Window system: xcb\n"
        "Screen: 2560 × 1600 at 200 %\n"
        "Appearance: dark\n"
        "\n"
        "Keyring: Secret Service, locked\n"
        "Record of sent codes: open\n"
        "Connections: 2 (1 with a custom endpoint)\n"
        "Endpoint: AWS's own\n"
        "Proxy: yes\n"
        "CA bundle: no\n"
        "AWS variables: AWS_PROFILE, AWS_REGION\n"
        "\n"
        "Data directory: ~/.local/share/confirmdesk\n"
        "Log file: ~/.local/share/confirmdesk/confirmdesk.log"
    )


@pytest.mark.parametrize(
    ("network", "proxy", "bundle"),
    [
        (
            Network(ProxyChoice.ADDRESS, "http://corp.example.com:3128", "/corp.pem"),
            "yes, by the settings",
            "yes",
        ),
        (Network(ProxyChoice.NONE), "no, by the settings", "no"),
    ],
)
def test_a_proxy_and_a_bundle_of_the_settings_are_told_and_not_which(network, proxy, bundle):
    text = diagnostics(facts(work=replace(work(), network=network)))
    assert (line(text, "Proxy"), line(text, "CA bundle")) == (proxy, bundle)
    assert "corp" not in text


def test_the_other_states():
    nothing = replace(work(connections=(), current=None), ledger_open=False)
    text = diagnostics(
        facts(
            work=nothing,
            desktop=replace(DESKTOP, scale=1.25, screens=3),
            keyring=KeychainState(Usability.MISSING, ""),
            proxy=False,
            variables=(),
        )
    )
    assert line(text, "Screen") == "2560 × 1600 at 125 %, one of 3"
    assert line(text, "Keyring") == "none, missing"
    assert line(text, "Record of sent codes") == "closed"
    assert line(text, "Connections") == "0 (0 with a custom endpoint)"
    assert line(text, "Endpoint") == "no connection"
    assert line(text, "Proxy") == "no, unless the system has one"
    assert line(text, "AWS variables") == "none"


@pytest.mark.parametrize(
    ("practice", "current", "kind"),
    [
        (False, None, "no connection"),
        (False, SHOP, "AWS's own"),
        (False, CUSTOM, "custom"),
        (True, CUSTOM, "practice pool on this computer"),
    ],
)
def test_only_the_kind_of_endpoint_is_told(practice, current, kind):
    assert endpoint_kind(replace(work(current=current), practice=practice)) == kind
    assert "corp" not in diagnostics(facts(work=replace(work(current=current), practice=practice)))


# Gathered from this computer


def private_environment():
    secrets = {
        name: f"canary-{name}"
        for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_CA_BUNDLE")
    }
    return secrets | {
        "HOME": "/home/jane.doe",
        "HTTPS_PROXY": "http://jane:canary@proxy.corp.example.com:3128",
        "SESSION_SECRET": "canary",
    }


def test_what_is_gathered_holds_no_value_of_the_environment(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://jane:canary@proxy.corp.example.com:3128")
    for name, value in private_environment().items():
        monkeypatch.setenv(name, value)
    found = gather(DESKTOP, work(), SessionKeychain(), os.environ)
    text = diagnostics(found)
    assert "canary" not in text
    assert "proxy.corp" not in text
    assert line(text, "Proxy") == "yes"
    named = set(line(text, "AWS variables").split(", "))
    assert {"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_CA_BUNDLE"} <= named
    assert "SESSION_SECRET" not in text
    assert line(text, "Data directory") == "~/.local/share/confirmdesk"


def test_whose_computer_it_is_is_known_to_be_hidden(monkeypatch, tmp_path):
    real = tmp_path / "real" / "bob.builder"
    real.mkdir(parents=True)
    linked = tmp_path / "linked"
    linked.symlink_to(real)
    monkeypatch.setenv("LOGNAME", "wendy.w")
    monkeypatch.setenv("HOME", str(linked))
    owner = gather(DESKTOP, work(), SessionKeychain(), os.environ).owner
    assert {"wendy.w", "bob.builder", platform.node()} - {""} <= set(owner.names)
    for home in (linked, real):
        assert shown_path(str(home / "x"), owner) == "~/x"


def test_versions_are_those_that_are_installed():
    found = {part.name: part.number for part in installed_versions("6.9.1")}
    assert found["Qt"] == "6.9.1"
    assert found["Python"] == platform.python_version()
    assert list(found)[:3] == ["Confirmdesk", "Python", "Qt"]
    import boto3
    import moto
    import PySide6

    assert (found["boto3"], found["moto"]) == (boto3.__version__, moto.__version__)
    assert found["PySide6"] == PySide6.__version__


def test_a_package_without_metadata_is_still_told(monkeypatch, tmp_path):
    # As in an installer that carries the code and not the metadata.
    (tmp_path / "moto").mkdir()
    (tmp_path / "moto" / "__init__.py").write_text("raise AssertionError('imported')")
    monkeypatch.setattr("sys.path", [str(tmp_path)])
    monkeypatch.delitem(__import__("sys").modules, "moto", raising=False)
    found = {part.name: part.number for part in installed_versions("6")}
    assert found["moto"] == "version not recorded"
    assert "boto3" not in found or found["boto3"] == "version not recorded"


AWS = "https://cognito-idp.eu-west-1.amazonaws.com"


@pytest.mark.parametrize(
    ("url", "environment", "proxied"),
    [
        (AWS, {}, False),
        (AWS, {"https_proxy": "http://p.example.com"}, True),
        (AWS, {"http_proxy": "http://p.example.com"}, False),
        (AWS, {"https_proxy": "http://p.example.com", "no_proxy": ".amazonaws.com"}, False),
        ("http://127.0.0.1:5000", {"http_proxy": "http://p.example.com"}, False),
    ],
)
def test_whether_a_proxy_is_in_effect(monkeypatch, url, environment, proxied):
    for name in ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert goes_through_proxy(url) is proxied


# Names that somebody gave


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/home/jane.doe", "~"),
        ("/home/jane.doe/.local/share/confirmdesk", "~/.local/share/confirmdesk"),
        ("/home/jane.doe/../john.roe/x", f"/home/{HIDDEN}/x"),
        ("/home/jane.doe2/x", f"/home/{HIDDEN}/x"),
        ("/home/john.roe/x", f"/home/{HIDDEN}/x"),
        ("/Users/john.roe/Library/x", f"/Users/{HIDDEN}/Library/x"),
        ("/media/john/stick", f"/media/{HIDDEN}/stick"),
        ("/run/user/1000/x", f"/run/user/{HIDDEN}/x"),
        ("/srv/Jane.Doe-data/x", f"/srv/{HIDDEN}/x"),
        ("/srv/laptop-of-jane.example.com/x", f"/srv/{HIDDEN}/x"),
        ("/srv/jane@example.com/x", f"/srv/{HIDDEN}/x"),
        ("/srv/+44 7700 900123/x", f"/srv/{HIDDEN}/x"),
        ("/srv/123456789012/eu-west-1_Ab12Cd34E/x", f"/srv/{HIDDEN}/{HIDDEN}/x"),
        ("/srv/arn:aws:iam::1:user/x", f"/srv/{HIDDEN}/x"),
        ("/srv/AKIAEXAMPLE00000/x", f"/srv/{HIDDEN}/x"),
        ("/srv/1h57kf5cpq17m0eml12EXAMPLE/x", f"/srv/{HIDDEN}/x"),
        ("//fileserver/share/x", f"//{HIDDEN}/share/x"),
        ("/var/opt/confirmdesk", "/var/opt/confirmdesk"),
        ("/opt/\u202ea\nForged: line", "/opt/⟨U+202E⟩a⏎Forged: line"),
        ("/", "/"),
    ],
)
def test_paths(path, shown):
    assert shown_path(path, JANE) == shown


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        (r"C:\Users\Jane.Doe\AppData\Local\confirmdesk", r"%LOCALAPPDATA%\confirmdesk"),
        (r"c:\users\JANE.DOE\appdata\local\confirmdesk", r"%LOCALAPPDATA%\confirmdesk"),
        ("C:/Users/Jane.Doe/AppData/Local/confirmdesk", r"%LOCALAPPDATA%\confirmdesk"),
        (r"C:\Users\Jane.Doe\Documents", r"~\Documents"),
        (r"C:\Users\JANEDO~1\Documents", rf"C:\Users\{HIDDEN}\Documents"),
        (r"D:\Profiles\j.roe\x", rf"D:\Profiles\{HIDDEN}\x"),
        (r"C:\Documents and Settings\j.roe\x", rf"C:\Documents and Settings\{HIDDEN}\x"),
        (r"\\FILESERVER\home\jroe\x", rf"\\{HIDDEN}\home\{HIDDEN}\x"),
        (r"D:\desktop-1\x", rf"D:\{HIDDEN}\x"),
        (r"D:\Data\confirmdesk", r"D:\Data\confirmdesk"),
    ],
)
def test_paths_of_windows(path, shown):
    assert shown_path(path, JANE_WINDOWS) == shown


def test_a_name_is_known_in_every_spelling():
    owner = Owner(("/Users/zoe\u0308",), "", ("zo\u00eb", "Strauß"))
    assert shown_path("/Users/zo\u00eb/x", owner) == "~/x"
    assert shown_path("/srv/ZOE\u0308/x", owner) == f"/srv/{HIDDEN}/x"
    assert shown_path("/srv/STRAUSS/x", owner) == f"/srv/{HIDDEN}/x"


def test_a_short_name_hides_itself_and_not_half_of_the_path():
    assert shown_path("/srv/al/salt/x", Owner(names=("al",))) == f"/srv/{HIDDEN}/salt/x"


def test_a_root_without_a_home_is_no_home():
    assert shown_path("/var/lib/x", Owner(("/", ""), "", ("",))) == "/var/lib/x"


def test_the_programs_own_directory_is_told_even_where_an_account_is_called_the_same():
    owner = Owner(("/home/confirmdesk",), "", ("confirmdesk",))
    assert shown_path("/var/opt/confirmdesk/practice/confirmdesk.log", owner) == (
        "/var/opt/confirmdesk/practice/confirmdesk.log"
    )


@given(
    st.text("abcdefghijklmnopqrstuvwxyzäöß", min_size=3, max_size=12),
    st.lists(st.tuples(*[st.text("abcxyz-. 7", max_size=6)] * 2), min_size=1, max_size=5),
    st.booleans(),
)
def test_wherever_a_name_stands_in_a_path_it_is_not_shown(name, around, windows):
    kind = PureWindowsPath if windows else PurePosixPath
    parts = [before + name + after for before, after in around]
    shown = shown_path(str(kind("D:\\" if windows else "/", *parts)), Owner(names=(name.upper(),)))
    for harmless in (HIDDEN, "confirmdesk.log", "confirmdesk", "practice"):
        shown = shown.replace(harmless, "")
    assert name.casefold() not in shown.casefold()


@pytest.mark.parametrize("connection", [SHOP, CUSTOM])
def test_nothing_that_names_a_connection_is_told_wherever_it_stands(connection):
    words = (
        connection.name,
        connection.pool_name,
        connection.pool_id,
        connection.client_name,
        connection.client_id,
        connection.profile,
        "cognito.corp.example.com",
    )
    for word in words:
        given = facts(
            work=work(f"/srv/{word}/confirmdesk", connections=(connection, CUSTOM)),
            keyring=KeychainState(Usability.NOT_ACCEPTED, f"plugin.{word}.Keyring"),
        )
        text = diagnostics(given)
        assert line(text, "Data directory") == f"/srv/{HIDDEN}/confirmdesk"
        assert line(text, "Keyring") == f"{HIDDEN}, not accepted"
        assert word not in text
    assert "eu-west-1" not in diagnostics(facts())


def test_the_practice_connection_hides_nothing_of_the_path():
    practice = replace(SHOP, name="share")
    given = replace(work(connections=(practice,), current=practice), practice=True)
    assert line(diagnostics(facts(work=given)), "Data directory") == "~/.local/share/confirmdesk"


def test_variables_whose_names_may_be_private_are_only_counted():
    odd = (
        "AWS_AKIAEXAMPLE00000000",
        "AWS_jane@example.com",
        "AWS_X\nForged: line",
        "AWS_123456789012",
        "AWS_" + "A" * 300,
        "AWS_JANE_DOE",
        "AWS_KEYOFWENDY",
    )
    owner = Owner(names=("jane_doe", "wendy", "aws"))
    usual = ("AWS_EC2_METADATA_DISABLED", "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT", "AWS_ENDPOINT_URL_COGNITO_IDP")
    text = diagnostics(facts(variables=odd + usual[:1] + usual[2:], owner=owner))
    assert line(text, "AWS variables") == f"{usual[0]}, {usual[2]}, 7 with unusual names"


def test_nothing_begins_a_line_that_is_not_ours():
    forged = "x\nProxy: no\r\u2028Endpoint: AWS's own\u202e"
    text = diagnostics(
        facts(
            versions=(Version(forged, forged),),
            system=forged,
            desktop=replace(DESKTOP, platform=forged, theme=forged),
            keyring=KeychainState(Usability.NOT_ACCEPTED, forged),
            variables=(forged,),
            work=work(f"/srv/{forged}"),
        )
    )
    assert text.count("\nProxy: ") == text.count("\nEndpoint: ") == 1
    assert not set(text) & set("\r\u2028\u202e")
    assert len(text.split("\n")) == len(diagnostics(facts()).split("\n")) - 1
