"""A file is written completely or not at all."""

from __future__ import annotations

import errno
import json
import os

import pytest

from inspector.lab.files import KINDS, Kind, sentence, write_file

from .conftest import of


def quiet(what):
    pass


@pytest.mark.parametrize("key", KINDS)
def test_every_kind_is_written(key, sample, tmp_path):
    path = tmp_path / f"a{KINDS[key].ending}"
    size = write_file(KINDS[key], path, sample, sample, quiet)
    assert path.stat().st_size == size > 100
    assert list(tmp_path.iterdir()) == [path]


def test_the_snapshot_is_the_snapshot(sample, tmp_path):
    write_file(KINDS["snapshot"], tmp_path / "a.json", sample, None, quiet)
    assert json.loads((tmp_path / "a.json").read_bytes()) == json.loads(json.dumps(sample))


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_is_full_leaves_nothing_and_the_file_before(number, tmp_path):
    path = tmp_path / "a.dot"
    path.write_text("before")

    def half(snapshot, old, out, step):
        out.write(b"half")
        raise OSError(number, os.strerror(number))

    with pytest.raises(OSError) as caught:
        write_file(Kind("dot", ".dot", half), path, of(), None, quiet)
    assert path.read_text() == "before" and list(tmp_path.iterdir()) == [path]
    said = sentence(caught.value, tmp_path)
    assert str(tmp_path) in said and ("no space left" in said) == (number == errno.ENOSPC)


def test_a_folder_that_is_gone_or_closed_is_named(tmp_path):
    with pytest.raises(OSError) as caught:
        write_file(KINDS["dot"], tmp_path / "no" / "a.dot", of(), None, quiet)
    assert "does not exist" in sentence(caught.value, tmp_path / "no")
    for number in (errno.EACCES, errno.EROFS):
        assert "is not writable" in sentence(OSError(number, ""), tmp_path)


def test_being_stopped_leaves_nothing(sample, tmp_path):
    class Stop(Exception):
        pass

    def stop(what):
        if what == "fields":
            raise Stop

    with pytest.raises(Stop):
        write_file(KINDS["tables"], tmp_path / "a.zip", sample, None, stop)
    assert list(tmp_path.iterdir()) == []
