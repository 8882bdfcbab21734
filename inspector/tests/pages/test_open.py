"""Opening a folder: what is refused and how, and that opening runs nothing."""

from __future__ import annotations

import html
import shutil
from pathlib import Path

import pytest
from django.urls import reverse

from inspector.models import Project, Scan

pytestmark = pytest.mark.django_db


def post(client, path):
    return client.post(reverse("inspector:open"), {"path": str(path)})


def text(response) -> str:
    return html.unescape(response.content.decode())


def test_nothing_typed(client):
    assert "Enter the path" in text(post(client, "  "))


def test_a_relative_path_is_refused_and_kept(client):
    page = text(post(client, "code/shop"))
    assert "Enter the full path" in page
    assert 'value="code/shop"' in page


def test_a_path_that_is_not_there(client, tmp_path):
    page = text(post(client, tmp_path / "missing"))
    assert "There is nothing at" in page
    assert Project.objects.count() == 0


def test_a_file_names_the_folder_it_lies_in(client, tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("x")
    page = text(post(client, file))
    assert "is a file" in page and str(tmp_path) in page


def test_a_name_that_is_too_long_for_the_disk(client):
    page = text(post(client, "/" + "a" * 3000))
    assert "cannot be read" in page or "There is nothing at" in page


def test_a_null_byte_is_no_path(client):
    assert text(post(client, "/tmp/a\0b")).count("error") > 0
    assert Project.objects.count() == 0


def test_a_folder_without_a_project_says_what_was_looked_for_and_found(client, tmp_path):
    (tmp_path / "index.html").write_text("x")
    page = text(post(client, tmp_path))
    assert "Looked for:" in page and "manage.py" in page
    assert "Found there instead:" in page
    assert f'value="{tmp_path}"' in page
    assert Project.objects.count() == 0 and Scan.objects.count() == 0


def test_a_project_is_opened_static_only(client, project_folder):
    response = post(client, project_folder)
    project = Project.objects.get()
    assert response.url == project.get_absolute_url()
    assert project.path == str(project_folder.resolve())
    scan = project.scans.get()
    assert scan.status == "queued" and scan.trusted is False and scan.task_id
    assert not project.is_trusted


def test_opening_again_goes_to_the_same_project(client, project_folder):
    post(client, project_folder)
    post(client, f"'{project_folder}'")  # as pasted by a terminal
    assert Project.objects.count() == 1 and Scan.objects.count() == 1


def test_the_home_folder_is_expanded(client, project_folder, monkeypatch):
    monkeypatch.setattr(
        Path, "expanduser", lambda self: Path(str(self).replace("~", str(project_folder.parent)))
    )
    post(client, "~/shop")
    assert Project.objects.get().name == "shop"


def test_a_form_without_its_csrf_token_is_refused(client, project_folder):
    client.handler.enforce_csrf_checks = True
    assert post(client, project_folder).status_code == 403
    assert Project.objects.count() == 0


@pytest.mark.parametrize("name", ["scan", "cancel", "distrust", "remove"])
def test_a_get_changes_nothing(client, project, name):
    assert client.get(reverse(f"inspector:{name}", args=[project.pk])).status_code == 405
    assert Project.objects.filter(pk=project.pk).exists()


# A GET request to a form's URL redirects to the form's page.
FORMS = {
    "trust": "overview",
    "repair": "overview",
    "run-command": "commands",
    "mark-command": "commands",
    "export-create": "exports",
}


@pytest.mark.parametrize(("name", "page"), FORMS.items())
def test_the_address_of_a_form_leads_to_its_page(client, project, name, page):
    url = reverse(f"inspector:{name}", args=[project.pk])
    wanted = reverse(f"inspector:{page}", args=[project.pk])
    assert client.get(url).url == wanted
    assert client.put(url).status_code == 405
    assert Scan.objects.count() == 0


def test_a_refused_form_names_the_page_to_come_back_to(client, project):
    url = reverse("inspector:open")
    assert client.get(url).url == "/"
    assert 'data-address="/"' in text(post(client, "/nowhere"))
    assert "data-address" not in text(client.get("/"))
    refused = client.post(reverse("inspector:run-command", args=[project.pk]), {"preset": "x"})
    assert f'data-address="{reverse("inspector:commands", args=[project.pk])}"' in text(refused)


def test_removing_leaves_the_folder(client, project_folder):
    post(client, project_folder)
    project = Project.objects.get()
    client.post(reverse("inspector:remove", args=[project.pk]))
    assert Project.objects.count() == 0
    assert (project_folder / "manage.py").exists()


def test_a_folder_of_two_projects_says_so_and_opens_the_other(client, project_folder):
    (project_folder.parent / ".git").mkdir()
    shutil.copytree(project_folder, project_folder.parent / "back-office")
    post(client, project_folder.parent)
    whole = Project.objects.get()
    page = text(client.get(whole.get_absolute_url()))
    assert "holds another Django project" in page
    assert "Open shop" in page
    assert f'value="{project_folder}"' in page

    other = post(client, project_folder)
    assert Project.objects.get(path=str(project_folder)).get_absolute_url() == other.url
    assert "another Django project" not in text(client.get(other.url))
