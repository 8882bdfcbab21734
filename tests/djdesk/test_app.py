"""The table [tool.djdesk]: every key, its default, and the message for each mistake."""

import json
import re
import tomllib
from pathlib import Path

import pytest

from djdesk.app import App, AppError, current, find, load, render

WHOLE = """\
[project]
name = "bookshelf"
version = "1.1.0"
description = "Keeps books."

[project.entry-points."djdesk.commands"]
lend = "bookshelf.lend:add_parser"

[tool.djdesk]
name = "Bücherregal"
id = "org.example.bookshelf"
slug = "shelf"
settings = "bookshelf.settings"
icon = "art/icon.svg"
publisher = "Example Ltd"
scheme = "bookshelf"
languages = ["de", "en"]
lanes = [["default", "mail"], ["import"]]
deep-links = ["books", "shelf:book"]
bridge = ["files"]
older-django = true
help-url = "/handbook/"
online-help = "https://example.org/{language}/"
preferences = "/me/"

[[tool.djdesk.menu]]
menu = "file"
label = { en = "Scan…", de = "Scannen…" }
message = "scan"
accelerator = "CmdOrCtrl+O"

[[tool.djdesk.menu]]
menu = "go"
submenu = { en = "People", de = "Leute" }
label = "Authors"
path = "/authors/"

[[tool.djdesk.files]]
ext = "bib"
name = "Bibliography"

[tool.djdesk.pages]
csp = "relaxed"
new-windows = "none"
permissions = [{ name = "clipboard-read", reason = "To paste an ISBN." }]

[tool.djdesk.data]
first-user = "form"
move = ["EXPORT_ROOT", "HUEY.filename"]
upload-limit = "200 MB"
mail = "project"

[tool.djdesk.processes]
huey = "run_huey --workers 2"
feed = ["watch_feed", "a b"]

[tool.djdesk.update]
feed = "https://example.org/feed.json"
keys = ["a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="]
channel = "beta"
channels = ["stable"]
"""


def write(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    (folder / "art").mkdir(exist_ok=True)
    (folder / "art" / "icon.svg").write_text("<svg/>")
    return folder


def wrong(folder: Path, table: str, project: str = '[project]\nname = "x"\n') -> AppError:
    write(folder, f"{project}{table}")
    load.cache_clear()
    with pytest.raises(AppError) as caught:
        load(folder)
    return caught.value


def test_every_key_is_read(tmp_path):
    app = load(write(tmp_path / "a b é", WHOLE))
    assert (app.name, app.id, app.slug) == ("Bücherregal", "org.example.bookshelf", "shelf")
    assert (app.version, app.description) == ("1.1.0", "Keeps books.")
    assert (app.settings, app.icon, app.publisher) == (
        "bookshelf.settings", "art/icon.svg", "Example Ltd",
    )  # fmt: skip
    assert (app.scheme, app.languages) == ("bookshelf", ("de", "en"))
    assert app.lanes == (("default", "mail"), ("import",))
    assert app.deep_links == ("books", "shelf:book")
    assert (app.help_url, app.preferences) == ("/handbook/", "/me/")
    assert app.online_help == "https://example.org/{language}/" and app.older_django
    assert (app.pages.csp, app.pages.new_windows) == ("relaxed", "none")
    assert [(p.name, p.reason) for p in app.pages.permissions] == [
        ("clipboard-read", "To paste an ISBN."),
    ]
    assert (app.data.first_user, app.data.mail) == ("form", "project")
    assert app.data.move == ("EXPORT_ROOT", "HUEY.filename")
    assert app.data.upload_limit == 200_000_000
    assert app.processes == {
        "huey": ("run_huey", "--workers", "2"), "feed": ("watch_feed", "a b"),
    }  # fmt: skip
    assert (app.update.feed, app.update.keys) == (
        "https://example.org/feed.json", ("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",),
    )  # fmt: skip
    assert (app.update.channel, app.update.channels) == ("beta", ("stable",))
    assert app.commands == {"lend": "bookshelf.lend:add_parser"}


def test_the_shell_gets_it_in_its_own_words(tmp_path):
    shown = json.loads(json.dumps(render(load(write(tmp_path, WHOLE)))))
    assert shown["format"] == 1 and shown["root"] == "." and shown["icon"] == "art/icon.svg"
    assert shown["pages"]["newWindows"] == "none"
    assert shown["menu"][0]["label"] == {"en": "Scan…", "de": "Scannen…"}
    people = {"en": "People", "de": "Leute"}
    assert shown["menu"][1] == {
        "menu": "go",
        "submenu": people,
        "label": "Authors",
        "path": "/authors/",
    }
    assert shown["files"] == [{"ext": "bib", "name": "Bibliography"}]
    assert shown["processes"]["feed"] == {"command": ["watch_feed", "a b"]}
    assert shown["helpUrl"] == "/handbook/" and shown["update"]["channel"] == "beta"
    assert shown["windowIcon"] == ""
    (tmp_path / "art" / "icon.png").write_bytes(b"")
    assert render(load(tmp_path))["windowIcon"] == "art/icon.png"


def test_an_empty_table_is_an_app(tmp_path):
    (tmp_path / "manage.py").write_text(
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'shop.settings')"
    )
    app = load(write(tmp_path, '[project]\nname = "my-shop"\n[tool.djdesk]\n'))
    assert (app.name, app.id, app.slug) == ("My Shop", "local.my-shop", "my-shop")
    assert (app.version, app.publisher, app.settings) == ("0.0.0", "My Shop", "shop.settings")
    assert (app.icon, app.scheme, app.languages) == ("", "", ("en",))
    assert (app.pages.csp, app.pages.new_windows) == ("strict", "own-origin")
    assert (app.data.first_user, app.data.mail, app.data.move) == ("os-user", "outbox", ())
    assert (app.lanes, app.processes, app.menu, app.bridge) == ((), {}, (), ())
    assert (app.help_url, app.preferences) == ("/desktop/help/", "/desktop/preferences/")
    assert render(app)["update"] == {}


