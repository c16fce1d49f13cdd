import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from confirmdesk.core.campaign import CALLS_IN_FLIGHT, Campaign, summary, tally
from confirmdesk.core.outcomes import Outcome, Reply
from confirmdesk.core.pace import Pace
from confirmdesk.core.plan import make_plan
from confirmdesk.core.users import make_user

ACCEPTED = Reply(status=200, destination="u***@e***", medium="EMAIL")
UNPACED = 0.0


def plan_for(number):
    users = [make_user(f"user-{i}", 0, True, "UNCONFIRMED", [("email", f"u{i}@example.com")]) for i in range(number)]
    return make_plan(users, [("ticket", "{username}")], frozenset({"email"}))


def outcomes(campaign):
    return {r.recipient.user.username: r.verdict.outcome for r in campaign.results()}


def test_everybody_is_sent_to_exactly_once_with_their_own_request():
    sent = []
    plan = plan_for(50)
    campaign = Campaign(plan, Pace(UNPACED))
    watched = []
    campaign.run(lambda request: sent.append(request) or ACCEPTED, watched.append)
    assert sorted(sent, key=lambda r: r.username) == sorted(
        (r.request for r in plan.recipients), key=lambda r: r.username
    )
    assert set(outcomes(campaign).values()) == {Outcome.ACCEPTED}
    assert len(watched) == 50


def test_nobody_is_lost_when_the_sender_itself_breaks():
    def broken(request):
        raise RuntimeError("no")

    campaign = Campaign(plan_for(3), Pace(UNPACED))
    campaign.run(broken, lambda result: None)
    assert set(outcomes(campaign).values()) == {Outcome.UNKNOWN}


def test_trouble_that_is_not_the_users_ends_the_run_and_leaves_the_rest():
    calls = []

    def send(request):
        calls.append(request)
        return Reply("NotAuthorizedException", "Unable to verify secret hash for client x", 400)

    campaign = Campaign(plan_for(100), Pace(UNPACED))
    campaign.run(send, lambda result: None)
    assert len(calls) <= CALLS_IN_FLIGHT
    assert set(outcomes(campaign).values()) == {Outcome.LEFT}
    assert campaign.trouble.verdict.cause == "Wrong client secret"


def test_a_refusal_that_is_the_users_own_does_not_end_the_run():
    campaign = Campaign(plan_for(20), Pace(UNPACED))
    campaign.run(lambda request: Reply("UserNotFoundException", "", 400), lambda result: None)
    assert set(outcomes(campaign).values()) == {Outcome.FAILED}
    assert campaign.trouble is None


def test_stop_lets_calls_in_flight_finish_and_starts_no_other():
    entered, release = threading.Semaphore(0), threading.Event()
    calls = []

    def send(request):
        calls.append(request.username)
        entered.release()
        release.wait()
        return ACCEPTED

    campaign = Campaign(plan_for(40), Pace(UNPACED))
    run = threading.Thread(target=campaign.run, args=(send, lambda result: None))
    run.start()
    for _ in range(CALLS_IN_FLIGHT):
        entered.acquire()
    campaign.stop()
    assert campaign.in_flight == CALLS_IN_FLIGHT
    release.set()
    run.join()
    assert campaign.in_flight == 0
    assert len(calls) == CALLS_IN_FLIGHT
    assert [name for name, outcome in outcomes(campaign).items() if outcome is Outcome.ACCEPTED] == sorted(
        calls, key=lambda name: int(name.rpartition("-")[2])
    )
    assert tally(campaign.results())[Outcome.LEFT] == 40 - CALLS_IN_FLIGHT


def test_stop_wakes_a_run_that_waits_for_its_pace():
    first = threading.Event()
    campaign = Campaign(plan_for(5), Pace(0.0001))
    run = threading.Thread(target=campaign.run, args=(lambda request: first.set() or ACCEPTED, lambda result: None))
    run.start()
    first.wait()
    campaign.stop()
    run.join()
    assert tally(campaign.results())[Outcome.LEFT] == 4


def test_the_summary_reads_as_automation_expects():
    campaign = Campaign(plan_for(2), Pace(UNPACED))
    campaign.run(lambda request: ACCEPTED, lambda result: None)
    assert summary(tally(campaign.results())) == (
        "accepted 2 · doubtful 0 · not needed 0 · waiting 0 · failed 0 · unknown 0 · left 0"
    )


def test_waiting_people_go_again_only_after_their_time():
    campaign = Campaign(plan_for(1), Pace(UNPACED))
    campaign.run(lambda request: Reply("LimitExceededException", "Attempt limit", 400), lambda result: None)
    [result] = campaign.results()
    assert not result.may_go_again(result.at + 3599)
    assert result.may_go_again(result.at + 3600)


REPLIES = st.sampled_from(
    [
        ACCEPTED,
        Reply(status=200),
        Reply("UserNotFoundException", "", 400),
        Reply("LimitExceededException", "Attempt limit exceeded", 400),
        Reply("InternalErrorException", "", 500),
        Reply("ForbiddenException", "", 403),
        Reply("Whatever", "", 400),
    ]
)


@settings(deadline=None, max_examples=30)
@given(st.lists(REPLIES, min_size=1, max_size=30))
def test_the_counters_always_add_up_to_the_recipients(replies):
    plan = plan_for(len(replies))
    answers = {r.user.username: reply for r, reply in zip(plan.recipients, replies, strict=True)}
    campaign = Campaign(plan, Pace(UNPACED))
    campaign.run(lambda request: answers[request.username], lambda result: None)
    assert sum(tally(campaign.results()).values()) == len(replies)


@pytest.mark.parametrize("per_second", [5, 50])
def test_the_pace_hands_out_evenly_spaced_moments(per_second, monkeypatch):
    now = [100.0]
    monkeypatch.setattr("confirmdesk.core.pace.time.monotonic", lambda: now[0])
    waited = []

    class Stop(threading.Event):
        def wait(self, timeout=None):
            waited.append(timeout)
            now[0] += timeout
            return False

    pace = Pace(per_second)
    for _ in range(11):
        assert pace.wait(Stop())
    assert sum(waited) == pytest.approx(10 / per_second)
