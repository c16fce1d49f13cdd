import threading

from hypothesis import given, settings
from hypothesis import strategies as st
from rehearsal import ACCEPTED, THROTTLED, UNPACED, Desk, Notes

from confirmdesk.core.errors import failure
from confirmdesk.core.quotas import CALLS_IN_FLIGHT
from confirmdesk.core.sending.campaign import Campaign, State
from confirmdesk.core.sending.outcomes import NO_ANSWER, NOT_REACHED, Outcome, Reply
from confirmdesk.core.sending.pace import Pace
from confirmdesk.core.sending.results import SentMeanwhileError, summary


def test_everybody_is_sent_to_exactly_once_with_their_own_request():
    requests = []
    desk = Desk(50, lambda request: requests.append(request) or ACCEPTED).run()
    assert sorted(requests, key=lambda r: r.username) == sorted(
        (r.request for r in desk.plan.recipients), key=lambda r: r.username
    )
    assert desk.counts[Outcome.ACCEPTED] == 50
    assert desk.campaign.state is State.OVER


def test_each_call_is_written_down_before_and_after():
    desk = Desk(1)
    desk.answer = lambda request: desk.notes.entries.append("call") or ACCEPTED
    desk.run()
    assert desk.notes.entries == [("intend", 0), "call", ("settle", 0)]


def test_a_sender_that_breaks_in_mid_call_makes_people_unknown_and_pauses():
    def broken(request):
        raise RuntimeError("no")

    desk = Desk(40, broken).start()
    desk.until(lambda: desk.campaign.state is State.PAUSED and not desk.campaign.in_flight)
    assert 2 <= desk.counts[Outcome.UNKNOWN] <= 2 + CALLS_IN_FLIGHT
    assert "in a row" in desk.campaign.reason.sentence
    desk.end()
    assert sum(desk.counts.values()) == 40


def test_trouble_that_is_nobodys_own_pauses_and_nobody_is_lost_or_sent_to_twice_after_resuming():
    wrong = Reply("NotAuthorizedException", "Unable to verify secret hash for client x", 400)
    answers = {"now": wrong}
    served = []

    def answer(request):
        if answers["now"] is ACCEPTED:
            served.append(request.username)
        return answers["now"]

    desk = Desk(30, answer).start()
    desk.until(lambda: desk.campaign.state is State.PAUSED and not desk.campaign.in_flight)
    assert desk.counts[Outcome.LEFT] == 30
    assert "Wrong client secret" in desk.campaign.reason.sentence
    answers["now"] = ACCEPTED
    desk.campaign.resume()
    desk.thread.join(20)
    assert sorted(served) == sorted(r.user.username for r in desk.plan.recipients)
    assert desk.counts[Outcome.ACCEPTED] == 30


def test_five_times_the_same_failure_pauses_and_news_about_one_person_do_not_count():
    replies = iter(
        [Reply("UserLambdaValidationException", "no", 400)] * 4
        + [Reply("InvalidParameterException", "User is already confirmed.", 400)]
        + [Reply("LimitExceededException", "Attempt limit exceeded", 400)]
        + [Reply("UserLambdaValidationException", "no", 400)]
    )
    desk = Desk(20, lambda request: next(replies), Pace(100)).start()
    desk.until(lambda: desk.campaign.state is State.PAUSED and not desk.campaign.in_flight)
    assert desk.counts[Outcome.FAILED] == 5
    desk.end()


def test_different_failures_do_not_pause():
    replies = iter([Reply("CodeDeliveryFailureException", f"text {i}", 400) for i in range(20)])
    desk = Desk(20, lambda request: next(replies)).run()
    assert desk.counts[Outcome.FAILED] == 20


def test_throttled_people_go_back_into_the_queue_and_everybody_slows_down():
    first = iter([THROTTLED] * 3)
    desk = Desk(10, lambda request: next(first, ACCEPTED), Pace(400)).run()
    assert desk.counts[Outcome.ACCEPTED] == 10
    assert len(desk.sent) == 13
    assert desk.notes.entries.count(("withdraw", 0)) + sum(e[0] == "withdraw" for e in desk.notes.entries) >= 3


def test_without_a_network_the_run_waits_and_goes_on_by_itself():
    down = iter([Reply(NOT_REACHED)] * 30)
    desk = Desk(8, lambda request: next(down, ACCEPTED), retries=(0.01, 0.02)).run()
    assert desk.counts[Outcome.ACCEPTED] == 8
    assert desk.opened > 1, "connections must be opened anew"


