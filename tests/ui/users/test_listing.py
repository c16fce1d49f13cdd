import socket
import threading
from dataclasses import replace

import pytest
from on_screen import wait_for
from scripted_aws import ScriptedAws, error, http, ok, page

from confirmdesk.core.cognito.control import Identity
from confirmdesk.core.connections.connection import Connection
from confirmdesk.ui.users.listing import Listing

POOL = ok({"UserPool": {"Name": "Shop", "AutoVerifiedAttributes": ["email"], "LambdaConfig": {"CustomMessage": "x"}}})
FAULT = error("AccessDeniedException", "not authorized")


def rows(*names):
    return [{"Username": name, "UserStatus": "UNCONFIRMED", "Attributes": []} for name in names]


class Heard:
    """What a listing told, in order."""

    def __init__(self, listing):
        self.events = []
        self.users = []
        for name in ("started", "finished", "stopped", "failed", "facts_known", "identity_known"):
            getattr(listing, name).connect(lambda *what, name=name: self.events.append((name, *what)))
        listing.came.connect(lambda users: self.users.extend(user.username for user in users))

    def names(self):
        return [event[0] for event in self.events]

    def last(self, name):
        return next(event[1] for event in reversed(self.events) if event[0] == name)


@pytest.fixture
def script():
    """Answers to ListUsers, in order."""
    return []


@pytest.fixture
def server(script):
    def answer(connection, seen):
        usual = {"ListUsers": page([]), "DescribeUserPool": POOL}[seen.operation]
        (script.pop(0) if script and seen.operation == "ListUsers" else usual)(connection, seen)

    made = ScriptedAws(otherwise=answer)
    yield made
    made.stop()


@pytest.fixture
def connection(server):
    return Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client", endpoint=server.endpoint)


@pytest.fixture
def session(make_session, server, aws_keys):
    return make_session()


@pytest.fixture
def listing(session, server):
    made = Listing(session)
    yield made
    made.forget()


@pytest.fixture
def heard(listing):
    return Heard(listing)


def held(server, then):
    """An answer that comes when the server is released."""

    def answer(connection, seen):
        server.hang(connection, seen)
        then(connection, seen)

    return answer


def hang_up(connection, seen):
    connection.shutdown(socket.SHUT_RDWR)


def listed(server):
    return [seen.body for seen in server.seen if seen.operation == "ListUsers"]


def tokens(server):
    return [body.get("PaginationToken", "") for body in listed(server)]


def test_every_page_comes_and_then_the_end(qtbot, listing, heard, script, server, connection):
    script += [page(rows("a", "b"), "t1"), page([], "t2"), page(rows("c"))]
    listing.start(connection)
    wait_for(qtbot, lambda: "finished" in heard.names())
    assert heard.users == ["a", "b", "c"]
    assert heard.events[0] == ("started", True)
    assert tokens(server) == ["", "t1", "t2"]
    assert all(body["Filter"] == 'cognito:user_status = "UNCONFIRMED"' for body in listed(server))


def test_people_come_while_later_pages_are_on_their_way(qtbot, listing, heard, script, server, connection):
    script += [page(rows("a"), "t1"), held(server, page([]))]
    listing.start(connection)
    wait_for(qtbot, lambda: heard.users == ["a"])
    assert "finished" not in heard.names()


def test_what_is_known_of_the_pool_comes_too(qtbot, listing, heard, connection):
    listing.start(connection)
    wait_for(qtbot, lambda: "facts_known" in heard.names() and "identity_known" in heard.names())
    facts = heard.last("facts_known")
    assert (facts.name, facts.auto_verified, facts.custom_message) == ("Shop", {"email"}, True)
    assert heard.last("identity_known") == Identity()


def test_without_the_right_to_describe_the_list_comes_all_the_same(qtbot, listing, heard, server, connection):
    server.otherwise = lambda c, seen: (page(rows("a")) if seen.operation == "ListUsers" else FAULT)(c, seen)
    listing.start(connection)
    wait_for(qtbot, lambda: {"facts_known", "finished"} <= set(heard.names()))
    assert heard.last("facts_known") is None
    assert heard.users == ["a"]


def test_stopped_at_once_even_when_a_call_hangs_and_going_on_from_there(
    qtbot, listing, heard, script, server, connection
):
    script += [page(rows("a"), "t1"), server.hang]
    listing.start(connection)
    wait_for(qtbot, lambda: heard.users == ["a"])
    wait_for(qtbot, lambda: tokens(server) == ["", "t1"])
    listing.stop()
    assert "stopped" in heard.names()
    script += [page(rows("b"))]
    listing.load_more()
    wait_for(qtbot, lambda: "finished" in heard.names())
    assert heard.users == ["a", "b"]
    assert tokens(server) == ["", "t1", "t1"]
    assert [event for event in heard.events if event[0] == "started"] == [("started", True), ("started", False)]


