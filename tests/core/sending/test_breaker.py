import pytest
from samples import JANE

from confirmdesk.core.sending.breaker import SAME_FAILURES, UNKNOWNS, Breaker
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import NO_ANSWER, Reply

SILENCE = Reply(NO_ANSWER)
BOUNCED = Reply("CodeDeliveryFailureException", "Unable to send", 400)
BROKEN = Reply("InternalErrorException", "Something broke", 500)


@pytest.mark.parametrize(
    ("reply", "limit", "sentence"),
    [
        (SILENCE, UNKNOWNS, "2 people in a row: no answer from AWS."),
        (BOUNCED, SAME_FAILURES, "5 people in a row: address refused."),
        (BROKEN, UNKNOWNS, "2 people in a row: AWS had a problem."),
    ],
)
def test_a_row_of_the_same_misfortune_is_told_in_a_whole_sentence(reply, limit, sentence):
    breaker, verdict = Breaker(), judge(reply, JANE)
    told = [breaker.trips(verdict, reply) for _ in range(limit)]
    assert told[:-1] == [None] * (limit - 1)
    assert told[-1].sentence == sentence