def test_a_pause_by_a_person_is_not_ended_by_the_network_coming_back():
    release, first = threading.Event(), iter([ACCEPTED])

    def answer(request):
        if reply := next(first, None):
            return reply
        release.wait()
        return Reply(NOT_REACHED)

    desk = Desk(5, answer, retries=(0.01, 0.02)).start()
    desk.until(lambda: desk.campaign.in_flight == 4)
    desk.campaign.pause()
    release.set()
    desk.until(lambda: desk.campaign.in_flight == 0)
    assert desk.campaign.state is State.PAUSED
    assert desk.campaign.waits_for_network == 0
    desk.end()


def test_stop_lets_calls_in_flight_finish_and_starts_no_other():
    entered, release = threading.Semaphore(0), threading.Event()

    def answer(request):
        entered.release()
        if request.username != "user-0":
            release.wait()
        return ACCEPTED

    desk = Desk(40, answer).start()
    for _ in range(1 + CALLS_IN_FLIGHT):
        entered.acquire()
    desk.campaign.stop()
    assert desk.campaign.in_flight == CALLS_IN_FLIGHT
    release.set()
    desk.thread.join(20)
    assert len(desk.sent) == 1 + CALLS_IN_FLIGHT
    assert desk.counts[Outcome.LEFT] == 40 - 1 - CALLS_IN_FLIGHT
    assert desk.counts[Outcome.ACCEPTED] == 1 + CALLS_IN_FLIGHT


def test_stop_and_pause_wake_a_run_that_waits_for_its_pace():
    desk = Desk(5, pace=Pace(0.0001)).start()
    desk.until(lambda: len(desk.sent) == 2)
    desk.campaign.pause()
    assert desk.campaign.state is State.PAUSED
    desk.end()
    assert desk.counts[Outcome.LEFT] == 3


def test_a_run_is_over_with_its_last_answer_and_waits_for_no_further_moment():
    desk = Desk(2, pace=Pace(0.0001)).run()
    assert desk.counts[Outcome.ACCEPTED] == 2


def test_sent_to_the_first_one_the_rest_follow_once():
    desk = Desk(6)
    desk.campaign.pause_after(1)
    desk.start()
    desk.until(lambda: desk.campaign.state is State.PAUSED)
    assert desk.sent == ["user-0"]
    assert desk.campaign.reason is None
    desk.campaign.resume()
    desk.thread.join(20)
    assert sorted(desk.sent) == [f"user-{i}" for i in range(6)]


def test_somebody_at_the_hourly_limit_is_not_asked_for():
    notes = Notes()
    notes.later[1] = 4_000_000_000.0
    desk = Desk(3, notes=notes).run()
    assert sorted(desk.sent) == ["user-0", "user-2"]
    assert desk.counts[Outcome.WAITING] == 1
    assert ("intend", 1) not in notes.entries


def test_nothing_is_sent_that_could_not_be_written_down():
    notes = Notes()

    def full(position, at):
        raise failure("The disk is full, so nothing is sent.", "Make room.")

    notes.intend = full
    desk = Desk(10, notes=notes).start()
    desk.until(lambda: desk.campaign.state is State.PAUSED and not desk.campaign.in_flight)
    assert desk.sent == []
    assert "disk is full" in desk.campaign.reason.sentence
    desk.end()
    assert desk.counts[Outcome.LEFT] == 10


def test_an_outcome_that_could_not_be_written_down_is_kept_in_memory_and_pauses():
    notes = Notes()

    def full(position, result):
        raise failure("The disk is full.", "Make room.")

    notes.settle = full
    desk = Desk(3, notes=notes, pace=Pace(20)).start()
    desk.until(lambda: desk.campaign.state is State.PAUSED and not desk.campaign.in_flight)
    assert desk.counts[Outcome.ACCEPTED] == 1
    desk.end()
    assert len(desk.sent) == 1


def test_an_interrupted_run_goes_on_with_those_who_are_left():
    first = Desk(6, pace=Pace(50)).start()
    first.until(lambda: len(first.sent) >= 2)
    first.end()
    second = Desk(6)
    second.campaign = Campaign(first.plan, second.notes, Pace(UNPACED), first.campaign.results())
    second.campaign.run(second.open, lambda: None)
    assert sorted(first.sent + second.sent) == [f"user-{i}" for i in range(6)]
    assert events(first) == [("ended", "person")]
    assert events(second) == [("resumed", "person"), ("ended", "program")]


def events(desk):
    return [(event, by) for event, by, _ in desk.notes.events]


def test_the_journal_is_told_who_paused_and_who_resumed():
    desk = Desk(3)
    desk.campaign.pause_after(1)
    desk.start().until(lambda: desk.campaign.state is State.PAUSED)
    desk.campaign.resume()
    desk.thread.join(20)
    assert events(desk) == [("paused", "person"), ("resumed", "person"), ("ended", "program")]
    assert [counts[:10] for _, _, counts in desk.notes.events] == ["accepted 1", "accepted 1", "accepted 3"]


