"""The job pages: list, detail, comparison; stop, run again, resume, delete."""

from __future__ import annotations

import mimetypes
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ..jobs import compare as comparing
from ..jobs import job_details, places, rows
from ..jobs.models import Job, State
from ..live import event_stream

OVER_SHOWN = 100  # ended jobs in the list; older ones are not listed but kept until deleted


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    jobs = job_details.listed(settings.DATA_DIR, OVER_SHOWN)
    return render(
        request,
        "desktop/jobs.html",
        {
            "open": [job for job in jobs if not job.job.is_over],
            "over": [job for job in jobs if job.job.is_over],
        },
    )


@require_safe
def detail(request: HttpRequest, key: UUID) -> HttpResponse:
    return render(request, "desktop/job.html", {"job": _job(key)})


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """``?run=KEY&run=KEY``."""
    try:
        keys = [UUID(key) for key in request.GET.getlist("run")]
    except ValueError:
        raise Http404 from None
    if len(keys) != 2:
        messages.info(request, _("Choose two jobs to compare."))
        return redirect("desktop-jobs")
    first, second = sorted((_job(key) for key in keys), key=lambda run: run.job.added)
    parts = comparing.compared(first, second)
    return render(
        request, "desktop/jobs_compare.html", {"first": first, "second": second, "parts": parts}
    )


@require_safe
def result(request: HttpRequest, key: UUID, name: str) -> HttpResponseBase:
    """Download a result file: it is never shown as a page of the app."""
    try:
        path = places.file_of(_job(key).folder, name)
        stream = path.open("rb") if path.is_file() else None
    except (OSError, ValueError):
        stream = None
    if stream is None:
        raise Http404
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return FileResponse(
        stream,
        as_attachment=True,
        filename=path.name,
        content_type=kind,
        headers={"X-Content-Type-Options": "nosniff"},
    )


@require_POST
def stop(request: HttpRequest, key: UUID) -> HttpResponse:
    """Record the request: the worker acts on it, at once or when one is running again."""
    Job.objects.filter(pk=key, state__in=[State.WAITING, State.RUNNING]).update(stop_wanted=True)
    return _back(request, _job(key))


@require_POST
def again(request: HttpRequest, key: UUID) -> HttpResponse:
    """A new job with the same arguments."""
    job = _job(key)
    if job.needs is None:
        messages.error(request, _("This version of the app no longer has this job."))
        return _back(request, job)
    given = job.row.args_kwargs
    queued = job.row.task.enqueue(*given["args"], **given["kwargs"])
    return redirect("desktop-job", queued.id)


@require_POST
def go_on(request: HttpRequest, key: UUID) -> HttpResponse:
    """Resume the same job from its last checkpoint."""
    job = _job(key)
    if not job.can_go_on:
        messages.error(request, _("This job cannot be resumed: it has no checkpoint."))
    else:
        rows.go_on(job.key)
    return _back(request, job)


@require_POST
def delete(request: HttpRequest, key: UUID) -> HttpResponse:
    job = _job(key)
    if not job.job.is_over:
        messages.error(request, _("Stop the job first."))
        return _back(request, job)
    places.delete(settings.DATA_DIR, job.key)
    job.job.delete()
    messages.success(request, _("Deleted %s") % job.title)
    return redirect("desktop-jobs")


@require_safe
def changes(request: HttpRequest) -> HttpResponseBase:
    """An event stream: progress of unfinished jobs, and jobs that ended recently."""

    def news(before: Any) -> tuple[Any, list[tuple[str, Any]]]:
        jobs = job_details.listed(settings.DATA_DIR, 20)
        now = [job.news() for job in jobs]
        return now, [("jobs", now)] if now != before else []

    return event_stream(request, news)


def _job(key: UUID) -> job_details.JobDetails:
    try:
        return job_details.one(settings.DATA_DIR, key)
    except Job.DoesNotExist:
        raise Http404 from None


def _back(request: HttpRequest, job: job_details.JobDetails) -> HttpResponse:
    """To the page that the form was on."""
    if request.POST.get("next") == "list":
        return redirect("desktop-jobs")
    return redirect("desktop-job", job.key)
