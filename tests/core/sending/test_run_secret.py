"""A client secret that is replaced, locked away or missing in the middle of a run: nobody is lost or sent to twice."""

import threading

import pytest
from rehearsal import ACCEPTED, Desk

from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import Kind, failure
from confirmdesk.core.sending.campaign import State
from confirmdesk.core.sending.outcomes import Outcome, Reply
from confirmdesk.core.sending.run_secret import RunSecret

OLD, NEW = Secret("old" * 8), Secret("new" * 8)
WRONG = Reply("NotAuthorizedException", "Unable to verify secret hash for client x", 400)
MISSING = Reply("NotAuthorizedException", "Client x is configured with secret but SECRET_HASH was not received", 400)


class SecretDesk(Desk):
    """AWS takes what is made with one of `valid`. `keyring` and `aws` are what can be read there: a secret, None, or
    the problem that reading it ends with."""

    def __init__(self, number, secret=OLD, needed=True, keyring=None, aws=None):
        self.valid = {NEW}
        self.keyring, self.aws = keyring, aws
        self.read, self.worked, self.refused = [], [], []
        self.secret = RunSecret(
            secret,
            needed,
            lambda: self._reading("keyring", self.keyring),
            lambda: self._reading("aws", self.aws),
            lambda worked, is_new: self.worked.append((worked, is_new)),
        )
        self._opened = self.secret.bind(lambda secret: lambda request: self._answered(request, secret))
        self.hold = threading.Event()
        self.hold.set()
        super().__init__(number, renew_secret=self.secret.renew)

    def open(self):
        return self._opened()

    def _reading(self, where, found):
        self.read.append(where)
        if isinstance(found, Exception):
            raise found
        return found

    def _answered(self, request, secret):
        if secret not in self.valid:
            self.refused.append(request.username)
            return WRONG if secret else MISSING
        self.sent.append(request.username)
        if len(self.sent) > 1:
            self.hold.wait(20)
        return ACCEPTED

    def until_paused(self):
        self.until(lambda: self.campaign.state is State.PAUSED and not self.campaign.in_flight)
        return self.campaign.reason

    def everybody_was_served_once(self):
        return sorted(self.sent) == sorted(r.request.username for r in self.plan.recipients)


def test_a_replaced_secret_is_read_again_and_the_same_person_tried_once_more():
    desk = SecretDesk(20, aws=NEW).run()
    assert desk.counts[Outcome.ACCEPTED] == 20
    assert desk.everybody_was_served_once()
    assert desk.refused == ["user-0"]
    assert desk.sent[0] == "user-0"
    assert desk.read == ["aws"]
    assert desk.worked == [(NEW, True)]
    assert desk.notes.entries[:4] == [("intend", 0), ("withdraw", 0), ("intend", 0), ("settle", 0)]


def test_a_secret_that_goes_in_mid_run_is_read_again_once_whoever_is_in_flight():
    desk = SecretDesk(30, aws=NEW)
    desk.valid = {OLD}
    desk.hold.clear()
    desk.start()
    desk.until(lambda: len(desk.sent) > 3)
    desk.valid = {NEW}
    desk.hold.set()
    desk.thread.join(20)
    assert desk.everybody_was_served_once()
    assert desk.read == ["aws"]
    assert desk.worked == [(OLD, False), (NEW, True)]


@pytest.mark.parametrize(
    "aws",
    [failure("No right.", kind=Kind.DENIED), None, OLD, Secret("other" * 5)],
    ids=["not allowed", "none", "the same", "refused too"],
)
def test_where_that_does_not_help_the_run_asks_and_goes_on_with_what_is_entered(aws):
    desk = SecretDesk(12, aws=aws).start()
    reason = desk.until_paused()
    assert reason.kind is Kind.SECRET_WANTED
    assert reason.sentence == "Wrong client secret."
    assert desk.counts[Outcome.LEFT] == 12
    assert len(desk.refused) == (2 if aws == Secret("other" * 5) else 1)
    assert desk.worked == []
    desk.secret.enter(NEW)
    desk.campaign.resume()
    desk.thread.join(20)
    assert desk.everybody_was_served_once()
    assert desk.read == ["aws"]
    assert desk.worked == [(NEW, True)]


def test_a_wrong_one_that_is_entered_asks_again():
    desk = SecretDesk(3, aws=failure("No right.")).start()
    desk.until_paused()
    desk.secret.enter(Secret("typo" * 8))
    desk.campaign.resume()
    desk.until(lambda: len(desk.refused) == 2)
    assert desk.until_paused().kind is Kind.SECRET_WANTED
    assert desk.counts[Outcome.LEFT] == 3
    desk.end()


def test_resuming_takes_what_was_put_into_the_keyring_meanwhile():
    desk = SecretDesk(5, aws=failure("No right."), keyring=NEW).start()
    desk.until_paused()
    desk.campaign.resume()
    desk.thread.join(20)
    assert desk.everybody_was_served_once()
    assert desk.read == ["aws", "keyring"]
    assert desk.worked == [(NEW, False)]


def test_a_locked_keyring_pauses_the_run_before_anybody_is_sent_to_and_resume_asks_it_again():
    desk = SecretDesk(5, secret=None, keyring=failure("The keyring is locked.", "Unlock it.")).start()
    reason = desk.until_paused()
    assert (reason.sentence, reason.kind) == ("The keyring is locked.", Kind.SECRET_WANTED)
    assert desk.refused == desk.sent == []
    desk.campaign.resume()
    desk.until(lambda: desk.read == ["keyring", "keyring"])
    desk.until_paused()
    desk.keyring = NEW
    desk.campaign.resume()
    desk.thread.join(20)
    assert desk.everybody_was_served_once()
    assert desk.worked == [(NEW, False)]


def test_a_secret_that_is_needed_and_nowhere_is_asked_for():
    desk = SecretDesk(2, secret=None).start()
    assert "none is stored on this computer" in desk.until_paused().sentence
    desk.secret.enter(NEW)
    desk.campaign.resume()
    desk.thread.join(20)
    assert desk.everybody_was_served_once()


@pytest.mark.parametrize("needed", [None, False])
def test_where_nobody_knew_that_one_is_needed_aws_tells_and_it_is_read(needed):
    desk = SecretDesk(4, secret=None, needed=needed, keyring=failure("Locked."), aws=NEW).run()
    assert desk.everybody_was_served_once()
    assert desk.refused == ["user-0"]


def test_who_needs_none_is_not_asked_for_one():
    desk = SecretDesk(3, secret=None, needed=False)
    desk.valid = {None}
    desk.run()
    assert desk.everybody_was_served_once()
    assert desk.read == desk.worked == []


@pytest.mark.parametrize("asked", ["keyring", "aws"])
def test_what_comes_of_a_call_does_not_wait_for_whoever_is_asked_for_a_secret(asked):
    begun, let_go, come = threading.Event(), threading.Event(), threading.Event()

    def slow():
        begun.set()
        let_go.wait(60)
        return NEW

    shown, stored = (slow, lambda: None) if asked == "aws" else (lambda: None, slow)
    secret = RunSecret(OLD, True, stored, shown, lambda worked, is_new: None)
    open_send = secret.bind(lambda secret: lambda request: ACCEPTED)
    send = open_send()

    def replace():
        secret.renew()
        open_send()

    def call():
        send(None)
        come.set()

    asking, calling = threading.Thread(target=replace), threading.Thread(target=call)
    asking.start()
    assert begun.wait(20)
    calling.start()
    in_time = come.wait(20)
    let_go.set()
    asking.join()
    calling.join()
    assert in_time
