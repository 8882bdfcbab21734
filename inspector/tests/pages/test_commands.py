"""Commands: what is refused, what is started, and what is stored."""

from __future__ import annotations

import pytest
from django.urls import reverse

from inspector import stopping, tasks
from inspector.commands import execute, task
from inspector.commands.execute import hide
from inspector.commands.presets import PRESETS, Refused, own_preset
from inspector.models import Command, Preferences
from tests.long import LONG

from .later import for_good
from .running import post, run

pytestmark = pytest.mark.django_db
HOSTILE = ["--settings=x", "-h", "a b", "a;b", "$(id)", "../x", "a\nb", "é", "x" * 300, "--output"]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("key", [k for k, p in PRESETS.items() if p.params])
def test_no_parameter_can_be_an_option_or_anything_but_a_name(key, value):
    preset = PRESETS[key]
    values = {p.name: p.example for p in preset.params if p.required}
    with pytest.raises(Refused):
        preset.arguments(values | {preset.params[0].name: value})


def test_arguments_that_a_preset_does_not_have_are_refused(client, trusted):
    response = post(client, trusted, "check", **{"arg-settings": "x"})
    assert response.status_code == 400 and b"has no argument" in response.content
    assert not Command.objects.exists()


@pytest.mark.parametrize("key", ["shell", "migrate", "flush", "", "own:work", "own:--help"])
def test_what_is_not_on_the_list_is_refused(client, trusted, key):
    assert post(client, trusted, key).status_code == 400
    assert not Command.objects.exists()


def test_trust_is_needed_to_ask_and_to_run(client, trusted):
    post(client, trusted, "check")
    trusted.distrust()
    trusted.save()
    assert post(client, trusted, "check").status_code == 400
    command = Command.objects.get()
    # All tests share a data folder and number their commands from 1.
    command.output.unlink(missing_ok=True)
    tasks.run_command.call(command.pk)
    command.refresh_from_db()
    assert command.status == "failed" and "not trusted" in command.reason
    assert not command.output.exists()


def test_the_contract_has_to_be_confirmed(client, trusted):
    url = reverse("inspector:run-command", args=[trusted.pk])
    assert client.post(url, {"preset": "check"}).status_code == 400
    assert not Command.objects.exists()


def test_running_and_stopping_are_posts(client, trusted):
    command = Command.objects.create(project=trusted, preset="check", title="Check")
    url = reverse("inspector:stop-command", args=[trusted.pk, command.pk])
    assert client.get(url).status_code == 405
    for name in ("run-command", "mark-command"):
        client.get(
            reverse(f"inspector:{name}", args=[trusted.pk]), {"preset": "check", "confirmed": 1}
        )
    assert Command.objects.get() == command


def test_a_command_of_the_project_is_marked_first(client, own):
    project = own("print('x')")
    project.safe_commands = []
    project.save()
    assert b"not marked as safe" in post(client, project, "own:work").content
    url = reverse("inspector:mark-command", args=[project.pk])
    assert client.post(url, {"name": "flush", "safe": "1"}).status_code == 400
    client.post(url, {"name": "work", "safe": "1"})
    project.refresh_from_db()
    assert project.safe_commands == ["work"]
    client.post(url, {"name": "work"})
    project.refresh_from_db()
    assert project.safe_commands == []


def test_check_runs_in_the_project(client, trusted):
    command = run(client, trusted, "check")
    assert command.status == "done" and command.exit_code == 0, command.output.read_text()
    assert "System check identified no issues" in command.output.read_text()
    page = client.get(command.get_absolute_url()).content.decode()
    assert "exit code 0" in page and "Run again" in page


def test_a_failure_keeps_its_exit_code_and_what_it_said(client, own):
    project = own("print('out'); print('err', file=sys.stderr); raise SystemExit(7)")
    command = run(client, project, "own:work")
    assert (command.status, command.exit_code) == ("failed", 7)
    assert command.output.read_text().splitlines()[:2] == ["out", "err"]


def test_output_arrives_in_pieces_and_the_end_is_told(client, own):
    command = run(client, own("[print(n) for n in range(1000)]"), "own:work")
    url = reverse("inspector:command-output", args=[command.project_id, command.pk])
    whole = client.get(url)
    assert whole["X-Active"] == "0" and whole.content.startswith(b"0\n1\n")
    assert client.get(url, {"from": 4}).content == whole.content[4:]
    assert client.get(url, {"from": 10**9}).content == b""
    for bad in ("-1", "x", "²", "9" * 20):
        assert client.get(url, {"from": bad}).status_code == 404


