from django.apps import AppConfig


class InspectorConfig(AppConfig):
    name = "inspector"
    verbose_name = "Project Inspector"

    def ready(self) -> None:
        # Only connects. Every process that loads Django comes through here, `check` included.
        from djdesk.desktop.signals import task_interrupted

        from . import tasks
        from .commands import task

        task_interrupted.connect(tasks.scan_interrupted, dispatch_uid="inspector.scan_interrupted")
        task_interrupted.connect(task.interrupted, dispatch_uid="inspector.command_interrupted")
