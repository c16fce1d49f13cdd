"""A role that wants an MFA code: one question, whoever needs its keys, and a way to type it again or to leave it."""

import threading

import pytest
from seen_deadlines import SeenDeadlines
from waiting import when
from whole_aws import StsWithMfa, refused, refused_by_sts

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.aws.deadlines import call_under_way
from confirmdesk.core.cognito.control import Control
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError, Kind

DEVICE = "arn:aws:iam::123456789012:mfa/jane"
BASE = "[profile base]\naws_access_key_id = AKIASTATIC\naws_secret_access_key = x\n"
ROLE = f"role_arn = arn:aws:iam::123456789012:role/support\nsource_profile = base\nmfa_serial = {DEVICE}\n{BASE}"


class Somebody:
    """Answers each question with the next of `codes`; None cancels, and after them nobody answers."""

    def __init__(self, *codes):
        self._codes = list(codes)
        self.heard, self.back = [], []
        self.asked = threading.Event()

    def ask(self, question):
        self.heard.append((question.profile, question.device, question.refused))
        self.asked.set()
        if self._codes:
            code = self._codes.pop(0)
            question.cancel() if code is None else question.answer(code)

    def tell_waiting(self, wait):
        raise AssertionError(wait.name)

    def take_back(self, asked):
        self.back.append(asked)


@pytest.fixture
def profile(whole_aws, tmp_path):
    """AWS's file with the profile x, whose role wants a code."""
    file = tmp_path / ".aws" / "config"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"[profile x]\n{ROLE}")
    return file


def asking(somebody):
    aws = Aws(deadlines=SeenDeadlines())
    aws.questions = somebody
    return aws


def at(region="eu-west-1"):
    return Connection("Shop", region, f"{region}_A", "client", profile="x")