def test_the_journal_is_told_what_a_run_does_by_itself(monkeypatch):
    monkeypatch.setattr("confirmdesk.core.sending.campaign.FIRST_RETRY", 0.01)
    answers = [Reply(NOT_REACHED)]
    desk = Desk(1, lambda request: answers.pop() if answers else ACCEPTED).run()
    assert events(desk) == [("paused", "program"), ("resumed", "program"), ("ended", "program")]


def test_the_summary_reads_as_automation_expects():
    desk = Desk(2).run()
    assert summary(desk.counts) == "accepted 2 · doubtful 0 · not needed 0 · waiting 0 · failed 0 · unknown 0 · left 0"


def test_what_is_wrong_for_all_shows_with_one_call_at_the_start_and_after_resuming():
    desk = Desk(30, lambda request: Reply("NotAuthorizedException", "Unable to verify secret hash for client x", 400))
    desk.start()
    for calls in (1, 2):
        desk.until(lambda: desk.campaign.state is State.PAUSED)
        assert len(desk.sent) == calls
        desk.campaign.resume()
    desk.end()
    assert desk.counts[Outcome.LEFT] == 30


def test_a_first_one_who_is_throttled_is_sent_to_all_the_same():
    first = iter([THROTTLED])
    desk = Desk(6, lambda request: next(first, ACCEPTED), Pace(400))
    desk.campaign.pause_after(1)
    desk.start()
    desk.until(lambda: desk.campaign.state is State.PAUSED)
    assert len(desk.sent) == 2
    assert desk.counts[Outcome.ACCEPTED] == 1
    desk.end()


def test_whom_another_run_has_sent_to_meanwhile_is_not_sent_to():
    notes = Notes()
    notes.held = {1: SentMeanwhileError()}
    desk = Desk(8, notes=notes).run()
    assert sorted(desk.sent) == [f"user-{i}" for i in range(8) if i != 1]
    assert (desk.counts[Outcome.ACCEPTED], desk.counts[Outcome.NOT_NEEDED]) == (7, 1)


def test_a_run_that_another_program_has_taken_over_sends_to_nobody_and_says_so():
    notes = Notes()
    notes.held = dict.fromkeys(range(8), failure("Another program goes on with this run.", "Look there."))
    desk = Desk(8, notes=notes).start()
    desk.until(lambda: desk.campaign.state is State.PAUSED and not desk.campaign.in_flight)
    assert "Another program goes on with this run" in desk.campaign.reason.sentence
    desk.end()
    assert desk.sent == []
    assert desk.counts[Outcome.LEFT] == 8


def test_whose_outcome_breaks_the_record_is_not_sent_to_again():
    notes = Notes()

    def broken(position, result):
        raise ValueError("no")

    notes.settle = broken
    desk = Desk(2, notes=notes).start()
    desk.until(lambda: desk.campaign.state is State.PAUSED)
    assert "could not be written down" in desk.campaign.reason.sentence
    desk.campaign.resume()
    desk.thread.join(20)
    assert desk.sent == ["user-0", "user-1"]


def test_who_is_stopped_while_the_record_is_locked_is_not_sent_to_and_stays_left():
    notes, locked, intending = Notes(), threading.Event(), threading.Event()

    def intend(position, at):
        intending.set()
        locked.wait()
        return True

    notes.intend = intend
    desk = Desk(3, notes=notes).start()
    intending.wait()
    desk.campaign.stop()
    locked.set()
    desk.thread.join(20)
    assert desk.sent == []
    assert notes.entries == [("withdraw", 0)]
    assert desk.counts[Outcome.LEFT] == 3


def test_waiting_people_go_again_only_after_their_time():
    desk = Desk(1, lambda request: Reply("LimitExceededException", "Attempt limit", 400)).run()
    [result] = desk.campaign.results()
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
        THROTTLED,
        Reply(NO_ANSWER),
    ]
)


@settings(deadline=None, max_examples=40)
@given(st.lists(REPLIES, min_size=1, max_size=30))
def test_nobody_is_in_two_states_and_the_counters_always_add_up(replies):
    queue = iter(replies)
    answered = []

    def answer(request):
        reply = next(queue, ACCEPTED)
        answered.append((request.username, reply))
        return reply

    desk = Desk(len(replies), answer).start()
    while desk.thread.is_alive():
        assert sum(desk.counts.values()) == len(replies)
        desk.campaign.resume()
        desk.thread.join(0.01)
    assert desk.counts[Outcome.LEFT] == 0
    final = [name for name, reply in answered if reply not in (THROTTLED, Reply("ForbiddenException", "", 403))]
    assert sorted(final) == sorted(r.user.username for r in desk.plan.recipients), "twice, or not at all"
