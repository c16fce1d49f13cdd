"""Connections that IT presets: offered beside own ones, never saved, and nobody's to change but their secret."""

import json
import time
from dataclasses import replace

import pytest
from on_screen import answer, box, boxes, is_shown, line, opened, press, said, the, visible, wait_for, wait_loaded
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QWidget
from scripted_aws import ScriptedAws, error, ok, page

from confirmdesk.core.computer.paths import Places
from confirmdesk.core.computer.settings import Settings, SettingsFile
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.keychain import SessionKeychain
from confirmdesk.core.connections.portal import Portal
from confirmdesk.core.connections.presets import load_presets
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.ledger.ledger import this_operator
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.ui.application import Application
from confirmdesk.ui.connections.dialog import ConnectionDialog
from confirmdesk.ui.sending.review_dialog import ReviewDialog

RIGHT = "the0right0secret0of0a0client"
FILE = "10-shop.json"
POOLS = {"Shop": "eu-west-1_Shop", "News": "eu-west-1_News"}
CROWD = "eu-west-1_Crowd"
OWN = Connection("Mine", "eu-west-1", "eu-west-1_Mine", "mine", environment="Staging", needs_secret=False)
LOCKED = (
    *("Connection name", "Environment", "AWS profile", "Region", "Endpoint URL", "User pool", "App client"),
    *("Sends per second", "Confirm above", "Cool-down hours", "Largest run", "Read only"),
)


def person(pool, name="jane.doe"):
    attributes = [{"Name": "email", "Value": f"{name}@example.com"}]
    return {
        "Username": pool if name == "jane.doe" else name,
        "UserStatus": "UNCONFIRMED",
        "UserCreateDate": 1_790_000_000,
        "Attributes": attributes,
    }


@pytest.fixture
def server(aws_keys):
    """Every pool has one person, who is called as the pool, and one has a crowd; its app client has a secret."""

    def reply(connection, seen):
        pool = seen.body.get("UserPoolId", "")
        answers = {
            "ListUsers": page([person(pool, f"p{n}") for n in range(3)] if pool == CROWD else [person(pool)]),
            "DescribeUserPoolClient": ok({"UserPoolClient": {"ClientName": "web", "ClientSecret": RIGHT}}),
        }
        answers.get(seen.operation, error("AccessDeniedException", "not authorized"))(connection, seen)

    made = ScriptedAws(otherwise=reply)
    yield made
    made.stop()


@pytest.fixture
def preset(tmp_path, server):
    """Writes a preset, as IT does."""

    def write(name="Shop", file=FILE, **changes):
        spelled = {"name": name, "region": "eu-west-1", "pool_id": POOLS.get(name, "eu-west-1_Shop"), "client_id": "c"}
        spelled |= {"endpoint": server.endpoint, **changes}
        directory = tmp_path / "data" / "connections.d"
        directory.mkdir(parents=True, exist_ok=True)
        (directory / file).write_text(json.dumps(spelled))

    return write


@pytest.fixture
def keyring():
    return SessionKeychain()


@pytest.fixture
def start(tmp_path, make_session, keyring):
    """A session with what is in its two places by then, as after a start of the program."""

    def make(*own, last=""):
        places = Places(tmp_path / "data")
        places.create()
        if own:
            SettingsFile(places.settings_file).save(Settings(own, last))
        return make_session(keyring=keyring, presets=load_presets([places.data / "connections.d"]))

    return make


def saved(tmp_path):
    return SettingsFile(Places(tmp_path / "data").settings_file).load()[0]


def offered(window):
    choice = the(window, "Connection", QComboBox)
    return [choice.itemText(at).partition("    ")[0] for at in range(choice.count())]


def chosen(window):
    return the(window, "Connection", QComboBox).currentText().partition("    ")[0]


def choose(window, name):
    the(window, "Connection", QComboBox).setCurrentIndex(offered(window).index(name))


def loaded(qtbot, window, pool):
    """The users of `pool`, and of no other, are listed."""
    wait_loaded(qtbot, window, "1 loaded")
    wait_for(qtbot, lambda: [u.username for u in window.work.users.model.users()] == [pool])


