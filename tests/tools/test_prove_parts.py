"""The parts of ``djdesk prove`` that need no app."""

import json
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core import checks

from djdesk.app import load
from djdesk.projects.readiness.report import Decision
from djdesk.tools.desktop import environment
from djdesk.tools.prove import crawl, watch
from djdesk.tools.prove.inside import look
from djdesk.tools.prove.judge import WELCOME, judge
from djdesk.tools.prove.places import Places
from djdesk.tools.prove.run import Options, Run
from djdesk.tools.prove.seen import Seen, Visit, Who
from djdesk.tools.prove.vendoring import advice
from djdesk.tools.prove.without_browser import Page
from djdesk.tools.serving import pages
from tests.tools.init_projects import make, state


def test_links_are_followed_within_bounds() -> None:
    class Site:
        origin = "http://127.0.0.1:1"
        asked: list[str] = []

        def become(self, cookie):
            pass

        def visit(self, path, who, **options):
            self.asked.append(path)
            links = [f"{self.origin}/books/{n}/?page={n}" for n in range(9)]
            links += [
                "https://example.org/",
                f"{self.origin}/static/a.css",
                f"{self.origin}/desktop/",
            ]
            return Visit(path=path, who=who, status=200, url=self.origin + path, links=tuple(links))

    site = Site()
    _, left_out = crawl.crawl(site, "nobody", ["/logout/", "/"], limit=100, skipped=("/static/",))
    assert site.asked == ["/", *(f"/books/{n}/?page={n}" for n in range(crawl.ALIKE)), "/logout/"]
    assert left_out == 0
    site.asked.clear()
    _, left_out = crawl.crawl(site, "nobody", ["/", "/a/", "/b/"], limit=2)
    assert site.asked == ["/", "/a/"]
    assert left_out > 0


def test_html_without_a_browser() -> None:
    page = Page("http://127.0.0.1:1/books/")
    page.feed(
        "<title>Books</title>\n<link rel='stylesheet' href='../a.css'>\n<a href='1/'>one</a>"
        "<a download href='x.zip'>file</a><script src='//cdn.example.org/x.js'></script>"
        "<img src='data:image/gif;base64,x'>"
    )
    assert page.title == "Books"
    assert page.links == ["http://127.0.0.1:1/books/1/"]
    assert page.fetched == [
        ("http://127.0.0.1:1/a.css", "Stylesheet", 2),
        ("http://cdn.example.org/x.js", "Script", 3),
    ]


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://cdn.jsdelivr.net/npm/bootstrap@5.3.3/dist/b.css", "bootstrap 5.3.3 (dist/b.css)"),
        ("https://unpkg.com/@hotwired/turbo@8", "@hotwired/turbo 8 "),
        ("https://cdnjs.cloudflare.com/ajax/libs/jquery/3.7.1/j.js", "jquery 3.7.1 (j.js)"),
        ("https://code.jquery.com/jquery-3.7.1.slim.min.js", "jquery 3.7.1"),
        ("https://fonts.googleapis.com/css2?family=Inter:wght@400&family=Lora", "of Inter, Lora"),
        ("https://example.org/logo.png", "Put a copy"),
    ],
)
def test_what_to_vendor(url: str, wanted: str) -> None:
    assert wanted in advice(url)


def judged(seen: Seen) -> list[Decision]:
    return judge(seen, Places(Path("/nowhere"), [], []))


def visited(path: str, status: int) -> Visit:
    return Visit(path, "the first user", status)


def test_a_project_without_a_first_page_is_told_and_good() -> None:
    seen = Seen(views={"/": {"view": WELCOME}}, visits=[visited("/", 200), visited("/books/", 200)])
    (told,) = [one for one in judged(seen) if one.rule == "HOME1"]
    assert told.level == "" and "no page at the address /" in told.what


def test_a_first_page_that_is_not_there_is_a_loss() -> None:
    views = {"/": {"view": "shop.views.home", "file": "/nowhere/shop/views.py", "line": 3}}
    seen = Seen(views=views, visits=[visited("/", 404)])
    (told,) = [one for one in judged(seen) if one.rule == "HOME1"]
    assert told.level == "B" and told.where == "shop/views.py:3"
    seen = Seen(views=views, visits=[visited("/", 200), visited("/gone/", 404)])
    assert [one for one in judged(seen) if one.rule == "HOME1"] == []