@pytest.mark.parametrize("broken", [FAULT, http(200, b"{}"), http(200, b"<html>", "text/html")])
def test_a_page_that_failed_is_asked_for_again(qtbot, listing, heard, script, server, connection, broken):
    script += [page(rows("a"), "t1"), broken]
    listing.start(connection)
    wait_for(qtbot, lambda: "failed" in heard.names())
    assert heard.users == ["a"]
    assert heard.last("failed").sentence
    script += [page(rows("b"), "t2"), page(rows("c"))]
    listing.load_more()
    wait_for(qtbot, lambda: "finished" in heard.names())
    assert heard.users == ["a", "b", "c"]
    assert tokens(server) == ["", "t1", "t1", "t2"]
    assert ("started", False) in heard.events


def test_a_first_page_that_failed_is_asked_for_again(qtbot, listing, heard, script, server, connection):
    script += [FAULT]
    listing.start(connection)
    wait_for(qtbot, lambda: "failed" in heard.names())
    script += [page(rows("a"))]
    listing.load_more()
    wait_for(qtbot, lambda: "finished" in heard.names())
    assert heard.users == ["a"]


def test_load_more_in_mid_load_asks_nothing_twice(qtbot, listing, heard, script, server, connection):
    script += [page(rows("a"), "t1"), page(rows("b"))]
    listing.start(connection)
    listing.load_more()
    wait_for(qtbot, lambda: "finished" in heard.names())
    assert heard.users == ["a", "b"]
    assert heard.names().count("started") == 1


def test_stopped_before_the_first_page_is_not_complete(qtbot, listing, heard, server, connection):
    listing.start(connection)
    listing.stop()
    wait_for(qtbot, lambda: "stopped" in heard.names())
    assert "finished" not in heard.names()
    listing.load_more()
    wait_for(qtbot, lambda: "finished" in heard.names())


def test_nothing_is_loaded_before_anybody_asks(listing, server):
    listing.load_more()
    listing.stop()
    assert server.seen == []


def test_a_list_that_goes_round_ends_with_an_error(qtbot, listing, heard, script, connection):
    script += [page(rows("a"), "t1"), page(rows("b"), "t1")]
    listing.start(connection)
    wait_for(qtbot, lambda: "failed" in heard.names())
    assert heard.users == ["a", "b"]
    assert "same page twice" in heard.last("failed").sentence


def settle(session, server):
    """Every worker has ended what it was at: they all meet here."""
    server.released.set()
    everybody = threading.Barrier(9)
    for _ in range(8):
        session.tasks.run(session, everybody.wait, lambda _: None)
    everybody.wait()


def test_starting_anew_forgets_what_was_on_its_way(qtbot, listing, heard, script, server, connection, session):
    script += [page(rows("a"), "t1"), held(server, page(rows("old"), "t2"))]
    listing.start(connection)
    wait_for(qtbot, lambda: tokens(server) == ["", "t1"])
    script += [page(rows("x"), "n1"), page(rows("y"))]
    heard.users.clear()
    listing.start(replace(connection, pool_id="eu-west-1_Other"))
    wait_for(qtbot, lambda: "finished" in heard.names())
    settle(session, server)
    qtbot.waitUntil(lambda: heard.users == ["x", "y"])
    assert [body["UserPoolId"] for body in listed(server)[2:]] == ["eu-west-1_Other"] * 2


def test_a_late_page_does_not_move_the_place_in_the_new_pool(
    qtbot, listing, heard, script, server, connection, session
):
    script += [page(rows("a"), "t1"), held(server, page(rows("old"), "t2"))]
    listing.start(connection)
    wait_for(qtbot, lambda: tokens(server) == ["", "t1"])
    script += [FAULT]
    listing.start(replace(connection, pool_id="eu-west-1_Other"))
    wait_for(qtbot, lambda: "failed" in heard.names())
    settle(session, server)
    script += [page(rows("x"))]
    listing.load_more()
    wait_for(qtbot, lambda: "finished" in heard.names())
    assert tokens(server)[-1] == ""


def test_a_profile_that_is_gone_is_told_and_nobody_is_signed_in(qtbot, listing, heard, connection):
    listing.start(replace(connection, endpoint="", profile="gone"))
    wait_for(qtbot, lambda: "failed" in heard.names())
    assert "“gone”" in heard.last("failed").sentence
    assert heard.last("identity_known") is None


def test_a_connection_that_breaks_is_asked_again_before_it_counts(qtbot, listing, heard, script, server, connection):
    script += [page(rows("a"), "t1"), hang_up, page(rows("b"))]
    listing.start(connection)
    wait_for(qtbot, lambda: "finished" in heard.names())
    assert heard.users == ["a", "b"]
