"""One of the app's own processes: a management command under the launch contract."""

import os
import signal
import time

import pytest

from djdesk.desktop.doctor import examine
from djdesk.desktop.process import why_ended
from tests.long import LONG

from .children import Child

SETTINGS = "tests.djdesk.child_settings"
posix = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


@pytest.fixture
def data_dir(tmp_path):
    """A data folder whose database a server has created."""
    folder = tmp_path / "data é"
    with Child("serve", folder, settings=SETTINGS) as server:
        server.until("listening")
        assert server.end_of_stdin() == 0
    return folder


def process(data_dir, *words, name="counter"):
    return Child(
        "process", data_dir, words=(name,), settings=SETTINGS, processes={"counter": words}
    )


@pytest.mark.parametrize("how", ["plain", "handler"])
def test_it_runs_in_the_desktop_settings_until_stdin_ends(data_dir, how):
    with process(data_dir, "keep_counting", "--how", how) as child:
        child.until("ready")
        wait_for(child, f"counting, {how}")
        assert list((data_dir / "run").glob("process-counter-*.json"))
        begun = time.monotonic()
        assert child.end_of_stdin() == 0
        assert time.monotonic() - begun < 3.5
        assert how == "plain" or "tidied up" in child.log
        assert "Traceback" not in child.log
    assert not list((data_dir / "run").glob("process-counter-*.json"))


@LONG
def test_one_that_does_not_listen_ends_before_the_shell_loses_patience(data_dir):
    with process(data_dir, "keep_counting", "--how", "stubborn") as child:
        wait_for(child, "counting")
        begun = time.monotonic()
        child.end_of_stdin()
        assert time.monotonic() - begun < 5.0


@posix
def test_sigterm_ends_it_in_order(data_dir):
    with process(data_dir, "keep_counting") as child:
        wait_for(child, "counting")
        child.process.send_signal(signal.SIGTERM)
        assert child.wait() != 0, "the shell did not ask: it is to start it again"


def test_an_error_of_the_command_is_in_the_log_and_the_exit_code(data_dir):
    with process(data_dir, "keep_counting", "--how", "fails") as child:
        child.until("ready")
        assert child.wait() == 1
        assert "CommandError: no broker here" in child.log


@LONG
def test_one_that_ended_by_itself_is_remembered_with_the_reason_until_it_runs(data_dir):
    assert why_ended(data_dir, "counter") == ""
    for words, reason in (
        (["no_such"], "There is no management command no_such"),
        (["keep_counting", "--how", "raise"], "ValueError: counted too far"),
        (["check", "--tag", "nothing"], "The command ended with the exit code 1."),
        (["check"], "The command finished."),
    ):
        with process(data_dir, *words) as child:
            child.wait()
        assert reason in why_ended(data_dir, "counter")
        (finding,) = [one for one in examine(data_dir) if one.topic == "process-counter"]
        assert finding.verdict == "warning" and reason in finding.text
        assert str(data_dir / "logs" / "counter.log") in finding.advice
    with process(data_dir, "keep_counting", "--how", "plain") as child:
        wait_for(child, "counting")
        assert why_ended(data_dir, "counter") == ""
        assert child.end_of_stdin() == 0
    assert why_ended(data_dir, "counter") == "", "it was asked to stop"


def test_what_cannot_run_says_so(data_dir):
    with process(data_dir, "keep_counting", name="other") as child:
        failed = child.until("failed")
        assert failed["reason"] == "The app has no background process other."
    with process(data_dir, "no_such_command") as child:
        failed = child.until("failed")
        assert "no_such_command" in failed["reason"]
        assert "manage.py help" in failed["hint"]
        assert child.wait() == 1


@LONG
def test_a_second_one_on_the_same_data_is_refused(data_dir):
    with process(data_dir, "keep_counting") as first:
        first.until("ready")
        with process(data_dir, "keep_counting") as second:
            assert second.until("failed")["code"] == "already_running"


@pytest.mark.parametrize("wrong", [[], {"a": "run"}, {"a": []}, {"a": [7]}])
def test_a_config_line_with_other_commands_is_refused(tmp_path, wrong):
    with Child("process", tmp_path / "data", words=("a",), processes=wrong) as child:
        assert child.until("failed")["code"] == "bad_config"


def wait_for(child, text):
    deadline = time.monotonic() + 30
    while text not in child.log:
        assert time.monotonic() < deadline, child.log
        time.sleep(0.02)
