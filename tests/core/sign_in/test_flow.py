"""Signing in by the browser: what it brings, and everything else that comes to our address or does not come."""

import json
import socket
import threading
import urllib.request
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit

import pytest
from access_portal import asked_in
from waiting import until
from whole_aws import Told, told

from confirmdesk.core.aws.ways_in import WayIn
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.portal import Portal
from confirmdesk.core.errors import ConfirmdeskError, Kind, failure
from confirmdesk.core.sign_in.bell import Bell
from confirmdesk.core.sign_in.callback import Callback
from confirmdesk.core.sign_in.flow import SignIns
from confirmdesk.core.sign_in.steps import Stage

SHOP = Connection(
    "Shop",
    "eu-west-1",
    "eu-west-1_A",
    "c",
    start_url="https://x.awsapps.com/start",
    sso_region="eu-west-1",
    account_id="123456789012",
    role_name="support",
)


def nobody(address):
    """A browser in which nothing happens."""


def none(address):
    raise failure("No web browser could be opened.")


def visit(address):
    """The status and the page at an address of this computer."""
    try:
        with urllib.request.urlopen(address) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def callback(run):
    return asked_in(run.until(Stage.IN_BROWSER).address)["redirect_uri"]


def test_the_browser_signs_in_and_the_pool_is_listed_without_any_file(start, aws, browser, whole_aws, tmp_path):
    before = set(tmp_path.rglob("*"))
    run = start()
    assert run.end() is None
    assert run.stages == [Stage.IN_BROWSER, Stage.FINISHING, Stage.SIGNED_IN]
    browser.end()
    assert "You can close this window and go back to Confirmdesk." in browser.pages[0]
    assert Control(aws, SHOP).page().users == ()
    assert "ASIAPORTAL" in whole_aws.asked[-1].authorization
    assert aws.sign_in_of(SHOP).renews_itself
    assert set(tmp_path.rglob("*")) == before


def test_what_the_portal_gave_is_nowhere_on_the_disk(start, aws, access_portal, tmp_path):
    assert start().end() is None
    Control(aws, SHOP).page()
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(access_portal.given) > 4
    assert not [secret for secret in access_portal.given if any(secret.encode() in text for text in written)]


def test_the_last_page_is_light_and_dark_by_itself_and_asks_nobody_for_anything(start, browser):
    assert start().end() is None
    browser.end()
    assert "prefers-color-scheme: dark" in browser.pages[0]
    assert not [part for part in ("http:", "https:", "src=", "url(", "<script") if part in browser.pages[0]]


def test_who_refuses_in_the_browser_is_told_there_and_here(start, access_portal, browser, aws):
    access_portal.denies = True
    problem = start().end()
    assert problem.sentence == "The sign-in was not allowed in the browser."
    browser.end()
    assert "You are not signed in" in browser.pages[0]
    assert aws.sign_in_of(SHOP) is None


def test_a_foreign_state_and_every_other_address_are_answered_and_change_nothing(start, browser):
    run = start(nobody)
    address = run.until(Stage.IN_BROWSER).address
    home, state = callback(run), asked_in(address)["state"]
    root = home.removesuffix("/oauth/callback")
    foreign = [
        f"{home}?{urlencode({'code': 'stolen', 'state': 'foreign'})}",
        f"{home}?{urlencode({'code': 'stolen'})}",
        f"{home}?{urlencode({'state': state})}",
        f"{home}?code=one&code=two&state={state}",
        f"{home}/more?code=one&state={state}",
        f"{root}/favicon.ico",
        root,
    ]
    for asked in foreign:
        status, page = visit(asked)
        assert status == 404
        assert "There is nothing here" in page
    assert not run.sign_in.has_ended
    browser.open(address)
    assert run.end() is None


def test_a_visitor_who_says_nothing_or_nonsense_keeps_nobody_waiting(start, browser):
    run = start(nobody)
    place = urlsplit(callback(run))
    with (
        socket.create_connection((place.hostname, place.port)),
        socket.create_connection((place.hostname, place.port)) as rude,
    ):
        rude.sendall(b"POST / HTTP/1.1\r\n" + b"x" * 100_000)
        browser.open(run.sign_in.address)
        assert run.end() is None


def test_many_who_say_nothing_lock_nobody_out(start, browser):
    run = start(nobody)
    place = urlsplit(callback(run))
    silent = [socket.create_connection((place.hostname, place.port)) for _ in range(80)]
    browser.open(run.sign_in.address)
    assert run.end() is None
    for caller in silent:
        caller.close()


def test_who_is_seen_off_while_they_speak_ends_nothing():
    with Bell() as bell, Callback() as callback:
        place = urlsplit(callback.address)
        there = []
        for number in (15, 15, 2):
            # Fewer at a time than may wait at the door.
            there += [socket.create_connection((place.hostname, place.port)) for _ in range(number)]
            assert callback.wait(bell, 0.2) is None
        there.append(socket.create_connection((place.hostname, place.port)))
        there[0].sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert callback.wait(bell, 0.2) is None
        for caller in there:
            caller.close()


def test_the_port_is_ours_from_before_the_browser_opens_and_only_on_this_computer(start):
    bound = []

    def look(address):
        place = urlsplit(asked_in(address)["redirect_uri"])
        for own in ("127.0.0.1", "127.0.0.2"):
            with socket.socket() as caller:
                bound.append(caller.connect_ex((own, place.port)) == 0)

    run = start(look)
    until(lambda: len(bound) == 2)
    run.sign_in.cancel()
    run.end()
    assert bound == [True, False]


