"""Mutation testing: which tests are run for a module, and what counts as noticed."""

import pytest

from scripts.bench import mutants

TEST = "import sys; sys.path.insert(0, 'src/djdesk')\nimport sums\n"


@pytest.mark.parametrize(
    ("module", "test"),
    [
        ("desktop/orphans.py", "test_orphans"),
        ("desktop/guardian_files.py", "test_guardian"),
        ("desktop/jobs/estimate.py", "test_jobs"),
        ("desktop/redact.py", "test_cli"),
        ("overlay/rules/secrets.py", "test_overlay"),
        ("transfer/archive.py", "test_transfer"),
    ],
)
def test_the_likeliest_test_files_are_run(module, test):
    found = [path.stem for path in mutants.tests_of(mutants.RUNTIME / module)]
    assert test in found[:2]


@pytest.fixture
def verdicts(tmp_path, monkeypatch):
    def verdicts(test):
        (tmp_path / "tests/djdesk/test_sums.py").write_text(TEST + test)
        for cached in (mutants.tests_of, mutants.imports, mutants.passes_unchanged):
            cached.cache_clear()
        found = {one.text: mutants.verdict(one) for one in mutants.mutants(module)}
        assert module.read_text() == code
        return found

    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")  # they take most of the time
    monkeypatch.setattr(mutants, "ROOT", tmp_path)
    monkeypatch.setattr(mutants, "RUNTIME", tmp_path / "src/djdesk")
    (tmp_path / "tests/djdesk").mkdir(parents=True)
    module = tmp_path / "src/djdesk/sums.py"
    module.parent.mkdir(parents=True)
    module.write_text(code := "def more(a, b):\n    return a > b\n")
    yield verdicts
    for cached in (mutants.tests_of, mutants.imports, mutants.passes_unchanged):
        cached.cache_clear()


def test_what_no_test_looks_at_survives(verdicts):
    found = verdicts("def test_more(): assert sums.more(2, 1) is True\n")
    assert found == {">=": ("SURVIVED", ""), "None": ("noticed", "test_sums")}


@pytest.mark.parametrize(
    "test",
    [
        "def test_more(): assert sums.more(1, 2), 'it fails without a mutant too'\n",
        "import pytest; pytest.skip('not here', allow_module_level=True)\n",
    ],
)
def test_tests_that_cannot_notice_anything_do_not_count(verdicts, test):
    assert set(verdicts(test).values()) == {("UNTESTED", "")}
