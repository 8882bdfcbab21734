"""Exports that fail: cancelled, interrupted, out of disk space, or through a bug."""

from __future__ import annotations

import errno
import os

import pytest
from django.urls import reverse

from djdesk.desktop import worker
from inspector import tasks
from inspector.lab import files
from inspector.models import Export

from . import data
from .exporting import get, make, page, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("exports")]


def test_one_that_waits_is_cancelled_at_once(client, shop):
    post(client, shop, "report")
    export = Export.objects.get()
    client.post(reverse("inspector:export-cancel", args=[shop.pk, export.pk]))
    export.refresh_from_db()
    assert export.status == "cancelled" and tasks.run_export.call(export.pk) == "skipped"


def test_one_that_runs_is_cancelled_and_leaves_nothing(client, shop, exports, monkeypatch):
    post(client, shop, "tables")
    export = Export.objects.get()
    write = files.KINDS["tables"].write

    def cancel_meanwhile(snapshot, old, out, step):
        def asked(what):
            if what == "urls":
                Export.objects.get(pk=export.pk).cancel()
            step(what)

        write(snapshot, old, out, asked)

    kind = files.Kind("tables", ".zip", cancel_meanwhile, 9)
    monkeypatch.setitem(files.KINDS, "tables", kind)
    tasks.run_export.call(export.pk)
    export.refresh_from_db()
    assert export.status == "cancelled" and list(exports.iterdir()) == []
    assert "There is no file" in get(client, "export", export).content.decode()


def test_the_end_of_the_app_is_no_end_of_the_users(client, shop, exports, monkeypatch):
    monkeypatch.setattr(worker.stopping, "is_set", lambda: True)
    export = make(client, shop, "report")
    assert export.status == "interrupted" and "app was closed or restarted" in export.reason
    assert list(exports.iterdir()) == []


@pytest.mark.parametrize(
    "number, said", [(errno.ENOSPC, "no space left"), (errno.EROFS, "is not writable")]
)
def test_a_disk_that_does_not_take_it_is_named(client, shop, exports, monkeypatch, number, said):
    def refuse(snapshot, old, out, step):
        out.write(b"half")
        raise OSError(number, os.strerror(number))

    monkeypatch.setitem(files.KINDS, "report", files.Kind("report", ".html", refuse))
    export = make(client, shop, "report")
    assert export.status == "failed" and said in export.reason and str(exports) in export.reason
    assert list(exports.iterdir()) == []
    assert said in page(client, shop).content.decode()


def test_the_earlier_scan_may_be_forgotten_while_it_waits(client, scanned, exports):
    shop = scanned(models=data.models(data.model("shop.Old")))
    old = shop.scans.get()
    scanned(models=data.models())
    post(client, shop, "notebook-changes")
    old.delete()
    export = Export.objects.get()
    tasks.run_export.call(export.pk)
    export.refresh_from_db()
    assert export.status == "failed" and "no earlier scan" in export.reason
    assert list(exports.iterdir()) == []


def test_a_fault_of_ours_ends_it_too(client, shop, exports, monkeypatch):
    def fail(snapshot, old, out, step):
        raise KeyError("fields")

    monkeypatch.setitem(files.KINDS, "report", files.Kind("report", ".html", fail))
    export = make(client, shop, "report")
    assert export.status == "failed" and "unexpected error" in export.reason
    assert list(exports.iterdir()) == []


def test_a_worker_that_died_leaves_nothing_in_the_making(shop, exports):
    class Result:
        id = "abc"

    from inspector.exports.task import interrupted

    export = Export.objects.create(
        project=shop, kind="dot", name="shop-dot.dot", status="running", task_id="abc"
    )
    (exports / ".shop-dot.dot.1234.part").write_text("half")
    interrupted(None, Result)
    export.refresh_from_db()
    assert export.status == "interrupted" and list(exports.iterdir()) == []
