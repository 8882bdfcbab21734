"""The documentation site inside the app: its files, and what its pages may run."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

import pytest

from inspector.views import documents

pytestmark = pytest.mark.django_db

SCRIPT = b"document.body.dataset.theme = 'auto'"
FOREIGN = b"alert(1)"


@pytest.fixture
def site(tmp_path, monkeypatch):
    folder = tmp_path / "site"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "index.html").write_bytes(b"<script>" + SCRIPT + b"</script><h1>Docs</h1>")
    (folder / "docs" / "theme.css").write_text("h1 { color: red }")
    (tmp_path / "secret.html").write_text("not of the site")
    monkeypatch.setattr(documents, "INSIDE", folder)
    monkeypatch.setattr(documents, "IN_CHECKOUT", tmp_path / "none")
    return folder


def test_the_first_page_is_found_and_may_run_its_own_scripts_alone(client, site):
    page = client.get("/documents/", follow=True)
    assert page.request["PATH_INFO"] == "/documents/docs/index.html"
    assert b"<h1>Docs</h1>" in page.content
    policy = page["Content-Security-Policy"]
    digest = f"'sha256-{b64encode(sha256(SCRIPT).digest()).decode()}'"
    assert f"script-src 'self' {digest};" in policy
    assert b64encode(sha256(FOREIGN).digest()).decode() not in policy
    assert "default-src 'none'" in policy
    assert page["X-Frame-Options"] == "DENY"


def test_files_beside_the_pages_are_served_under_the_policy_of_the_app(client, site):
    styles = client.get("/documents/docs/theme.css")
    assert styles["Content-Type"] == "text/css"
    assert b"".join(styles.streaming_content) == b"h1 { color: red }"
    assert "sha256" not in styles["Content-Security-Policy"]


@pytest.mark.parametrize(
    "path", ["docs/gone.html", "docs/", "../secret.html", "docs/../../secret.html", "/etc/hostname"]
)
def test_nothing_else_is_found(client, site, path):
    assert client.get(f"/documents/{path}").status_code in {400, 404}


def test_a_checkout_without_them_says_how_to_make_them(client, tmp_path, monkeypatch):
    monkeypatch.setattr(documents, "INSIDE", tmp_path / "none")
    monkeypatch.setattr(documents, "IN_CHECKOUT", tmp_path / "none")
    page = client.get("/documents/")
    assert page.status_code == 404
    assert "npm run docs" in page.content.decode()
