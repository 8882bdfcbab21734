"""The caches of the app stay small."""

import os

from inspector.run.scratch import prune_bytecode


def test_the_oldest_bytecode_goes_first_and_the_current_stays(tmp_path):
    folders = []
    for number in range(4):
        folder = tmp_path / f"project{number}"
        (folder / "deep").mkdir(parents=True)
        (folder / "deep/module.pyc").write_bytes(b"x" * 100)
        os.utime(folder, (number, number))
        folders.append(folder)
    prune_bytecode(folders[0], 250)
    assert [folder.exists() for folder in folders] == [True, False, False, True]


def test_nothing_goes_while_it_fits(tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "one/module.pyc").write_bytes(b"x" * 100)
    (tmp_path / "two").mkdir()
    prune_bytecode(tmp_path / "two", 100)
    assert (tmp_path / "one").exists()


def test_a_cache_that_is_gone_is_no_error(tmp_path):
    prune_bytecode(tmp_path / "none" / "project")
