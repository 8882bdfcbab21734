# ruff: noqa: E501 - source texts of projects stand in long lines
import json
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from projects import make, write

from djdesk import cli
from inspector.engine.inspection import Options
from inspector.facts.terminal import clean

POINT = EntryPoint("inspect", "inspector.cli:add_parser", cli.GROUP)


@pytest.fixture
def djdesk(monkeypatch, capsys):
    monkeypatch.setattr(cli, "_installed", lambda: [POINT])

    def run(*arguments):
        code = cli.main(["inspect", *map(str, arguments)])
        return code, *capsys.readouterr()

    return run


def test_json_alone_on_stdout(tmp_path, djdesk):
    code, out, err = djdesk(make(tmp_path), "--format", "json", "--python", sys.executable)
    snapshot = json.loads(out)
    assert (code, err) == (0, "")
    assert snapshot["schema"] == 1 and snapshot["sections"]["models"]["source"] == "static"


def test_text_with_trust(tmp_path, djdesk):
    code, out, _ = djdesk(make(tmp_path), "--trust", "--python", sys.executable)
    assert code == 0
    assert "Nothing was written to this project." in out and "models: Book" in out


def test_not_a_project_is_3_and_says_why(tmp_path, djdesk):
    write(tmp_path, {"requirements.txt": "flask\n", "a.py": ""})
    code, out, err = djdesk(tmp_path)
    assert (code, out) == (3, "")
    assert "Flask" in err and "manage.py" in err and "requirements.txt without Django" in err


def test_a_project_that_does_not_load_is_4(tmp_path, djdesk):
    root = make(tmp_path, settings="import nowhere_at_all\n")
    code, out, _ = djdesk(root, "--trust", "--python", sys.executable)
    assert code == 4
    assert "The module nowhere_at_all is missing from" in out


@pytest.mark.parametrize(
    "wrong", [["--format", "yaml"], ["--time-limit", "0"], ["--time-limit", "x"]]
)
def test_wrong_arguments_are_2(tmp_path, djdesk, wrong):
    with pytest.raises(SystemExit) as caught:
        djdesk(tmp_path, *wrong)
    assert caught.value.code == 2


def test_control_characters_do_not_reach_the_terminal():
    assert clean("a\x1b[31mb\nc\u202ed") == "a[31mb cd"


def test_no_django_is_imported(tmp_path):
    root = Path(__file__).resolve().parents[3]
    code = (
        f"import sys; sys.path[:0] = [{str(root / 'inspector')!r}, {str(root / 'src')!r}]\n"
        "import inspector.cli, inspector.engine, djdesk.cli\n"
        "assert not any(name.partition('.')[0] == 'django' for name in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-I", "-c", code], check=True, timeout=60)


def test_ctrl_c_is_130_and_prints_what_had_come(tmp_path):
    import signal

    root = Path(__file__).resolve().parents[3]
    project = make(tmp_path, settings="import time\ntime.sleep(300)\n")
    code = (
        f"import sys; sys.path[:0] = [{str(root / 'inspector')!r}, {str(root / 'src')!r}]\n"
        "from importlib.metadata import EntryPoint\nfrom djdesk import cli\nfrom inspector.engine import stages\n"
        "from pathlib import Path\n"
        f"stages.bytecode_cache = lambda root: Path({str(tmp_path / 'cache')!r})\n"
        "original = stages._section\n"
        "def seen(message, source):\n    print('section', file=sys.stderr, flush=True)\n"
        "    return original(message, source)\nstages._section = seen\n"
        "cli._installed = lambda: [EntryPoint('inspect', 'inspector.cli:add_parser', cli.GROUP)]\n"
        "raise SystemExit(cli.main(sys.argv[1:]))\n"
    )
    arguments = ["inspect", str(project), "--trust", "--format", "json", "--python", sys.executable]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        for _ in range(7):  # every static section
            assert process.stderr.readline() == b"section\n"
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    result = json.loads(out)
    assert result["status"] == "cancelled" and result["sections"]["models"]["ok"]


def test_files_are_written_by_their_endings(tmp_path, djdesk):
    root, out = make(tmp_path / "shop"), tmp_path / "out"
    out.mkdir()
    names = ["a.html", "a.ipynb", "a.zip", "a.json", "a.mmd", "a.dbml", "a.dot"]
    asked = [word for name in names for word in ("--export", out / name)]
    code, said, err = djdesk(root, "--python", sys.executable, "--own-only", *asked)
    assert code == 0 and "models: Book" in said
    assert sorted(file.name for file in out.iterdir()) == sorted(names)
    assert all(f"wrote {out / name}" in err for name in names)
    assert "catalog.Book" in (out / "a.html").read_text("utf-8")
    assert "auth" not in (out / "a.dbml").read_text() and "Book" in (out / "a.dbml").read_text()
    assert json.loads((out / "a.ipynb").read_bytes())["nbformat"] == 4


def test_a_file_that_cannot_be_written_is_1_and_says_why(tmp_path, djdesk):
    root = make(tmp_path / "shop")
    code, out, err = djdesk(
        root, "--python", sys.executable, "--export", tmp_path / "nowhere" / "a.dot"
    )
    assert code == 1 and "does not exist" in err and "models: Book" in out


def test_an_ending_that_is_not_known_is_2(tmp_path, djdesk):
    with pytest.raises(SystemExit) as caught:
        djdesk(tmp_path, "--export", "a.docx")
    assert caught.value.code == 2


def test_the_notebook_of_changes_needs_something_to_compare(tmp_path, djdesk):
    root, old, new = make(tmp_path / "shop"), tmp_path / "old.json", tmp_path / "new.ipynb"
    python = ("--python", sys.executable)
    wanted = ("--export", new, "--notebook", "changes")
    code, _, err = djdesk(root, *python, *wanted)
    assert code == 2 and "--diff" in err and not new.exists()
    djdesk(root, *python, "--export", old)
    write(
        root,
        {
            "catalog/models.py": "from django.db import models\n\nclass Page(models.Model):\n    x = models.TextField()\n"
        },
    )
    code, _, _ = djdesk(root, *python, *wanted, "--diff", old)
    assert code == 0 and "catalog.Page" in new.read_text("utf-8")


@pytest.mark.parametrize("option", ["--without-sandbox", "--without-jail"])
def test_the_sandbox_can_be_left_out_by_its_new_and_its_old_name(
    tmp_path, djdesk, monkeypatch, option
):
    seen = []
    monkeypatch.setattr(
        "inspector.cli.Options", lambda **given: seen.append(given) or Options(**given)
    )
    assert djdesk(make(tmp_path), option)[0] == 0
    assert djdesk(make(tmp_path))[0] == 0
    assert [given["sandbox"] for given in seen] == [False, True]