@pytest.mark.parametrize(
    ("body", "reason"),
    [("input('Really? ')", "The command asked for input,"), ("raise ValueError", "")],
)
def test_one_that_asks_for_input_says_so(client, own, body, reason):
    command = run(client, own(body), "own:work")
    assert command.status == Command.Status.FAILED
    assert command.reason.startswith(reason) and bool(command.reason) == bool(reason)


@LONG
def test_a_secret_in_a_line_that_grows_does_not_reach_the_disk(client, own):
    parts = ["postgres://me:", "hun", "ter2", "@db/x\n", "API_", "KEY", "=", "abc", "def\n"]
    body = f"[(print(part, end='', flush=True), time.sleep(0.2)) for part in {parts}]"
    command = run(client, own(body), "own:work")
    text = command.output.read_text()
    assert "db/x" in text and "API_KEY=" in text
    assert not any(word in text for word in ("hun", "ter2", "abc", "def"))


def test_it_is_stopped(client, own, monkeypatch):
    project = own("print('begun', flush=True); time.sleep(60)")
    post(client, project, "own:work")
    command = project.commands.get()
    asked = stopping.Stop.__call__

    def stop_when_seen(self):
        """The user presses Stop as soon as there is output."""
        if command.output.exists() and b"begun" in command.output.read_bytes():
            Command.objects.get(pk=command.pk).stop()
        return asked(self)

    monkeypatch.setattr(stopping.Stop, "__call__", stop_when_seen)
    tasks.run_command.call(command.pk)
    command.refresh_from_db()
    assert command.status == "stopped" and command.exit_code is None


def test_one_that_waits_is_stopped_at_once(client, trusted):
    post(client, trusted, "check")
    command = Command.objects.get()
    client.post(reverse("inspector:stop-command", args=[trusted.pk, command.pk]))
    command.refresh_from_db()
    assert command.status == "stopped"
    assert tasks.run_command.call(command.pk) == "skipped"


def test_the_time_limit_of_the_environment_holds(client, own, monkeypatch):
    monkeypatch.setenv("DJDESK_INSPECTOR_TASK_TIMEOUT", "1.5")
    command = run(client, own("time.sleep(60)"), "own:work")
    assert command.status == "time" and "after 2 seconds" in command.reason


@pytest.mark.parametrize("value", ["", "x", "-5", "0", "nan", "1e99"])
def test_a_time_limit_that_is_none_is_ignored(monkeypatch, value):
    monkeypatch.setenv("DJDESK_INSPECTOR_TASK_TIMEOUT", value)
    assert PRESETS["check"].time_limit() == 600


def test_a_chosen_time_limit_holds_for_its_preset_and_the_environment_wins(client, monkeypatch):
    url = reverse("inspector:preferences")
    given = {"limit-check": "45", "limit-own": "20"}
    assert client.post(reverse("inspector:keep-limits"), given).status_code == 302
    chosen = Preferences.load().time_limits
    assert chosen == {"check": 45, "own": 20}
    assert PRESETS["check"].time_limit(chosen) == 45
    assert PRESETS["diffsettings"].time_limit(chosen) == 600
    assert (
        own_preset("work", ["work"], [{"name": "work", "origin": "project"}]).time_limit(chosen)
        == 20
    )
    monkeypatch.setenv("DJDESK_INSPECTOR_TASK_TIMEOUT", "90")
    assert PRESETS["check"].time_limit(chosen) == 90
    assert "DJDESK_INSPECTOR_TASK_TIMEOUT is set to 90" in client.get(url).content.decode()


@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "99999999"])
def test_a_time_limit_that_makes_no_sense_is_refused(client, value):
    response = client.post(reverse("inspector:keep-limits"), {"limit-check": value})
    assert response.status_code == 200 and 'id="error-limit-check"' in response.content.decode()
    assert Preferences.load().time_limits == {}


def test_output_is_capped_on_disk_and_the_command_goes_on(client, own, monkeypatch):
    monkeypatch.setattr(execute, "OUTPUT_LIMIT", 5000)
    command = run(client, own("[print('x' * 99) for n in range(500)]"), "own:work")
    assert command.status == "done" and command.truncated
    assert command.size == command.output.stat().st_size <= 5000


@LONG
def test_200_000_lines_are_kept(client, own):
    body = "sys.stdout.write(''.join(f'line {n} of the output\\n' for n in range(200_000)))"
    command = run(client, own(body), "own:work")
    assert command.status == "done" and not command.truncated
    with command.output.open() as file:
        assert sum(1 for _ in file) >= 200_000


def test_secrets_do_not_reach_the_disk(client, own):
    body = "print('SECRET_KEY = abcdef'); print('postgres://ada:horse@db/x')"
    command = run(client, own(body), "own:work")
    text = command.output.read_text()
    assert "abcdef" not in text and "horse" not in text and "SECRET_KEY = ••" in text


