"""The packages that a project declares, and their purpose."""

from projects import write

from djdesk.projects.discovery.requirements import read_declared


def groups(root):
    declared = read_declared(root, root)
    assert declared.errors == []
    return {one.name: one.group for one in declared.requirements}


def test_files_for_development_do_not_take_what_they_include(tmp_path):
    write(
        tmp_path,
        {
            "requirements.txt": "Django==5.2\n-rmore.txt\n",
            "more.txt": "Pillow\n",
            "requirements-dev.txt": "-r requirements.txt\npytest\n",
            "requirements/base.txt": "requests\n",
            "requirements/ci.txt": "-r prod.txt\ncoverage\n",
            "requirements/prod.txt": "-r base.txt\ngunicorn\n",
        },
    )
    assert groups(tmp_path) == {
        "Django": "main",
        "Pillow": "main",
        "pytest": "dev",
        "requests": "main",
        "gunicorn": "main",
        "coverage": "ci",
    }


def test_a_wheel_says_its_name_and_version(tmp_path):
    text = "./wheels/own_tool-1.4.2-py3-none-any.whl\nhttps://x.org/b/other-2.0-py3-none-any.whl\n"
    write(tmp_path, {"requirements.txt": text + "named @ https://x.org/named-3.0.whl\n"})
    rows = read_declared(tmp_path, tmp_path).requirements
    assert [(one.name, one.specifier) for one in rows] == [
        ("own-tool", "==1.4.2"),
        ("other", "==2.0"),
        ("named", "@ https://x.org/named-3.0.whl"),
    ]


def test_files_that_setuptools_reads_and_groups_of_other_tools(tmp_path):
    write(
        tmp_path,
        {
            "pyproject.toml": '[project]\nname = "x"\ndynamic = ["dependencies"]\n'
            "[tool.setuptools.dynamic]\n"
            'dependencies = {file = ["wanted/main.in"]}\n'
            'optional-dependencies.docs = {file = "wanted/docs.in"}\n'
            '[tool.uv]\ndev-dependencies = ["ruff"]\n'
            '[tool.pdm.dev-dependencies]\nlint = ["mypy", "-e file:///x#egg=x"]\n'
            '[tool.hatch.envs.default]\ndependencies = ["pytest"]\n',
            "wanted/main.in": "Django\n",
            "wanted/docs.in": "sphinx\n",
        },
    )
    assert groups(tmp_path) == {
        "Django": "main",
        "sphinx": "docs",
        "ruff": "dev",
        "mypy": "lint",
        "pytest": "dev",
    }


def test_a_file_that_setuptools_would_not_find_is_named(tmp_path):
    text = '[tool.setuptools.dynamic]\ndependencies = {file = ["gone.in", "../outside.in"]}\n'
    write(tmp_path, {"pyproject.toml": text})
    write(tmp_path.parent, {"outside.in": "secret\n"})
    declared = read_declared(tmp_path, tmp_path)
    assert declared.requirements == []
    assert "gone.in" in declared.errors[0][0] and "outside.in" in declared.errors[1][0]
