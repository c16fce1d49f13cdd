"""The way out of this computer, as the settings keep it and as IT presets it."""

import json

import pytest
from certificates import Authority

from confirmdesk.core.computer.settings import Settings, SettingsFile
from confirmdesk.core.connections.network import Network, NetworkPreset, ProxyChoice, refused_network, tidy_network
from confirmdesk.core.connections.presets import Presets, load_presets

PROXY = "http://proxy.example.com:8080"
OWN = Network(ProxyChoice.NONE, ca_bundle="/own.pem")


def by_address(address, ca_bundle=""):
    return Network(ProxyChoice.ADDRESS, address, ca_bundle)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("proxy.example.com:8080", PROXY),
        ("  //proxy.example.com:8080/ ", PROXY),
        ('"http://proxy.example.com:8080"', PROXY),
        ("https://proxy.example.com", "https://proxy.example.com"),
    ],
)
def test_an_address_is_taken_as_people_have_it(typed, kept):
    network = tidy_network(by_address(typed))
    assert network.proxy_address == kept
    assert refused_network(network) == {}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "has no address"),
        ("proxy example", "has a blank in it"),
        ("http://proxy:port", "a port that is not a number"),
        ("ftp://proxy:21", "begins with neither http:// nor https://"),
        ("socks5://proxy:1080", "SOCKS proxy cannot be used"),
        ("http://:8080", "names no host"),
    ],
)
def test_what_is_no_address_is_told_with_the_form_it_has(typed, words):
    (field, problem), *others = refused_network(tidy_network(by_address(typed))).items()
    assert (field, others) == ("proxy_address", [])
    assert words in problem.sentence
    assert "http" in problem.hint.lower()


@pytest.mark.parametrize("typed", ["http://jane:s3cret@proxy:8080", "jane:s3cret@proxy", "SHOP\\jane:s3@cret@proxy:1"])
def test_a_password_is_refused_with_another_way_and_never_repeated(typed):
    problem = refused_network(tidy_network(by_address(typed)))["proxy_address"]
    assert "not kept here" in problem.sentence
    assert "HTTPS_PROXY" in problem.hint
    assert not any(part in problem.text() + problem.details for part in ("s3", "jane", "cret"))


def test_an_address_that_is_not_chosen_may_be_anything():
    assert refused_network(Network(ProxyChoice.NONE, "nonsense at all")) == {}


@pytest.mark.parametrize("content", [None, b"", b"nothing of the kind"])
def test_a_file_without_certificates_is_refused(tmp_path, content):
    path = tmp_path / "company.pem"
    if content is not None:
        path.write_bytes(content)
    problem = refused_network(Network(ca_bundle=str(path)))["ca_bundle"]
    assert str(path) in problem.sentence


def test_a_file_with_certificates_is_taken(tmp_path):
    assert refused_network(Network(ca_bundle=str(Authority(tmp_path).bundle))) == {}


# The settings


def test_it_comes_back_as_it_was_saved(tmp_path):
    full = Settings(network=by_address(PROXY, "/company.pem"))
    SettingsFile(tmp_path / "settings.json").save(full)
    assert SettingsFile(tmp_path / "settings.json").load() == (full, None)


@pytest.mark.parametrize(
    "written",
    ["x", {"proxy": "maybe"}, {"ca_bundle": 1}, {"proxy": "address", "proxy_address": "http://jane:s3cret@proxy"}],
)
def test_what_nobody_could_have_saved_is_told_and_not_used(tmp_path, written):
    (tmp_path / "settings.json").write_text(json.dumps({"version": 1, "theme": "dark", "network": written}))
    settings, problem = SettingsFile(tmp_path / "settings.json").load()
    assert settings == Settings(theme="dark")
    assert problem.sentence == "1 saved entry could not be read."
    assert "s3cret" not in problem.text() + problem.details


def test_a_file_of_an_older_version_has_none(tmp_path):
    (tmp_path / "settings.json").write_text('{"version": 1}')
    assert SettingsFile(tmp_path / "settings.json").load() == (Settings(), None)


# What IT presets


def preset(directory, **files: object) -> Presets:
    for name, content in files.items():
        (directory / f"{name}.json").write_text(json.dumps(content))
    return load_presets([directory])


def test_proxy_and_certificates_are_presets_each_by_itself_or_both(tmp_path):
    found = preset(tmp_path, a={"proxy": "proxy.example.com:8080"}, b={"ca_bundle": "/etc/company.pem"})
    assert found.network == NetworkPreset(by_address(PROXY, "/etc/company.pem"), "a.json", "b.json")
    assert found.problems == ()
    assert found.network.over(OWN) == by_address(PROXY, "/etc/company.pem")


@pytest.mark.parametrize(
    ("spelled", "counts"),
    [
        ({"proxy": "System"}, Network(ProxyChoice.SYSTEM, ca_bundle="/own.pem")),
        ({"proxy": "none"}, OWN),
        ({"ca_bundle": "/it.pem"}, Network(ProxyChoice.NONE, ca_bundle="/it.pem")),
    ],
)
def test_what_it_leaves_open_is_the_persons(tmp_path, spelled, counts):
    assert preset(tmp_path, network=spelled).network.over(OWN) == counts


def test_they_stand_beside_connections_in_one_file_too(tmp_path):
    shop = {"name": "Shop", "region": "eu-west-1", "pool_id": "eu-west-1_A", "client_id": "c"}
    found = preset(tmp_path, all=[shop, {"proxy": "none"}])
    assert [p.connection.name for p in found.found] == ["Shop"]
    assert (found.network.proxy_file, found.problems) == ("all.json", ())


@pytest.mark.parametrize(
    ("spelled", "words"),
    [
        ({"proxy": "http://jane:s3cret@proxy:1"}, "user name and password are not kept here"),
        ({"proxy": ""}, "“proxy” is neither system nor none nor an address."),
        ({"proxy": "maybe not"}, "“proxy” is neither system nor none nor an address."),
        ({"proxy": True}, "“proxy” is not a text in quotes."),
        ({"proxy": "none", "ca_bundle": " "}, "“ca_bundle” is empty."),
    ],
)
def test_what_is_wrong_is_told_and_leaves_it_to_the_person(tmp_path, spelled, words):
    found = preset(tmp_path, network=spelled)
    (problem,) = found.problems
    assert problem.text().startswith("The entry in network.json is not used: ")
    assert words in problem.text()
    assert "s3cret" not in problem.text()
    assert found.network == NetworkPreset()


def test_what_is_not_known_and_what_comes_twice_is_told(tmp_path):
    found = preset(tmp_path, a={"proxy": "none", "prxoy_address": "x"}, b={"proxy": "proxy:1"})
    assert "“prxoy_address” is no setting of the network" in found.problems[0].text()
    assert "The entry in b.json sets what another file has set; the first one counts." in found.problems[1].text()
    assert found.network == NetworkPreset(Network(ProxyChoice.NONE), "a.json")