def together(*jobs):
    """What comes of jobs that begin at the same time: results and errors."""
    came, start = [None] * len(jobs), threading.Barrier(len(jobs))

    def work(number, job):
        start.wait()
        try:
            came[number] = job()
        except Exception as error:
            came[number] = error

    threads = [threading.Thread(target=work, args=pair, daemon=True) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert None not in came
    return came


def kinds(came):
    return [error.problem.kind for error in came]


def problem_of(call):
    with pytest.raises(ConfirmdeskError) as told:
        call()
    return told.value.problem


def test_one_question_serves_sts_and_cognito_however_many_need_it_at_once(profile, whole_aws):
    whole_aws.answers["sts"] = sts = StsWithMfa("111111")
    somebody = Somebody("111111")
    control = Control(asking(somebody), at())
    page, identity, more = together(control.page, control.identity, control.page)
    assert (page.users, identity.name, more.users) == ((), "support", ())
    assert somebody.heard == [("x", DEVICE, "")]
    assert sts.codes == ["111111"]
    assert len(somebody.back) == 1
    assert control.identity().name == "support"
    assert len(somebody.heard) == 1


def test_a_pool_in_another_region_needs_no_second_code(profile, whole_aws):
    whole_aws.answers["sts"] = StsWithMfa("111111")
    somebody = Somebody("111111")
    aws = asking(somebody)
    Control(aws, at()).page()
    assert Control(aws, at("eu-central-1")).identity().name == "support"
    assert len(somebody.heard) == 1


def test_a_wrong_code_is_asked_for_again_with_awss_word_on_it(profile, whole_aws):
    whole_aws.answers["sts"] = sts = StsWithMfa("222222")
    somebody = Somebody("111111", "222222")
    assert Control(asking(somebody), at()).page().users == ()
    assert [refused for *_, refused in somebody.heard] == [
        "",
        "MultiFactorAuthentication failed with invalid MFA one time pass code.",
    ]
    assert sts.codes == ["111111", "222222"]


def test_a_cancelled_question_stays_cancelled_for_all_who_waited_and_comes_again_with_the_next_attempt(
    profile, whole_aws
):
    whole_aws.answers["sts"] = StsWithMfa("111111")
    somebody = Somebody(None, "111111")
    aws = asking(somebody)
    control = Control(aws, at())
    came = together(control.page, control.pool_facts, control.identity)
    assert kinds(came) == [Kind.CANCELLED] * 3
    assert str(came[0]).startswith("The sign-in of the profile “x” was cancelled.")
    assert problem_of(control.page).kind is Kind.CANCELLED
    assert len(somebody.heard) == 1
    assert Control(aws, at()).page().users == ()
    assert len(somebody.heard) == 2


def test_keys_that_are_refused_later_are_asked_for_anew(profile, whole_aws):
    whole_aws.answers["sts"] = StsWithMfa("111111", "222222")
    somebody = Somebody("111111", "222222")
    aws = asking(somebody)
    Control(aws, at()).page()
    good = whole_aws.answers["cognito-idp"]
    whole_aws.answers["cognito-idp"] = refused("ExpiredTokenException", status=400)
    assert problem_of(Control(aws, at()).page).kind is Kind.EXPIRED
    whole_aws.answers["cognito-idp"] = good
    Control(aws, at()).page()
    assert len(somebody.heard) == 2


def test_the_time_that_a_person_takes_is_not_awss(profile, whole_aws):
    """Neither before the first code nor before the second, when AWS has been asked already."""
    whole_aws.answers["sts"] = StsWithMfa("222222")
    ends = []

    class Watched(Somebody):
        def ask(self, question):
            ends.append(call_under_way().ends)
            super().ask(question)

    assert Control(asking(Watched("111111", "222222")), at()).page().users == ()
    assert ends == [None, None]


def test_nobody_is_waited_for_once_the_window_closes(profile):
    somebody = Somebody()
    aws = asking(somebody)
    control = Control(aws, at())
    problems = []
    waiting = threading.Thread(target=lambda: problems.append(problem_of(control.page)), daemon=True)
    waiting.start()
    assert somebody.asked.wait(30)
    aws.deadlines.shut_all()
    waiting.join(30)
    assert problems
    assert len(somebody.back) == 1


def test_a_device_that_aws_does_not_know_is_told_and_no_second_code_asked_for(profile, whole_aws):
    words = "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number"
    whole_aws.answers["sts"] = refused_by_sts("AccessDenied", words)
    somebody = Somebody("111111")
    problem = problem_of(Control(asking(somebody), at()).page)
    assert "does not know the MFA device" in problem.sentence
    assert "verify your MFA serial number" in problem.details
    assert len(somebody.heard) == 1


def test_a_role_behind_a_role_asks_for_its_own_code(profile, whole_aws):
    whole_aws.answers["sts"] = sts = StsWithMfa("111111", "222222")
    other = ROLE.replace("source_profile = base", "source_profile = y").replace("jane", "desk").partition("[")[0]
    profile.write_text(f"[profile x]\n{other}[profile y]\n{ROLE}")
    somebody = Somebody("111111", "222222")
    Control(asking(somebody), at()).page()
    assert [profile for profile, *_ in somebody.heard] == ["x", "y"]
    assert sorted(sts.codes) == ["111111", "222222"]


def test_what_aws_refuses_a_role_is_refused_to_all_who_waited_and_nobody_asked_again_for_them(profile, whole_aws):
    """But whoever comes later is: an administrator may have put it right."""
    whole_aws.answers["sts"] = refused_by_sts("AccessDenied", "not authorized to perform: sts:AssumeRole")

    class Slow(Somebody):
        def ask(self, question):
            super().ask(question)
            # One call each, and one for the client of STS.
            when(lambda: len(calls) == before + 4, lambda: question.answer("111111"))

    aws = asking(Slow())
    control = Control(aws, at())
    calls = aws.deadlines.calls
    before = len(calls)
    assert kinds(together(control.page, control.pool_facts, control.identity)) == [Kind.DENIED] * 3
    assert len(aws.questions.heard) == 1
    whole_aws.answers["sts"] = StsWithMfa("222222")
    aws.questions = Somebody("222222")
    assert control.page().users == ()
