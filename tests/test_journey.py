"""The whole job, by clicks, against the practice server; then the outbox is read."""

from on_screen import cells, column, line, opened, press, the, wait_for
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QTableView

from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.sending.plan import Request
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.review_dialog import ReviewDialog


def pick(qtbot, window, address):
    """Find somebody as an agent does: type, click the first cell, clear the search."""
    wait_for(qtbot, lambda: line(window, "User counts").startswith("200 loaded · 200 shown"))
    search = the(window, "Search users", QLineEdit)
    search.setFocus()
    qtbot.keyClicks(search, address)
    table = the(window, "Unconfirmed users", QTableView)
    addresses = column(window, "Unconfirmed users", "E-mail")
    spot = table.visualRect(table.model().index(addresses.index(address), 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    search.clear()


def add_field(qtbot, window, key, value):
    press(qtbot, window, "Add field")
    table = the(window, "Client metadata", QTableView)
    qtbot.keyClicks(table.focusWidget(), key)
    qtbot.keyClick(table.focusWidget(), Qt.Key.Key_Tab)
    qtbot.keyClicks(table.focusWidget(), value)
    qtbot.keyClick(table.focusWidget(), Qt.Key.Key_Return)


def send(qtbot, window):
    press(qtbot, window, "Review and send")
    before = window.sending.panel
    press(qtbot, opened(qtbot, window, ReviewDialog), "Send codes")
    wait_for(qtbot, lambda: window.sending.panel is not before and window.sending.stage is Stage.OVER)


def test_from_the_list_to_the_outbox(qtbot, desk, practice):
    desk.resize(1280, 800)  # room for the metadata beside the list
    users = {user.email: user for user in desk.work.users.model.users()}
    for address in ("just.now@example.com", "disabled.dora@example.org", "edith.archer@exmaple.com"):
        pick(qtbot, desk, address)
    assert line(desk, "User counts") == "200 loaded · 200 shown · 3 picked"
    add_field(qtbot, desk, "ticket", "HD-4711")
    add_field(qtbot, desk, "to", "{email} ({attr:locale})")

    press(qtbot, desk, "Review and send")
    review = opened(qtbot, desk, ReviewDialog)
    assert sorted(column(review, "Recipients", "Sent to")) == ["edith.archer@exmaple.com", "just.now@example.com"]
    assert column(review, "Left out", "Why") == ["account is disabled"]
    press(qtbot, review, "Send codes")
    wait_for(qtbot, lambda: desk.sending.stage is Stage.OVER)

    assert the(desk, "Run summary").accessibleDescription() == (
        "accepted 2 · doubtful 0 · not needed 0 · waiting 0 · failed 0 · unknown 0 · left 0"
    )
    assert [row[:2] for row in cells(desk, "Run results")] == [["Accepted", "2"]]

    secret = Secret(practice.pools[0].clients[0].secret)
    messages = {message.destination: message for message in practice.outbox()}
    assert set(messages) == {"just.now@example.com", "edith.archer@exmaple.com"}
    for address, message in messages.items():
        user = users[address]
        assert message.request["Username"] == user.username
        assert message.request["SecretHash"] == secret.secret_hash(user.username, message.client_id)
        wanted = {"ticket": "HD-4711", "to": f"{address} ({user.attribute('locale') or ''})"}
        assert message.client_metadata == wanted
        assert not message.signed
        assert set(message.request) == {"ClientId", "Username", "SecretHash", "ClientMetadata"}


def test_nobody_is_mailed_twice_by_pressing_twice_and_sending_again_takes_only_who_may(qtbot, desk, practice):
    pick(qtbot, desk, "just.now@example.com")
    send(qtbot, desk)
    assert len(practice.outbox()) == 1
    panel = desk.sending.panel
    assert not panel.again.isEnabled()
    panel.again.click()
    press(qtbot, desk, "Close run")
    wait_for(qtbot, lambda: desk.pages.currentWidget() is desk.work)
    assert line(desk, "User counts").endswith("0 picked")
    assert len(practice.outbox()) == 1


def test_the_hourly_limit_is_told_with_its_time(qtbot, desk, practice):
    for _ in range(5):
        pick(qtbot, desk, "just.now@example.com")
        send(qtbot, desk)
        press(qtbot, desk, "Close run")
        wait_for(qtbot, lambda: desk.pages.currentWidget() is desk.work)
    pick(qtbot, desk, "just.now@example.com")
    press(qtbot, desk, "Review and send")
    review = opened(qtbot, desk, ReviewDialog)
    [why] = column(review, "Left out", "Why")
    assert "had five codes within the hour; again at about" in why
    assert not the(review, "Send codes").isEnabled()
    assert len(practice.outbox()) == 5


def test_the_limit_of_the_service_itself_is_told_with_its_time(qtbot, desk, practice, practice_aws):
    # Somebody else, on another computer, has used up the five.
    pool, user = practice.pools[0], next(u for u in desk.work.users.model.users() if u.email == "just.now@example.com")
    secret = Secret(pool.clients[0].secret)
    other = open_sender(practice_aws, practice.connection(), secret)
    for _ in range(5):
        assert other.send(Request(user.username)).destination
    pick(qtbot, desk, "just.now@example.com")
    send(qtbot, desk)
    [[cause, people, advice]] = cells(desk, "Run results")
    assert (cause, people) == ("Hourly limit of 5 reached", "1")
    assert "Try again at about" in advice
