import pytest
from parts import put
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QLineEdit

from confirmdesk.ui.kit.numbers import NumberBox

SYSTEMS = ("C", "en_US", "de_DE", "fr_FR", "de_CH", "ar_EG", "hi_IN")


@pytest.fixture(params=SYSTEMS)
def system(request):
    """The language that the system is set to."""
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


@pytest.fixture
def pace(window, system):
    made = NumberBox("Sends per second", 0.5, 50, decimals=1)
    put(window, made, QLineEdit())
    made.setValue(5)
    return made


@pytest.fixture
def people(window, system):
    made = NumberBox("Confirm above", 0, 100_000)
    put(window, made, QLineEdit())
    made.setValue(50)
    return made


def type_into(qtbot, box, text):
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    box.clearFocus()


@pytest.mark.parametrize("text", ["2.5", "2,5"])
def test_a_decimal_is_taken_with_either_sign(pace, qtbot, text):
    type_into(qtbot, pace, text)
    assert pace.value() == 2.5
    assert pace.text() == "2.5"


@pytest.mark.parametrize("text", ["2.5", "2,5", "٢٫٥", "2．5"])
def test_a_pasted_decimal_is_taken_with_any_digits(pace, qapp, text):
    pace.selectAll()
    qapp.clipboard().setText(text)
    pace.lineEdit().paste()
    assert pace.value() == 2.5
    assert pace.lineEdit().text() == "2.5"


@pytest.mark.parametrize("text", ["1000", "1,000", "1.000"])
def test_a_thousand_is_a_thousand(people, qtbot, text):
    type_into(qtbot, people, text)
    assert people.value() == 1000
    assert people.text() == "1000"


@pytest.mark.parametrize(("text", "number"), [("2.5", 2), ("2,5", 2), ("1,00", 1)])
def test_a_part_of_a_person_is_not_ten_times_as_many(people, qtbot, text, number):
    type_into(qtbot, people, text)
    assert people.value() == number
    assert people.text() == str(number)
