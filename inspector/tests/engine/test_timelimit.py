"""Time limits end slow code, on Windows too, and affect nothing else."""

import contextlib
import re
import threading
import time

import pytest

from djdesk.projects.timelimit import TooSlow, at_most


def forever():
    re.match(r"(a+)+$", "a" * 60 + "b")


def test_what_takes_too_long_ends_also_within_a_regular_expression():
    with pytest.raises(TooSlow), at_most(0.2):
        forever()
    with at_most(0.2):
        pass
    time.sleep(0.3)  # no late exception


def in_a_thread(work):
    """The exception that ``work()`` raises in a thread, or None."""
    raised = []

    def run():
        try:
            work()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(30)
    assert not thread.is_alive()
    return raised[0] if raised else None


def python_forever():
    while True:
        pass


def test_in_another_thread_python_code_is_limited():
    def slow():
        with at_most(30), at_most(0.2):
            python_forever()

    def in_time():
        with at_most(0.2):
            pass
        time.sleep(0.5)  # no late exception

    def twice():
        for _ in range(2):
            with contextlib.suppress(TooSlow), at_most(0.2):
                python_forever()

    assert isinstance(in_a_thread(slow), TooSlow)
    assert in_a_thread(in_time) is None
    assert in_a_thread(twice) is None
    names = [one.name for one in threading.enumerate()]
    assert names.count("time limits") == 1


def test_a_limit_around_another_one_is_kept():
    class Outer(BaseException):
        pass

    def both(outer, inner):
        with at_most(outer, Outer), at_most(inner):
            forever()

    with pytest.raises(Outer):
        both(0.1, 30)
    with pytest.raises(TooSlow):
        both(30, 0.1)
    # A nested limit that is not reached does not affect the outer one.
    with pytest.raises(Outer), at_most(0.3, Outer):
        with at_most(30):
            pass
        forever()
    # If the exception is swallowed, it is raised again.
    with pytest.raises(TooSlow), at_most(0.1):
        with contextlib.suppress(TooSlow):
            forever()
        forever()


def test_nothing_is_lost_when_the_alarm_comes_as_a_block_ends():
    late = 0
    for number in range(200):
        try:
            with at_most(0.001):
                time.sleep(0.005 if number % 2 else 0.0009)
        except TooSlow:
            late += 1
    assert late >= 100
    with pytest.raises(TooSlow), at_most(0.1):
        forever()
