from dataclasses import replace

import pytest
from on_screen import is_shown, line, press, show, the
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QCheckBox, QComboBox, QLineEdit

from confirmdesk.core.cognito.control import Named
from confirmdesk.core.connections.connection import PRACTICE, PRODUCTION, Connection
from confirmdesk.ui.connections.form import ConnectionForm
from confirmdesk.ui.connections.sign_in_fields import DEFAULT_PROFILE

SHOP = Connection(
    "Shop",
    "eu-west-1",
    "eu-west-1_Ab12Cd34E",
    "4f9k2client",
    profile="support",
    endpoint="https://cognito.example.com",
    pool_name="Shop pool",
    client_name="web",
    environment="Staging",
    needs_secret=True,
    per_second=2.5,
    confirm_above=10,
    read_only=True,
    cool_down=12.0,
    largest_run=100,
)
SPINS = ("Sends per second", "Confirm above", "Cool-down hours", "Largest run")


@pytest.fixture
def form(qtbot, theme):
    made = show(qtbot, ConnectionForm(practice=False))
    press(qtbot, made, "Sending rules")
    return made


def wheel():
    """One notch towards the user."""
    return QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(0, 0),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def box(form, name):
    return the(form, name, QComboBox)


def test_a_connection_comes_out_as_it_went_in(form):
    form.show_connection(SHOP)
    assert form.connection() == SHOP


def test_a_new_connection_is_production_with_default_credentials(form):
    form.show_connection(None)
    assert box(form, "AWS profile").currentText() == DEFAULT_PROFILE
    assert form.connection() == Connection("", "", "", "", environment=PRODUCTION)
    assert not form.is_complete()


@pytest.mark.parametrize("missing", ["Connection name", "Region", "User pool", "App client"])
def test_complete_with_name_region_pool_and_client(form, missing):
    form.show_connection(replace(SHOP, client_name=""))
    assert form.is_complete()
    clear = the(form, missing, QLineEdit) if missing == "Connection name" else box(form, missing).lineEdit()
    clear.clear()
    assert not form.is_complete()


@pytest.mark.parametrize("name", ["AWS profile", "Region", "User pool", "App client", "Environment"])
def test_a_value_counts_however_it_came(form, qtbot, name):
    form.show_connection(None)
    with qtbot.waitSignal(form.changed):
        box(form, name).setEditText("set-by-program")
    assert "set-by-program" in repr(form.connection())
    with qtbot.waitSignal(form.changed):
        box(form, name).lineEdit().clear()
        qtbot.keyClicks(box(form, name).lineEdit(), "typed")
    assert "typed" in repr(form.connection())


def test_blanks_around_and_a_slash_at_the_end_do_not_matter(form):
    form.show_connection(None)
    the(form, "Connection name", QLineEdit).setText(" Shop ")
    the(form, "Endpoint URL", QLineEdit).setText(" https://cognito.example.com/ ")
    box(form, "Region").setEditText(" eu-west-1 ")
    box(form, "User pool").setEditText(" eu-west-1_Ab ")
    spelled = form.connection()
    assert (spelled.name, spelled.endpoint) == ("Shop", "https://cognito.example.com")
    assert (spelled.region, spelled.pool_id) == ("eu-west-1", "eu-west-1_Ab")


def test_pools_are_chosen_by_name_and_known_by_id(form):
    form.show_connection(None)
    form.pool.offer_named([Named("eu-west-1_A", "Shop"), Named("eu-west-1_B", "Shop")])
    assert form.pool.currentText() == ""
    form.pool.setCurrentIndex(1)
    assert (form.connection().pool_id, form.connection().pool_name) == ("eu-west-1_B", "Shop")
    form.pool.setEditText("eu-west-1_C")
    assert (form.connection().pool_id, form.connection().pool_name) == ("eu-west-1_C", "")


def test_what_is_typed_survives_the_list(form):
    form.show_connection(None)
    form.pool.setEditText("eu-west-1_B")
    form.pool.offer_named([Named("eu-west-1_A", "Shop"), Named("eu-west-1_B", "News")])
    assert form.pool.currentText() == "News · eu-west-1_B"
    assert form.connection().pool_id == "eu-west-1_B"
    form.client.setEditText("not-in-it")
    form.client.offer_named([Named("c1", "web")])
    assert form.connection().client_id == "not-in-it"


def test_a_hostile_name_cannot_pass_for_an_id(form):
    form.show_connection(None)
    form.pool.offer_named([Named("eu-west-1_A", "\u202eeu-west-1_EVIL · eu-west-1_B")])
    form.pool.setCurrentIndex(0)
    assert form.connection().pool_id == "eu-west-1_A"
    assert "\u202e" not in form.pool.currentText()


def test_regions_and_profiles_are_offered_without_touching_what_is_typed(form):
    form.show_connection(SHOP)
    form.offer_regions(["ap-south-1", "eu-west-1"])
    form.sign_in.offer_profiles(["prod", "support"])
    assert form.connection() == SHOP
    assert [box(form, "AWS profile").itemText(i) for i in range(3)] == [DEFAULT_PROFILE, "prod", "support"]


def test_the_need_of_one_client_is_not_anothers(form):
    form.show_connection(SHOP)
    form.client.setEditText("another")
    assert form.connection().needs_secret is None
    form.learn_secret_need(False)
    assert form.connection().needs_secret is False
    form.client.setEditText(SHOP.client_id)
    assert form.connection().needs_secret is None
    form.learn_secret_need(True)
    the(form, "Endpoint URL", QLineEdit).setText("https://other.example.com")
    assert form.connection().needs_secret is None