def test_hiding_leaves_ordinary_lines_alone():
    for line in ("System check identified no issues", "DEBUG = True", "\x1b[32mOK\x1b[0m", ""):
        assert hide(line) == line
    assert hide("API_TOKEN: 'x'") == "API_TOKEN: ••••••"


def test_the_environment_of_the_app_does_not_reach_it(client, own, monkeypatch):
    monkeypatch.setenv("DJDESK_DATA_DIR", "/ours")
    command = run(client, own("print(sorted(os.environ))"), "own:work")
    assert "DJDESK" not in command.output.read_text()


def test_dumpdata_writes_into_the_exports_folder(client, trusted, project_folder, settings):
    before = sorted(project_folder.rglob("*"))
    source = project_folder / "config" / "settings.py"
    source.write_text(
        source.read_text()
        + 'DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}\n'
    )
    command = run(client, trusted, "dumpdata")
    assert command.status == "done", command.output.read_text()
    (made,) = (settings.DATA_DIR / "exports").glob("shop-*.json")
    assert sorted(project_folder.rglob("*")) == before
    assert made.name in client.get(command.get_absolute_url()).content.decode()
    listed = trusted.exports.get()
    assert (listed.name, listed.kind, listed.size) == (made.name, "data", made.stat().st_size)
    assert listed.is_there and "Data written by a command" in listed.title
    shown = reverse("inspector:export-content", args=[trusted.pk, listed.pk])
    assert client.get(shown).status_code == 200
    made.unlink()


@pytest.mark.parametrize("key", sorted(PRESETS))
@pytest.mark.parametrize("option", ["--settings", "--pythonpath", "--output", "--fixture"])
def test_options_that_load_code_or_write_elsewhere_are_refused(client, trusted, key, option):
    name = option.lstrip("-")
    given = {f"arg-{name}": "x", **{f"arg-{p.name}": f"{option}=x" for p in PRESETS[key].params}}
    response = post(client, trusted, key, **given)
    assert response.status_code == 400 and b"Nothing was run" in response.content
    assert not Command.objects.exists()


def test_running_again_takes_the_same_arguments(client, trusted):
    command = Command.objects.create(
        project=trusted, preset="check", title="Check", status="done", values={"app": "config"}
    )
    page = client.get(command.get_absolute_url()).content.decode()
    assert 'name="arg-app" value="config"' in page and "Run again" in page
    url = reverse("inspector:commands", args=[trusted.pk])
    assert f'id="cmd-{command.pk}"' in client.get(url).content.decode()


def test_a_worker_that_died_leaves_no_running_command(trusted):
    class Result:
        id = "abc"

    command = Command.objects.create(
        project=trusted, preset="check", title="Check", status="running", task_id="abc"
    )
    task.interrupted(None, Result())
    command.refresh_from_db()
    assert command.status == "interrupted" and command.finished


@LONG
def test_old_runs_and_their_output_go(client, trusted, monkeypatch):
    from inspector.models import command as module

    monkeypatch.setattr(module, "KEPT", 1)
    first = run(client, trusted, "check")
    run(client, trusted, "check")
    run(client, trusted, "check")
    assert not first.output.exists() and not Command.objects.filter(pk=first.pk).exists()


def test_a_long_history_says_how_much_of_it_is_shown(client, trusted):
    for _ in range(52):
        Command.objects.create(project=trusted, preset="check", title="Check")
    url = reverse("inspector:commands", args=[trusted.pk])
    page = client.get(url).content.decode()
    assert page.count('id="cmd-') == 50
    assert "The newest 50 of 52." in page
    page = client.get(url, {"history": "all"}).content.decode()
    assert page.count('id="cmd-') == 52
    assert "The newest" not in page


def test_removing_the_project_removes_the_output(client, trusted):
    command = run(client, trusted, "check")
    assert command.output.exists()
    client.post(reverse("inspector:remove", args=[trusted.pk]))
    for_good()
    assert not command.output.exists() and not Command.objects.exists()


def test_pages_before_trust_and_with_hostile_names(client, trusted):
    evil = "<script>alert(1)</script>"
    Command.objects.create(
        project=trusted, preset="x", title=evil, arguments=[evil], reason=evil, status="failed"
    )
    url = reverse("inspector:commands", args=[trusted.pk])
    for address in (url, Command.objects.get().get_absolute_url()):
        assert evil not in client.get(address).content.decode()
    trusted.distrust()
    trusted.save()
    assert "Commands need a trusted folder" in client.get(url).content.decode()
