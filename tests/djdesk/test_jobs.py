"""Heavy jobs without processes: needs, checkpoints, admission, estimates, places."""

import math
import subprocess
import sys
import time

import pytest

from djdesk.desktop.jobs import checkpoints, estimate, heavy, machine, marks, places
from djdesk.desktop.jobs.admission import amount, impossible, wait_for
from djdesk.desktop.jobs.current import Current
from djdesk.desktop.jobs.machine import Machine
from djdesk.desktop.jobs.marks import Needs, needs_of

GIB = 2**30


def test_a_function_says_what_it_needs_and_stays_as_it_is():
    @heavy(memory="1.5GiB", cores=2, timeout=60, resumable=True, title="Sums")
    def add(a, b):
        return a + b

    assert needs_of(add) == Needs(3 * GIB // 2, 2, 60, True, "Sums")
    assert add(1, 2) == 3
    assert needs_of(len) is None


@pytest.mark.parametrize("memory", ["2GB", "much", "", "0GiB", "-1GiB", 0, -5, True, None, "GiB"])
def test_an_amount_of_memory_that_is_none_is_refused(memory):
    with pytest.raises(ValueError, match="no amount of memory"):
        heavy(memory=memory)


@pytest.mark.parametrize("needs", [{"cores": 0}, {"timeout": 0}, {"timeout": -1}])
def test_needs_that_cannot_be_are_refused(needs):
    with pytest.raises(ValueError):
        heavy(**needs)


def test_heavy_above_task_is_refused():
    class Task:
        def enqueue(self):
            pass

    with pytest.raises(TypeError, match="below @task"):
        heavy()(Task())


def test_the_last_checkpoint_is_read_and_two_are_kept(tmp_path):
    assert checkpoints.read(tmp_path) is None
    assert not checkpoints.exists(tmp_path)
    for number in range(1, 6):
        assert checkpoints.write(tmp_path, {"at": number}) == number
    assert checkpoints.read(tmp_path) == {"at": 5}
    assert len(list(tmp_path.glob("checkpoint-*.data"))) == 2
    checkpoints.delete(tmp_path)
    assert checkpoints.read(tmp_path) is None


@pytest.mark.parametrize("harm", ["cut", "changed", "gone", "half a head", "not there yet"])
def test_a_damaged_checkpoint_leaves_the_one_before(tmp_path, harm):
    checkpoints.write(tmp_path, "before")
    number = checkpoints.write(tmp_path, "last" * 1000)
    head = tmp_path / checkpoints.NAMES[number % 2]
    data = tmp_path / f"{head.name}.data"
    if harm == "cut":
        data.write_bytes(data.read_bytes()[:100])
    elif harm == "changed":
        data.write_bytes(data.read_bytes().replace(b"l", b"L", 1))
    elif harm == "gone":
        data.unlink()
    elif harm == "half a head":
        head.write_text(head.read_text()[:20])
    else:
        # The power failed between the data and its head.
        data.write_bytes(b"new data, old head")
    assert checkpoints.read(tmp_path) == "before"


def test_the_one_that_was_restored_stays_until_there_is_a_newer_one(tmp_path):
    checkpoints.write(tmp_path, "good")
    number = checkpoints.write(tmp_path, "damaged later")
    (tmp_path / f"{checkpoints.NAMES[number % 2]}.data").write_bytes(b"damaged")
    name, value = checkpoints.find(tmp_path)
    assert value == "good"
    before = (tmp_path / f"{name}.data").read_bytes()
    checkpoints.write(tmp_path, "new", keep=name)
    assert checkpoints.read(tmp_path) == "new"
    assert (tmp_path / f"{name}.data").read_bytes() == before


def test_a_checkpoint_of_a_class_that_is_gone_is_left_out(tmp_path):
    checkpoints.write(tmp_path, "before")
    code = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); import gone_by_then\n"
        "from djdesk.desktop.jobs import checkpoints\n"
        "checkpoints.write(pathlib.Path(sys.argv[2]), gone_by_then.World())"
    )
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "gone_by_then.py").write_text("class World: pass")
    subprocess.run([sys.executable, "-I", "-c", code, modules, tmp_path], check=True)
    assert checkpoints.read(tmp_path) == "before"


def test_a_file_is_a_checkpoint_too(tmp_path):
    source = tmp_path / "world.bin"
    source.write_bytes(b"x" * 3_000_000)
    checkpoints.write(tmp_path, source)
    source.unlink()
    assert checkpoints.read(tmp_path).read_bytes() == b"x" * 3_000_000


def test_what_cannot_be_pickled_is_refused_and_the_last_checkpoint_stays(tmp_path):
    checkpoints.write(tmp_path, "good")
    with pytest.raises(Exception, match="pickle"):
        checkpoints.write(tmp_path, lambda: None)
    assert checkpoints.read(tmp_path) == "good"


def test_results_stay_in_the_folder_of_the_job(tmp_path):
    place = places.make(tmp_path, "0" * 32)
    path = places.file_of(place, "tables/a.csv")
    path.parent.mkdir()
    path.write_text("1")
    assert places.results(place) == [("tables/a.csv", 1)]
    for name in ("../log.txt", "/etc/passwd", "", ".", "a/../../x"):
        with pytest.raises(ValueError, match="not the name of a file"):
            places.file_of(place, name)
    with pytest.raises(ValueError):
        places.folder(tmp_path, "../elsewhere")


