import threading

from confirmdesk.core.patience import bounded


def test_an_answer_that_comes_in_time_is_given() -> None:
    assert bounded(lambda: "answer", 30, "otherwise") == "answer"


def test_a_job_has_the_time_it_was_given() -> None:
    never = threading.Event()
    assert bounded(never.wait, 0, "otherwise") == "otherwise"
    never.set()