@pytest.mark.parametrize(
    ("table", "line", "words"),
    [
        ('[tool.djdesk]\nsettings = "a.b"\nnmae = "x"\n', 5, "“nmae”. Did you mean “name”?"),
        ('[tool.djdesk]\nsettings = "a.b"\nfirst_user = "x"\n', 5, "no key “first_user”"),
        ('[tool.djdesk.data]\nfirst_user = "form"\n', 4, "Did you mean “first-user”?"),
        ('[tool.djdesk]\nzzz = 1\n', 4, "There are: name, id"),
        ('[tool.djdesk]\nname = "a/b"\n', 4, "a name of 1 to 60 characters"),
        ('[tool.djdesk]\nname = 7\n', 4, "a name of 1 to 60 characters"),
        ('[tool.djdesk]\nid = "bookshelf"\n', 4, "such as org.example.bookshelf"),
        ('[tool.djdesk]\nslug = "Big"\n', 4, "a short name"),
        ('[tool.djdesk]\nscheme = "a b"\n', 4, "a scheme"),
        ('[tool.djdesk]\nlanguages = "de"\n', 4, "a list, each one a language code"),
        ('[tool.djdesk]\nlanguages = ["german"]\n', 4, "a language code such as de"),
        ('[tool.djdesk]\nsettings = "a/b"\n', 4, "a module such as shop.settings"),
        ("[tool.djdesk]\n", 3, "manage.py names no settings module"),
        ('[tool.djdesk]\nsettings = "a"\nicon = "x.jpg"\n', 5, "an SVG or PNG file"),
        ('[tool.djdesk]\nsettings = "a"\nicon = "x.svg"\n', 5, "There is no file x.svg"),
        ('[tool.djdesk]\nsettings = "a"\nhelp-url = "help"\n', 5, "begins with /"),
        ('[tool.djdesk]\nsettings = "a"\nonline-help = "http://x"\n', 5, "an https address"),
        ('[tool.djdesk]\nsettings = "a"\nlanes = ["default"]\n', 5, "a list of lists"),
        ('[tool.djdesk]\nsettings = "a"\nlanes = [["a"], ["a"]]\n', 5, "“a” is in two lanes"),
        ('[tool.djdesk]\nsettings = "a"\nbridge = ["file"]\n', 5, "Did you mean “files”?"),
        ('[tool.djdesk]\nsettings = "a"\n[tool.djdesk.pages]\ncsp = "strickt"\n', 6, "“strict”"),
        ('[tool.djdesk]\nsettings = "a"\npages.csp = "none"\n', 5, "strict, relaxed, report"),
        ('[tool.djdesk]\nsettings = "a"\npages = { csp = "none" }\n', 5, "csp cannot be 'none'"),
        ('[tool.djdesk]\nsettings = "a"\npages = 3\n', 5, "must be a table"),
        ('[tool.djdesk]\nsettings = "a"\n[tool.djdesk.pages]\npermissions = [1]\n', 6, "a reason"),
        ('[tool.djdesk]\nsettings = "a"\npages.permissions = ["media"]\n', 5, "a reason"),
        ('[tool.djdesk]\nsettings = "a"\npages.permissions = [{name = "media"}]\n', 5, "a reason"),
        ('[tool.djdesk]\nsettings = "a"\nolder-django = "yes"\n', 5, "true or false"),
        ('[tool.djdesk]\nsettings = "a"\n[tool.djdesk.data]\nupload-limit = "big"\n', 6, "a size"),
        ('[tool.djdesk]\nsettings = "a"\n[tool.djdesk.data]\nupload-limit = 0\n', 6, "a size"),
        ('[tool.djdesk]\nsettings = "a"\n[tool.djdesk.data]\nmove = ["x"]\n', 6, "a setting"),
        ('[tool.djdesk]\nsettings = "a"\n[tool.djdesk.processes]\nhuey = ""\n', 6, "a management"),
        ('[tool.djdesk]\nsettings = "a"\n[tool.djdesk.processes]\nHuey = "x"\n', 6, "process name"),
        ('[tool.djdesk]\nsettings = "a"\n[tool.djdesk.update]\nfeed = "ftp:"\n', 6, "an https"),
        ('[tool.djdesk]\nsettings = "a"\nupdate.feed = "http://x.org/"\n', 5, "an https"),
        ('[tool.djdesk]\nsettings = "a"\nupdate.feed = "http://localhost@x/"\n', 5, "an https"),
        ('[tool.djdesk]\nsettings = "a"\nupdate.keys = ["abc"]\n', 5, "djdesk release key"),
        ('[tool.djdesk]\nsettings = "a"\nupdate.channels = ["B"]\n', 5, "a word such as"),
        ('[tool.djdesk]\nsettings = "a"\n[tool.djdesk.update]\nkey = "x"\n', 6, "“keys”"),
        ("[tool.djdesk\n", 3, "It is not TOML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(tmp_path, table, line, words):
    error = wrong(tmp_path, table)
    assert words in str(error)
    assert (error.line, error.file) == (line, tmp_path / "pyproject.toml")
    assert str(error).startswith(f"{tmp_path / 'pyproject.toml'}, line {line}: ")


def test_a_file_that_cannot_be_read_is_named_without_a_line(tmp_path):
    file = tmp_path / "pyproject.toml"
    with pytest.raises(AppError, match="There is no pyproject") as absent:
        load(tmp_path)
    file.write_bytes(b"name = \xff\n")
    with pytest.raises(AppError, match="It cannot be read") as unreadable:
        load(tmp_path)
    for error in (absent, unreadable):
        assert str(error.value).startswith(f"{file}: "), "no line is to blame"


def test_the_second_of_several_tables_is_blamed_where_it_stands(tmp_path):
    good = '[[tool.djdesk.menu]]\nmenu = "file"\nlabel = "A"\npath = "/"\n'
    bad = '[[tool.djdesk.menu]]\nmenu = "fiel"\nlabel = "B"\npath = "/"\n'
    error = wrong(tmp_path, f'[tool.djdesk]\nsettings = "a"\n{good}{bad}')
    assert error.line == 10 and "Did you mean “file”?" in str(error)
    bad = '[[tool.djdesk.menu]]\nmenu = "go"\nsubmenu = 3\nlabel = "B"\npath = "/"\n'
    assert "a text, or one for each language" in str(
        wrong(tmp_path, f'[tool.djdesk]\nsettings = "a"\n{bad}')
    )
    both = '[[tool.djdesk.menu]]\nlabel = "B"\n'
    assert "either a path or a message" in str(
        wrong(tmp_path, f'[tool.djdesk]\nsettings = "a"\n{both}')
    )


def test_an_app_is_found_from_below_it(tmp_path):
    write(tmp_path, WHOLE)
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text('[project]\nname = "other"\n')
    assert find(tmp_path / "a" / "b") == tmp_path
    with pytest.raises(AppError, match="There is no app in"):
        find(Path(tmp_path.anchor))


def test_this_process_belongs_to_the_app_that_it_was_started_for(tmp_path, monkeypatch):
    monkeypatch.setenv("DJDESK_APP", str(write(tmp_path, WHOLE)))
    assert isinstance(current(), App) and current().root == tmp_path


def test_the_example_is_toml():
    assert tomllib.loads(WHOLE)["tool"]["djdesk"]["id"] == "org.example.bookshelf"


def test_every_key_is_in_the_documents():
    text = (Path(__file__).parents[2] / "docs" / "app-table.md").read_text(encoding="utf-8")
    source = (Path(__file__).parents[2] / "src" / "djdesk" / "app.py").read_text(encoding="utf-8")
    keys = {
        key
        for only in re.findall(r"table\.only\(([^)]*)\)", source)
        for key in re.findall(r'"([a-z-]+)"', only)
    }
    assert len(keys) > 25
    assert [key for key in keys if key not in text] == []


def test_every_rule_is_in_the_documents():
    from djdesk.overlay.rules import RULES

    text = (Path(__file__).parents[2] / "docs" / "overlay.md").read_text(encoding="utf-8")
    assert [rule for rule in RULES if f"| {rule} |" not in text] == []
