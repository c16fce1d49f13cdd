import pytest
from on_screen import is_shown, press, said, show, the
from PySide6.QtWidgets import QLineEdit

from confirmdesk.core.sending.metadata import Advanced
from confirmdesk.ui.metadata.advanced_fields import FIELDS, AdvancedFields

NAMES = ("IP address", "Encoded data", "Analytics endpoint ID")


@pytest.fixture
def fields(qtbot, theme):
    made = AdvancedFields()
    made.resize(360, 400)
    return show(qtbot, made)


def test_folded_and_empty_until_somebody_opens_it(fields, qtbot):
    assert not any(is_shown(fields, name) for name in NAMES)
    assert fields.values() == Advanced()
    press(qtbot, fields, "Advanced")
    assert all(the(fields, name, QLineEdit).text() == "" for name in NAMES)
    press(qtbot, fields, "Advanced")
    assert not any(is_shown(fields, name) for name in NAMES)


def test_each_field_says_when_it_has_any_effect(fields, qtbot):
    press(qtbot, fields, "Advanced")
    for _, effect in FIELDS:
        assert effect in said(fields)


def test_what_is_typed_is_sent_without_blanks_around_it(fields, qtbot):
    press(qtbot, fields, "Advanced")
    with qtbot.waitSignals([fields.changed] * 3):
        for name, text in zip(NAMES, (" 192.0.2.7 ", "abc", "e-1"), strict=True):
            the(fields, name, QLineEdit).setText(text)
    assert fields.values() == Advanced("192.0.2.7", "abc", "e-1")


@pytest.mark.parametrize("address", ["192.0.2.7", "2001:db8::7", ""])
def test_addresses_that_may_be_sent(fields, qtbot, address):
    press(qtbot, fields, "Advanced")
    the(fields, "IP address", QLineEdit).setText(address)
    assert fields.refusal() == ""


@pytest.mark.parametrize("address", ["192.0.2", "192.0.2.256", "localhost", "192.0.2.7/32"])
def test_a_bad_address_is_refused(fields, qtbot, address):
    press(qtbot, fields, "Advanced")
    the(fields, "IP address", QLineEdit).setText(address)
    assert fields.refusal() == "The IP address under Advanced is neither IPv4 nor IPv6."
