import pytest


@pytest.fixture(scope="session")
def shared_bytecode(tmp_path_factory):
    return tmp_path_factory.mktemp("bytecode").resolve()


@pytest.fixture(scope="session", autouse=True)
def caches(shared_bytecode, tmp_path_factory):
    """One shared bytecode cache: Django is compiled once, and not into the user's cache."""
    from inspector.engine import stages

    before = stages.bytecode_cache, stages.static_cache
    facts = tmp_path_factory.mktemp("facts")
    (shared_bytecode / "one").mkdir()
    stages.bytecode_cache = lambda root: shared_bytecode / "one"
    stages.static_cache = lambda: facts
    yield
    stages.bytecode_cache, stages.static_cache = before
