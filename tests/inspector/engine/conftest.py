# ruff: noqa: E501 - source texts of projects stand in long lines
import pytest


@pytest.fixture(scope="session")
def shared_bytecode(tmp_path_factory):
    return tmp_path_factory.mktemp("bytecode").resolve()


@pytest.fixture(scope="session", autouse=True)
def bytecode(shared_bytecode):
    """One bytecode cache for all test projects: Django is compiled once, and not in the user's cache."""
    from inspector import stages

    before = stages.bytecode_cache
    stages.bytecode_cache = lambda root: shared_bytecode
    yield
    stages.bytecode_cache = before
