"""The child's side of the launch contract, without a child process."""

import io
import json
import os
import subprocess
import sys

import pytest

from djdesk.desktop import launch
from djdesk.desktop.launch import LaunchFailure, parse, read

GOOD = {
    "contract": 1,
    "launch_id": "0123456789abcdef",
    "data_dir": os.path.abspath("somewhere"),  # noqa: PTH100 - as the shell would write it
    "token": "a" * 64,
    "port": 8123,
}


@pytest.fixture(autouse=True)
def keep_current():
    before = launch.current()
    yield
    launch.replace(before)


def line(**changes):
    values = {k: v for k, v in (GOOD | changes).items() if v is not None}
    return json.dumps(values).encode()


@pytest.mark.parametrize(
    "changes",
    [
        {"contract": 2},
        {"contract": None},
        {"token": "short"},
        {"token": "é" * 64},
        {"token": None},
        {"launch_id": "0123456789ABCDEF"},
        {"launch_id": 7},
        {"data_dir": "relative/path"},
        {"data_dir": "/nul\0byte"},
        {"data_dir": None},
        {"port": "8123"},
        {"port": -1},
        {"port": 65536},
        {"port": True},
        {"settings": "os; import sys"},
        {"browser_session": "xyz"},
    ],
)
def test_a_bad_value_is_refused(changes):
    with pytest.raises(LaunchFailure) as refusal:
        parse(line(**changes), server=True)
    assert refusal.value.code == "bad_config"


@pytest.mark.parametrize("text", [b"", b"\n", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 50_000])
def test_what_is_not_a_json_object_is_refused(text):
    with pytest.raises(LaunchFailure, match="JSON"):
        parse(text, server=True)


def test_the_refusal_does_not_repeat_the_token():
    with pytest.raises(LaunchFailure) as refusal:
        parse(line(token="s3cret"), server=True)
    assert "s3cret" not in f"{refusal.value.reason}{refusal.value.hint}{refusal.value.detail}"


def test_an_endless_line_is_refused():
    with pytest.raises(LaunchFailure, match="longer"):
        read(io.BytesIO(b'{"contract":1,' + b" " * 70_000), server=True)


def test_a_good_line_becomes_the_current_config_and_unknown_keys_are_ignored():
    config = read(io.BytesIO(line(future="key") + b"\nrest"), server=True)
    assert launch.current() is config
    assert (config.port, config.token, config.settings) == (
        8123,
        "a" * 64,
        "djdesk.overlay.settings",
    )


def test_a_worker_never_holds_the_token():
    config = parse(line(), server=False)
    assert (config.token, config.port) == ("", 0)


def test_prints_of_libraries_do_not_reach_the_event_stream():
    program = (
        "import os, subprocess, sys\n"
        "from djdesk.desktop.launch import Events\n"
        "events = Events.take_stdout()\n"
        "print('stray'); os.write(1, b'raw')\n"
        "subprocess.run([sys.executable, '-c', 'print(\"child\")'])\n"
        "events.send('listening', port=1)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(result.stdout) == {"event": "listening", "port": 1}
    assert all(word in result.stderr for word in ("stray", "raw", "child"))
