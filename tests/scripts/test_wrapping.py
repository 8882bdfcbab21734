"""The page about real projects: the content of a row, and detection of changes to a project."""

from __future__ import annotations

import json

import pytest

from scripts import wrapping

LOST = {"rule": "CDN1", "level": "B", "what": "Pages do without fonts.", "where": "a.html:1"}
KEPT = {"rule": "SET1", "level": "", "what": "The settings are a.b.", "where": ""}
BLOCKED = {"rule": "DB2", "level": "C", "what": "PostgreSQL | needed.", "where": "m.py:2"}


def test_a_row_says_what_is_lost_and_what_a_user_gets(tmp_path, monkeypatch):
    rows = [
        {"name": "babybuddy", "level": "B", "seconds": {"own": 5.2, "work": 2.9, "packages": 44.0},
         "decisions": [LOST, KEPT, LOST],
         "pages": {"reached": 40, "failed": 1, "nobody": 1}, "unchanged": True},
        {"name": "netbox", "level": "C", "seconds": None, "decisions": [BLOCKED],
         "pages": {"reached": 0, "failed": 0, "nobody": 0},
         "unchanged": True},
    ]  # fmt: skip
    for row in rows:
        (tmp_path / f"{row['name']}.json").write_text(json.dumps(row), encoding="utf-8")
    monkeypatch.setattr(wrapping, "PAGE", tmp_path / "page.md")
    wrapping.write_table(tmp_path)
    first, second = (tmp_path / "page.md").read_text(encoding="utf-8").splitlines()[-2:]
    assert "babybuddy/babybuddy | B | files of other hosts (2 of 3) | 5 s (3 s) | 40, 1 " in first
    assert first.endswith("| an app that starts |")
    assert second.endswith("| - | - | PostgreSQL \\| needed (m.py:2) |")
    words = " ".join((tmp_path / "page.md").read_text(encoding="utf-8").split())
    assert "**1 of 2 projects start without an edit.** 1 of them reach level A or B; of 0" in words
    assert "The 1 that do not start say why" in words
    # A project that is tried again gets a new row; the others stay.
    (tmp_path / "babybuddy.json").unlink()
    (tmp_path / "netbox.json").write_text(json.dumps(rows[1] | {"level": "D"}))
    wrapping.write_table(tmp_path)
    kept, again = (tmp_path / "page.md").read_text(encoding="utf-8").splitlines()[-2:]
    assert kept == first and "netbox | D |" in again
    (tmp_path / "netbox.json").write_text(json.dumps(rows[1] | {"unchanged": False}))
    with pytest.raises(SystemExit, match="netbox"):
        wrapping.write_table(tmp_path)
    # Measuring init alone changes only the time of a row.
    (tmp_path / "netbox.json").unlink()
    timed = rows[0] | {"level": "C", "pages": None, "proof_wanted": False}
    timed["seconds"] = {"own": 2.0, "work": 1.6, "packages": 3.0}
    (tmp_path / "babybuddy.json").write_text(json.dumps(timed))
    wrapping.write_table(tmp_path)
    faster = (tmp_path / "page.md").read_text(encoding="utf-8").splitlines()[-2]
    assert faster == kept.replace("5 s (3 s)", "2 s (2 s)")


def test_every_change_of_a_project_is_seen(tmp_path):
    (tmp_path / "a").write_text("x")
    before = wrapping.fingerprint(tmp_path)
    assert wrapping.fingerprint(tmp_path) == before
    (tmp_path / "a").chmod(0o600)
    moved = wrapping.fingerprint(tmp_path)
    (tmp_path / "empty").mkdir()
    assert len({before, moved, wrapping.fingerprint(tmp_path)}) == 3


def test_no_folder_of_this_machine_is_told():
    said = "cannot import x from y (/tmp/a b/.venv/lib/python3.13/site-packages/django/y.py)"
    assert wrapping._cell(said.replace("a b", "ab")).endswith("from y (django/y.py)")
    assert wrapping._cell("shop/views.py:7: an error on /books/") == (
        "shop/views.py:7: an error on /books/"
    )


def test_a_cell_says_nothing_of_where_a_project_lay() -> None:
    said = "File '/tmp/a b/src/shop/.env' and /home/me/shop/x.py, named on /home/ and /api/v2/."
    assert wrapping._cell(said.replace("a b", "ab")) == (
        "File '.env' and x.py, named on /home/ and /api/v2/."
    )


def test_what_was_taken_out_before_packaging_is_said() -> None:
    row = {"name": "paperless", "package": "started", "decisions": []}
    assert wrapping._gets(row).endswith("ended (without PyTorch, which its AI search wants)")
    assert wrapping._gets(row | {"name": "gtd"}).endswith("started and ended")


def test_packages_are_taken_out_of_the_list_of_an_app(tmp_path, monkeypatch) -> None:
    asked = []
    monkeypatch.setattr(wrapping.uv, "run", lambda words, **more: asked.append(words))
    listed = tmp_path / "requirements.txt"
    listed.write_text(
        "django==5.2 \\\n    --hash=sha256:1\nnvidia-nvtx==13 ; x \\\n    --hash=sha256:2\n"
    )
    wrapping.take_out(tmp_path, "torch|nvidia-.*")
    assert listed.read_text() == "django==5.2 \\\n    --hash=sha256:1\n"
    assert asked[0][-1] == "nvidia-nvtx"
