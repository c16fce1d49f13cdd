import logging
import threading
from functools import partial

import pytest
import shiboken6
from PySide6.QtCore import QObject, QThread

from confirmdesk.core.errors import Problem, failure
from confirmdesk.ui.kit.tasks import COALESCE_MS, Stream, Task, Tasks


@pytest.fixture
def shown():
    return []


@pytest.fixture
def tasks(qapp, shown):
    made = Tasks(shown.append, qapp)
    yield made
    made.shutdown()
    shiboken6.delete(made)


@pytest.fixture
def gate():
    """Holds jobs back until the test says so, and never for longer than the test lasts."""
    made = threading.Event()
    yield made
    made.set()


def fail(error):
    raise error


def test_a_result_comes_back_on_the_thread_of_the_window(tasks, qtbot):
    owner, got = QObject(), []
    main = QThread.currentThread()
    tasks.run(owner, threading.get_ident, lambda result: got.append((result, QThread.currentThread() is main)))
    assert got == []  # never before run() has returned
    qtbot.waitUntil(lambda: got != [])
    assert got[0][0] != threading.get_ident()
    assert got[0][1]


def test_a_foreseen_error_is_shown_when_nobody_handles_it(tasks, shown, qtbot):
    tasks.run(QObject(), lambda: fail(failure("No network.", "Plug it in.")), pytest.fail)
    qtbot.waitUntil(lambda: shown == [Problem("No network.", "Plug it in.")])


def test_whoever_handles_errors_gets_them_instead(tasks, shown, qtbot):
    got, owner = [], QObject()
    tasks.run(owner, lambda: fail(failure("No network.")), pytest.fail, got.append)
    qtbot.waitUntil(lambda: got == [Problem("No network.")])
    assert shown == []


def test_an_unforeseen_error_is_logged_with_its_traceback_and_told_without(tasks, shown, qtbot, caplog):
    with caplog.at_level(logging.ERROR):
        tasks.run(QObject(), lambda: fail(KeyError("hunter2")), pytest.fail)
        qtbot.waitUntil(lambda: len(shown) == 1)
    assert "hunter2" not in shown[0].text() + shown[0].details
    assert shown[0].details == "KeyError"
    assert "in fail" in caplog.text


def run_all(tasks, qtbot):
    """Until everything asked for before has been delivered or dropped."""
    done, owner = [], QObject()
    tasks.run(owner, lambda: None, done.append)
    qtbot.waitUntil(lambda: done != [])


def test_a_cancelled_result_is_dropped(tasks, qtbot, gate):
    owner, got, ended = QObject(), [], threading.Event()
    task = tasks.run(owner, lambda: gate.wait() and ended.set(), got.append)
    task.cancel()
    gate.set()
    qtbot.waitUntil(ended.is_set)
    run_all(tasks, qtbot)
    assert got == []


def test_nothing_is_delivered_to_a_window_that_is_gone(tasks, shown, qtbot, gate):
    owner, got, begun = QObject(), [], threading.Event()
    tasks.run(owner, lambda: begun.set() or gate.wait(), got.append)
    tasks.run(owner, lambda: begun.set() or (gate.wait() and fail(KeyError())), got.append)
    qtbot.waitUntil(begun.is_set)
    shiboken6.delete(owner)
    gate.set()
    qtbot.waitUntil(lambda: not tasks.is_busy())
    assert got == shown == []


def test_a_long_job_does_not_hold_up_a_short_one(tasks, qtbot, gate):
    owner, got = QObject(), []
    tasks.run(owner, gate.wait, lambda _: got.append("long"))
    for n in range(5):
        tasks.run(owner, partial(int, n), got.append)
    qtbot.waitUntil(lambda: sorted(got) == [0, 1, 2, 3, 4])
    gate.set()
    qtbot.waitUntil(lambda: got[-1] == "long")


def test_the_last_reference_to_a_window_is_never_dropped_by_a_worker(tasks, qtbot):
    died_in = []

    class Window(QObject):
        def __del__(self):
            died_in.append(threading.get_ident())

        def take(self, _):
            pass

    for _ in range(20):
        window = Window()
        tasks.run(window, lambda: None, window.take)
        del window
    qtbot.waitUntil(lambda: len(died_in) == 20)
    assert set(died_in) == {threading.get_ident()}


def test_shutdown_does_not_wait_for_a_job_that_never_ends(qapp, gate):
    made = Tasks(pytest.fail, qapp)
    begun = threading.Event()
    made.run(QObject(), lambda: begun.set() or gate.wait(), pytest.fail)
    assert begun.wait(10)
    made.shutdown(patience=0.01)
    workers = [thread for thread in threading.enumerate() if thread.name.startswith("task-")]
    assert [thread.daemon for thread in workers] == [True]
    gate.set()
    shiboken6.delete(made)


def test_a_stream_delivers_everything_in_order_and_before_done(tasks, qtbot):
    owner, got = QObject(), []
    stream = tasks.stream(owner, got.append)

    def job():
        for n in range(10_000):
            stream.put(n)

    tasks.run(owner, job, lambda _: got.append("done"))
    qtbot.waitUntil(lambda: got[-1:] == ["done"])
    assert [n for batch in got[:-1] for n in batch] == list(range(10_000))


def test_a_stream_wakes_the_window_once_per_batch(qapp):
    owner, batches, wakes = QObject(), [], []
    stream = Stream(Task(owner), batches.append, wakes.append)
    for n in range(100):
        stream.put(n)
    assert wakes == [stream]
    stream.timer_fired()
    assert batches == [list(range(100))]
    assert wakes == [stream]


def test_batches_are_at_least_50_ms_apart(tasks, qtbot):
    owner, batches = QObject(), []
    stream = tasks.stream(owner, batches.append)
    stream.put(1)
    qtbot.waitUntil(lambda: batches == [[1]])
    assert 0 < stream.milliseconds_to_wait() <= COALESCE_MS
    stream.put(2)
    stream.put(3)
    qtbot.waitUntil(lambda: len(batches) == 2)
    assert batches[1] == [2, 3]


def test_a_job_that_ends_does_not_start_a_second_chain_of_timers(qapp):
    owner, batches, wakes = QObject(), [], []
    stream = Stream(Task(owner), batches.append, wakes.append)
    for n in range(3):
        stream.put(n)
        stream.deliver()  # as the end of a job does
    stream.put(3)
    assert wakes == [stream]
    stream.timer_fired()
    assert batches == [[0], [1], [2], [3]]
    stream.put(4)  # the timer has fired: the next item needs one of its own
    assert wakes == [stream, stream]


def test_a_closed_stream_is_silent(tasks, qtbot):
    owner, batches = QObject(), []
    stream = tasks.stream(owner, batches.append)
    stream.put(1)
    stream.close()
    run_all(tasks, qtbot)
    stream.deliver()
    assert batches == []


def test_a_stream_of_a_window_that_is_gone_is_silent(tasks, qtbot):
    owner, batches = QObject(), []
    stream = tasks.stream(owner, batches.append)
    stream.put(1)
    shiboken6.delete(owner)
    run_all(tasks, qtbot)
    stream.deliver()
    assert batches == []
