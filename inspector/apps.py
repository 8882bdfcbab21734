from django.apps import AppConfig


class InspectorConfig(AppConfig):
    name = "inspector"
    verbose_name = "Project Inspector"

    def ready(self) -> None:
        # Only connects. Every process that loads Django comes through here, `check` included.
        from djdesk.desktop.signals import task_interrupted

        from . import tasks

        task_interrupted.connect(tasks.scan_interrupted, dispatch_uid="inspector.scan_interrupted")
