# ruff: noqa: E501 - source texts of projects stand in long lines
"""Lessons from templates of real projects: each case with a similar one."""

import pytest
from projects import found_ids, make, scan

VIEWS = "from django.shortcuts import render\n\n\ndef home(request):\n    return render(request, 'home.html')\n"
URLS = "from django.urls import path\nfrom catalog.views import home\nurlpatterns = [path('', home, name='home')]\n"
ENGINE = "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'APP_DIRS': True}]\n"
PACKAGES = (
    "import sys\nsys.path.insert(0, str(BASE_DIR / 'site-packages'))\nINSTALLED_APPS += ['lib']\n"
)


def found(root, templates, files=None, settings="", *, trust=False):
    """The findings about an app with these templates and one view, which renders home.html."""
    all_ = {f"catalog/templates/{name}": text for name, text in templates.items()}
    all_ |= {"catalog/__init__.py": "", "catalog/views.py": VIEWS, "shop/urls.py": URLS}
    return found_ids(
        scan(make(root, all_ | (files or {}), settings=settings + ENGINE), trust=trust)
    )


@pytest.mark.parametrize(
    ("tag", "told"),
    [("{% show_menu 0 1 'menu/inner.html' %}", False), ("{# menu/inner.html #}", True)],
)
def test_a_template_that_a_tag_is_given_is_used(tmp_path, tag, told):
    """Like django CMS's menu tags."""
    rows = found(tmp_path, {"menu/inner.html": "x", "home.html": tag})
    assert ("templates.unused" in rows) is told


@pytest.mark.parametrize(("link", "told"), [("openid_login", False), ("opened_login", True)])
def test_a_link_that_the_packages_own_template_has_is_up_to_the_package(tmp_path, link, told):
    """Like allauth, whose template for an uninstalled provider links to its view."""
    package = {
        "site-packages/lib/__init__.py": "",
        "site-packages/lib/templates/openid/login.html": "{% url 'openid_login' %}",
    }
    templates = {"home.html": "x", "openid/login.html": f"{{% url '{link}' %}}"}
    assert ("urls.unresolvable" in found(tmp_path, templates, package, PACKAGES)) is told


@pytest.mark.parametrize(
    ("tag", "told"),
    [("url\n'nowhere' ", False), ("url 'nowhere'\n", False), ("url 'nowhere' ", True)],
)
def test_a_tag_over_two_lines_is_a_text(tmp_path, tag, told):
    """Editors insert line breaks; Django shows such a tag as text, and no page fails."""
    rows = found(tmp_path, {"home.html": f'<a href="{{% {tag}%}}">'})
    assert ("urls.unresolvable" in rows) is told


@pytest.mark.parametrize(("home", "told"), [("x", False), ("{% include 'box.html' %}", True)])
def test_what_only_unused_templates_include_fails_nobody(tmp_path, home, told):
    rows = found(
        tmp_path,
        {
            "home.html": home,
            "old.html": "{% include 'box.html' %}",
            "box.html": "{% url 'nowhere' %}{% include 'gone.html' %}",
        },
    )
    assert ("urls.unresolvable" in rows) is told
    assert ("templates.missing" in rows) is told
    assert "old.html" in str(rows["templates.unused"]["facts"])


@pytest.mark.parametrize(("ending", "told"), [("html-fragment", False), ("html", True)])
def test_a_broken_text_of_another_ending_is_no_template(tmp_path, ending, told):
    """Like healthchecks, which has documentation pages next to its templates."""
    rows = found(tmp_path, {"home.html": "x", f"docs/a.{ending}": "{% if a %}"})
    assert ("templates.broken-unnamed" in rows) is told


@pytest.mark.parametrize(
    ("name", "kind"),
    [("pay/slip_list", "templates.broken-unnamed"), ("catalog/slip_list", "templates.broken")],
)
def test_a_generic_view_renders_what_is_called_after_a_model(tmp_path, name, kind):
    models = "from django.db import models\n\n\nclass Slip(models.Model):\n    pass\n"
    rows = found(
        tmp_path, {"home.html": "x", f"{name}.html": "{% if a %}"}, {"catalog/models.py": models}
    )
    assert {"templates.broken", "templates.broken-unnamed"} & rows.keys() == {kind}


@pytest.mark.parametrize(("folder", "told"), [("static/build", False), ("shared", True)])
def test_templates_of_a_program_for_the_browser_are_none_of_djangos(tmp_path, folder, told):
    rows = found(tmp_path, {"home.html": "x"}, {f"{folder}/templates/index.html": "x"})
    assert ("templates.unused" in rows) is told


@pytest.mark.parametrize("package", [True, False])
def test_a_module_that_a_package_hides_renders_nothing(tmp_path, package):
    """Like horilla, with recruitment/views.py next to recruitment/views/."""
    hidden = {"catalog/pages.py": VIEWS.replace("home.html", "gone.html")}
    hidden |= {"catalog/pages/__init__.py": ""} if package else {}
    assert ("templates.missing" in found(tmp_path, {"home.html": "x"}, hidden)) is not package


@pytest.mark.parametrize("trust", [False, True])
@pytest.mark.parametrize(
    ("condition", "told"), [("'shop.plugin' in EXTRA_APPS", False), ("user.is_staff", True)]
)
def test_what_stands_behind_a_plugin_is_there_with_the_plugin(tmp_path, condition, told, trust):
    """Like ColdFront's checks for its plugins."""
    box = f"{{% if {condition} %}}{{% url 'nowhere' %}}{{% include 'gone.html' %}}{{% endif %}}"
    rows = found(tmp_path, {"home.html": box}, trust=trust)
    assert ("urls.unresolvable" in rows) is told
    assert ("templates.missing" in rows) is told
    rows = found(tmp_path, {"home.html": f"{box}{{% url 'nowhere' %}}"}, trust=trust)
    assert "urls.unresolvable" in rows