def test_a_first_page_that_refuses_its_user_is_for_the_developer_to_decide() -> None:
    """As Django-CRM's middleware answers users without an organisation."""
    ours = {"view": WELCOME, "file": "/djdesk/welcome.py", "line": 8}
    for views in ({}, {"/": ours}):
        seen = Seen(views=views, visits=[visited("/", 403), Visit("/", "nobody", 403)])
        (told,) = [one for one in judged(seen) if one.rule == "HOME1"]
        assert told.level == "C" and "answers 403" in told.what and told.where == ""
    seen = Seen(visits=[Visit("/", "nobody", 403)])
    assert [one.level for one in judged(seen) if one.rule == "HOME1"] == ["C"]
    seen = Seen(visits=[visited("/", 200), Visit("/", "nobody", 403), visited("/books/", 403)])
    assert [one for one in judged(seen) if one.rule == "HOME1"] == []


def test_folders_that_a_package_has_are_not_made_again(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(os, "mkdir", os.mkdir)
    watch._have([str(tmp_path / "logs")])
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs").mkdir(parents=True)
    assert not (tmp_path / "logs").exists()
    (tmp_path / "other").mkdir()
    assert (tmp_path / "other").is_dir()


def test_who_cannot_be_logged_in_is_told_with_the_place(tmp_path) -> None:
    said = (
        'Traceback (most recent call last):\n  File "/shop/shop/signals.py", line 7, in made\n'
        '  File "/x/site-packages/django/db/utils.py", line 1, in inner\n'
        "IntegrityError: FOREIGN KEY constraint failed\n"
    )
    run = SimpleNamespace(seen=Seen())
    Run._nobody(run, said)
    (told,) = judge(run.seen, Places(Path("/shop"), [], []))
    assert told.level == "C" and told.where == "shop/signals.py:7"
    assert told.why.startswith("IntegrityError: FOREIGN KEY constraint failed")


@pytest.mark.parametrize("packaged", [True, False])
def test_asking_an_app_for_its_pages_writes_nothing_into_it(tmp_path, packaged) -> None:
    """Settings that create a folder do not create it in a project being proved."""
    own = "import os\nos.makedirs(BASE_DIR / 'logs', exist_ok=True)\n"
    root, app, watched = make(tmp_path / "shop", settings=own), tmp_path / "app", tmp_path / "seen"
    app.mkdir()
    watched.mkdir()
    (app / "pyproject.toml").write_text(
        '[project]\nname = "shop"\nversion = "1"\n[tool.djdesk]\nproject = "../shop"\n'
        'settings = "shop.settings"\n'
    )
    config = {
        "installed": [str(root)], "writable": [str(tmp_path / "data")], "temporary": "/nowhere",
        "folders": [str(root / "logs")] if packaged else [],
    }  # fmt: skip
    (watched / watch.CONFIG).write_text(json.dumps(config))
    load.cache_clear()
    env = environment(load(app), "packaged", tmp_path / "data") | {"DJDESK_PROVE": str(watched)}
    before, python = state(root), [sys.executable, "-I", "-B", "-X", "utf8"]
    if packaged:
        assert "/" in [page["path"] for page in pages.addresses(python, env)]
    else:
        with pytest.raises(pages.CannotAsk, match="Read-only file system"):
            pages.addresses(python, env)
    assert state(root) == before


def test_a_template_that_cannot_be_read_has_its_line(tmp_path) -> None:
    from django.template import Engine, TemplateSyntaxError

    (tmp_path / "a.html").write_text('<h1>\n{{ name|add"x" }}</h1>\n')
    with pytest.raises(TemplateSyntaxError) as failure:
        Engine(dirs=[str(tmp_path)]).get_template("a.html")
    error = failure.value
    assert watch.blamed(error.__traceback__, error) == (str(tmp_path / "a.html"), 2)


@pytest.mark.parametrize(
    ("who", "first_user", "wanted"),
    [("nobody", "os-user", "B"), ("the first user", "os-user", "C"), ("nobody", "form", "C")],
)
@pytest.mark.parametrize("status", [500, 302])
def test_what_only_somebody_who_logged_out_sees_weighs_less(
    who, first_user, wanted, status
) -> None:
    visits = [Visit("/", "the first user", 200), Visit("/books/", who, status)]
    (told,) = [
        one
        for one in judged(Seen(facts={"first_user": first_user}, visits=visits))
        if one.rule == "PAGE1"
    ]
    assert told.level == wanted


def test_everybody_sees_the_pages_of_nobody_where_nobody_can_be_logged_in() -> None:
    failed = [{"rule": "AUTH1", "what": "Nobody can log in."}]
    visits = [Visit("/books/", "nobody", 500)]
    told = judged(Seen(facts={"first_user": "os-user"}, visits=visits, failed=failed))
    assert [one.level for one in told if one.rule == "PAGE1"] == ["C"]


def test_checks_of_the_runtimes_own_apps_are_not_the_developers(monkeypatch) -> None:
    """As those of django-linear-migrations, which takes the runtime for a part of the project."""
    said = [checks.Error(f"{app}'s max_migration.txt does not exist.", id="dlm.E001")
            for app in ("desktop_jobs", "library")]  # fmt: skip
    monkeypatch.setattr(checks, "run_checks", lambda: said)
    monkeypatch.setattr(look, "place_of_check", lambda message: ("", 0))
    assert [one["what"] for one in look.checks()] == ["library's max_migration.txt does not exist."]


def test_redirects_in_a_circle_have_the_line_that_redirects() -> None:
    record = {"kind": "redirect", "path": "/books/", "file": "/shop/login.py", "line": 7}
    home = Visit("/", "nobody", 302, url="https://example.org/")
    circle = Visit("/books/", "nobody", 302, url="http://127.0.0.1:1/books/")
    (told,) = [
        one for one in judged(Seen(visits=[home, circle], records=[record])) if one.rule == "PAGE1"
    ]
    assert told.what == "Redirect loop on /books/ (as nobody)."
    assert told.where == "/shop/login.py:7"


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("log('x')\nraise Exception('a test')", True),
        ("try:\n    raise Exception('a test')\nexcept Exception:\n    log('x')\n    raise", True),
        ("x = 1 / 0\nreturn x", True),
        ("if request.user:\n    raise Exception('a fault')\nreturn None", False),
        ("try:\n    raise Exception('a fault')\nexcept Exception:\n    return None", False),
        ("return 1 / number", False),
    ],
)
def test_a_view_that_can_do_nothing_but_fail(tmp_path, code, wanted) -> None:
    lines = [f"    {line}" for line in code.splitlines()]
    view = tmp_path / "views.py"
    view.write_text("\n".join(["", "def show(request):", *lines, ""]))
    record = {"kind": "error", "path": "/a/", "file": str(view), "line": 3, "what": "Exception: x"}
    visits = [Visit("/", "the first user", 200), Visit("/a/", "the first user", 500)]
    found = judge(Seen(visits=visits, records=[record]), Places(tmp_path, [], []))
    (told,) = [one for one in found if one.rule == "PAGE1"]
    assert (told.level == "", told.where) == (wanted, "views.py:3")


