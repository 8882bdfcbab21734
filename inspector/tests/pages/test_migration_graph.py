"""The migration graph: order, states, filters, drawing, details."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from inspector.pages.migration_graph import Choice
from inspector.pages.migration_lanes import draw
from inspector.pages.migration_order import graph
from inspector.pages.migration_words import sentences

from . import data

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"


def app(*found, origin="project"):
    return {"origin": origin, "path": "x", "leaves": [], "migrations": list(found)}


def section(**apps):
    return data.migrations() | {"apps": apps}


def two_apps():
    return section(
        auth=app(data.migration("0001_initial"), origin="django"),
        shop=app(
            data.migration("0001_initial", deps=["auth.0001_initial", "people.0002_more"]),
            data.migration("0002_price", deps=["shop.0001_initial"]),
        ),
        people=app(
            data.migration("0001_initial", deps=["__setting__.AUTH_USER_MODEL"]),
            data.migration("0002_more", deps=["people.0001_initial"]),
        ),
    )


def get(client, project, **query):
    url = reverse("inspector:migrations", args=[project.pk])
    response = client.get(url, {"view": "graph", **query})
    assert response.status_code == 200
    return response.content.decode()


def keys(html):
    return re.findall(r'data-key="([^"]+)"', html)


def test_what_is_needed_comes_first_and_own_apps_before_others():
    found = graph(two_apps(), {"AUTH_USER_MODEL": "auth.User"})
    assert found.order == [
        *("auth.0001_initial", "people.0001_initial", "people.0002_more"),
        *("shop.0001_initial", "shop.0002_price"),
    ]
    assert found.nodes["people.0001_initial"].parents == ["auth.0001_initial"]
    assert not found.circle


def test_the_order_is_that_of_djangos_own_plan():
    """The installed apps' migrations, compared with MigrationExecutor's plan."""
    from django.db.migrations.loader import MigrationLoader

    loader = MigrationLoader(None)
    apps = {}
    for (label, name), node in loader.disk_migrations.items():
        deps = [f"{a}.{n}" for a, n in node.dependencies if a != "__setting__"]
        deps += [
            f"__setting__.{n.split('.')[-1]}" for a, n in node.dependencies if a == "__setting__"
        ]
        apps.setdefault(label, []).append(data.migration(name, deps=deps))
    found = graph(
        section(**{k: app(*v) for k, v in apps.items()}), {"AUTH_USER_MODEL": "auth.User"}
    )
    plan = []
    for target in sorted(loader.graph.leaf_nodes()):
        plan += [one for one in loader.graph.forwards_plan(target) if one not in plan]
    assert found.order == [f"{a}.{n}" for a, n in plan]


def test_a_circle_is_shown_and_said():
    found = graph(
        section(
            a=app(data.migration("0001", deps=["b.0001"])),
            b=app(data.migration("0001", deps=["a.0001"])),
        )
    )
    assert sorted(found.order) == ["a.0001", "b.0001"] and found.circle == {"a.0001", "b.0001"}


def test_run_before_and_first_and_latest_are_dependencies():
    found = graph(
        section(
            a=app(
                data.migration("0001", run_before=["b.0001"]),
                data.migration("0002", deps=["a.0001"]),
            ),
            b=app(data.migration("0001"), data.migration("0002", deps=["a.__latest__", "b.0001"])),
            c=app(data.migration("0001", deps=["a.__first__", "gone.0001", "a.0009"])),
        )
    )
    assert found.nodes["b.0001"].parents == ["a.0001"]
    assert found.nodes["b.0002"].parents == ["a.0002", "b.0001"]
    assert found.nodes["c.0001"].parents == ["a.0001"] and found.nodes["c.0001"].lost == ["a.0009"]


def test_lines_go_exactly_from_dot_to_dot():
    found = graph(two_apps(), {"AUTH_USER_MODEL": "auth.User"})
    drawing = draw(found, found.order, lambda label: 1)
    assert {(line.first, line.last) for line in drawing.lines} == {
        (0, 1),
        (1, 2),
        (0, 3),
        (2, 3),
        (3, 4),
    }
    for line in drawing.lines:
        start, end = drawing.dots[line.first], drawing.dots[line.last]
        assert line.path.startswith(f"M{start[0]} {start[1]}")
        assert line.path.endswith((f" {end[0]} {end[1]}", f"M{start[0]} {start[1]}V{end[1]}"))


def test_an_app_has_one_lane_and_a_lane_is_free_again_below_it():
    found = graph(
        section(
            **{
                f"app{n}": app(
                    data.migration("0001"), data.migration("0002", deps=[f"app{n}.0001"])
                )
                for n in range(30)
            }
        )
    )
    assert set(draw(found, found.order, lambda label: 1).lanes) == {0}
    crossed = graph(two_apps(), {"AUTH_USER_MODEL": "auth.User"})
    assert len(set(draw(crossed, crossed.order, lambda label: 1).lanes)) == 3


def test_rows_that_are_filtered_out_leave_a_line_behind():
    found = graph(two_apps(), {})
    lines = draw(found, ["people.0001_initial", "shop.0002_price"], lambda label: 1).lines
    assert [(line.first, line.last, line.kind) for line in lines] == [(0, 1, "far")]


def test_the_view_is_remembered(client, scanned):
    project = scanned(migrations=two_apps())
    url = reverse("inspector:migrations", args=[project.pk])
    assert 'id="migrations"' in client.get(url).content.decode()
    client.get(url, {"view": "graph"})
    assert 'id="mig-rows"' in client.get(url).content.decode()
    client.get(url, {"view": "list"})
    assert 'id="mig-rows"' not in client.get(url).content.decode()
    assert 'id="mig-rows"' not in client.get(url, {"view": "nonsense"}).content.decode()


def test_own_apps_first_all_apps_and_chosen_ones(client, scanned):
    project = scanned(migrations=two_apps())
    own = keys(get(client, project))
    assert own and not any(key.startswith("auth.") for key in own)
    assert "auth.0001_initial" in keys(get(client, project, app="*"))
    assert set(keys(get(client, project, app=["shop"]))) == {
        "shop.0001_initial",
        "shop.0002_price",
    }


def test_state_and_words_filter(client, scanned):
    project = scanned(
        migrations=two_apps(),
        databases=data.database(
            ["people.0001_initial", "people.0002_more"],
            ["shop.0001_initial", "shop.0002_price"],
            ghosts=["people.0003_lost"],
        ),
    )
    assert set(keys(get(client, project, state="pending"))) == {
        "shop.0001_initial",
        "shop.0002_price",
    }
    assert keys(get(client, project, state="ghost")) == ["people.0003_lost"]
    assert keys(get(client, project, q="SHOP price")) == ["shop.0002_price"]
    assert "No migration matches the filter" in get(client, project, q="nothing like it")
    order = keys(get(client, project))
    assert order.index("people.0003_lost") == order.index("people.0002_more") + 1


def test_a_conflict_is_loud_at_both_ends(client, scanned):
    found = section(
        shop=app(
            data.migration("0001"),
            data.migration("0002_a", deps=["shop.0001"]),
            data.migration("0002_b", deps=["shop.0001"]),
        )
    ) | {"conflicts": {"shop": ["0002_a", "0002_b"]}}
    html = get(client, scanned(migrations=found))
    assert html.count('class="mig-halo"') == 2 and "shop ends in more than one migration" in html
    assert len(keys(get(client, scanned(migrations=found), state="conflict"))) == 2


def test_the_panel_says_everything_about_one(client, scanned):
    steps = [
        {"op": "AddField", "line": 9, "model": "book", "name": "isbn", "type": "CharField"},
        {"op": "RunPython", "line": 12, "code": "fill"},
        {"op": "RemoveField", "line": 14, "model": "book", "name": "price"},
    ]
    found = section(
        shop=app(
            data.migration("0001", operations=[], ops=0),
            data.migration(
                "0002",
                deps=["shop.0001"],
                operations=steps,
                irreversible=[{"op": "RunPython", "what": "fill", "line": 12}],
                atomic=False,
            ),
            data.migration("0003_s", replaces=["shop.0001", "shop.0002"]),
        )
    )
    project = scanned(migrations=found, databases=data.database(["shop.0001"], ["shop.0002"]))
    html = get(client, project, mig="shop.0002", fragment="detail")
    assert "Add isbn to book, a CharField" in html and "Run the Python function fill" in html
    assert "It has no reverse_code" in html and "The column is dropped" in html
    assert "changes made before an error are not rolled back" in html
    assert "mig=shop.0001" in html and "mig=shop.0003_s" in html and "pending" in html
    assert "There is no migration shop.gone" in get(client, project, mig="shop.gone")


def test_sentences_without_a_file_fall_back_to_kinds():
    (one,) = sentences({"op_kinds": {"AddField": 3}})
    assert one.text == "AddField \u00d73"
    known = {"op": "MyOwn", "line": 3, "model": "x"}
    (one,) = sentences({"operations": [known, *[]]})
    assert one.text == "MyOwn x"
    state = {"op": "DeleteModel", "line": 3, "name": "X", "only": "state"}
    assert sentences({"operations": [state]})[0].loses == ""


def test_hostile_names_stay_text(client, scanned):
    found = section(
        **{EVIL: app(data.migration(EVIL, deps=[EVIL, f"{EVIL}.x"], op_kinds={EVIL: 1}))}
    )
    html = get(client, scanned(migrations=found), mig=f"{EVIL}.{EVIL}", q=EVIL, app=EVIL)
    assert EVIL not in html and "&lt;script&gt;" in html
    assert " style=" not in html and "<style" not in html


def test_a_thousand_migrations_cost_no_more_queries(client, scanned, django_assert_max_num_queries):
    apps = {
        f"app{a:02}": app(
            *[
                data.migration(f"{n:04}", deps=[f"app{a:02}.{n - 1:04}"] if n else [])
                for n in range(25)
            ]
        )
        for a in range(40)
    }
    project = scanned(migrations=section(**apps))
    with django_assert_max_num_queries(11):
        assert len(keys(get(client, project, mig="app03.0004"))) == 1000


def test_states_of_the_page_before_there_are_facts(client, project):
    assert "This folder has not been scanned" in get(client, project)


def test_no_migrations(client, scanned):
    assert "No migrations" in get(client, scanned(migrations=section()))


def test_what_a_query_cannot_say_is_left_out(rf):
    choice = Choice.of(rf.get("/", {"state": "x", "app": ["a", "a"], "q": "B c"}).GET)
    assert choice == Choice(("a",), "", ("b", "c"), "B c")
