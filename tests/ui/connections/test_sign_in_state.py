from datetime import UTC, datetime

import pytest
from on_screen import is_shown, line, show, the, wait_for
from PySide6.QtWidgets import QLabel

from confirmdesk.core.aws.ways_in import SignedIn
from confirmdesk.core.cognito.control import Identity
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Kind, Problem
from confirmdesk.ui.connections.sign_in_state import Known, SignInState
from confirmdesk.ui.connections.strip import ConnectionStrip

SHOP = Connection(
    "Shop",
    "eu-west-1",
    "eu-west-1_A",
    "c1",
    start_url="https://x.awsapps.com/start",
    sso_region="eu-west-1",
    account_id="123456789012",
    role_name="support",
)
SUPPORT = Identity("arn:aws:sts::123456789012:assumed-role/support/botocore-session-1")
JANE = Identity("arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_support_0a1b/jane")
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
MINUTE = 60.0


def in_minutes(minutes, renews_itself=False):
    return SignedIn(datetime.fromtimestamp(NOW.timestamp() + minutes * MINUTE, UTC), renews_itself)


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (Known(), "Connecting…"),
        (Known(asking=False), "Not signed in"),
        (Known(asking=False, identity=Identity()), "custom endpoint"),
        (Known(asking=False, identity=SUPPORT), "Signed in as support"),
        (Known(asking=False, by_browser=True), "Not signed in"),
        (Known(by_browser=True, signed_in=in_minutes(330)), "Signed in · until 17:30"),
        (Known(False, JANE, True, in_minutes(330)), "Signed in as jane · until 17:30"),
        (
            Known(False, JANE, True, in_minutes(60, renews_itself=True)),
            "Signed in as jane · until 13:00, renews itself",
        ),
        (Known(False, JANE, True, in_minutes(-5, renews_itself=True)), "Signed in as jane · renews itself"),
        (Known(False, JANE, True, in_minutes(-5)), "Your sign-in has ended"),
        (Known(False, None, True, in_minutes(50), refused=True), "Your sign-in has ended"),
        (Known(False, JANE, True, in_minutes(24 * 60)), "Signed in as jane · until 27 Nov 12:00"),
    ],
)
def test_who_through_what_and_until_when(known, words):
    assert known.words(NOW.timestamp(), UTC) == words


class Clock:
    def __init__(self):
        self.now = NOW.timestamp()

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def session(make_session):
    return make_session()


@pytest.fixture
def strip(qtbot, theme):
    return show(qtbot, ConnectionStrip(practice=False))


@pytest.fixture
def state(session, strip, clock):
    made = SignInState(session, strip, strip, clock)
    made.begin(SHOP)
    return made


def sign_in(session, ends, **more):
    token = {"accessToken": "token", "expiresAt": ends.strftime("%Y-%m-%dT%H:%M:%SZ"), **more}
    session.aws.keep_sign_in(session.aws.way_in(SHOP), token)


def status(strip):
    return line(strip, "Connection status")


def is_amber(strip):
    return the(strip, "Connection status", QLabel).property("tone") == "amber"


def test_signing_in_is_offered_until_somebody_has(qtbot, session, strip, state):
    state.learn_identity(None)
    wait_for(qtbot, lambda: is_shown(strip, "Sign in"))
    assert status(strip) == "Not signed in"
    sign_in(session, in_minutes(60).until)
    state.look()
    wait_for(qtbot, lambda: not is_shown(strip, "Sign in"))
    state.learn_identity(JANE)
    assert status(strip).startswith("Signed in as jane · until ")


def test_through_what_is_told_by_the_tool_tip(strip, state):
    def tip():
        return the(strip, "Connection status", QLabel).toolTip()

    assert "https://x.awsapps.com/start: account 123456789012, role support." in tip()
    strip.resize(strip.width() + 8, strip.height())
    assert "role support" in tip()
    state.begin(Connection("Other", "eu-west-1", "eu-west-1_A", "c1", profile="<keys>"))
    assert "“&lt;keys&gt;”" in tip()
    state.end()
    assert tip() == ""


def test_ten_minutes_before_the_end_it_turns_amber_and_can_be_renewed(qtbot, session, strip, state, clock):
    sign_in(session, in_minutes(60).until)
    state.look()
    state.learn_identity(JANE)
    wait_for(qtbot, lambda: "until" in status(strip))
    clock.now += 49 * MINUTE
    state.learn_identity(JANE)
    assert not is_amber(strip)
    assert not is_shown(strip, "Sign in")
    clock.now += MINUTE
    state.learn_identity(JANE)
    assert is_amber(strip)
    assert is_shown(strip, "Sign in")
    sign_in(session, in_minutes(120).until)
    state.look()
    wait_for(qtbot, lambda: not is_shown(strip, "Sign in"))
    assert not is_amber(strip)


def test_one_that_renews_itself_is_never_asked_for_again(qtbot, session, strip, state, clock):
    sign_in(session, in_minutes(60).until, refreshToken="more")
    state.learn_identity(JANE)
    state.look()
    wait_for(qtbot, lambda: "renews itself" in status(strip))
    clock.now += 59 * MINUTE
    state.learn_identity(JANE)
    assert not is_shown(strip, "Sign in")
    assert not is_amber(strip)


def test_one_that_aws_has_refused_counts_no_more(qtbot, session, strip, state):
    sign_in(session, in_minutes(60).until, refreshToken="more")
    state.look()
    wait_for(qtbot, lambda: "renews itself" in status(strip))
    state.learn_failure(Problem("Expired.", kind=Kind.EXPIRED))
    assert status(strip) == "Your sign-in has ended"
    assert is_shown(strip, "Sign in")
    sign_in(session, in_minutes(70).until, refreshToken="another")
    state.look()
    wait_for(qtbot, lambda: not is_shown(strip, "Sign in"))


def test_a_network_that_is_down_is_no_question_of_signing_in(qtbot, session, strip, state):
    sign_in(session, in_minutes(60).until)
    state.look()
    wait_for(qtbot, lambda: "until" in status(strip))
    state.learn_failure(Problem("Not reached.", kind=Kind.UNREACHED))
    assert not is_shown(strip, "Sign in")


def test_of_another_connection_nothing_is_left(qtbot, session, strip, state):
    sign_in(session, in_minutes(60).until)
    state.look()
    state.learn_identity(JANE)
    wait_for(qtbot, lambda: "until" in status(strip))
    state.begin(Connection("Other", "eu-west-1", "eu-west-1_A", "c1", profile="keys"))
    assert status(strip) == "Connecting…"
    state.end()
    assert status(strip) == ""


def test_in_practice_nobody_signs_in(qtbot, theme, practice_session):
    strip = show(qtbot, ConnectionStrip(practice=True))
    state = SignInState(practice_session, strip, strip)
    state.begin(practice_session.connections[0])
    state.learn_identity(Identity())
    assert status(strip) == "Nothing leaves this computer"
    assert not is_shown(strip, "Sign in")
