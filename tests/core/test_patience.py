import threading

from confirmdesk.core.patience import bounded


def test_an_answer_that_comes_in_time_is_given() -> None:
    assert bounded(lambda: "answer", 30, "otherwise") == "answer"


def test_what_does_not_answer_is_left_behind() -> None:
    answered = threading.Event()
    assert bounded(lambda: str(answered.wait(30)), 0.01, "otherwise") == "otherwise"
    answered.set()
