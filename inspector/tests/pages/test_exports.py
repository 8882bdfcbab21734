"""Exports: what is created, how it is previewed, and what is refused."""

from __future__ import annotations

import errno
import json
import os

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from inspector import tasks
from inspector.exports import folder, preview
from inspector.exports.kinds import OFFERS
from inspector.lab import files
from inspector.models import Export, Preferences, Project

from . import data
from .exporting import get, make, page, post
from .later import files_in, for_good

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exports")]


def test_every_offer_can_be_made():
    assert set(OFFERS) == set(files.KINDS)


@pytest.mark.parametrize("kind", [kind for kind in OFFERS if kind != "notebook-changes"])
def test_it_is_made_and_shown(client, shop, exports, kind):
    export = make(client, shop, kind)
    assert export.status == "done", export.reason
    assert [file.name for file in exports.iterdir()] == [export.name]
    assert export.size == export.path.stat().st_size
    day = timezone.now().astimezone().strftime("%Y-%m-%d")
    assert export.name == f"shop-{kind}-{day}-{export.pk}{files.KINDS[kind].ending}"
    assert export.name in page(client, shop).content.decode().replace("<wbr>", "")
    latest = get(client, "export", export).content.decode()
    assert "<iframe" in latest and ' sandbox src="' in latest and "allow-" not in latest
    inside = get(client, "export-content", export)
    assert inside.status_code == 200 and b"<script" not in inside.content
    copy = get(client, "export-file", export)
    assert b"".join(copy.streaming_content) == export.path.read_bytes()
    assert copy["Content-Disposition"] == f'attachment; filename="{export.name}"'


def test_the_frame_may_do_nothing_and_only_its_page_may_have_it(client, shop):
    export = make(client, shop, "report")
    inside = get(client, "export-content", export)
    policy = [part.strip() for part in inside["Content-Security-Policy"].split(";")]
    assert policy[0] == "sandbox" and "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy and "script-src" not in str(policy)
    assert "style-src 'sha256-" in str(policy) and "unsafe" not in str(policy)
    # Chromium 83 does not show a frame with a window's value of this header.
    assert inside["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert inside["X-Frame-Options"] == "SAMEORIGIN"
    around = get(client, "export", export)
    assert "frame-src 'self'" in around["Content-Security-Policy"]
    assert "script-src 'self'" in around["Content-Security-Policy"]
    assert "frame-src 'none'" in page(client, shop)["Content-Security-Policy"]


def test_only_style_sheets_of_the_head_are_allowed():
    head = b"<!doctype html><html><head><style>p { margin: 0 }</style></head>"
    assert len(preview.style_hashes(head)) == 1
    slipped = head + b"<body><style>p { color: red }</style></body></html>"
    assert preview.style_hashes(slipped) == preview.style_hashes(head)
    assert preview.style_hashes(b"<p>plain</p>") == []


def test_tables_one_at_a_time(client, shop):
    export = make(client, shop, "tables")
    latest = get(client, "export", export, table="fields").content.decode()
    assert "?table=findings" in latest and "?table=fields" in latest
    fields = get(client, "export-content", export, table="fields").content.decode()
    assert "&#x27;=SUM(A1)" in fields and "max_length" in fields
    assert "verbose_name" in get(client, "export-content", export, table="../x").content.decode()


def test_long_tables_and_texts_are_cut(client, scanned):
    shop = scanned(models=data.many_models(60, 10))
    latest = get(client, "export-content", make(client, shop, "tables"), table="models")
    assert latest.content.count(b"<tr>") == 201 and b"first 200 rows" in latest.content
    latest = get(client, "export-content", make(client, shop, "snapshot"))
    assert len(latest.content) < 2 * preview.SHOWN and b"Only the beginning" in latest.content


def test_own_code_only(client, scanned):
    shop = scanned(
        models=data.models(data.model("shop.Part"), data.model("auth.User", origin="django"))
    )
    assert "auth" in make(client, shop, "dbml").path.read_text()
    own = make(client, shop, "dbml", scope="own")
    assert "auth" not in own.path.read_text() and "Part" in own.path.read_text()
    assert own.own_only


def test_of_any_scan_that_is_kept(client, scanned):
    shop = scanned(models=data.models(data.model("shop.Old")))
    old = shop.scans.get()
    scanned(models=data.models(data.model("shop.New")))
    assert "New" in make(client, shop, "dbml").path.read_text()
    export = make(client, shop, "dbml", scan=old.pk)
    assert "Old" in export.path.read_text() and export.scan == old


def test_what_changed_in_whatever_order_it_is_asked(client, scanned):
    shop = scanned(models=data.models(data.model("shop.Old")))
    first = shop.scans.get()
    scanned(models=data.models(data.model("shop.New")))
    last = shop.scans.first()
    for values in ({}, {"scan": first.pk, "before": last.pk}):
        export = make(client, shop, "notebook-changes", **values)
        assert (export.compared_with, export.scan) == (first, last), export.reason
        rows = json.loads(export.path.read_text())
        text = json.dumps(rows)
        assert "shop.New" in text and "shop.Old" in text and "added" in text


def test_what_changed_needs_two_scans(client, shop):
    response = post(client, shop, "notebook-changes")
    assert response.status_code == 400 and b"needs two different scans" in response.content
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    "kinds, values, said",
    [
        ([], {}, "Choose at least one"),
        (["shell"], {}, "no such kind"),
        (["report"], {"scan": 10**6}, "no longer stored"),
        (["report"], {"scan": "x"}, "no longer stored"),
    ],
)
def test_what_cannot_be_made_is_refused(client, shop, kinds, values, said):
    response = post(client, shop, *kinds, **values)
    assert response.status_code == 400 and said in response.content.decode()
    assert not Export.objects.exists()