def edit(qtbot, window):
    press(qtbot, window, "Edit connection")
    return opened(qtbot, window, ConnectionDialog)


def takes_text(dialog, name):
    (outer, *inner) = visible(dialog, name, QWidget)
    assert all(part.isEnabled() == outer.isEnabled() for part in inner)
    return outer.isEnabled()


# Choosing


def test_with_presets_alone_the_first_one_opens_instead_of_the_welcome(qtbot, preset, start, make_window):
    preset("News", "20-news.json")
    preset("Shop")
    window = make_window(start())
    assert not is_shown(window, "Create a connection")
    assert offered(window) == ["Shop", "News"]
    assert chosen(window) == "Shop"
    loaded(qtbot, window, POOLS["Shop"])


def test_the_last_one_is_remembered_and_nothing_of_it_is_saved(qtbot, preset, start, make_window, tmp_path):
    preset("Shop")
    preset("News", "20-news.json")
    session = start(OWN, last="Mine")
    window = make_window(session)
    assert offered(window) == ["Shop", "News", "Mine"]
    choose(window, "News")
    loaded(qtbot, window, POOLS["News"])
    window.close()
    assert saved(tmp_path) == replace(session.settings, connections=(OWN,), last_connection="News")
    assert "eu-west-1_News" not in Places(tmp_path / "data").settings_file.read_text()
    again = make_window(start())
    assert chosen(again) == "News"
    loaded(qtbot, again, POOLS["News"])


def test_a_preset_that_is_gone_leaves_what_there_is(qtbot, start, make_window, server, tmp_path):
    own = replace(OWN, endpoint=server.endpoint)
    window = make_window(start(own, last="News"))
    assert chosen(window) == "Mine"
    loaded(qtbot, window, own.pool_id)


# The same name


def test_of_one_name_the_preset_has_it_and_the_own_one_works_as_own(
    qtbot, preset, start, make_window, server, tmp_path
):
    preset("Shop")
    own = replace(OWN, name="Shop", endpoint=server.endpoint)
    window = make_window(start(own, last="Shop"))
    assert offered(window) == ["Shop", "Shop (own)"]
    loaded(qtbot, window, POOLS["Shop"])
    choose(window, "Shop (own)")
    loaded(qtbot, window, own.pool_id)
    dialog = edit(qtbot, window)
    assert is_shown(dialog, "Delete connection")
    press(qtbot, dialog, "Sending rules")
    the(dialog, "Sends per second", QDoubleSpinBox).setValue(2.0)
    press(qtbot, dialog, "Save connection")
    loaded(qtbot, window, own.pool_id)
    assert chosen(window) == "Shop (own)"
    window.close()
    # In the file it is still called as its owner called it.
    assert saved(tmp_path).connections == (replace(own, per_second=2.0),)


def test_an_own_one_can_be_renamed_but_not_to_the_name_of_a_preset(qtbot, preset, start, make_window, server, tmp_path):
    preset("Shop")
    own = replace(OWN, name="Shop", endpoint=server.endpoint)
    window = make_window(start(own, last="Shop (own)"))
    loaded(qtbot, window, own.pool_id)
    dialog = edit(qtbot, window)
    name = the(dialog, "Connection name", QLineEdit)
    name.setText("Shop")
    press(qtbot, dialog, "Save connection")
    assert "already a connection called “Shop”" in line(dialog, "Connection check")
    name.setText("Old shop")
    press(qtbot, dialog, "Save connection")
    loaded(qtbot, window, own.pool_id)
    assert offered(window) == ["Shop", "Old shop"]
    window.close()
    assert saved(tmp_path).connections == (replace(own, name="Old shop"),)