def test_a_task_that_is_called_directly_has_a_job_that_nobody_watches():
    job = Current()
    assert job.restored is None
    assert not job.cancelled
    job.progress(1, 2, "half")
    job.checkpoint([1, 2])
    job.file("a/b.txt").write_text("x")
    assert places.results(job.folder) == [("a/b.txt", 1)]


def test_checkpoints_can_be_spared_but_not_when_it_is_stopped():
    job = Current()
    job.checkpoint(1, every=3600)
    job.checkpoint(2, every=3600)
    assert checkpoints.read(job.folder) == 1
    job.stop()
    job.checkpoint(3, every=3600)
    assert checkpoints.read(job.folder) == 3


def test_the_first_checkpoint_is_saved_on_a_computer_that_has_just_started(monkeypatch):
    # The clock counts from the start of the computer.
    monkeypatch.setattr(time, "monotonic", lambda: 10.0)
    job = Current()
    job.checkpoint(1, every=3600)
    assert checkpoints.read(job.folder) == 1


SMALL = Machine(cores=3, memory=12 * GIB)


@pytest.mark.parametrize(
    ("needs", "running", "free", "reason"),
    [
        (Needs(GIB), [], 20 * GIB, ""),
        (Needs(GIB, cores=2), [Needs(GIB)], 20 * GIB, ""),
        (Needs(GIB, cores=2), [Needs(GIB, cores=2)], 20 * GIB, "free processor core"),
        (Needs(GIB, cores=64), [], 20 * GIB, ""),
        (Needs(GIB, cores=64), [Needs(GIB)], 20 * GIB, "free processor core"),
        (Needs(8 * GIB), [Needs(5 * GIB)], 20 * GIB, "memory that another job uses"),
        (Needs(8 * GIB), [], 5 * GIB, "needs 8 GiB, and 5 GiB are free"),
    ],
)
def test_what_a_job_waits_for(needs, running, free, reason):
    found = wait_for(needs, running, SMALL, free)
    assert reason in found if reason else found == ""


def test_what_the_computer_can_never_run():
    assert "needs 13 GiB" in impossible(Needs(13 * GIB), SMALL)
    assert impossible(Needs(12 * GIB, cores=64), SMALL) == ""
    assert [amount(n) for n in (2 * GIB, 1536 * 2**20, 200 * 2**20, 4096)] == [
        "2 GiB", "1.5 GiB", "200 MiB", "4 KiB",
    ]  # fmt: skip


def test_the_limits_of_a_container_count(tmp_path):
    real = machine.measure(tmp_path)
    (tmp_path / "cpu.max").write_text("100000 100000\n")
    (tmp_path / "memory.max").write_text(f"{GIB}\n")
    assert machine.measure(tmp_path) == Machine(1, int(GIB * machine.SHARE))
    (tmp_path / "cpu.max").write_text("max 100000\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert machine.measure(tmp_path) == real
    assert real.cores >= 1 and real.memory > 0


def test_when_the_computer_is_about_to_swap():
    assert machine.is_short(free=100 * 2**20, total=16 * GIB)
    assert not machine.is_short(free=4 * GIB, total=16 * GIB)


def feed(pace, until, total=100.0, every=0.5):
    found = estimate.Estimate()
    at = 0.0
    while at <= until:
        found.add(at, pace(at), total)
        at += every
    return found.left(until)


def test_an_even_job_gets_an_estimate():
    assert feed(lambda t: t, 40) == pytest.approx(60, rel=0.05)
    assert feed(lambda t: t, 15, every=5) == pytest.approx(85), "four values are enough"
    assert feed(lambda t: t, 14, every=5) is None
    uneven = feed(lambda t: t + 0.2 * math.sin(t), 40)
    assert uneven == pytest.approx(60, rel=0.1)


@pytest.mark.parametrize(
    "pace",
    [
        lambda t: math.sqrt(t) * 5,  # slows down
        lambda t: t * t / 40,  # speeds up
        lambda t: 0.0 if t < 20 else 30.0,  # jumps
        lambda t: min(t, 5.0),  # stalls
        lambda t: None,  # reports nothing
    ],
)
def test_a_job_whose_end_nobody_knows_gets_none(pace):
    assert feed(pace, 30) is None


def test_nothing_is_said_too_early_or_without_a_total():
    assert feed(lambda t: t, 5) is None
    assert feed(lambda t: t, 40, total=None) is None


def test_nothing_is_estimated_from_a_few_seconds_however_much_was_done():
    assert feed(lambda at: at * 10, 5) is None


def test_a_new_stage_begins_its_own_estimate():
    found = estimate.Estimate()
    for second in range(40):
        found.add(second, second, 100)
    for second in range(40, 45):
        found.add(second, second - 40, 1000)
    assert found.left(45) is None


def test_sizes_as_people_write_them():
    assert marks.size("2GiB") == marks.size(" 2 GiB ") == 2 * GIB
    assert marks.size("512MiB") == 2**29
    assert marks.size("64KiB") == marks.size("65536B") == 2**16
    assert marks.size("1.5TiB") == 1536 * GIB
    assert marks.size(1234) == 1234
