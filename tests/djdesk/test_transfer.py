"""All of an app's data in one file: from SQLite to PostgreSQL and back, and what is refused."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from djdesk.desktop.lock import FileLock
from djdesk.tools.postgres import create, postgres, run  # noqa: F401 - a fixture
from djdesk.transfer import schema
from djdesk.transfer.problem import TransferProblem
from tests.long import LONG

ZOO = Path(__file__).resolve().parents[1] / "apps" / "zoo"
LEGACY = "from zoo.fill import legacy; legacy()"


class Side:
    """The app on SQLite in its own folder, or on a server database."""

    def __init__(self, folder, port=0, name="", project=ZOO, **environment):
        self.folder = folder
        self.project = project
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("DJANGO", "DJDESK", "POSTGRES"))
        }
        self.environment = kept | {"DATA_DIR": str(folder)} | environment
        if port:
            create(port, name)
            self.environment |= {"POSTGRES_PORT": str(port), "POSTGRES_NAME": name}
        folder.mkdir()

    def manage(self, *words):
        return subprocess.run(
            [sys.executable, "manage.py", *map(str, words)],
            cwd=self.project, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def does(self, *words):
        done = self.manage(*words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refuses(self, *words):
        done = self.manage(*words)
        assert done.returncode == 1, done.stdout
        return done.stderr

    def shell(self, code):
        return self.does("shell", "-v", "0", "-c", code)

    def filled(self):
        self.does("migrate", "-v", "0")
        self.shell("from zoo.fill import fill; fill()")
        return self


def rows(export):
    """The content of an export, ignoring the order of rows and keys."""
    found = {}
    with tarfile.open(export) as tar:
        for member in tar:
            if member.name.startswith("rows/"):
                lines = gzip.decompress(tar.extractfile(member).read()).decode().splitlines()
                name = member.name.split("/")[2]
                found.setdefault(name, []).extend(json.loads(line) for line in lines)
            elif member.name == "rows.json":
                found["counters"] = {
                    name: one["counter"] for name, one in json.load(tar.extractfile(member)).items()
                }
            elif member.name.startswith("files/"):
                found[member.name] = tar.extractfile(member).read()
    return {
        name: sorted(json.dumps(one, sort_keys=True) for one in value)
        if isinstance(value, list)
        else value
        for name, value in found.items()
    }


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """An app with all kinds of data on SQLite, and its export. Tests must not modify them."""
    folder = tmp_path_factory.mktemp("zoo é")
    side = Side(folder / "data").filled()
    side.does("data", "export", folder / "zoo.export")
    return side, folder / "zoo.export"


@LONG
def test_there_and_back_is_equal(source, tmp_path, postgres):  # noqa: F811
    _, export = source
    # Another app before it shifts the numbers of content types and permissions.
    server = Side(tmp_path / "server", postgres, "there", ZOO_EXTRA_APP="django.contrib.redirects")
    server.does("migrate", "-v", "0")
    server.shell(LEGACY)
    server.does("data", "import", export)
    server.does("data", "export", tmp_path / "back.export")
    desktop = Side(tmp_path / "desktop")
    desktop.environment["ZOO_EXTRA_APP"] = "django.contrib.redirects"
    desktop.does("migrate", "-v", "0")
    desktop.shell(LEGACY)
    desktop.does("data", "import", tmp_path / "back.export")
    desktop.does("data", "export", tmp_path / "again.export")
    first, back, again = (
        rows(one) for one in (export, tmp_path / "back.export", tmp_path / "again.export")
    )
    assert back == again
    for known in ("contenttypes.ContentType", "auth.Permission", "counters"):
        # More rows: those of the app that only the server has.
        assert len(back[known]) > len(first[known])
        back[known] = first[known]
    assert back == first
    assert len(first["zoo.Values"]) == 4
    # A task queue's file belongs to one computer.
    files = {name for name in first if name.startswith("files/")}
    assert "files/REPORTS.folder/2026/a.csv" in files
    assert not any("queue" in name for name in files)
    look = (
        "from zoo.models import *; from django.contrib.auth.models import *;"
        "t = Tag.objects.get(needs__isnull=False); v = Values.objects.get(code='full');"
        "print(t.target.key, t.needs.codename, v.double, v.colour.parts,"
        " dict(sorted(v.data.items())),"
        " User.objects.get().has_perm('zoo.change_pair'),"
        " Values.objects.filter(data__isnull=True).count())"
    )
    data = "{'a': {'json': 1}, 'b': [1, 2.5, None, {'a': 'ö'}]}"
    assert server.shell(look).split(" ", 1) == [
        "12345678-90ab-cdef-1234-567890abcdef",
        f"change_pair {-(2**63)} (1, 20, 255) {data} True 1\n",
    ]
    # The next new row gets a number that was never used.
    add = "from zoo.models import Base; print(Base.objects.create(name='new').pk)"
    assert server.shell(add) == desktop.shell(add) == "4\n"


def test_an_import_makes_the_tables_of_an_empty_database(source, tmp_path, postgres):  # noqa: F811
    side = Side(tmp_path / "new", postgres, "bare")
    assert "no table for zoo.Legacy" in side.refuses("data", "import", source[1])
    assert run(postgres, "bare", "SELECT count(*) FROM zoo_base") == [(0,)]
    assert not list((tmp_path / "new").rglob("*.bin"))


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    side = Side(tmp_path_factory.mktemp("blank") / "data")
    side.does("migrate", "-v", "0")
    side.shell(LEGACY)
    return side.folder


@pytest.fixture
def prepared(blank, tmp_path):
    """An app on SQLite with tables and without rows."""
    return copied(blank, tmp_path / "target")


def copied(folder, target):
    side = Side(target)
    shutil.copytree(folder, target, dirs_exist_ok=True)
    return side


@LONG
def test_an_interrupted_import_is_run_again(source, prepared):
    # The state after some files and before the rows.
    target = prepared.folder / "media" / "scans"
    shutil.copytree(source[0].folder / "media" / "scans", target)
    said = json.loads(prepared.does("data", "import", source[1]).splitlines()[-1])
    assert (said["files"], said["copied"]) == (3, 2)
    assert "This app already has data (rows: " in prepared.refuses("data", "import", source[1])


def test_other_files_are_not_written_over(source, prepared):
    other = prepared.folder / "media" / "other.txt"
    other.parent.mkdir()
    other.write_text("mine")
    assert "not part of this export" in prepared.refuses("data", "import", source[1])
    other.unlink()
    (file,) = (source[0].folder / "media").rglob("*.bin")
    place = prepared.folder / "media" / file.relative_to(source[0].folder / "media")
    place.parent.mkdir(parents=True)
    place.write_bytes(bytes(999) + b"x")
    assert "with different content" in prepared.refuses("data", "import", source[1])
    assert place.read_bytes().endswith(b"x")


def test_a_damaged_file_is_refused_before_anything_is_written(source, prepared, tmp_path):
    damaged = tmp_path / "damaged"
    data = bytearray(source[1].read_bytes())
    at = data.index(b"secret", data.index(b"key.txt"))
    data[at : at + 1] = b"S"
    damaged.write_bytes(data)
    assert "its checksum does not match" in prepared.refuses("data", "import", damaged)
    damaged.write_bytes(data[: len(data) // 2])
    assert "damaged" in prepared.refuses("data", "import", damaged)
    damaged.write_bytes(b"no tar")
    assert "is not an export of an app" in prepared.refuses("data", "import", damaged)
    assert not (prepared.folder / "media").exists()


@LONG
def test_another_app_and_another_schema_are_refused(source, prepared, tmp_path):
    project = tmp_path / "project"
    shutil.copytree(ZOO, project)
    table = project / "pyproject.toml"
    table.write_text(table.read_text().replace("org.example.zoo", "org.example.other"))
    prepared.project = project
    assert "comes from Zoo (org.example.zoo), not from" in prepared.refuses(
        "data", "import", source[1]
    )
    shutil.copy(ZOO / "pyproject.toml", table)
    later = project / "zoo" / "migrations" / "0002_later.py"
    later.write_text(
        "from django.db import migrations\n"
        "class Migration(migrations.Migration):\n"
        "    dependencies = [('zoo', '0001_initial')]\n"
    )
    assert "The database is not up to date" in prepared.refuses("data", "import", source[1])
    prepared.does("migrate", "-v", "0")
    said = prepared.refuses("data", "import", source[1])
    assert "older version (1.0.0)" in said
    assert "zoo.0002_later" in said
    prepared.does("data", "export", tmp_path / "newer.export")
    later.unlink()
    side = Side(tmp_path / "older", project=project)
    assert "There is no data yet" in side.refuses("data", "export", tmp_path / "none.export")
    prepared.shell("from zoo.models import Pair; Pair.objects.create(left=1, right='a')")
    (tmp_path / "newer.export").unlink()
    prepared.does("data", "export", tmp_path / "newer.export")
    said = side.refuses("data", "import", tmp_path / "newer.export")
    assert "made by a newer version (1.0.0)" in said
    assert "zoo.0002_later" in said


def test_of_many_changes_that_are_unknown_here_three_are_named():
    names = [f"0100_{letter}" for letter in "abcde"]
    header = {
        "app": schema.about() | {"version": "9.0"},
        "migrations": {"default": {"auth": names}},
    }
    with pytest.raises(TransferProblem) as refused:
        schema.compare(header, {"default/auth.User": {"rows": 1}})
    assert "newer version (9.0)" in refused.value.reason
    assert "(auth.0100_a, auth.0100_b, auth.0100_c and 2 more)" in refused.value.reason


def test_a_row_that_the_server_does_not_take_is_named(prepared, tmp_path, postgres):  # noqa: F811
    prepared.shell("from zoo.models import Base; Base.objects.create(pk=5, name='x' * 101)")
    prepared.does("data", "export", tmp_path / "bad.export")
    server = Side(tmp_path / "server", postgres, "strict")
    said = server.refuses("data", "import", tmp_path / "bad.export")
    assert "rejects a row of zoo.Base (id 5): value too long" in said
    assert run(postgres, "strict", "SELECT count(*) FROM zoo_base") == [(0,)]


@LONG
def test_a_value_that_sqlite_would_round_is_refused(prepared, tmp_path, postgres):  # noqa: F811
    server = Side(tmp_path / "server", postgres, "exact")
    server.does("migrate", "-v", "0")
    number = "12345678901234567890.0123456789"
    server.shell(f"from zoo.models import Exact; Exact.objects.create(number='{number}')")
    server.does("data", "export", tmp_path / "exact.export")
    said = prepared.refuses("data", "import", tmp_path / "exact.export")
    assert "does not return all values of zoo.Exact" in said
    assert prepared.shell("from zoo.models import Exact; print(Exact.objects.count())") == "0\n"


# Kills the process at the {1}th call of the module's function ``{0}``.
KILLED = """
import os, signal
from pathlib import Path
from djdesk.transfer import archive, write
archive.SYNC = 1  # each member is noted
left, usual = {1}, write.{0}
def counted(*words):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return usual(*words)
write.{0} = counted
write.export_to(Path({2!r}), print)
"""


@pytest.mark.parametrize(("where", "times"), [("_add_rows", 9), ("_copy", 2)])
def test_an_export_is_not_written_over_and_goes_on_after_a_kill(source, tmp_path, where, times):
    assert "already exists" in source[0].refuses("data", "export", source[1])
    side = copied(source[0].folder, tmp_path / "data")
    export = tmp_path / "zoo.export"
    killed = side.manage("shell", "-v", "0", "-c", KILLED.format(where, times, str(export)))
    assert killed.returncode == -signal.SIGKILL
    assert sorted(tmp_path.glob("zoo*")) == [
        tmp_path / "zoo.export.part", tmp_path / "zoo.export.part.journal",
    ]  # fmt: skip
    # The line being written, and what came after it.
    with (tmp_path / "zoo.export.part.journal").open("a") as journal:
        journal.write('{"name": "files/')
    with (tmp_path / "zoo.export.part").open("ab") as part:
        part.write(b"half a member")
    side.shell("from zoo.models import Pair; Pair.objects.create(left=9, right='late')")
    done = side.manage("data", "export", export)
    assert done.returncode == 0, done.stderr
    found, whole = rows(export), rows(source[1])
    # Once all rows were written, they stay a snapshot of that moment.
    assert ("its rows are complete" in done.stderr) == (where == "_copy")
    assert len(found.pop("zoo.Pair")) == (1 if where == "_copy" else 2)
    del whole["zoo.Pair"]
    assert found == whole
    assert list(tmp_path.glob("zoo*")) == [export]


@LONG
def test_the_command_of_a_desktop(source, blank, tmp_path):
    folder = tmp_path / "é data"
    shutil.copytree(blank, folder)

    def djdesk(*words):
        side = source[0]
        return subprocess.run(
            [sys.executable, "-m", "djdesk.cli", "data", *map(str, words), "--format", "json"],
            cwd=ZOO, env=side.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert "There is no file" in djdesk("import", tmp_path / "x", "--data-dir", folder).stderr
    running = FileLock(folder / "server.lock")
    assert running.acquire()
    refused = djdesk("import", source[1], "--data-dir", folder)
    running.release()
    assert (refused.returncode, "Close it" in refused.stderr) == (1, True)
    done = djdesk("import", source[1], "--data-dir", folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["files"] == 3
    assert json.loads((folder / "data.json").read_text())["app"] == "org.example.zoo"
    # While the app is open.
    running = FileLock(folder / "server.lock")
    assert running.acquire()
    done = djdesk("export", tmp_path / "again.export", "--data-dir", folder)
    running.release()
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again.export").stat().st_mode & 0o77 == 0
    assert rows(tmp_path / "again.export") == rows(source[1])
