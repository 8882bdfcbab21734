from importlib import import_module

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

        for module, name in RECEIVERS:
            # Kept by the signal alone, so not weakly.
            task_interrupted.connect(_later(module, name), weak=False, dispatch_uid=module)


# Imported when a task was interrupted, which is seldom.
RECEIVERS = (
    ("inspector.scans.task", "interrupted"),
    ("inspector.exports.task", "interrupted"),
    ("inspector.commands.task", "interrupted"),
)


def _later(module, name):
    def receive(**sent):
        getattr(import_module(module), name)(**sent)

    return receive
