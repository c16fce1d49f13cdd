import re
from dataclasses import replace

import pytest
from on_screen import answer, box, boxes, is_shown, line, press, said, the, wait_for
from parts import colour_at
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit
from scripted_aws import ScriptedAws, error, ok, page

from confirmdesk.core.connections.connection import PRODUCTION, Connection
from confirmdesk.core.connections.keychain import SystemKeychain
from confirmdesk.core.connections.secret import Secret
from confirmdesk.ui.connections.dialog import ConnectionDialog
from confirmdesk.ui.sign_in.flow import SignInFlow

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client", environment="Staging", needs_secret=True)
DENIED = error("AccessDeniedException", "not authorized")
RIGHT = "the0right0secret0of0a0client"


@pytest.fixture
def make(qtbot, host, theme):
    """Opens the dialog and collects what it tells."""

    def make(session, connection=None):
        dialog = ConnectionDialog(host, session, SignInFlow(session, theme, host), connection)
        dialog.saves, dialog.deletions = [], []
        dialog.saved.connect(lambda *what: dialog.saves.append(what))
        dialog.deleted.connect(dialog.deletions.append)
        dialog.open()
        qtbot.waitExposed(dialog)
        dialog.activateWindow()
        return dialog

    return make


@pytest.fixture
def blank(make, make_session):
    return make(make_session())


@pytest.fixture
def practised(make, practice_session):
    """A new connection in practice: nothing but the server is given."""
    dialog = make(practice_session)
    combo(dialog, "User pool").setEditText("")
    combo(dialog, "App client").setEditText("")
    return dialog


@pytest.fixture
def answers():
    """By operation; what is not here is refused."""
    return {}


@pytest.fixture
def server(answers):
    made = ScriptedAws(otherwise=lambda c, seen: answers.get(seen.operation, DENIED)(c, seen))
    yield made
    made.stop()


@pytest.fixture
def at_server(server, aws_keys):
    return replace(SHOP, endpoint=server.endpoint)


def described(secret="", name="web"):
    return ok({"UserPoolClient": {"ClientName": name, **({"ClientSecret": secret} if secret else {})}})


def combo(dialog, name):
    return the(dialog, name, QComboBox)


def field(dialog, name):
    return the(dialog, name, QLineEdit)


def typed_in(qtbot, dialog, name, text):
    """Letter by letter, after what was there is gone."""
    edit = combo(dialog, name).lineEdit() if name in ("Region", "User pool", "App client") else field(dialog, name)
    edit.clear()
    qtbot.keyClicks(edit, text)


def check(dialog):
    return line(dialog, "Connection check")


def can_save(dialog):
    return the(dialog, "Save connection").isEnabled()


def test_what_is_wrong_with_awss_files_is_told_and_everything_else_is_offered(
    qtbot, make, make_session, monkeypatch, tmp_path
):
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    (tmp_path / "config").write_text("[profile day]\n[profile night]\nregion = a\nregion = b\n")
    dialog = make(make_session())
    told = f"Line 4 of {tmp_path / 'config'} sets what its section has set already. "
    told += "The profile “night” is not used until it is corrected."
    qtbot.waitUntil(lambda: told in said(dialog))
    for name, offered in (("AWS profile", ["Default credentials", "day"]), ("Region", ["eu-west-1"])):
        qtbot.waitUntil(lambda name=name: combo(dialog, name).count() > 1)
        items = [combo(dialog, name).itemText(i) for i in range(combo(dialog, name).count())]
        assert set(offered) <= set(items)
        assert "night" not in items


# By hand


def test_typing_by_hand_is_enough_to_save(qtbot, blank):
    values = {
        "Connection name": "Shop",
        "Region": "eu-west-1",
        "User pool": "eu-west-1_Ab12Cd34E",
        "App client": "4f9k2client",
    }
    for name, text in values.items():
        assert not can_save(blank)
        typed_in(qtbot, blank, name, text)
    assert can_save(blank)
    press(qtbot, blank, "Save connection")
    saved = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client", environment=PRODUCTION)
    assert blank.saves == [(saved, "")]
    assert not blank.isVisible()


def test_what_waits_for_a_field_says_for_which(blank):
    names = ("Load pools", "Load app clients", "Check connection", "Save connection")
    steps = (
        ("Region", "eu-west-1", ["", "the user pool", "the user pool, the app client"]),
        ("User pool", "eu-west-1_Ab12Cd34E", ["", "", "the app client"]),
        ("App client", "4f9k2client", ["", "", ""]),
    )
    lacking = ["the region", "the region, the user pool", "the region, the user pool, the app client"]
    for field_name, text, then in steps:
        said_there = [the(blank, name).toolTip() for name in names]
        assert said_there[:3] == [f"Needed first: {words}" if words else "" for words in lacking]
        assert said_there[3].endswith("a name")
        combo(blank, field_name).setEditText(text)
        lacking = then
    assert the(blank, "Check connection").toolTip() == ""


