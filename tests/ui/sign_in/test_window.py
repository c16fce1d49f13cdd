"""Signing in from the main window: where it is missing, where it ends, and out again."""

import json
from dataclasses import replace

import pytest
from on_screen import is_shown, line, opened, press, said, the, wait_for, wait_loaded
from whole_aws import PORTAL

from confirmdesk.core.connections.presets import Preset, Presets
from confirmdesk.ui.connections.dialog import ConnectionDialog
from confirmdesk.ui.sending.review_dialog import ReviewDialog


def status(window):
    return line(window, "Connection status")


def menu_entry(window, text):
    return next(action for action in the(window, "More").menu().actions() if action.text() == text)


def test_a_start_needs_one_press_to_the_list(qtbot, window, company, desktop, bar):
    wait_for(qtbot, lambda: is_shown(window.work.users, "Sign in"))
    assert "You are not signed in at the access portal." in said(bar())
    assert "Sign in, and the list is read." in said(window)
    assert "terminal" not in said(window)
    assert status(window) == "Not signed in"
    assert is_shown(window.strip, "Sign in")
    assert not is_shown(bar(), "Edit connection")
    press(qtbot, bar(), "Sign in")
    wait_loaded(qtbot, window, "60 loaded")
    assert status(window).startswith("Signed in as jane · until ")
    assert not is_shown(window, "Sign in")
    assert len(desktop.opened) == 1


def test_a_list_that_lost_its_sign_in_goes_on_with_the_page_that_failed(qtbot, window, company, bar):
    company.asks_anew_after = 2
    wait_for(qtbot, lambda: is_shown(window.strip, "Sign in"))
    press(qtbot, window.strip, "Sign in")
    wait_for(qtbot, lambda: "40 loaded" in line(window, "User counts") and is_shown(window.work.users, "Sign in"))
    assert "have expired" in said(bar())
    assert status(window) == "Your sign-in has ended"
    window.work.users.model.pick(["user-003"])
    press(qtbot, bar(), "Sign in")
    wait_loaded(qtbot, window, "60 loaded")
    assert company.pages == [0, 1, 2]
    assert [user.username for user in window.work.users.model.picked_users()] == ["user-003"]


def test_signing_out(qtbot, window, company, desktop):
    wait_for(qtbot, lambda: is_shown(window.strip, "Sign in"))
    press(qtbot, window.strip, "Sign in")
    wait_loaded(qtbot, window, "60 loaded")
    wait_for(qtbot, menu_entry(window, "Sign out").isVisible)
    menu_entry(window, "Sign out").trigger()
    wait_for(qtbot, lambda: is_shown(window.strip, "Sign in"))
    wait_for(qtbot, lambda: len(company.portal.logged_out) == 1)
    assert status(window) == "Not signed in"
    assert not menu_entry(window, "Sign out").isVisible()
    assert line(window, "User counts").startswith("60 loaded")
    press(qtbot, window, "Refresh users")
    wait_for(qtbot, lambda: is_shown(window.work.users, "Sign in"))


def test_a_run_goes_on_whoever_is_signed_in(qtbot, window, company):
    wait_for(qtbot, lambda: is_shown(window.strip, "Sign in"))
    press(qtbot, window.strip, "Sign in")
    wait_loaded(qtbot, window, "60 loaded")
    window.work.users.model.pick(["user-001", "user-002", "user-003"])
    press(qtbot, window, "Review and send")
    press(qtbot, opened(qtbot, window, ReviewDialog), "Send to the first 1")
    wait_for(qtbot, lambda: is_shown(window, "Resume"))
    menu_entry(window, "Sign out").trigger()
    wait_for(qtbot, lambda: is_shown(window.strip, "Sign in"))
    press(qtbot, window, "Resume")
    wait_for(qtbot, lambda: the(window, "Run summary").accessibleDescription().startswith("accepted 3 "))
    press(qtbot, window.strip, "Sign in")
    wait_for(qtbot, lambda: company.sign_ins == 2 and not is_shown(window.strip, "Sign in"))
    assert the(window, "Run summary").accessibleDescription().startswith("accepted 3 ")
    assert sorted(company.sent) == ["user-001", "user-002", "user-003"]


def test_a_role_that_is_not_ones_own_is_chosen_anew(qtbot, window, company, bar):
    company.portal.roles = {"123456789012": ["another"]}
    wait_for(qtbot, lambda: is_shown(window.strip, "Sign in"))
    press(qtbot, window.strip, "Sign in")
    wait_for(qtbot, lambda: is_shown(window.work.users, "Edit connection"))
    assert not is_shown(bar(), "Sign in")
    press(qtbot, bar(), "Edit connection")
    dialog = opened(qtbot, window, ConnectionDialog)
    wait_for(qtbot, lambda: the(dialog, "Account and role").count() == 1)
    the(dialog, "Account and role").setCurrentIndex(0)
    press(qtbot, dialog, "Save connection")
    wait_loaded(qtbot, window, "60 loaded")


