"""Templates, admin, wiring, side effects, drift and packages: facts in the right place."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from inspector.pages.admin import sites

from . import data

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"
WHERE = {"file": "shop/x.py", "line": 3, "origin": "project"}


def get(client, project, page):
    response = client.get(reverse(f"inspector:{page}", args=[project.pk]))
    assert response.status_code == 200
    return response.content.decode().replace("<wbr>", "")


def templates(word="shop/book.html", **more):
    return {
        "engines": [{"name": "django", "backend": "x.DjangoTemplates", "dirs": [word]}],
        "templates": [
            {"name": "admin/base.html", "file": "/x/base.html", "origin": "django", "app": "admin"},
            {"name": word, "file": "shop/t/book.html", "origin": "project", "app": "shop"},
        ],
        "checked": 1,
        "broken": [{"name": word, "file": "shop/t/book.html", "line": 9, "text": word}],
        "shadowed": [{"name": word, "file": "a.html", "hidden": [{"file": "b.html"}]}],
        "missing": [{"name": word, "kind": "include", "file": "c.html", "line": 2}],
        "edges": [{"source": "x.html", "target": word, "kind": "include", "file": "x", "line": 1}],
        "references": [{"name": word, "file": "shop/views.py", "line": 1}],
        "unused": [{"name": "old.html", "file": "old.html", "certain": False}],
        "computed": [{"text": word, "file": "shop/views.py", "line": 8}],
        "errors": [],
    } | more


def admin(word="shop.Book"):
    row = {
        "model": word,
        "admin": f"shop.admin.{word}",
        "list_display": [word],
        "list_filter": [word],
        "search_fields": [word],
        "readonly_fields": [],
        "ordering": [],
        "inlines": [{"admin": word, "model": "shop.Page", "file": "a.py", "line": 1}],
    } | WHERE
    return {"sites": [{"name": word, "class": "x.AdminSite", "registered": [row]}], "errors": []}


def settings(env):
    return {"variables": [], "files": [], "env": env, "secret_key": None, "errors": []}


def effects(word="/var/tmp/shop.lock", **more):
    event = {
        "kind": "write",
        "what": word,
        "denied": True,
        "count": 2,
        "frames": [f"shop/apps.py:12 in {word}"],
        "during": "load",
    } | WHERE
    warning = {"category": "RemovedInDjango70Warning", "text": word, "count": 1} | WHERE
    return {
        "events": [event],
        "env_reads": [{"name": "SHOP_REGION", "set": True, "count": 1} | WHERE],
        "deprecations": [warning],
        "other_warnings": [warning],
        "threads": [word],
    } | more


def drift(word="Add field isbn to book", **more):
    op = {"op": "AddField", "text": word, "model": "Book", "field": "isbn"} | WHERE
    apps = {"shop": {"origin": "project", "ops": [op]}}
    return {
        "method": "autodetector",
        "apps": apps,
        "incomplete": {},
        "overridden": [],
        "errors": [],
    } | more


def wiring(word="shop.receivers.saved"):
    return {
        "middleware": {
            "middleware": [
                {"path": word, "async": False, "sync": True, "conditional": None} | WHERE
            ]
        },
        "signals": {
            "receivers": [
                {"signal": f"a.{word}", "receiver": word, "sender": word, "dispatch_uid": word}
                | {"conditional": None}
                | WHERE
            ],
            "defined": [{"name": word} | WHERE],
        },
        "commands": {
            "commands": [{"name": word, "app": word, "help": word, "overrides": word} | WHERE]
        },
    }


def test_templates_tell_what_is_broken_missing_and_unused(client, scanned):
    html = get(client, scanned(templates=templates()), "templates")
    assert "Cannot be compiled" in html and "shop/t/book.html:9" in html
    assert "Named but not found" in html and "c.html:2" in html
    assert "1 name is computed" in html and "perhaps" in html
    table = html[html.index('id="templates"') :]
    assert table.index("shop/t/book.html") < table.index("/x/base.html")
    # One template and one line of code name it.
    assert 'data-sort="2">2<' in html


def test_templates_that_are_fine_say_so(client, scanned):
    html = get(client, scanned(templates=templates(broken=[], missing=[])), "templates")
    assert "Every template of this project compiles" in html


def test_templates_that_wait_for_a_build_are_not_broken(client, scanned):
    (row,) = templates()["broken"]
    found = templates(broken=[row | {"needs": True}], missing=[])
    html = get(client, scanned(templates=found), "templates")
    assert "Need something that is not there" in html and "shop/t/book.html:9" in html
    assert "Cannot be compiled" not in html and "severity error" not in html
    assert "<dt>Broken</dt><dd>0</dd>" in html
    assert "Every template of this project compiles" not in html


def test_no_template_at_all(client, scanned):
    found = templates(templates=[], broken=[], missing=[], unused=[], shadowed=[], computed=[])
    assert "No templates" in get(client, scanned(templates=found), "templates")


def test_a_model_registered_without_a_class_of_its_own_is_the_projects(client, scanned):
    site = {
        "name": "admin",
        "class": "django.contrib.admin.sites.AdminSite",
        "registered": [
            admin_row("auth.Group", "django.contrib.auth.admin.GroupAdmin", "django"),
            admin_row("people.Mechanic", "django.contrib.admin.options.ModelAdmin", "django"),
        ],
    }
    models = {
        "models": [model_row("people.Mechanic", "project"), model_row("auth.Group", "django")]
    }
    mine, other = sites({"sites": [site]}, models)[0]["registered"]
    assert (mine["model"], mine["model_origin"], mine["origin"]) == (
        "people.Mechanic",
        "project",
        "django",
    )
    assert (other["model"], other["model_origin"]) == ("auth.Group", "django")


def admin_row(model, admin, origin):
    return {"model": model, "admin": admin, "origin": origin}


def model_row(label, origin):
    return {"label": label, "origin": origin}


def test_the_admin_and_what_it_does_not_show(client, scanned):
    models = data.models(*(data.model(f"shop.{n}") for n in ("Book", "Page", "Hidden")))
    html = get(client, scanned(admin=admin(), models=models), "admin")
    assert "?model=shop.Book" in html and "?model=shop.Page" in html
    after = html[html.index("not in the admin") :]
    assert "shop.Hidden" in after and "shop.Page" not in after and "shop.Book" not in after


def test_wiring_shows_what_arrived_and_says_what_did_not(client, scanned):
    found = wiring()
    del found["signals"]
    html = get(client, scanned(**found), "wiring")
    assert "sync only" in html and "No signals yet" in html and "replaces the one of" in html


def test_side_effects_and_the_environment(client, scanned):
    env = [{"name": "SHOP_KEY", "required": True, "secret": True, "set": None} | WHERE]
    project = scanned(side_effects=effects(), settings=settings(env))
    html = get(client, project, "effects")
    assert "/var/tmp/shop.lock" in html and "refused" in html and "called from" in html
    contract = html[html.index('id="contract"') :]
    assert "SHOP_KEY" in contract and "SHOP_REGION" in contract
    assert "RemovedInDjango70Warning" in html


def test_no_side_effects_is_worth_saying(client, scanned):
    quiet = effects(events=[], env_reads=[], deprecations=[], other_warnings=[], threads=[])
    assert "wrote nothing" in get(client, scanned(side_effects=quiet), "effects")


def test_the_environment_is_shown_without_a_run(client, scanned):
    env = [{"name": "SHOP_KEY", "required": True, "set": None} | WHERE]
    project = scanned(source="static", settings=settings(env))
    html = get(client, project, "effects")
    assert "need the project to run" in html and "SHOP_KEY" in html and "not run" in html


def test_drift_stands_above_the_migrations(client, scanned):
    found = data.migrations(data.migration("0001_initial"))
    html = get(client, scanned(migrations=found, drift=drift()), "migrations")
    assert "Models and migrations differ in 1 app" in html and "Add field isbn to book" in html
    assert html.index("Add field isbn") < html.index("0001_initial")


@pytest.mark.parametrize(("apps", "unfolded"), [(3, 3), (4, 0)])
def test_the_drift_of_many_apps_is_folded(client, scanned, apps, unfolded):
    found = data.migrations(data.migration("0001_initial"))
    one = drift()["apps"]["shop"]
    many = drift(apps={f"shop{number}": one for number in range(apps)})
    html = get(client, scanned(migrations=found, drift=many), "migrations")
    assert len(re.findall(r'id="drift-shop\d" data-keep-open open', html)) == unfolded
    assert html.count("Add field isbn to book") == apps


def test_no_drift_is_said_with_its_limits(client, scanned):
    found = data.migrations(data.migration("0001_initial"))
    incomplete = drift(apps={}, incomplete={"shop": "a base is computed"})
    html = get(client, scanned(migrations=found, drift=incomplete), "migrations")
    assert "agree, as far as the files alone can tell" in html


def test_packages_of_the_running_interpreter(client, scanned):
    package = {"name": "wagtail", "version": "7.0", "django_classifiers": ["5.2"], "direct": True}
    dependencies = {"declared": [], "installed": [], "missing": [], "files": []}
    project = scanned(dependencies=dependencies, packages={"packages": [package]})
    html = get(client, project, "dependencies")
    assert "wagtail" in html and "running interpreter" in html and "direct" in html


def test_hostile_names_are_text_on_each_of_them(client, scanned):
    project = scanned(
        templates=templates(EVIL),
        admin=admin(EVIL),
        side_effects=effects(EVIL),
        drift=drift(EVIL, incomplete={EVIL: EVIL}, overridden=[EVIL]),
        migrations=data.migrations(data.migration("0001_initial")),
        **wiring(EVIL),
    )
    for page in ("templates", "admin", "wiring", "effects", "migrations"):
        assert EVIL not in get(client, project, page), page
