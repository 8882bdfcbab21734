import sys

import pytest

from djdesk.projects.discovery.markers import applies


@pytest.mark.parametrize(
    ("marker", "python", "expected"),
    [
        ("", "3.12.1", True),
        ('python_version >= "3.10" and python_version < "4.0"', "3.12.1", True),
        ('python_version >= "3.10" and python_version < "4.0"', "3.9.2", False),
        ('python_full_version < "3.11.3"', "3.11.2", True),
        ('python_full_version < "3.11.3"', "3.11.3", False),
        ('"3.8" > python_version', "3.7.1", True),
        ('python_version == "3.8"', "3.8.18", True),
        ('python_version > "3"', "3.12.1", True),
        (f"sys_platform == '{sys.platform}'", None, True),
        ("sys_platform == 'amiga'", None, False),
        ("sys_platform == 'amiga' or python_version >= '3.8'", "3.12", True),
        ('extra == "redis"', "3.12", False),
        # Unknown without starting the interpreter.
        ('python_version >= "3.8"', None, None),
        ('implementation_name == "pypy"', "3.12", None),
        ('python_version in "3.7 3.8"', "3.12", None),
        ('python_version ~= "3.8"', "3.12", None),
        ("sys_platform ==", "3.12", None),
        ('implementation_name == "pypy" and sys_platform == "amiga"', "3.12", False),
    ],
)
def test_markers_are_judged_without_starting_the_interpreter(marker, python, expected):
    assert applies(marker, python) is expected