def test_a_scan_of_another_project_is_refused(client, shop):
    other = Project.objects.create(path="/other", name="other")
    scan = other.scans.create(status="complete", finished=timezone.now())
    assert post(client, shop, "report", scan=scan.pk).status_code == 400


def test_without_a_scan_there_is_nothing_to_export(client, project):
    assert b"nothing to export yet" in page(client, project).content
    response = post(client, project, "report")
    assert response.status_code == 400 and not Export.objects.exists()


def test_changing_anything_is_a_post(client, shop):
    export = make(client, shop, "dot")
    for name in ("export-cancel", "export-delete"):
        assert get(client, name, export).status_code == 405
    assert client.get(reverse("inspector:exports-tidy", args=[shop.pk])).status_code == 405
    client.get(reverse("inspector:export-create", args=[shop.pk]), {"kinds": "report"})
    assert Export.objects.get() == export


def test_another_project_does_not_have_it(client, shop):
    export = make(client, shop, "dot")
    other = Project.objects.create(path="/other", name="other")
    for name in ("export", "export-content", "export-file"):
        url = reverse(f"inspector:{name}", args=[other.pk, export.pk])
        assert client.get(url).status_code == 404
    for name in ("export-delete", "export-cancel"):
        url = reverse(f"inspector:{name}", args=[other.pk, export.pk])
        assert client.post(url).status_code == 404
    assert export.is_there


