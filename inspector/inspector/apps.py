from django.apps import AppConfig

from . import handbook


class InspectorConfig(AppConfig):
    name = "inspector"
    verbose_name = "Project Inspector"
    # Pages that a djdesk:// link may open; all of them only show.
    deep_links = tuple(
        f"inspector:{page}"
        for page in (
            "home", "overview", "schema", "models", "migrations", "urls", "checks",
            "dependencies", "settings", "code", "runs", "exports",
        )
    )  # fmt: skip
    preferences_page = "inspector:preferences"

    help_contents = handbook.CONTENTS
    help_pages = handbook.PAGES

    def page_context(self, request):
        """For djdesk.desktop.context: the user's preferences, on every page."""
        from .context import preferences

        return preferences(request)

    def page_language(self, request):
        """For djdesk.desktop.language: the user's choice, or empty."""
        from .context import language

        return language(request)

    def ready(self) -> None:
        # Only connects. Every process that loads Django comes through here, `check` included.
        from djdesk.desktop.signals import task_interrupted

        from . import tasks
        from .commands import task
        from .exports import task as exports

        task_interrupted.connect(tasks.scan_interrupted, dispatch_uid="inspector.scan_interrupted")
        task_interrupted.connect(exports.interrupted, dispatch_uid="inspector.export_interrupted")
        task_interrupted.connect(task.interrupted, dispatch_uid="inspector.command_interrupted")
