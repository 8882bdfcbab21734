"""The output of a child whose consumer is slower than the child."""

from __future__ import annotations

import hashlib
import os
import sys

from inspector.run import child

LINES = 120_000
CODE = f"import sys; sys.stdout.write(''.join(f'line {{n}}\\n' for n in range({LINES})))"


def test_output_that_is_taken_slowly_is_taken_to_its_end(tmp_path, monkeypatch):
    # The lines below take several times this long.
    monkeypatch.setattr(child, "SILENCE", 0.2)
    running = child.Child(
        [sys.executable, "-I", "-c", CODE],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONUTF8="1"),
        stdin=b"",
        cancelled=lambda: False,
    )
    block = b"x" * 4096
    taken = 0
    for _line in running.lines():
        hashlib.sha256(block).digest()
        taken += 1
    assert taken == LINES
    assert running.outcome.why == "exited" and running.outcome.returncode == 0


def pieces_of(code, tmp_path, **options):
    running = child.Child(
        [sys.executable, "-I", "-X", "utf8", "-u", "-c", code],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONUTF8="1"),
        stdin=b"",
        **({"cancelled": lambda: False} | options),
    )
    return running, list(running.pieces())


def test_a_line_that_goes_on_is_seen_when_the_child_pauses(tmp_path):
    go = tmp_path / "go"
    code = "import os, time\nprint('Sure?', end=' ')\n"
    code += f"while not os.path.exists({str(go)!r}): time.sleep(0.01)\nprint('yes')"
    running = child.Child(
        [sys.executable, "-I", "-X", "utf8", "-u", "-c", code],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONUTF8="1"),
        stdin=b"",
        cancelled=lambda: False,
    )
    seen = []
    for piece in running.pieces():
        seen.append(piece)
        go.touch()
    assert seen[0] == child.Piece("Sure? ", "", ended=False)
    assert seen[-1] == child.Piece("Sure? yes", os.linesep)


def test_the_steps_of_a_progress_bar_and_both_ends_of_a_line(tmp_path):
    code = r"import sys; sys.stdout.buffer.write(b'1%\r2%\r\na\r\nb\n')"
    _running, pieces = pieces_of(code, tmp_path)
    whole = [(piece.text, piece.end) for piece in pieces if piece.ended]
    assert whole == [("1%", "\r"), ("2%", "\r\n"), ("a", "\r\n"), ("b", "\n")]


def test_what_was_written_before_the_end_by_force_is_not_lost(tmp_path):
    code = "import time; print('half a li', end=''); time.sleep(60)"
    seen = []
    running = child.Child(
        [sys.executable, "-I", "-X", "utf8", "-u", "-c", code],
        cwd=tmp_path,
        env=dict(os.environ, PYTHONUTF8="1"),
        stdin=b"",
        cancelled=lambda: bool(seen),
    )
    for piece in running.pieces():
        seen.append(piece)
    assert running.outcome.why == "cancelled"
    assert seen[-1] == child.Piece("half a li", "\n")


def test_a_line_without_an_end_is_cut_and_never_held_as_a_whole(tmp_path):
    code = "import sys\nfor _ in range(50): sys.stdout.write('wört ' * 20_000)"
    running, pieces = pieces_of(code, tmp_path)
    text = "".join(piece.text for piece in pieces if piece.ended)
    assert text == "wört " * 1_000_000
    assert max(len(piece.text.encode()) for piece in pieces) <= child.LONGEST
    assert running.outcome.why == "exited"
    code = "import sys; sys.stdout.write('ö' * 500_000)"
    _running, pieces = pieces_of(code, tmp_path)
    assert "".join(piece.text for piece in pieces if piece.ended) == "ö" * 500_000