def test_deleting_the_own_one_of_the_same_name_leaves_the_preset(qtbot, preset, start, make_window, server, tmp_path):
    preset("Shop")
    own = replace(OWN, name="Shop", endpoint=server.endpoint)
    window = make_window(start(OWN, own, last="Shop (own)"))
    loaded(qtbot, window, own.pool_id)
    press(qtbot, edit(qtbot, window), "Delete connection")
    answer(qtbot, box(qtbot, window), "Delete connection")
    loaded(qtbot, window, POOLS["Shop"])
    assert offered(window) == ["Shop", "Mine"]
    window.close()
    assert saved(tmp_path).connections == (OWN,)


def test_an_own_secret_that_a_preset_uses_too_is_not_forgotten(qtbot, preset, start, make_window, server, keyring):
    preset("Shop")
    own = Connection("Mine", "eu-west-1", POOLS["Shop"], "c", endpoint=server.endpoint)
    keyring.write(own.slot, Secret(RIGHT))
    window = make_window(start(own, last="Mine"))
    loaded(qtbot, window, POOLS["Shop"])
    press(qtbot, edit(qtbot, window), "Delete connection")
    asked = box(qtbot, window)
    assert "stays in the keyring" in asked.informativeText()
    answer(qtbot, asked, "Delete connection")
    wait_for(qtbot, lambda: offered(window) == ["Shop"])
    assert keyring.read(own.slot) == Secret(RIGHT)


# The dialog


def test_everything_is_shown_and_only_the_secret_can_be_changed(qtbot, preset, start, make_window):
    preset("Shop", profile="support", per_second=0.75, cool_down=1.25, read_only=True)
    window = make_window(start())
    dialog = edit(qtbot, window)
    sentence = f"Set by your administrator in {FILE}. Only the client secret can be changed here."
    assert line(dialog, "Preset connection") == sentence
    wait_for(qtbot, lambda: the(dialog, "Client secret", QLineEdit).hasFocus())
    press(qtbot, dialog, "Sending rules")
    assert [name for name in LOCKED if takes_text(dialog, name)] == []
    assert the(dialog, "AWS profile", QComboBox).currentText() == "support"
    assert the(dialog, "Read only", QAbstractButton).isChecked()
    for name in ("Load pools", "Load app clients", "Delete connection"):
        assert not is_shown(dialog, name)
    assert the(dialog, "Client secret", QLineEdit).isEnabled()
    assert the(dialog, "Save connection").isEnabled()


def test_of_an_access_portal_everything_that_is_set_is_shown_and_who_set_it(qtbot, preset, start, make_window):
    portal = {
        "start_url": "https://example.awsapps.com/start",
        "sso_region": "eu-central-1",
        "account_id": "123456789012",
        "role_name": "ConfirmdeskSupport",
    }
    preset("Shop", **portal, device_code=False, largest_run=20, endpoint="")
    session = start()
    window = make_window(session)
    dialog = edit(qtbot, window)
    note = line(dialog, "Preset connection")
    assert note.startswith(f"Set by your administrator in {FILE}.")
    assert note.endswith("Signing in by a code is switched off.")
    assert the(dialog, "Sign-in", QComboBox).currentText() == "AWS access portal"
    assert the(dialog, "Start URL", QLineEdit).text() == portal["start_url"]
    assert the(dialog, "Portal region", QLineEdit).text() == "eu-central-1"
    assert the(dialog, "Account and role", QComboBox).currentText() == "123456789012 · ConfirmdeskSupport"
    assert line(dialog, "Sending rules in short").endswith("20 people at most")
    wait_for(qtbot, lambda: the(dialog, "Sign in", QAbstractButton).isEnabled())
    assert "can be chosen" not in said(dialog)
    for name in ("Sign-in", "Start URL", "Portal region", "Account and role"):
        assert not takes_text(dialog, name)
    assert session.connection("Shop").portal == Portal(portal["start_url"], "eu-central-1", device_code=False)