def test_values_set_by_an_assistive_tool_are_enough_too(blank):
    field(blank, "Connection name").setText("Shop")
    for name, text in (("Region", "eu-west-1"), ("User pool", "eu-west-1_A"), ("App client", "c")):
        assert not can_save(blank)
        combo(blank, name).setEditText(text)
    assert can_save(blank)


def test_a_new_connection_has_nothing_to_delete(blank):
    assert not is_shown(blank, "Delete connection")
    assert blank.windowTitle() == "New connection"


@pytest.mark.parametrize("leave", ["button", "escape"])
def test_discarding_saves_nothing(qtbot, make, make_session, leave):
    dialog = make(make_session(), SHOP)
    field(dialog, "Connection name").setText("Changed")
    if leave == "button":
        press(qtbot, dialog, "Discard connection")
    else:
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.saves == []
    assert not dialog.isVisible()


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("Region", "Ireland", "“Ireland” is not a region."),
        ("User pool", "Shop pool", "The user pool is not a pool id."),
        ("App client", "no client", "The app client is not a client id."),
        ("Endpoint URL", "http://cognito.example.com", "The endpoint URL is not encrypted."),
    ],
)
def test_what_cannot_work_is_said_and_not_saved(qtbot, make, make_session, name, text, sentence):
    dialog = make(make_session(), SHOP)
    typed_in(qtbot, dialog, name, text)
    press(qtbot, dialog, "Save connection")
    assert sentence in check(dialog)
    assert dialog.saves == []
    assert dialog.isVisible()
    assert dialog.focusWidget().accessibleName() == name
    assert sentence in dialog.focusWidget().accessibleDescription()
    assert in_sight(dialog.focusWidget())
    typed_in(qtbot, dialog, name, "x")
    assert dialog.focusWidget().accessibleDescription() == ""


def in_sight(widget):
    """Nothing of it is cut off, as the lower part of a page is that has to be scrolled."""
    return widget.visibleRegion().boundingRect() == widget.rect()


