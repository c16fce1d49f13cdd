import re

import pytest
from samples import JANE, MARY

from confirmdesk.core.people.users import Channel
from confirmdesk.core.sending.customer import words_for_customer
from confirmdesk.core.sending.outcomes import Again, Outcome, Verdict
from confirmdesk.core.sending.plan import Recipient, Request
from confirmdesk.core.sending.results import Result


def result(outcome, channel):
    user = MARY if channel is Channel.SMS else JANE
    verdict = Verdict(outcome, "Cognito said so", "An AWS administrator must mend it.", Again.NEVER)
    return Result(Recipient(user, channel, Request(user.username)), verdict)


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("channels", [(Channel.EMAIL,), (Channel.SMS,), (Channel.EMAIL, Channel.SMS)])
def test_whole_sentences_without_a_word_of_aws(outcome, channels):
    words = words_for_customer([result(outcome, channel) for channel in channels], "at about 14:05")
    assert not re.search(r"(?i)cognito|aws|administrator|[{}]|  ", words)
    assert words.endswith((".", "!"))


@pytest.mark.parametrize(
    ("channels", "said"),
    [
        ((Channel.EMAIL, Channel.EMAIL), "Please look in your spam folder too."),
        ((Channel.EMAIL, Channel.SMS), "If yours comes by e-mail, please look in your spam folder too."),
        ((Channel.SMS,), ""),
    ],
)
def test_spam_is_a_matter_of_e_mail(channels, said):
    words = words_for_customer([result(Outcome.ACCEPTED, channel) for channel in channels])
    assert (said in words) if said else ("spam" not in words)


def test_who_has_to_wait_is_told_until_when():
    words = words_for_customer([result(Outcome.WAITING, Channel.SMS)], "at about 14:05")
    assert words.endswith("We can send you another one at about 14:05.")
