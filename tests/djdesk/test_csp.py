"""The header for each ``csp`` value of the table: by Django's middleware, and by ours on Django
5.2.
"""

import dataclasses
from pathlib import Path

import pytest
from django import VERSION

from djdesk.app import Pages, load
from djdesk.overlay.rule import Context
from djdesk.overlay.rules import content_security
from tests.environment import PARITY

ENFORCED, REPORTED = "Content-Security-Policy", "Content-Security-Policy-Report-Only"
STRICT, RELAXED = "script-src 'self'", "script-src 'self' 'unsafe-inline' 'unsafe-eval'"
MIDDLEWARE = [content_security.OURS]
if VERSION >= (6, 0):
    MIDDLEWARE.append(content_security.DJANGO)


@pytest.mark.parametrize("middleware", MIDDLEWARE)
@pytest.mark.parametrize(
    ("csp", "enforced", "reported"),
    [("strict", STRICT, None), ("relaxed", RELAXED, None), ("report", RELAXED, STRICT)],
)
@pytest.mark.django_db
def test_the_headers_of_a_page(client, settings, middleware, csp, enforced, reported):
    django = (5, 2) if middleware == content_security.OURS else (6, 0)
    app = dataclasses.replace(load(PARITY), pages=Pages(csp=csp))
    context = Context(
        app=app, mode="packaged", data_dir=Path("/nowhere"), django=django, launch_id="",
        launched=False, secret_key="x", zone=None,
    )  # fmt: skip
    others = [name for name in settings.MIDDLEWARE if not name.endswith("SecurityPolicyMiddleware")]
    changes = content_security.rule({"MIDDLEWARE": others}, context).changes
    assert middleware in changes["MIDDLEWARE"]
    settings.SECURE_CSP_REPORT_ONLY = {}
    for name, value in changes.items():
        setattr(settings, name, value)
    headers = client.get("/desktop/data/").headers
    for header, scripts in ((ENFORCED, enforced), (REPORTED, reported)):
        if scripts is None:
            assert header not in headers
        else:
            directives = headers[header].split("; ")
            assert "default-src 'none'" in directives
            assert scripts in directives
