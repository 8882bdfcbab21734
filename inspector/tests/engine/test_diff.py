"""Differences between two inspections of a real project."""

import json
import sys

from projects import make, scan

from djdesk.cli import main
from inspector.facts import diff

LISTED = ("models", "fields", "migrations", "urls", "settings", "dependencies", "checks")


def test_the_same_project_has_not_changed(tmp_path):
    make(tmp_path)
    changes = diff(scan(tmp_path, trust=True), scan(tmp_path, trust=True))
    assert changes.pop("skipped") == {}
    assert {name: sum(map(len, rows.values())) for name, rows in changes.items()} == dict.fromkeys(
        ("apps", *LISTED), 0
    )


def test_what_was_added_removed_and_changed(tmp_path):
    make(tmp_path, {"requirements.txt": "Django==5\n"}, settings="PAGE = 10\nOLD = 1\n")
    old = scan(tmp_path)
    make(
        tmp_path,
        {
            "requirements.txt": "Django==6\nPillow\n",
            "catalog/models.py": "from django.db import models\nclass Shelf(models.Model):\n"
            "    pass\nclass Book(models.Model):\n    title = models.CharField(max_length=90)\n"
            "    isbn = models.TextField()\n",
            "shop/urls.py": "from django.urls import path\nfrom shop.settings import f\n"
            "urlpatterns = [path('a/', f, name='a')]\n",
        },
        settings="PAGE = 20\n",
    )
    changes = diff(old, scan(tmp_path))
    assert [one["key"] for one in changes["models"]["added"]] == ["catalog.Shelf"]
    assert changes["models"]["changed"] == []  # moving a class is no change
    added = {one["key"] for one in changes["fields"]["added"]}
    assert {"catalog.Book.isbn", "catalog.Shelf.id"} <= added
    title = changes["fields"]["changed"][0]
    assert title["key"] == "catalog.Book.title" and title["changes"] == {"max_length": [50, 90]}
    assert (title["file"], title["line"]) == ("catalog/models.py", 5)
    assert [one["text"] for one in changes["urls"]["added"]] == ["/a/ (a)"]
    assert [one["key"] for one in changes["settings"]["removed"]] == ["OLD"]
    assert changes["settings"]["changed"][0]["changes"] == {"value": ["10", "20"]}
    assert [one["text"] for one in changes["dependencies"]["added"]] == ["Pillow"]
    assert changes["dependencies"]["changed"][0]["changes"]["specifier"] == ["==5", "==6"]


def test_static_and_live_are_not_compared(tmp_path):
    make(tmp_path)
    changes = diff(scan(tmp_path), scan(tmp_path, trust=True))
    assert changes["skipped"]["models"] == "It was static before and is live now."
    assert changes["skipped"]["checks"] == "The earlier snapshot does not have it."
    assert "models" not in changes and "dependencies" in changes


def test_the_command_says_what_changed(tmp_path, capsys):
    root = make(tmp_path / "p")
    command = ["inspect", str(root), "--python", sys.executable]
    assert main([*command, "--format", "json"]) == 0
    kept = tmp_path / "old.json"
    kept.write_text(capsys.readouterr().out)
    make(root, settings="PAGE = 20\n")
    assert main([*command, "--diff", str(kept)]) == 0
    assert capsys.readouterr().out == "Settings\n  + PAGE\n"
    assert main([*command, "--diff", str(kept), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["settings"]["added"][0]["key"] == "PAGE"


def test_a_file_that_is_no_snapshot_is_refused(tmp_path, capsys):
    root = make(tmp_path / "p")
    for text, words in (
        ("{", "not JSON"),
        ("[]", "not a snapshot"),
        ('{"schema": 9, "sections": {}}', "schema 9"),
    ):
        (tmp_path / "old.json").write_text(text)
        assert main(["inspect", str(root), "--diff", str(tmp_path / "old.json")]) == 2
        assert words in capsys.readouterr().err
    assert main(["inspect", str(root), "--diff", str(tmp_path / "none.json")]) == 2
    assert "cannot be read" in capsys.readouterr().err
