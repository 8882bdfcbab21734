"""Jobs that take minutes to days, each in its own process.

A task function declares what it needs below ``@task``, and reports its progress::

    from django.tasks import task
    from djdesk.desktop.jobs import heavy, job

    @task
    @heavy(memory="2GiB", cores=1, resumable=True)
    def simulate(scenario: int) -> dict:
        year, world = job.restored or (2025, first_world(scenario))
        while year < 2060 and not job.cancelled:
            world = one_year(world)
            year += 1
            job.progress(year - 2025, 35, str(year))
            job.checkpoint((year, world), every=10)
        return summary(world)

``simulate.enqueue(3)`` queues it as any other task. See docs/how-to/heavy-jobs.md.
"""

from .current import Stopped, job
from .marks import heavy

__all__ = ["Stopped", "heavy", "job"]