def test_the_clients_of_one_pool_are_not_offered_for_another(form):
    form.show_connection(SHOP)
    form.offer_clients([Named("c1", "web"), Named("c2", "app")])
    form.client.setEditText("typed-by-hand")
    form.pool.setEditText("eu-west-1_B")
    assert form.client.count() == 0
    assert form.connection().client_id == "typed-by-hand"


def test_the_secret_cannot_be_read_over_a_shoulder(form):
    assert the(form, "Client secret", QLineEdit).echoMode() == QLineEdit.EchoMode.Password


def test_practice_leads_nowhere_else(qtbot, theme):
    form = show(qtbot, ConnectionForm(practice=True))
    form.show_connection(None)
    assert form.connection().environment == PRACTICE
    assert not the(form, "Endpoint URL", QLineEdit).isEnabled()
    for name in ("Environment", "AWS profile", "Region"):
        assert not box(form, name).isEnabled()
    for name in ("User pool", "App client"):
        assert box(form, name).isEnabled()


def spin(form, name):
    return the(form, name, QAbstractSpinBox)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Sends per second", "7.5", {"per_second": 7.5}),
        ("Confirm above", "200", {"confirm_above": 200}),
        ("Cool-down hours", "0", {"cool_down": 0.0}),
        ("Largest run", "20", {"largest_run": 20}),
    ],
)
def test_how_it_sends_counts_however_it_was_put_in(form, qtbot, name, text, expected):
    form.show_connection(replace(SHOP, per_second=1.0, confirm_above=1, cool_down=1.0))
    with qtbot.waitSignal(form.changed):
        spin(form, name).lineEdit().setText(text)
    want = {"per_second": 1.0, "confirm_above": 1, "cool_down": 1.0} | expected
    assert form.connection() == replace(SHOP, **want)
    spin(form, name).selectAll()
    qtbot.keyClicks(spin(form, name), "3")
    assert form.connection() == replace(SHOP, **want | dict.fromkeys(expected, 3))


def test_nothing_beyond_what_aws_allows_can_be_put_in(form):
    form.show_connection(SHOP)
    pace = spin(form, "Sends per second")
    pace.setValue(500)
    assert form.connection().per_second == 50.0
    pace.setValue(0)
    assert form.connection().per_second == 0.5
    spin(form, "Cool-down hours").setValue(1000)
    assert form.connection().cool_down == 168.0


def test_a_pace_that_production_feels_is_said(form):
    form.show_connection(replace(SHOP, per_second=10.0))
    assert "eats into" not in line(form, "Pace")
    spin(form, "Sends per second").setValue(10.5)
    assert line(form, "Pace").startswith("More than 10 a second eats into the 50 a second")
    assert spin(form, "Sends per second").accessibleDescription() == line(form, "Pace")


def test_read_only_can_be_switched(form, qtbot):
    form.show_connection(SHOP)
    with qtbot.waitSignal(form.changed):
        qtbot.keyClick(the(form, "Read only", QCheckBox), Qt.Key.Key_Space)
    assert form.connection() == replace(SHOP, read_only=False)


def test_how_it_sends_comes_last_and_is_folded_with_its_values_told(qtbot, theme):
    form = show(qtbot, ConnectionForm(practice=False))
    form.show_connection(replace(SHOP, per_second=2.5, confirm_above=10, cool_down=12, read_only=False))
    assert not any(is_shown(form, name) for name in (*SPINS, "Read only"))
    told = "2.5 a second · asks above 10 people · 12 h cool-down"
    assert line(form, "Sending rules in short") == f"{told} · 100 people at most"
    press(qtbot, form, "Sending rules")
    below = the(form, "Endpoint URL", QLineEdit).mapTo(form, QPoint()).y()
    assert all(spin(form, name).mapTo(form, QPoint()).y() > below for name in SPINS)
    spin(form, "Confirm above").setValue(20)
    the(form, "Read only", QCheckBox).setChecked(True)
    assert line(form, "Sending rules in short") == "Read only: never sends"
    press(qtbot, form, "Sending rules")
    assert not is_shown(form, "Read only")


def test_what_nobody_can_do_without_comes_first(qtbot, theme):
    form = show(qtbot, ConnectionForm(practice=False))
    form.show_connection(SHOP)
    needed = ("Sign-in", "AWS profile", "Region", "User pool", "App client", "Client secret", "Connection name")
    height = {name: the(form, name).mapTo(form, QPoint()).y() for name in (*needed, "Environment", "Endpoint URL")}
    assert sorted(height, key=height.get) == list(height)


def test_the_wheel_changes_no_number_that_has_no_focus(form):
    form.show_connection(SHOP)
    the(form, "Connection name", QLineEdit).setFocus()
    for name in SPINS:
        QApplication.sendEvent(spin(form, name), wheel())
    assert form.connection() == SHOP
    spin(form, "Confirm above").setFocus()
    QApplication.sendEvent(spin(form, "Confirm above"), wheel())
    assert form.connection().confirm_above < SHOP.confirm_above


def test_the_wheel_changes_nothing_that_has_no_focus(form, qtbot):
    form.show_connection(SHOP)
    form.offer_regions(["ap-south-1", "us-east-1", "eu-west-1"])
    the(form, "Connection name", QLineEdit).setFocus()
    QApplication.sendEvent(box(form, "Region"), wheel())
    assert form.connection().region == "eu-west-1"