@pytest.mark.parametrize(("lost", "wanted"), [(["/a/"], "B"), (["/"], "C"), (["/a/", "/b/"], "C")])
def test_a_page_that_fails_is_a_loss_and_many_are_no_app(lost, wanted) -> None:
    visits = [
        Visit(path, "the first user", 500 if path in lost else 200)
        for path in ("/", "/a/", "/b/", "/c/")
    ]
    levels = {one.level for one in judged(Seen(visits=visits)) if one.rule == "PAGE1"}
    assert levels == {wanted}


@pytest.mark.parametrize(
    ("alters", "breaks", "wanted"),
    [(True, True, "C"), (True, False, "B"), (False, False, ""), (False, True, "")],
)
def test_drift_of_models_weighs_by_what_it_harms(alters, breaks, wanted) -> None:
    missing = {
        "app": "shop", "alters": alters, "breaks": breaks, "changes": ["Alter field id on book"],
        "file": "", "line": 0,
    }  # fmt: skip
    (told,) = [one for one in judged(Seen(facts={"migrations": [missing]})) if one.rule == "MIG2"]
    assert told.level == wanted


def test_where_the_window_opens_is_seen_first_however_many_pages_there_are(monkeypatch) -> None:
    class Looker:
        origin = "http://127.0.0.1:1"

        def become(self, cookie: object) -> None:
            assert cookie is None

        def visit(self, path: str, who: Who, **options: object) -> Visit:
            return Visit(path, who, 200)

    def unanswered(*args: object) -> None:
        raise pages.CannotAsk("no accounts")

    monkeypatch.setattr(pages, "session", unanswered)
    run = Run.__new__(Run)
    run.seen = Seen(views={"/a/": {}, "/b/": {}, "/": {}}, facts={"static": "", "media": ""})
    run.options, run.cookies = Options(limit=2), {}
    run.python, run.env, run.say = Path(), {}, lambda line: None
    run._pages(Looker(), "launch")
    assert [visit.path for visit in run.seen.visits] == ["/", "/a/"]
