# ruff: noqa: E501 - source texts of projects stand in long lines
"""Findings about routes, templates and variables that were wrong on other people's projects, each with a
similar one that is right.
"""

import pytest
from projects import found_ids, make, scan, static
from test_believable import DIRS


@pytest.mark.parametrize(("module", "told"), [("catalog", False), ("shop", True)])
def test_a_namespace_that_a_condition_leaves_out_is_linked_under_it(tmp_path, module, told):
    included = "from elsewhere import router\nurlpatterns = router.urls\n"
    root = "from django.conf import settings\nfrom django.urls import include, path\nurlpatterns = [path('', include(('shop.own', 'shop')))]\nif settings.NEWER:\n    urlpatterns += [path('v2/', include(('catalog.urls', 'catalog')))]\n"
    own = "from django.urls import path\nfrom catalog.views import home\nurlpatterns = [path('', home, name='home')]\n"
    views = "from django.urls import reverse\ndef home(request):\n    return reverse('%s:list')\n"
    make(
        tmp_path,
        {
            "catalog/urls.py": included,
            "catalog/views.py": views % module,
            "elsewhere.py": "class router:\n    urls = []\n",
            "shop/own.py": own,
            "shop/urls.py": root,
        },
        settings="NEWER = False\n",
    )
    assert ("urls.unresolvable" in found_ids(scan(tmp_path, trust=True))) is told


@pytest.mark.parametrize(
    ("name", "told"), [("{0}/templates/{1}.html", False), ("{0}/{1}.text", True)]
)
def test_templates_whose_names_are_filled_in(tmp_path, name, told):
    code = f"def find(one):\n    return '{name}'.format(one, one)\n"
    make(tmp_path, {"catalog/find.py": code, "catalog/templates/book.html": "x"}, settings=DIRS)
    assert bool(static(tmp_path, "templates")["unused"]) is told


@pytest.mark.parametrize(("check", "named"), [("NAME.isupper()", True), ("False", False)])
def test_a_value_that_the_scan_made_up_is_not_accepted(tmp_path, check, named):
    text = f"import os\nNAME = os.environ['GUILD']\nif not {check}:\n    raise ValueError('bad: ' + {'NAME' if named else repr('it')})\n"
    make(tmp_path, settings=text)
    row = found_ids(scan(tmp_path, trust=True))["runtime.not-loaded"]
    assert ("made up" in row["text"] and "GUILD" in row["text"]) is named


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("if 'HOSTS' in env:\n    ALLOWED_HOSTS = env['HOSTS'].split(',')\n", False),
        ("ALLOWED_HOSTS = []\n", True),
    ],
)
def test_hosts_of_a_copied_environment_are_not_missing(tmp_path, line, told):
    text = "import os\nfrom .settings import *\nDEBUG = False\nenv = os.environ.copy()\n"
    make(tmp_path, {"shop/production.py": text + line})
    row = found_ids(scan(tmp_path, trust=True))["checks.deploy:shop.production"]
    assert any("W020" in one["text"] for one in row["facts"]) is told
