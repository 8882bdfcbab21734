# ruff: noqa: E501 - source texts of projects stand in long lines
import pytest


@pytest.fixture(scope="session")
def shared_bytecode(tmp_path_factory):
    return tmp_path_factory.mktemp("bytecode").resolve()


@pytest.fixture(scope="session", autouse=True)
def caches(shared_bytecode, tmp_path_factory):
    """One bytecode cache for all test projects: Django is compiled once, and not in the user's cache."""
    from inspector.engine import stages

    before = stages.bytecode_cache, stages.static_cache
    facts = tmp_path_factory.mktemp("facts")
    (shared_bytecode / "one").mkdir()
    stages.bytecode_cache = lambda root: shared_bytecode / "one"
    stages.static_cache = lambda: facts
    yield
    stages.bytecode_cache, stages.static_cache = before
