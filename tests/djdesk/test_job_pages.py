"""The pages of jobs: what users see and do there."""

import contextlib
import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from django_tasks_db.models import DBTaskResult

from djdesk.desktop.jobs import checkpoints, places
from djdesk.desktop.jobs.job_details import duration, flat
from djdesk.desktop.jobs.models import Job
from djdesk.messages import say
from tests.djdesk.taskapp import heavy

pytestmark = pytest.mark.django_db


@pytest.fixture
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def queued(task=heavy.count, *args, **fields):
    row = task.enqueue(*args)
    job = Job.objects.get(pk=row.id)
    status = {"running": "RUNNING", "done": "SUCCESSFUL", "failed": "FAILED", "stopped": "FAILED"}
    for name, value in fields.items():
        setattr(job, name, value)
    if job.is_over and not job.ended:
        job.ended = timezone.now()
    job.save()
    if job.state != "waiting":
        DBTaskResult.objects.filter(pk=row.id).update(status=status[job.state])
    return job


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def post(client, name, *args):
    return client.post(reverse(name, args=args), follow=True)


def test_a_heavy_task_has_a_row_and_a_page_as_soon_as_it_is_queued(client, data_dir):
    assert "There are no jobs yet" in page(client, "desktop-jobs")
    job = queued(heavy.count, 5, "/tmp/mark")
    html = page(client, "desktop-jobs")
    assert "Counting" in html and "to 5, mark /tmp/mark" in html
    assert reverse("desktop-job", args=[job.pk]) in html
    # The runtime's pages link here once there are jobs.
    assert reverse("desktop-jobs") in page(client, "desktop-data")


def test_the_stream_of_jobs_begins_with_those_that_are_there(client, data_dir):
    job = queued(heavy.count, 5, "/tmp/mark", state="running")
    response = client.get(reverse("desktop-jobs-changes"))
    assert response["Content-Type"].startswith("text/event-stream")
    with contextlib.closing(response):
        begun = (chunk.decode() for chunk in response.streaming_content)
        event = next(chunk for chunk in begun if chunk.startswith("event: "))
    name, _, rest = event.partition("\n")
    assert name == "event: jobs"
    (news,) = json.loads(rest.removeprefix("data: "))
    assert str(job.pk) in json.dumps(news)


def test_a_plain_task_is_no_job():
    from tests.djdesk.taskapp.tasks import write

    write.enqueue("/tmp/x", "y")
    assert not Job.objects.exists()


def test_progress_is_shown_and_an_estimate_only_where_there_is_one(client, data_dir):
    job = queued(heavy.count, 9, "m", state="running", done=3, total=12, text="step 3", left=300)
    html = page(client, "desktop-job", job.pk)
    assert 'value="25"' in html and "step 3" in html and "about 5 min left" in html
    Job.objects.update(left=None, total=None)
    html = page(client, "desktop-job", job.pk)
    assert '<span data-part="left"></span>' in html
    assert '<progress max="100" aria' in html


def test_the_page_of_a_job_that_failed(client, data_dir):
    job = queued(heavy.wrong, "<b>it</b>", state="failed", reason="LookupError: no <b>it</b>")
    DBTaskResult.objects.update(
        exception_class_path="builtins.LookupError", traceback="Traceback: in wrong"
    )
    (places.make(data_dir, job.pk) / places.LOG).write_text("first line\nlast <line>\n")
    html = page(client, "desktop-job", job.pk)
    assert "<b>it</b>" not in html
    assert "no &lt;b&gt;it&lt;/b&gt;" in html
    assert "Traceback: in wrong" in html
    assert "last &lt;line&gt;" in html
    assert "Resume from the last checkpoint" not in html


def test_the_pages_speak_german(client, data_dir):
    queued(heavy.count, 9, "m", reason=say("It is waiting for a free processor core."))
    reason = say("It needed more memory than its limit of {limit}.", limit="200 MiB")
    queued(heavy.hog, state="failed", worked=3700, reason=reason)
    html = client.get(reverse("desktop-jobs"), headers={"accept-language": "de"}).content.decode()
    assert "Er wartet auf einen freien Prozessorkern." in html
    assert "Er brauchte mehr Arbeitsspeicher als seine Grenze von 200 MiB" in html
    assert "Anhalten" in html and "wartet" in html and "1 h 1 min" in html


def test_stopping_is_a_wish_that_the_worker_follows(client, data_dir):
    job = queued(heavy.count, 9, "m", state="running")
    answer = post(client, "desktop-job-stop", job.pk)
    job.refresh_from_db()
    assert job.stop_wanted and job.state == "running"
    assert "stopping" in answer.content.decode()
    assert reverse("desktop-job-stop", args=[job.pk]) not in answer.content.decode()


def test_one_that_is_over_cannot_be_stopped(client, data_dir):
    job = queued(heavy.count, 9, "m", state="done")
    post(client, "desktop-job-stop", job.pk)
    job.refresh_from_db()
    assert not job.stop_wanted


def test_run_again_is_a_new_job_with_the_same_arguments(client, data_dir):
    job = queued(heavy.count, 9, "m", state="done")
    answer = post(client, "desktop-job-again", job.pk)
    new = Job.objects.exclude(pk=job.pk).get()
    assert answer.redirect_chain[-1][0] == reverse("desktop-job", args=[new.pk])
    assert DBTaskResult.objects.get(pk=new.pk).args_kwargs["args"] == [9, "m"]
    job.refresh_from_db()
    assert job.state == "done"