def test_no_browser_helps_where_keys_are_missing(qtbot, make_session, make_window, shop, company):
    session = make_session()
    session.put_connection(replace(shop, start_url="", sso_region="", account_id="", role_name=""))
    window = make_window(session)
    wait_for(qtbot, lambda: is_shown(window.work.users, "Edit connection"))
    assert not is_shown(window, "Sign in")


def test_a_network_that_is_down_is_only_tried_again(qtbot, window, company, bar):
    wait_for(qtbot, lambda: is_shown(window.strip, "Sign in"))
    press(qtbot, window.strip, "Sign in")
    wait_loaded(qtbot, window, "60 loaded")
    company.at.proxy.breaks = "503"
    press(qtbot, window, "Refresh users")
    wait_for(qtbot, lambda: is_shown(window.work.users, "Load more"))
    wait_for(qtbot, lambda: "proxy" in said(bar()))
    assert not is_shown(bar(), "Sign in")
    assert not is_shown(bar(), "Edit connection")


def test_a_preset_needs_one_button_and_cannot_be_changed(qtbot, make_session, make_window, shop, desktop):
    preset = Preset(shop, "/etc/confirmdesk/connections.d/shop.json")
    window = make_window(make_session(presets=Presets(found=(preset,))))
    wait_for(qtbot, lambda: is_shown(window.work.users, "Sign in"))
    press(qtbot, window, "Edit connection")
    dialog = opened(qtbot, window, ConnectionDialog)
    for name in ("Sign-in", "Start URL", "Portal region", "Account and role"):
        assert not the(dialog, name).isEnabled()
    press(qtbot, dialog, "Sign in")
    wait_for(qtbot, lambda: is_shown(dialog, "Sign out"))
    press(qtbot, dialog, "Discard connection")
    wait_loaded(qtbot, window, "60 loaded")


def test_a_key_in_the_dialog_of_a_preset_does_not_sign_out_first_thing(qtbot, make_session, make_window, shop, desktop):
    preset = Preset(replace(shop, needs_secret=False), "/etc/confirmdesk/connections.d/shop.json")
    window = make_window(make_session(presets=Presets(found=(preset,))))
    wait_for(qtbot, lambda: is_shown(window.work.users, "Sign in"))
    press(qtbot, window.work.users, "Sign in")
    wait_loaded(qtbot, window, "60 loaded")
    press(qtbot, window, "Edit connection")
    dialog = opened(qtbot, window, ConnectionDialog)
    wait_for(qtbot, lambda: is_shown(dialog, "Sign out"))
    assert dialog.focusWidget() is the(dialog, "Check connection")


@pytest.fixture
def by_profile(make_session, shop, company):
    """A profile of the AWS command line that signs in by the portal, and a connection that uses it."""
    folder = company.at.folder / ".aws"
    folder.mkdir()
    (folder / "config").write_text(
        "[profile day]\nsso_session = company\nsso_account_id = 123456789012\nsso_role_name = support\n"
        f"[sso-session company]\nsso_start_url = {PORTAL}\nsso_region = eu-west-1\n"
        "sso_registration_scopes = sso:account:access\n"
    )
    session = make_session()
    own = replace(shop, profile="day", start_url="", sso_region="", account_id="", role_name="")
    session.put_connection(own)
    return session


def test_a_profile_of_the_command_line_signs_in_by_the_same_dialog(qtbot, by_profile, make_window, company, desktop):
    window = make_window(by_profile)
    wait_for(qtbot, lambda: is_shown(window.strip, "Sign in"))
    press(qtbot, window.strip, "Sign in")
    wait_loaded(qtbot, window, "60 loaded")
    (kept,) = (company.at.folder / ".aws" / "sso" / "cache").glob("*.json")
    assert json.loads(kept.read_text())["accessToken"] in company.portal.given
    assert status(window).startswith("Signed in as jane")


def test_nothing_of_a_portals_sign_in_is_on_the_disk(qtbot, window, company, tmp_path):
    wait_for(qtbot, lambda: is_shown(window.strip, "Sign in"))
    press(qtbot, window.strip, "Sign in")
    wait_loaded(qtbot, window, "60 loaded")
    given = [made for made in company.portal.given if made.startswith(("token", "refresh", "secret", "key", "session"))]
    assert given
    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        content = file.read_bytes()
        assert not [made for made in given if made.encode() in content], file
