"""Heavy tasks that the benchmark adds to the simulation example as a module of that app."""

# mypy: ignore-errors

import subprocess
import sys
import time

import numpy as np
from django.tasks import task

from djdesk.desktop.jobs import heavy, job

from .model import draw
from .models import Scenario
from .tasks import SEED, keep


@task
@heavy(memory="512MiB", resumable=True, title="Simulation")
def simulate(scenario: int) -> dict | None:
    """Like the app's own, with more checkpoints and a child that leaves its process group."""
    subprocess.Popen(
        [sys.executable, "-I", "-c", "import time; time.sleep(600)"], start_new_session=True
    )
    given = Scenario.objects.get(pk=scenario)
    drawn, state = job.restored or ([], None)
    random = np.random.default_rng(SEED)
    if state:
        random.bit_generator.state = state
    while len(drawn) < given.draws and not job.cancelled:
        drawn.append(draw(given.assumptions, random))
        job.progress(len(drawn), given.draws)
        job.checkpoint((drawn, random.bit_generator.state), every=0.5)
    return None if job.cancelled else keep(given, np.array(drawn))


@task
@heavy(memory="256MiB")
def hog() -> None:
    kept = []
    while True:
        kept.append(np.ones(2**20))  # 8 MiB, all of it touched
        time.sleep(0.01)


@task
@heavy(memory="256MiB")
def burn(seconds: float) -> int:
    """Keeps a core and this process's GIL busy."""
    steps = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end and not job.cancelled:
        steps += sum(range(1000)) > 0
    return steps


@task
@heavy(memory="256MiB")
def deaf() -> None:
    job.progress(0, 1)
    time.sleep(600)


@task
@heavy(memory="256MiB")
def listening() -> None:
    job.progress(0, 1)
    while not job.cancelled:
        time.sleep(0.05)


@task
@heavy(memory="256MiB")
def tell(calls: int) -> dict:
    """Seconds of processor time for that many steps, without and with a progress call in each."""
    times = {"plain": 0.0, "told": 0.0}
    chunk = 1000
    for start in range(0, calls, chunk):
        for name in times:
            begun = time.process_time()
            for at in range(start, start + chunk):
                sum(range(400))
                if name == "told":
                    job.progress(at, calls, "telling")
            times[name] += time.process_time() - begun
    return times


@task
def short() -> None:
    """An ordinary task in a lane."""