def test_a_saved_secret_goes_to_the_keyring_and_nothing_else_changes(
    qtbot, preset, start, make_window, keyring, tmp_path
):
    # A tenth of a second and of an hour is all that the form can show.
    preset("Shop", per_second=0.75, cool_down=1.25)
    preset("News", "20-news.json")
    session = start(OWN, last="Shop")
    before = session.presets
    window = make_window(session)
    loaded(qtbot, window, POOLS["Shop"])
    dialog = edit(qtbot, window)
    the(dialog, "Client secret", QLineEdit).setText(RIGHT)
    press(qtbot, dialog, "Save connection")
    wait_for(qtbot, lambda: not boxes(window))
    loaded(qtbot, window, POOLS["Shop"])
    shop = before.found[0].connection
    assert keyring.read(shop.slot) == Secret(RIGHT)
    assert offered(window) == ["Shop", "News", "Mine"]
    # That a secret is needed was left open, and is known from now on.
    assert session.connection("Shop") == replace(shop, needs_secret=True)
    window.close()
    assert saved(tmp_path).connections == (OWN,)
    assert RIGHT not in Places(tmp_path / "data").settings_file.read_text()
    again = edit(qtbot, make_window(start()))
    wait_for(qtbot, lambda: "stored in the keyring" in said(again))


def test_the_connection_is_checked_and_the_secret_read_as_for_an_own_one(qtbot, preset, start, make_window):
    preset("Shop")
    window = make_window(start())
    loaded(qtbot, window, POOLS["Shop"])
    dialog = edit(qtbot, window)
    press(qtbot, dialog, "Check connection")
    wait_for(qtbot, lambda: "needs its secret" in line(dialog, "Connection check"))
    assert "“web” belongs to this pool" in line(dialog, "Connection check")
    press(qtbot, dialog, "Read secret from AWS")
    wait_for(qtbot, lambda: the(dialog, "Client secret", QLineEdit).text() == RIGHT)


def test_where_it_says_that_there_is_no_secret_none_is_asked_for(qtbot, preset, start, make_window):
    preset("Shop", needs_secret=False)
    window = make_window(start())
    loaded(qtbot, window, POOLS["Shop"])
    dialog = edit(qtbot, window)
    assert not the(dialog, "Client secret", QLineEdit).isEnabled()
    assert not the(dialog, "Read secret from AWS").isEnabled()
    assert line(dialog, "Preset connection").endswith("Nothing can be changed here.")
    press(qtbot, dialog, "Save connection")
    wait_for(qtbot, lambda: not boxes(window))


def test_an_own_connection_is_as_free_as_ever(qtbot, preset, start, make_window, server):
    preset("Shop")
    own = replace(OWN, endpoint=server.endpoint)
    window = make_window(start(own, last="Mine"))
    loaded(qtbot, window, own.pool_id)
    dialog = edit(qtbot, window)
    assert not is_shown(dialog, "Preset connection")
    press(qtbot, dialog, "Sending rules")
    assert [name for name in LOCKED if not takes_text(dialog, name)] == []
    assert is_shown(dialog, "Delete connection")


def test_read_only_is_its_word(qtbot, preset, start, make_window):
    preset("Shop", read_only=True)
    session = start()
    window = make_window(session)
    loaded(qtbot, window, POOLS["Shop"])
    dialog = edit(qtbot, window)
    saves = []
    dialog.saved.connect(lambda *what: saves.append(what))
    press(qtbot, dialog, "Sending rules")
    # An assistive tool can tick what nobody can click.
    the(dialog, "Read only", QAbstractButton).setChecked(False)
    the(dialog, "Sends per second", QDoubleSpinBox).setValue(50.0)
    press(qtbot, dialog, "Save connection")
    wait_for(qtbot, lambda: not boxes(window))
    loaded(qtbot, window, POOLS["Shop"])
    preset_by_it = session.presets.found[0].connection
    assert saves == [(preset_by_it, "Shop")]
    assert session.connection("Shop") == preset_by_it
    assert (preset_by_it.read_only, preset_by_it.per_second) == (True, 5.0)


# Runs


