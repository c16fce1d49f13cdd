import os
import socket
import sys
import threading
from contextlib import suppress

import pytest
from black_hole import BlackHole
from scripted_aws import drip, page
from waiting import until

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.deadlines import Deadlines, OverdueError, Stop, stopped_by
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError, Kind
from confirmdesk.core.people.users import make_user
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.core.sending.plan import Request

JANE = make_user("jane", 0, True, "UNCONFIRMED", [("email", "jane@example.com")])
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length: 9000\r\n\r\n"


@pytest.fixture
def dripping(server):
    """Each answer comes byte by byte, so slowly that it never ends and so fast that no read ever waits long."""
    server.otherwise = drip(HEAD + b"{" + b" " * 8999, 0.02, server.released)
    return server


def outcome_of(sender):
    return judge(sender.send(Request("jane")), JANE).outcome


def test_an_answer_that_drips_for_ever_is_unknown_when_the_time_is_up(dripping, connection):
    sender = open_sender(Aws(practice=True, deadlines=Deadlines(send_limit=1.5)), connection, None)
    assert outcome_of(sender) is Outcome.UNKNOWN
    assert dripping.operations() == ["ResendConfirmationCode"]


def test_a_body_that_is_cut_at_the_end_of_the_time_is_no_empty_answer(server, connection):
    """botocore takes half a body for an empty answer, without an exception."""
    server.otherwise = drip(HEAD.replace(b"9000", b"2") + b"{", 0.001, server.released)
    server.script = [lambda c, seen: (server.otherwise(c, seen), server.hang(c, seen))]
    sender = open_sender(Aws(practice=True, deadlines=Deadlines(send_limit=1.5)), connection, None)
    reply = sender.send(Request("jane"))
    assert (reply.code, reply.text) == ("no-answer", "OverdueError")


def test_a_list_that_drips_for_ever_ends_with_a_sentence(dripping, connection):
    control = Control(Aws(practice=True, deadlines=Deadlines(limit=1.5)), connection)
    with pytest.raises(ConfirmdeskError) as told:
        control.page()
    assert "did not answer" in told.value.problem.sentence
    assert told.value.problem.kind is Kind.UNREACHED


def test_a_question_is_repeated_only_while_it_has_time(server, connection):
    control = Control(Aws(practice=True, deadlines=Deadlines(limit=4.0)), connection)
    server.script = [server.hang]
    server.otherwise = page([])
    with pytest.raises(ConfirmdeskError):
        control.page()
    assert len(server.seen) == 1
    control.page()


def test_the_next_call_has_a_time_of_its_own(server, connection):
    server.script = [server.hang]
    sender = open_sender(Aws(practice=True, deadlines=Deadlines(send_limit=4.0)), connection, None)
    assert [outcome_of(sender), outcome_of(sender)] == [Outcome.UNKNOWN, Outcome.ACCEPTED]


def test_all_calls_in_flight_can_be_ended_at_once(server, connection):
    server.otherwise = server.hang
    aws = Aws(practice=True)
    sender, outcomes = open_sender(aws, connection, None), []
    calls = [threading.Thread(target=lambda: outcomes.append(outcome_of(sender))) for _ in range(5)]
    for call in calls:
        call.start()
    until(lambda: len(server.seen) == 5)
    aws.deadlines.shut_all()
    for call in calls:
        call.join()
    assert outcomes == [Outcome.UNKNOWN] * 5


def test_a_name_whose_look_up_never_ends_is_given_up_with_nothing_sent(monkeypatch):
    released, asked = threading.Event(), threading.Event()

    def never(*_, **__):
        asked.set()
        released.wait()
        raise socket.gaierror("too late")

    monkeypatch.setattr(socket, "getaddrinfo", never)
    aws = Aws(practice=True, deadlines=Deadlines(send_limit=0.5))
    at = Connection("T", "eu-west-1", "eu-west-1_A", "c", endpoint="https://cognito.example.com")
    assert outcome_of(open_sender(aws, at, None)) is Outcome.LEFT
    assert asked.is_set()
    released.set()


def test_what_was_connected_too_late_is_closed(connection):
    deadlines, connected, closed = Deadlines(), threading.Event(), threading.Event()
    with pytest.raises(OverdueError), deadlines.within(0.1) as call:
        call.open(connected.wait, closed.set)
    assert not closed.is_set()
    connected.set()
    assert closed.wait(20)


def test_what_a_profiles_program_takes_to_ask_somebody_does_not_count(connection):
    with Deadlines().within(1.0) as call:
        threading.Event().wait(1.2)
        call.open(lambda: None, lambda: None)


def test_an_exception_inside_a_call_is_its_own_while_there_is_time():
    with pytest.raises(KeyError), Deadlines().within(60):
        raise KeyError


def test_no_byte_is_handed_over_when_the_time_is_up(server, connection):
    aws = Aws(practice=True)
    sender = open_sender(aws, connection, None)
    # The last thing before botocore asks its connection to send.
    sender.client.meta.events.register("before-send", lambda **_: aws.deadlines.shut_all())
    assert outcome_of(sender) is Outcome.LEFT
    assert server.seen == []


def test_the_watchdog_goes_when_there_is_nothing_to_watch():
    deadlines = Deadlines()
    for _ in range(3):
        with deadlines.within(60):
            assert any(thread.name == "deadlines" for thread in threading.enumerate())
    until(lambda: not any(thread.name == "deadlines" for thread in threading.enumerate()))


def test_a_call_that_hangs_in_the_handshake_leaves_no_thread_when_it_is_stopped(tmp_path):
    hole = BlackHole(accepts=True)
    at = Connection("T", "eu-west-1", "eu-west-1_A", "c", endpoint=f"https://127.0.0.1:{hole.port}")
    aws, stop = Aws(practice=True), Stop()

    def ask():
        with stopped_by(stop), suppress(ConfirmdeskError):
            Control(aws, at).page()

    asking = threading.Thread(target=ask)
    asking.start()
    until(lambda: hole.came)
    (connecting,) = [thread for thread in threading.enumerate() if thread.name == "connect"]
    stop.set()
    asking.join()
    # Long before its own limit, which is ten seconds.
    connecting.join(8)
    assert not connecting.is_alive()
    hole.stop()


def test_what_is_stopped_already_begins_nothing(server, connection):
    stop = Stop()
    stop.set()
    with stopped_by(stop), pytest.raises(ConfirmdeskError):
        Control(Aws(practice=True), connection).page()
    assert server.seen == []


@pytest.mark.skipif(sys.platform != "linux", reason="counts where the system shows them")
def test_a_call_gives_back_what_it_holds_of_its_connection(server, connection):
    server.otherwise = page([])
    control = Control(Aws(practice=True), connection)
    control.page()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(20):
        control.page()
    assert len(os.listdir("/proc/self/fd")) <= before + 1