@pytest.mark.parametrize("name", ["../db.sqlite3", "a/b", "..", "", ".hidden", "C:x", "a\\b", "\0"])
def test_a_name_that_leads_out_is_no_file_of_ours(client, shop, exports, name):
    (exports.parent / "db.sqlite3").write_text("precious")
    (exports / ".hidden").write_text("precious")
    export = Export.objects.create(project=shop, kind="dot", status="done", name=name)
    assert not export.is_there
    for view in ("export-content", "export-file"):
        assert get(client, view, export).status_code == 404
    client.post(reverse("inspector:export-delete", args=[shop.pk, export.pk]))
    assert (exports.parent / "db.sqlite3").exists() and (exports / ".hidden").exists()


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_is_not_followed(client, shop, exports, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("precious")
    export = make(client, shop, "dot")
    export.path.unlink()
    export.path.symlink_to(precious)
    assert not export.is_there
    for view in ("export-content", "export-file"):
        assert get(client, view, export).status_code == 404
    client.post(reverse("inspector:export-delete", args=[shop.pk, export.pk]))
    assert precious.read_text() == "precious" and not export.path.is_symlink()
    for_good()
    assert precious.read_text() == "precious" and files_in(exports) == []


def test_deleting_takes_the_file_and_the_line(client, shop, exports):
    export = make(client, shop, "dot")
    client.post(reverse("inspector:export-delete", args=[shop.pk, export.pk]))
    assert not export.path.exists() and not Export.objects.exists()
    for_good()
    assert files_in(exports) == [] and not Export.everything.exists()


def test_one_in_the_making_is_not_deleted(client, shop):
    post(client, shop, "dot")
    export = Export.objects.get()
    url = reverse("inspector:export-delete", args=[shop.pk, export.pk])
    assert b"Cancel it first" in client.post(url, follow=True).content
    assert Export.objects.exists()


def test_a_file_that_cannot_be_deleted_stays_on_the_list(client, shop, monkeypatch):
    export = make(client, shop, "dot")

    def refuse(name):
        raise OSError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(folder, "put_aside", refuse)
    url = reverse("inspector:export-delete", args=[shop.pk, export.pk])
    assert b"is not writable" in client.post(url, follow=True).content
    assert Export.objects.exists()


def test_files_that_went_are_said_to_be_gone_and_tidied(client, shop):
    export, kept = make(client, shop, "dot"), make(client, shop, "dbml")
    export.path.unlink()
    latest = page(client, shop).content.decode()
    assert "1 file no longer exists" in latest and "Gone" in latest
    assert "The file is gone" in get(client, "export", export).content.decode()
    assert get(client, "export-content", export).status_code == 404
    other = make(client, shop, "mermaid")
    other.path.unlink()
    said = client.post(reverse("inspector:exports-tidy", args=[shop.pk]), follow=True).content
    assert list(Export.objects.all()) == [kept] and b"2 entries removed" in said
    undo = reverse("inspector:export-undo", args=[shop.pk, max(export.pk, other.pk)])
    assert f'action="{undo}"'.encode() in said
    said = client.post(undo, follow=True).content
    assert set(Export.objects.all()) == {kept, export, other} and b"2 entries are back" in said
    client.post(reverse("inspector:exports-tidy", args=[shop.pk]))
    for_good()
    assert b"no longer be undone" in client.post(undo, follow=True).content
    assert list(Export.objects.all()) == [kept]


def test_the_scan_may_be_forgotten_and_the_file_stays(client, shop):
    export = make(client, shop, "dot")
    shop.scans.all().delete()
    export.refresh_from_db()
    assert export.scan is None and export.scanned and export.is_there
    assert get(client, "export", export).status_code == 200


def test_taking_the_project_off_the_list_keeps_its_files(client, shop, exports):
    export = make(client, shop, "dot")
    response = client.post(reverse("inspector:remove", args=[shop.pk]), follow=True)
    assert b"1 exported file stays in" in response.content
    for_good()
    assert (exports / export.name).exists() and not Export.objects.exists()


def test_a_row_that_went_meanwhile_takes_its_file_along(client, shop, exports, monkeypatch):
    post(client, shop, "dot")
    export = Export.objects.get()
    write = files.KINDS["dot"].write

    def meanwhile(snapshot, old, out, step):
        write(snapshot, old, out, step)
        Export.objects.all().delete()

    monkeypatch.setitem(files.KINDS, "dot", files.Kind("dot", ".dot", meanwhile))
    tasks.run_export.call(export.pk)
    assert list(exports.iterdir()) == []


def test_names_are_good_on_every_system(scanned, client):
    shop = scanned(models=data.models())
    for name in ("日本", "a/b:c*?", "con", "x" * 200, "..", "Über Shop"):
        shop.name = name
        shop.save()
        export = make(client, shop, "dot")
        assert export.is_there and export.name.isascii() and len(export.name) < 120
        assert folder.NAME.fullmatch(export.name) and export.name.count(".") == 1


def test_a_damaged_file_says_so(client, shop):
    for kind in ("tables", "notebook-urls"):
        export = make(client, shop, kind)
        export.path.write_bytes(b"not any more")
        latest = get(client, "export-content", export)
        assert latest.status_code == 200 and b"cannot be read any more" in latest.content
        assert get(client, "export", export).status_code == 200


def test_one_that_is_too_large_is_not_shown(client, shop, monkeypatch):
    monkeypatch.setattr(preview, "LARGEST", 100)
    for kind in ("report", "notebook-urls"):
        latest = get(client, "export-content", make(client, shop, kind))
        assert b"too large" in latest.content


def test_the_page_is_told(client, shop):
    from inspector.pages.latest_results import LatestResults

    before = LatestResults(shop).versions["exports"]
    post(client, shop, "dot")
    waiting = LatestResults(shop).versions["exports"]
    tasks.run_export.call(Export.objects.get().pk)
    assert len({before, waiting, LatestResults(shop).versions["exports"]}) == 3
    html = page(client, shop, fragment="list").content.decode()
    assert html.strip().startswith("<section") and "shop-dot" in html.replace("<wbr>", "")


def test_the_palette_and_the_overview_lead_here(client, shop):
    url = reverse("inspector:project-palette", args=[shop.pk])
    entries = client.get(url).json()["entries"]
    found = next(e for e in entries if e["text"] == "Export report…")
    response = client.get(found["go"])
    assert 'value="report" id="kind-report" checked' in response.content.decode()
    overview = client.get(reverse("inspector:overview", args=[shop.pk])).content.decode()
    assert reverse("inspector:exports", args=[shop.pk]) in overview


def test_files_are_in_the_language_of_who_asked_for_them(client, shop):
    preferences = Preferences.load()
    preferences.language = "de"
    preferences.save()
    with translation.override("en"):  # like the worker, which has no user
        post(client, shop, "report", "notebook-models")
        for export in shop.exports.all():
            task = DBTaskResult.objects.get(id=export.task_id)
            assert task.args_kwargs["args"] == [export.pk, "de"]
            tasks.run_export.call(*task.args_kwargs["args"])
    notebook, report = (folder.path_of(e.name).read_text("utf-8") for e in shop.exports.all())
    assert '<html lang="de">' in report and "Modelle je App" in report
    assert "Models per app" not in report
    assert (
        "## Breiteste Modelle" in notebook
        and "## Daten" in notebook
        and '\\"Modelle je App\\"' in notebook
    )
    assert "Widest models" not in notebook and "Models per app" not in notebook
    assert 'DATA[\\"models\\"]' in notebook  # names in code are not translated


def test_without_a_reader_files_and_reasons_are_english(client, shop):
    export = make(client, shop, "notebook-models")
    text = folder.path_of(export.name).read_text("utf-8")
    assert "## Widest models" in text and "Breiteste" not in text