def test_a_refused_field_looks_refused(qtbot, make, make_session):
    dialog = make(make_session(), replace(SHOP, region="Ireland"))
    region = combo(dialog, "Region")
    before = colour_at(region, QPoint(region.width() // 2, 0))
    press(qtbot, dialog, "Save connection")
    focused = combo(dialog, "Region")
    refused = colour_at(focused, QPoint(focused.width() // 2, 0))
    typed_in(qtbot, dialog, "Region", "eu-west-1")
    assert refused not in (before, colour_at(region, QPoint(region.width() // 2, 0)))


@pytest.mark.parametrize("height", [360, 520])
def test_every_answer_is_in_sight_beside_the_buttons(qtbot, make, make_session, at_server, answers, height):
    dialog = make(make_session(), at_server)
    dialog.resize(680, height)
    press(qtbot, dialog, "Check connection")
    wait_for(qtbot, lambda: not is_shown(dialog, "Stop checking"))
    for act in ("Load pools", "Load app clients"):
        the(dialog, act).click()
        wait_for(qtbot, lambda: "Loading" not in check(dialog))
        told = the(dialog, "Connection check", QLabel)
        assert in_sight(told)
        assert all(in_sight(the(dialog, name)) for name in ("Check connection", "Save connection"))


def test_a_long_answer_leaves_room_for_the_form_and_can_be_scrolled(qtbot, make, make_session, at_server):
    dialog = make(make_session(), at_server)
    dialog.resize(680, 420)
    press(qtbot, dialog, "Check connection")
    wait_for(qtbot, lambda: check(dialog).count("\n") >= 2)
    assert in_sight(combo(dialog, "Sign-in"))
    assert in_sight(the(dialog, "Save connection"))
    if not in_sight(the(dialog, "Connection check", QLabel)):
        area = the(dialog, "Connection check in full")
        area.setFocus()
        assert area.hasFocus()
        qtbot.keyClick(area, Qt.Key.Key_Down)
        assert area.verticalScrollBar().value() > 0


def test_a_name_is_there_once(qtbot, make, make_session):
    session = make_session()
    for connection in (SHOP, replace(SHOP, name="News")):
        session.put_connection(connection)
    dialog = make(session, SHOP)
    typed_in(qtbot, dialog, "Connection name", "News")
    press(qtbot, dialog, "Save connection")
    assert "There is already a connection called “News”." in check(dialog)
    assert dialog.saves == []
    typed_in(qtbot, dialog, "Connection name", "Renamed")
    press(qtbot, dialog, "Save connection")
    assert dialog.saves == [(replace(SHOP, name="Renamed"), "Shop")]


def test_editing_keeps_the_name_it_had(qtbot, make, make_session):
    session = make_session()
    session.put_connection(SHOP)
    dialog = make(session, SHOP)
    press(qtbot, dialog, "Save connection")
    assert dialog.saves == [(SHOP, "Shop")]


# By choosing


def test_pools_and_clients_are_chosen_by_name(qtbot, practised, practice):
    field(practised, "Connection name").setText("Mine")
    press(qtbot, practised, "Load pools")
    assert check(practised) == "Loading the pools…"
    wait_for(qtbot, lambda: "3 user pools in us-east-1; choose one." in check(practised))
    pools = combo(practised, "User pool")
    names = [pools.itemText(at).partition(" · ")[0] for at in range(pools.count())]
    assert names == ["Practice newsletter", "Practice quiet", "Practice shop"]
    assert pools.currentText().startswith("Practice newsletter · us-east-1_")
    pools.setCurrentIndex(2)
    press(qtbot, practised, "Load app clients")
    wait_for(qtbot, lambda: "2 app clients" in check(practised))
    clients = combo(practised, "App client")
    clients.setCurrentIndex(clients.findText("web-app", Qt.MatchFlag.MatchStartsWith))
    press(qtbot, practised, "Save connection")
    ((saved, before),) = practised.saves
    shop = practice.connection()
    assert (saved.pool_id, saved.client_id) == (shop.pool_id, shop.client_id)
    assert (saved.pool_name, saved.client_name, before) == ("Practice shop", "web-app", "")
    assert saved.endpoint == practice.endpoint


def test_what_was_typed_stays_when_the_list_comes(qtbot, practised, practice):
    shop = practice.connection()
    combo(practised, "User pool").setEditText(shop.pool_id)
    press(qtbot, practised, "Load pools")
    wait_for(qtbot, lambda: "3 user pools" in check(practised))
    assert combo(practised, "User pool").currentText() == f"Practice shop · {shop.pool_id}"


def test_the_need_for_a_secret_is_learnt_from_the_choice(qtbot, practised, practice):
    combo(practised, "User pool").setEditText(practice.connection().pool_id)
    press(qtbot, practised, "Load app clients")
    wait_for(qtbot, lambda: "2 app clients" in check(practised))
    wait_for(qtbot, lambda: "needs none" in said(practised))
    assert combo(practised, "App client").currentText().startswith("mobile-app")


def test_practice_leads_nowhere_else(make, practice_session):
    dialog = make(practice_session)
    assert not field(dialog, "Endpoint URL").isEnabled()
    for name in ("Environment", "AWS profile", "Region"):
        assert not combo(dialog, name).isEnabled()
    assert combo(dialog, "Environment").currentText() == "Practice"


def test_without_the_right_to_list_the_id_can_be_typed(qtbot, make, make_session, at_server):
    dialog = make(make_session(), at_server)
    press(qtbot, dialog, "Load pools")
    wait_for(qtbot, lambda: "cognito-idp:ListUserPools" in check(dialog))
    assert check(dialog).startswith("✗")
    press(qtbot, dialog, "Load app clients")
    wait_for(qtbot, lambda: "cognito-idp:ListUserPoolClients" in check(dialog))
    assert can_save(dialog)
    assert the(dialog, "Load pools").isEnabled()


def test_a_pool_without_clients_is_said(qtbot, make, make_session, at_server, answers):
    answers |= {"ListUserPools": ok({"UserPools": []}), "ListUserPoolClients": ok({"UserPoolClients": []})}
    dialog = make(make_session(), at_server)
    press(qtbot, dialog, "Load pools")
    wait_for(qtbot, lambda: check(dialog) == "eu-west-1 has no user pools.")
    press(qtbot, dialog, "Load app clients")
    wait_for(qtbot, lambda: check(dialog) == "This pool has no app clients.")
    assert combo(dialog, "User pool").currentText() == at_server.pool_id


# The secret, in a real keyring


def test_the_secret_goes_into_the_keyring_and_nowhere_else(qtbot, make, make_session, keyring_unlocked, tmp_path):
    session = make_session(keyring=SystemKeychain())
    dialog = make(session, SHOP)
    assert field(dialog, "Client secret").echoMode() == QLineEdit.EchoMode.Password
    qtbot.keyClicks(field(dialog, "Client secret"), f" {RIGHT} ")
    assert "keyring of this computer, and nowhere else" in said(dialog)
    press(qtbot, dialog, "Save connection")
    wait_for(qtbot, lambda: dialog.saves)
    assert SystemKeychain().read(SHOP.slot) == Secret(RIGHT)
    assert RIGHT not in repr(dialog.saves)
    session.put_connection(*dialog.saves[0])
    wait_for(qtbot, (tmp_path / "data" / "settings.json").exists)
    assert RIGHT not in (tmp_path / "data" / "settings.json").read_text()


def test_a_stored_secret_is_known_but_never_shown_and_can_be_forgotten(qtbot, make, make_session, keyring_unlocked):
    SystemKeychain().write(SHOP.slot, Secret(RIGHT))
    dialog = make(make_session(keyring=SystemKeychain()), SHOP)
    wait_for(qtbot, lambda: "A secret is stored in the keyring." in said(dialog))
    assert field(dialog, "Client secret").text() == ""
    press(qtbot, dialog, "Forget secret")
    wait_for(qtbot, lambda: "needs its secret" in said(dialog))
    assert SystemKeychain().read(SHOP.slot) is None
    assert not the(dialog, "Forget secret").isEnabled()


@pytest.mark.parametrize("button", ["Save connection", "Check connection"])
def test_a_secret_with_a_character_that_nobody_sees_is_refused_at_once(qtbot, make, make_session, button):
    dialog = make(make_session(), SHOP)
    QApplication.clipboard().setText(f"{RIGHT}\u200b")
    field(dialog, "Client secret").setFocus()
    qtbot.keyClick(field(dialog, "Client secret"), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    press(qtbot, dialog, button)
    assert "zero width space, U+200B" in line(dialog, "Connection check")
    assert dialog.saves == []
    field(dialog, "Client secret").setText("not0one")
    press(qtbot, dialog, button)
    assert "Those have 24 to 64 letters and digits; this has 7." in line(dialog, "Connection check")


def test_pasted_ids_are_saved_without_what_clings_to_them(qtbot, make, make_session):
    dialog = make(make_session())
    field(dialog, "Connection name").setText("Shop\u200b")
    combo(dialog, "Region").setEditText(" eu-west-1\u200b")
    combo(dialog, "User pool").setEditText("\u200beu-west-1_Ab12Cd34E\u00a0")
    combo(dialog, "App client").setEditText('"4f9k2client",')
    press(qtbot, dialog, "Save connection")
    saved, _ = dialog.saves[0]
    assert (saved.name, saved.region) == ("Shop", "eu-west-1")
    assert (saved.pool_id, saved.client_id) == (SHOP.pool_id, SHOP.client_id)


def test_saving_without_typing_keeps_the_stored_secret(qtbot, make, make_session, keyring_unlocked):
    SystemKeychain().write(SHOP.slot, Secret(RIGHT))
    dialog = make(make_session(keyring=SystemKeychain()), SHOP)
    press(qtbot, dialog, "Save connection")
    assert dialog.saves == [(SHOP, "Shop")]
    assert SystemKeychain().read(SHOP.slot) == Secret(RIGHT)


def test_the_secret_of_another_client_is_not_shown_as_stored(qtbot, make, make_session, keyring_unlocked):
    SystemKeychain().write(SHOP.slot, Secret(RIGHT))
    dialog = make(make_session(keyring=SystemKeychain()), SHOP)
    wait_for(qtbot, lambda: "A secret is stored in the keyring." in said(dialog))
    combo(dialog, "App client").setEditText("another")
    assert "Only needed where the app client has one." in said(dialog)
    assert not the(dialog, "Forget secret").isEnabled()


@pytest.mark.parametrize("where", ["keyring_missing", "bus_without_keyring"])
def test_without_a_keyring_it_is_offered_for_this_session_only(qtbot, make, make_session, request, where):
    request.getfixturevalue(where)
    session = make_session(keyring=SystemKeychain())
    dialog = make(session, SHOP)
    field(dialog, "Client secret").setText(RIGHT)
    press(qtbot, dialog, "Save connection")
    asked = box(qtbot, dialog)
    assert "never written to a file" in asked.informativeText()
    assert RIGHT not in asked.text() + asked.informativeText() + asked.detailedText()
    answer(qtbot, asked, "Cancel")
    assert dialog.saves == []
    assert field(dialog, "Client secret").text() == RIGHT
    wait_for(qtbot, lambda: not boxes(dialog))
    press(qtbot, dialog, "Save connection")
    answer(qtbot, box(qtbot, dialog), "Keep for this session only")
    assert dialog.saves == [(SHOP, "Shop")]
    assert session.vault.read(SHOP.slot) == Secret(RIGHT)


def test_the_secret_is_read_from_aws(qtbot, make, make_session, at_server, answers):
    answers["DescribeUserPoolClient"] = described(RIGHT)
    dialog = make(make_session(), at_server)
    press(qtbot, dialog, "Read secret from AWS")
    wait_for(qtbot, lambda: "The secret was read" in check(dialog))
    assert field(dialog, "Client secret").text() == RIGHT
    assert RIGHT not in said(dialog)


def test_a_public_client_has_none_to_read(qtbot, make, make_session, at_server, answers):
    answers["DescribeUserPoolClient"] = described()
    dialog = make(make_session(), at_server)
    press(qtbot, dialog, "Read secret from AWS")
    wait_for(qtbot, lambda: "has no secret and needs none" in check(dialog))
    press(qtbot, dialog, "Save connection")
    assert dialog.saves[0][0].needs_secret is False


def test_without_the_right_to_read_it_is_typed(qtbot, make, make_session, at_server):
    dialog = make(make_session(), at_server)
    press(qtbot, dialog, "Read secret from AWS")
    wait_for(qtbot, lambda: "cognito-idp:DescribeUserPoolClient" in check(dialog))
    assert field(dialog, "Client secret").text() == ""


# Checking


def checked(qtbot, dialog):
    press(qtbot, dialog, "Check connection")
    wait_for(qtbot, lambda: not is_shown(dialog, "Stop checking"))
    return check(dialog).split("\n")


# Without a proxy, to this computer.
WAY = ["✓ Name", "✓ Proxy", "✓ TLS"]


def test_every_part_is_answered_for(qtbot, make, practice_session):
    dialog = make(practice_session, practice_session.settings.connections[0])
    answers = checked(qtbot, dialog)
    assert [words.split(":")[0] for words in answers] == [
        *WAY,
        "✓ Clock",
        "– Credentials",
        "✓ Region",
        "✓ User pool",
        "✓ App client",
        "✓ Client secret",
    ]


@pytest.mark.parametrize(
    ("given", "lines"),
    [
        ({}, ["✓ Region", "✗ User pool", "– App client", "– Client secret"]),
        ({"ListUsers": page([])}, ["✓ Region", "✓ User pool", "– App client", "– Client secret"]),
        (
            {"ListUsers": page([]), "DescribeUserPoolClient": described(RIGHT)},
            ["✓ Region", "✓ User pool", "✓ App client", "✗ Client secret"],
        ),
        (
            {"ListUsers": page([]), "DescribeUserPoolClient": error("ResourceNotFoundException", "x")},
            ["✓ Region", "✓ User pool", "✗ App client", "– Client secret"],
        ),
    ],
)
def test_each_failure_has_its_line(qtbot, make, make_session, at_server, answers, given, lines):
    answers |= given
    dialog = make(make_session(), at_server)
    told = [words.split(":")[0] for words in checked(qtbot, dialog)]
    assert told == [*WAY, "– Clock", "– Credentials", *lines]


def test_a_typed_secret_is_the_one_that_is_checked(qtbot, make, make_session, at_server, answers):
    answers |= {"ListUsers": page([]), "DescribeUserPoolClient": described(RIGHT)}
    dialog = make(make_session(), at_server)
    field(dialog, "Client secret").setText("wrong")
    assert checked(qtbot, dialog)[-1].startswith("– Client secret: The secret is not the one that AWS shows.")
    field(dialog, "Client secret").setText(RIGHT)
    press(qtbot, dialog, "Check connection")
    wait_for(qtbot, lambda: "✓ Client secret" in check(dialog))


def test_the_first_step_that_is_broken_is_told_in_words_and_those_after_it_are_not_tried(
    qtbot, make, make_session, aws_keys
):
    dialog = make(make_session(), replace(SHOP, endpoint="http://127.0.0.1:9"))
    told = checked(qtbot, dialog)
    assert told[2].startswith("✗ TLS: The endpoint http://127.0.0.1:9 could not be reached.")
    assert told[3:] == [
        f"– {step}: not tried."
        for step in ("Clock", "Credentials", "Region", "User pool", "App client", "Client secret")
    ]


def test_each_step_appears_as_it_is_decided(qtbot, make, make_session, at_server, answers, server):
    answers["ListUsers"] = held(server, page([]))
    dialog = make(make_session(), at_server)
    press(qtbot, dialog, "Check connection")
    wait_for(qtbot, lambda: check(dialog).endswith("… Region"))
    assert [words.split(":")[0] for words in check(dialog).split("\n")[:-1]] == [*WAY, "– Clock", "– Credentials"]


def test_a_check_can_be_stopped_and_begun_again(qtbot, make, make_session, at_server, answers, server, tasks):
    answers["ListUsers"] = held(server, page([]))
    dialog = make(make_session(), at_server)
    press(qtbot, dialog, "Check connection")
    wait_for(qtbot, lambda: check(dialog).endswith("… Region"))
    the(dialog, "Stop checking").setFocus()
    press(qtbot, dialog, "Stop checking")
    assert check(dialog).endswith("– Client secret: not tried.\nStopped.")
    assert the(dialog, "Check connection").hasFocus()
    # Its call has ended, and its worker with it.
    wait_for(qtbot, lambda: not tasks.is_busy())
    answers["ListUsers"] = page([])
    assert "✓ User pool: eu-west-1_Ab12Cd34E: its users can be listed." in checked(qtbot, dialog)


@pytest.mark.parametrize("leave", ["Discard connection", "Save connection"])
def test_leaving_the_dialog_ends_its_check(qtbot, make, make_session, at_server, answers, server, tasks, leave):
    answers["ListUsers"] = server.hang
    dialog = make(make_session(), at_server)
    press(qtbot, dialog, "Check connection")
    wait_for(qtbot, lambda: "ListUsers" in server.operations())
    press(qtbot, dialog, leave)
    wait_for(qtbot, lambda: not tasks.is_busy())


def test_typing_and_saving_go_on_while_a_check_runs(qtbot, make, make_session, at_server, answers, server):
    answers["ListUsers"] = held(server, page([]))
    dialog = make(make_session(), at_server)
    press(qtbot, dialog, "Check connection")
    wait_for(qtbot, lambda: "ListUsers" in server.operations())
    assert is_shown(dialog, "Stop checking")
    assert not is_shown(dialog, "Check connection")
    assert can_save(dialog)
    typed_in(qtbot, dialog, "Connection name", "Renamed")
    press(qtbot, dialog, "Save connection")
    assert [saved.name for saved, _ in dialog.saves] == ["Renamed"]


def held(server, then):
    def late(connection, seen):
        server.hang(connection, seen)
        then(connection, seen)

    return late


def test_what_is_typed_during_a_check_is_not_lost_and_its_answer_is_not_about_it(
    qtbot, make, make_session, at_server, answers, server
):
    answers |= {"ListUsers": page([]), "DescribeUserPoolClient": held(server, described())}
    dialog = make(make_session(), replace(at_server, needs_secret=None))
    press(qtbot, dialog, "Check connection")
    wait_for(qtbot, lambda: "DescribeUserPoolClient" in server.operations())
    combo(dialog, "App client").setEditText("another")
    field(dialog, "Connection name").setText("Typed meanwhile")
    server.released.set()
    wait_for(qtbot, lambda: "was not taken over" in check(dialog))
    assert dialog.form.connection().name == "Typed meanwhile"
    assert dialog.form.connection().client_id == "another"
    assert dialog.form.connection().needs_secret is None


def test_the_answer_about_one_secret_is_not_about_another(qtbot, make, make_session, at_server, answers, server):
    answers |= {"ListUsers": page([]), "DescribeUserPoolClient": held(server, described(RIGHT))}
    dialog = make(make_session(), at_server)
    field(dialog, "Client secret").setText(RIGHT)
    press(qtbot, dialog, "Check connection")
    wait_for(qtbot, lambda: "DescribeUserPoolClient" in server.operations())
    field(dialog, "Client secret").setText("wrong")
    server.released.set()
    wait_for(qtbot, lambda: "was not taken over" in check(dialog))
    assert "✓" not in check(dialog)


def listed_clients(*names):
    return ok({"UserPoolClients": [{"ClientId": f"{name}id", "ClientName": name} for name in names]})


ELSEWHERE = [
    ("AWS profile", "another"),
    ("Region", "eu-west-2"),
    ("Endpoint URL", "https://cognito.example.com"),
    ("User pool", "eu-west-1_B"),
]


def spell(dialog, name, text):
    if name == "Endpoint URL":
        field(dialog, name).setText(text)
    else:
        combo(dialog, name).setEditText(text)


@pytest.mark.parametrize(("name", "text"), ELSEWHERE)
@pytest.mark.parametrize("answered", [listed_clients("web"), DENIED])
def test_app_clients_of_one_place_are_neither_offered_nor_chosen_nor_missed_in_another(
    qtbot, make, make_session, at_server, answers, server, name, text, answered
):
    answers["ListUserPoolClients"] = held(server, answered)
    dialog = make(make_session(), replace(at_server, client_id=""))
    press(qtbot, dialog, "Load app clients")
    wait_for(qtbot, lambda: server.operations())
    spell(dialog, name, text)
    server.released.set()
    wait_for(qtbot, lambda: "was not taken over" in check(dialog))
    assert combo(dialog, "App client").count() == 0
    assert combo(dialog, "App client").currentText() == ""


@pytest.mark.parametrize(("name", "text"), ELSEWHERE[:3])
def test_pools_of_one_place_are_not_offered_elsewhere(
    qtbot, make, make_session, at_server, answers, server, name, text
):
    answers["ListUserPools"] = held(server, ok({"UserPools": [{"Id": "eu-west-1_A", "Name": "Shop"}]}))
    dialog = make(make_session(), replace(at_server, pool_id="", client_id=""))
    press(qtbot, dialog, "Load pools")
    wait_for(qtbot, lambda: server.operations())
    spell(dialog, name, text)
    server.released.set()
    wait_for(qtbot, lambda: "was not taken over" in check(dialog))
    assert combo(dialog, "User pool").count() == 0


def test_a_late_answer_about_one_pool_leaves_the_next_ones_alone(qtbot, make, make_session, at_server, answers, server):
    slow, quick = held(server, listed_clients("web")), listed_clients("news", "app")
    answers["ListUserPoolClients"] = lambda c, seen: (quick if seen.body["UserPoolId"] == "eu-west-1_B" else slow)(
        c, seen
    )
    session = make_session()
    dialog = make(session, replace(at_server, client_id=""))
    press(qtbot, dialog, "Load app clients")
    wait_for(qtbot, lambda: server.operations())
    combo(dialog, "User pool").setEditText("eu-west-1_B")
    press(qtbot, dialog, "Load app clients")
    wait_for(qtbot, lambda: "2 app clients" in check(dialog))
    server.released.set()
    wait_for(qtbot, lambda: not session.tasks.is_busy())
    assert "2 app clients" in check(dialog)
    assert combo(dialog, "App client").currentText() == "app · appid"


@pytest.mark.parametrize(("name", "text"), [*ELSEWHERE, ("App client", "another")])
def test_the_need_of_one_client_is_not_learnt_for_another(
    qtbot, make, make_session, at_server, answers, server, name, text
):
    answers |= {
        "ListUserPoolClients": listed_clients("web"),
        "DescribeUserPoolClient": held(server, described(RIGHT)),
    }
    session = make_session()
    dialog = make(session, replace(at_server, client_id=""))
    press(qtbot, dialog, "Load app clients")
    wait_for(qtbot, lambda: "DescribeUserPoolClient" in server.operations())
    spell(dialog, name, text)
    server.released.set()
    wait_for(qtbot, lambda: not session.tasks.is_busy())
    assert dialog.form.connection().needs_secret is None


def test_the_secret_of_another_account_is_not_taken(qtbot, make, make_session, at_server, answers, server):
    answers["DescribeUserPoolClient"] = held(server, described(RIGHT))
    dialog = make(make_session(), at_server)
    press(qtbot, dialog, "Read secret from AWS")
    wait_for(qtbot, lambda: server.operations())
    combo(dialog, "AWS profile").setEditText("another")
    server.released.set()
    wait_for(qtbot, lambda: "was not taken over" in check(dialog))
    assert field(dialog, "Client secret").text() == ""


def test_the_secret_of_one_client_is_not_taken_for_another(qtbot, make, make_session, at_server, answers, server):
    answers["DescribeUserPoolClient"] = held(server, described(RIGHT))
    dialog = make(make_session(), at_server)
    press(qtbot, dialog, "Read secret from AWS")
    wait_for(qtbot, lambda: server.operations())
    combo(dialog, "App client").setEditText("another")
    server.released.set()
    wait_for(qtbot, lambda: "was not taken over" in check(dialog))
    assert field(dialog, "Client secret").text() == ""
    assert dialog.form.connection().needs_secret is None


# Deleting


def test_deleting_asks_and_takes_the_secret_along(qtbot, make, make_session, keyring_unlocked):
    SystemKeychain().write(SHOP.slot, Secret(RIGHT))
    session = make_session(keyring=SystemKeychain())
    dialog = make(session, SHOP)
    press(qtbot, dialog, "Delete connection")
    asked = box(qtbot, dialog)
    assert asked.text() == "Delete the connection “Shop”?"
    answer(qtbot, asked, "Cancel")
    assert dialog.deletions == []
    wait_for(qtbot, lambda: not boxes(dialog))
    press(qtbot, dialog, "Delete connection")
    answer(qtbot, box(qtbot, dialog), "Delete connection")
    assert dialog.deletions == ["Shop"]
    wait_for(qtbot, lambda: not session.tasks.is_busy())
    assert SystemKeychain().read(SHOP.slot) is None


def test_a_secret_that_another_connection_uses_outlives_a_deletion(qtbot, make, make_session, keyring_unlocked):
    SystemKeychain().write(SHOP.slot, Secret(RIGHT))
    session = make_session(keyring=SystemKeychain())
    for connection in (SHOP, replace(SHOP, name="Night shift", profile="night")):
        session.put_connection(connection)
    dialog = make(session, SHOP)
    press(qtbot, dialog, "Delete connection")
    asked = box(qtbot, dialog)
    assert "stays in the keyring: the connection “Night shift” uses it too." in asked.informativeText()
    assert "removed" not in asked.informativeText()
    answer(qtbot, asked, "Delete connection")
    assert dialog.deletions == ["Shop"]
    wait_for(qtbot, lambda: not session.tasks.is_busy())
    assert SystemKeychain().read(SHOP.slot) == Secret(RIGHT)


def test_a_secret_that_another_connection_uses_is_not_forgotten(qtbot, make, make_session, keyring_unlocked):
    SystemKeychain().write(SHOP.slot, Secret(RIGHT))
    session = make_session(keyring=SystemKeychain())
    for connection in (SHOP, replace(SHOP, name="Night shift", profile="night")):
        session.put_connection(connection)
    dialog = make(session, SHOP)
    wait_for(qtbot, lambda: "A secret is stored in the keyring." in said(dialog))
    press(qtbot, dialog, "Forget secret")
    assert check(dialog) == "A stored secret stays in the keyring: the connection “Night shift” uses it too."
    wait_for(qtbot, lambda: not session.tasks.is_busy())
    assert SystemKeychain().read(SHOP.slot) == Secret(RIGHT)
    assert "A secret is stored in the keyring." in said(dialog)


def test_forgetting_what_was_typed_for_another_client_leaves_the_stored(qtbot, make, make_session, keyring_unlocked):
    SystemKeychain().write(SHOP.slot, Secret(RIGHT))
    session = make_session(keyring=SystemKeychain())
    dialog = make(session, SHOP)
    wait_for(qtbot, lambda: "A secret is stored in the keyring." in said(dialog))
    combo(dialog, "App client").setEditText("another")
    field(dialog, "Client secret").setText("typed")
    press(qtbot, dialog, "Forget secret")
    wait_for(qtbot, lambda: not session.tasks.is_busy())
    combo(dialog, "App client").setEditText(SHOP.client_id)
    assert "A secret is stored in the keyring." in said(dialog)
    assert SystemKeychain().read(SHOP.slot) == Secret(RIGHT)


def test_a_connection_can_be_deleted_without_a_keyring_and_the_leftover_is_said(
    qtbot, host, make, make_session, keyring_missing
):
    dialog = make(make_session(keyring=SystemKeychain()), SHOP)
    press(qtbot, dialog, "Delete connection")
    answer(qtbot, box(qtbot, dialog), "Delete connection")
    assert dialog.deletions == ["Shop"]
    wait_for(qtbot, lambda: any(w.text() == "The secret may still be in the keyring." for w in messages(host)))


def messages(host):
    return [w for w in boxes(host) if hasattr(w, "informativeText")]


def test_when_the_secret_last_worked_is_said_and_a_new_one_has_not_worked_yet(
    qtbot, make, make_session, at_server, answers
):
    answers |= {"DescribeUserPoolClient": described(RIGHT), "ListUsers": page([])}
    session = make_session()
    session.put_connection(at_server)
    session.vault.keep(at_server.slot, Secret(RIGHT))
    session.secret_worked(at_server.slot)
    worked = re.compile(r"It last worked on \d+ \w{3} \d{4} at \d\d:\d\d\.")
    dialog = make(session, at_server)
    qtbot.waitUntil(lambda: worked.search(said(dialog)) is not None)
    press(qtbot, dialog, "Check connection")
    qtbot.waitUntil(lambda: "The secret is this app client's." in check(dialog))
    assert worked.search(check(dialog))
    typed_in(qtbot, dialog, "Client secret", "another0secret0of0a0client")
    press(qtbot, dialog, "Save connection")
    qtbot.waitUntil(lambda: dialog.saves != [])
    again = make(session, at_server)
    qtbot.waitUntil(lambda: "A secret is stored in the keyring. Type another" in said(again))


def test_a_secret_that_is_forgotten_is_not_said_to_have_worked(qtbot, make, make_session):
    session = make_session()
    session.put_connection(SHOP)
    session.vault.keep(SHOP.slot, Secret(RIGHT))
    session.secret_worked(SHOP.slot)
    dialog = make(session, SHOP)
    qtbot.waitUntil(lambda: "It last worked on" in said(dialog))
    press(qtbot, dialog, "Forget secret")
    qtbot.waitUntil(lambda: "It last worked on" not in said(dialog))
    assert session.last_worked(SHOP.slot) == 0