def test_its_largest_run_is_reviewed_but_not_exceeded_and_the_review_says_whom_to_ask(
    qtbot, preset, start, make_window, server
):
    preset("Shop", pool_id=CROWD, needs_secret=False, largest_run=2, environment="Staging")
    window = make_window(start())
    wait_loaded(qtbot, window, "3 loaded")
    press(qtbot, window, "Pick all shown")
    assert "more than the 2 that one run may have here" in line(window, "Picked people")
    press(qtbot, window, "Review and send")
    dialog = opened(qtbot, window, ReviewDialog)
    assert "2 people at most; here are 3. Pick fewer people, or ask your team lead or IT department" in said(dialog)
    assert not the(dialog, "Send codes").isEnabled()
    press(qtbot, dialog, "Cancel")
    wait_for(qtbot, lambda: not boxes(window))
    window.work.unpick(["p0"])
    press(qtbot, window, "Review and send")
    press(qtbot, opened(qtbot, window, ReviewDialog), "Send codes")
    wait_for(qtbot, lambda: server.operations().count("ResendConfirmationCode") == 2)


def test_an_interrupted_run_of_a_preset_is_resumed_through_it(qtbot, preset, start, make_window, server):
    preset("Shop", needs_secret=False)
    session = start()
    jane = make_user("u-jane", 1_790_000_000.0, True, "UNCONFIRMED", [("email", "jane.doe@example.com")])
    plan = make_plan([jane], [], frozenset({"email"}))
    session.ledger.begin(session.connection("Shop"), this_operator(), plan, 5.0, time.time())
    window = make_window(session)
    wait_for(qtbot, lambda: is_shown(window, "Resume run"))
    press(qtbot, window, "Resume run")
    wait_for(qtbot, lambda: "ResendConfirmationCode" in server.operations())


# The whole program


@pytest.fixture
def program(make_application):
    def make(**options) -> Application:
        application = make_application(**options)
        application.open(options.get("practice", False))
        return application

    return make


def test_what_it_has_to_mend_is_told_once_and_the_rest_works(qtbot, preset, program, tmp_path):
    preset("Shop")
    (tmp_path / "data" / "connections.d" / "05-broken.json").write_text("{")
    preset("News", "20-news.json", client_secret=RIGHT)
    window = program().window
    told = box(qtbot, window)
    assert "05-broken.json" in told.informativeText()
    assert "line 1" in told.informativeText()
    assert "client_secret" in told.informativeText()
    assert RIGHT not in told.informativeText() + told.detailedText()
    assert len(boxes(window)) == 1
    answer(qtbot, told, "OK")
    loaded(qtbot, window, POOLS["Shop"])
    assert offered(window) == ["Shop"]
    log = (tmp_path / "data" / "confirmdesk.log").read_text()
    assert "05-broken.json" in log
    assert RIGHT not in log


def test_the_welcome_is_not_even_seen_for_a_moment(preset, program):
    preset("Shop")
    assert not is_shown(program().window, "Create a connection")


def test_the_command_line_names_a_preset(qtbot, preset, program):
    preset("Shop")
    preset("News", "20-news.json")
    window = program(connection="News").window
    wait_for(qtbot, lambda: chosen(window) == "News")
    loaded(qtbot, window, POOLS["News"])
    assert not boxes(window)


def test_the_practice_world_has_no_presets(preset, program, tmp_path):
    preset("Shop")
    (tmp_path / "data" / "practice").mkdir()
    (tmp_path / "data" / "connections.d").rename(tmp_path / "data" / "practice" / "connections.d")
    preset("Shop")
    assert program(practice=True).session.connections == ()


def test_nothing_unforeseen_in_the_dialog_takes_text(qtbot, preset, start, make_window):
    """Whatever field comes later must be locked too."""
    preset("Shop")
    window = make_window(start())
    loaded(qtbot, window, POOLS["Shop"])
    dialog = edit(qtbot, window)
    fields = [w for w in dialog.findChildren(QWidget) if w.isVisible() and w.isEnabled() and not isinstance(w, QLabel)]
    focusable = {w.accessibleName() for w in fields if w.focusPolicy().value and w.accessibleName()}
    buttons = {"Sending rules", "Read secret from AWS", "Check connection", "Save connection", "Discard connection"}
    buttons.add("Copy request for IT")
    assert focusable == {"Client secret", *buttons}