def test_going_on_needs_a_checkpoint(client, data_dir):
    job = queued(heavy.count, 9, "m", state="stopped", tries=2)
    answer = post(client, "desktop-job-go-on", job.pk)
    assert "it has no checkpoint" in answer.content.decode()
    checkpoints.write(places.make(data_dir, job.pk), (3, 14))
    post(client, "desktop-job-go-on", job.pk)
    job.refresh_from_db()
    assert (job.state, job.tries, job.ended) == ("waiting", 0, None)
    assert DBTaskResult.objects.get(pk=job.pk).status == "READY"


def test_a_job_of_a_task_that_is_gone_is_shown_and_not_run_again(client, data_dir):
    job = queued(heavy.count, 9, "m", state="failed")
    DBTaskResult.objects.update(task_path="tests.djdesk.taskapp.heavy.gone")
    html = page(client, "desktop-job", job.pk)
    assert "Counting" in html and "Run again" not in html
    assert "no longer has this job" in post(client, "desktop-job-again", job.pk).content.decode()
    DBTaskResult.objects.all().delete()
    assert "Counting" in page(client, "desktop-jobs")
    assert "Counting" in page(client, "desktop-job", job.pk)


def test_deleting_takes_the_files_along_but_not_under_a_running_job(client, data_dir):
    job = queued(heavy.count, 9, "m", state="running")
    place = places.make(data_dir, job.pk)
    assert "Stop the job first" in post(client, "desktop-job-delete", job.pk).content.decode()
    assert place.is_dir()
    Job.objects.update(state="done", ended=timezone.now())
    post(client, "desktop-job-delete", job.pk)
    assert not place.exists() and not Job.objects.exists()


def test_a_result_is_saved_and_never_shown_as_a_page(client, data_dir):
    job = queued(heavy.count, 9, "m", state="done")
    place = places.make(data_dir, job.pk)
    (place / "files" / "a.html").write_text("<script>x</script>")
    (data_dir / "secret").write_text("s")
    answer = client.get(reverse("desktop-job-file", args=[job.pk, "a.html"]))
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    for name in ("../log.txt", "../../../secret", "missing.txt", "."):
        answer = client.get(f"/desktop/jobs/{job.pk}/files/{name}")
        assert answer.status_code == 404, name


def test_two_runs_side_by_side(client, data_dir):
    runs = []
    for to, total, text in ((10, 385, "a"), (20, 2870, "b")):
        value = {"total": total, "deep": {"unit": "t"}}
        job = queued(heavy.count, to, "same", state="done", worked=to)
        DBTaskResult.objects.filter(pk=job.pk).update(return_value=value)
        files = places.make(data_dir, job.pk) / "files"
        (files / "sum.txt").write_text(text)
        (files / "same.txt").write_text("same")
        runs.append(job)
    html = page(client, "desktop-jobs-compare", run=[runs[1].pk, runs[0].pk])
    assert html.index("385") < html.index("2870"), "the earlier one comes first"
    assert "+2,485 (+645.5%)" in html or "+2485 (+645.5%)" in html
    lines = {row.split("</th>")[0].rpartition(">")[2]: row for row in html.split("<tr")[1:]}
    assert "differs" in lines["to"] and "the same" in lines["mark"]
    assert "the same" in lines["deep.unit"]
    assert "differs" in lines["sum.txt"] and "the same" in lines["same.txt"]


@pytest.mark.parametrize("runs", [[], ["0" * 32], ["0" * 32] * 3])
def test_other_than_two_runs_are_asked_for(client, data_dir, runs):
    answer = client.get(reverse("desktop-jobs-compare"), {"run": runs}, follow=True)
    assert "Choose two jobs to compare" in answer.content.decode()


def test_what_is_no_job_is_not_found(client, data_dir):
    nobody = "0" * 8 + "-0000-4000-8000-" + "0" * 12
    for name in ("desktop-job",):
        assert client.get(reverse(name, args=[nobody])).status_code == 404
    for name in ("stop", "again", "go-on", "delete"):
        assert client.post(reverse(f"desktop-job-{name}", args=[nobody])).status_code == 404
    assert client.get(reverse("desktop-jobs-compare"), {"run": ["x", "y"]}).status_code == 404


def test_a_stranger_sees_nothing(client_without_token, data_dir):
    job = queued(heavy.count, 9, "m")
    for name, args in (("desktop-jobs", []), ("desktop-job", [job.pk])):
        assert client_without_token.get(reverse(name, args=args)).status_code == 403


def test_durations_and_results_as_people_read_them():
    assert [duration(s) for s in (0, 12.4, 60, 200, 3600, 7500)] == [
        "0 s", "12 s", "1 min", "3 min 20 s", "1 h", "2 h 5 min",
    ]  # fmt: skip
    assert [duration(s, rough=True) for s in (1, 12, 58, 200, 7512)] == [
        "5 s", "10 s", "1 min", "3 min", "2 h 5 min",
    ]  # fmt: skip
    assert flat({"a": {"b": 1}, "c": [1]}) == {"a.b": 1, "c": [1]}
    with override("en"):
        assert flat(3) == {"result": 3}
    assert flat(None) == {}
    assert flat({"a": None}) == {"a": None}


def test_the_list_puts_what_runs_first_and_the_latest_end_above(client, data_dir):
    now = timezone.now()
    old = queued(heavy.count, 1, "m", state="done", ended=now - timedelta(hours=2))
    new = queued(heavy.count, 2, "m", state="failed", ended=now)
    waiting = queued(heavy.count, 3, "m")
    running = queued(heavy.count, 4, "m", state="running")
    html = page(client, "desktop-jobs")
    at = [html.index(str(job.pk)) for job in (running, waiting, new, old)]
    assert at == sorted(at)


def test_what_a_page_is_told_is_json(client, data_dir):
    from djdesk.desktop.jobs import job_details

    queued(heavy.count, 9, "m", state="running", done=1, total=2)
    (job,) = job_details.listed(data_dir, 5)
    assert json.loads(json.dumps(job.news()))["percent"] == 50