def test_cancel_ends_the_wait_for_all_who_wait_and_leaves_nothing_open(start):
    run = start(nobody)
    place = urlsplit(callback(run))
    others = []

    def join():
        try:
            run.sign_in.run()
        except ConfirmdeskError as error:
            others.append(error.problem.kind)

    second = threading.Thread(target=join)
    second.start()
    run.sign_in.cancel()
    assert run.end().kind is Kind.CANCELLED
    second.join()
    assert others == [Kind.CANCELLED]
    with socket.socket() as caller:
        assert caller.connect_ex((place.hostname, place.port)) != 0


def test_cancel_ends_a_question_that_nobody_answers(start, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{silent.getsockname()[1]}")
        run = start(nobody)
        silent.accept()
        run.sign_in.cancel()
        assert run.end().kind is Kind.CANCELLED


def test_closing_the_window_ends_it(start, aws):
    run = start(nobody)
    callback(run)
    aws.deadlines.shut_all()
    assert run.end() is not None


def test_after_some_silence_the_region_is_suspected_and_the_wait_goes_on(start, browser):
    run = start(nobody, silence=0.1)
    step = run.until(Stage.SILENT)
    assert step.sentence == "Does the browser show an error? Most often the region of the portal is wrong."
    browser.open(step.address)
    assert run.end() is None


def test_nobody_waits_for_ever(start):
    problem = start(nobody, limit=4.0).end()
    assert problem.sentence == "Nobody has signed in within ten minutes."
    assert problem.kind is Kind.NO_SIGN_IN


def test_where_no_browser_opens_the_address_can_be_copied(start, browser):
    run = start(none)
    step = run.until(Stage.NO_BROWSER)
    assert "Copy the address" in step.sentence
    browser.open(step.address)
    assert run.end() is None


def test_a_desktop_that_takes_its_time_to_open_a_browser_keeps_nobody_from_cancelling(start):
    asked, let_go = threading.Event(), threading.Event()

    def slow(address):
        asked.set()
        let_go.wait()
        raise failure("No web browser could be opened.")

    run = start(slow)
    assert asked.wait(60)
    run.sign_in.cancel()
    assert run.end().kind is Kind.CANCELLED
    let_go.set()


def test_a_browser_that_could_not_be_opened_is_not_told_once_somebody_is_signed_in(start, browser):
    signed_in, failed = threading.Event(), threading.Event()

    def late(address):
        signed_in.wait()
        failed.set()
        raise failure("No web browser could be opened.")

    run = start(late)
    browser.open(run.until(Stage.IN_BROWSER).address)
    assert run.end() is None
    signed_in.set()
    assert failed.wait(60)
    assert run.stages[-1] is Stage.SIGNED_IN
    assert Stage.NO_BROWSER not in run.stages


def test_whoever_wants_the_same_meanwhile_joins_in(aws, way, browser, access_portal):
    opened, steps = [], []
    sign_ins = SignIns(aws, opened.append)
    first = sign_ins.begin(way, lambda step: None)
    second = sign_ins.begin(way, steps.append)
    assert first is second
    running = [threading.Thread(target=sign_in.run) for sign_in in (first, second)]
    for thread in running:
        thread.start()
    until(lambda: opened)
    browser.open(opened[0])
    for thread in running:
        thread.join()
    assert len(opened) == len(access_portal.asked("/authorize")) == 1
    assert steps[-1].stage is Stage.SIGNED_IN
    assert sign_ins.begin(way, steps.append) is not first


def test_nobody_joins_a_sign_in_that_was_cancelled(aws, way):
    sign_ins = SignIns(aws, nobody)
    cancelled = sign_ins.begin(way, lambda step: None)
    cancelled.cancel()
    assert sign_ins.begin(way, lambda step: None) is not cancelled


def test_a_start_url_that_aws_does_not_know_is_told_before_a_browser_opens(start, access_portal):
    opened = []
    problem = start(opened.append, way=WayIn(Portal("https://y.awsapps.com/start", "eu-west-1"))).end()
    assert problem.sentence == "AWS does not take this start URL in eu-west-1."
    assert "no such issuer" in problem.details
    assert opened == []


@pytest.mark.parametrize(
    ("path", "strange"),
    [
        ("/client/register", {"clientSecretExpiresAt": 10**18}),
        ("/token", {"expiresIn": 10**18}),
        ("/token", {"expiresIn": -5}),
        # It would stand in the details of whatever is asked with it.
        ("/token", {"accessToken": "kept-token\r\nX: y"}),
        ("/token", {"accessToken": {"kept-token": 1}}),
        ("/token", {"refreshToken": 5}),
    ],
)
def test_an_answer_that_makes_no_sense_signs_nobody_in(start, aws, whole_aws, path, strange):
    answer = whole_aws.answers["oidc"]

    def changed(asked):
        given = answer(asked)
        return told({**json.loads(given.text), **strange}) if asked.path == path else given

    whole_aws.answers["oidc"] = changed
    problem = start().end()
    assert problem.sentence == "AWS's answer could not be read."
    assert "kept-token" not in repr(problem)
    assert aws.sign_in_of(SHOP) is None


def test_a_page_of_the_network_in_between_is_told(start, whole_aws):
    whole_aws.answers["oidc"] = Told(200, "<html>Welcome to our Wi-Fi</html>", "text/html")
    problem = start().end()
    assert problem.kind is Kind.UNREACHED
    assert "Wi-Fi sign-in page" in problem.sentence
