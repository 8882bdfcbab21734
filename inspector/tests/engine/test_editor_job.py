"""An editor opened from the app holds unsaved text, so it must survive the app."""

import subprocess
import sys
import time

import pytest

from inspector.run import launch as launcher

BREAKAWAY = 0x01000000


@pytest.mark.skipif(sys.platform != "win32", reason="job objects are Windows'")
def test_an_editor_outlives_the_server_that_opened_it(tmp_path):
    """The app's job ends everything else. The mark is what the editor writes afterwards."""
    mark = tmp_path / "editor é"
    editor = (
        "import pathlib, time\n"
        f"for number in range(600):\n    pathlib.Path({str(mark)!r}).write_text(str(number))\n"
        "    time.sleep(0.1)\n"
    )
    program = (
        "import sys; from pathlib import Path; from djdesk.desktop import windows;"
        "from inspector.run.launch import launch; windows.prepare();"
        f"print(launch([sys.executable, '-I', '-c', {editor!r}], cwd=Path({str(tmp_path)!r})));"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=60)
    assert done.stdout.strip() == b"", done.stderr
    # The server is gone: anything new is from the editor.
    written: set[str] = set()
    deadline = time.monotonic() + 20
    while len(written) < 3:
        assert time.monotonic() < deadline, "the editor was ended with the server"
        if mark.exists():
            written.add(mark.read_text())
        time.sleep(0.1)


def test_out_of_the_job_where_that_is_allowed(tmp_path, monkeypatch):
    """Windows refuses to leave a job around the whole app: stay inside it then."""
    calls = []

    class Process:
        def __init__(self, argv, **options):
            calls.append(options["creationflags"])
            if options["creationflags"] & BREAKAWAY:
                raise PermissionError(13, "Access is denied")

        def wait(self, seconds=None):
            return 0

    names = ("DETACHED_PROCESS", "CREATE_NEW_PROCESS_GROUP", "CREATE_BREAKAWAY_FROM_JOB")
    for name, value in zip(names, (0x8, 0x200, BREAKAWAY), strict=True):
        monkeypatch.setattr(subprocess, name, value, raising=False)
    monkeypatch.setattr(subprocess, "Popen", Process)
    monkeypatch.setattr(sys, "platform", "win32")
    assert launcher.launch(["editor"], cwd=tmp_path) == ""
    assert calls == [0x8 | 0x200 | BREAKAWAY, 0x8 | 0x200]
