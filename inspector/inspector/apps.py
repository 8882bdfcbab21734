from importlib import import_module

from django.apps import AppConfig

from .views import help_topics as handbook


class InspectorConfig(AppConfig):
    name = "inspector"
    verbose_name = "Project Inspector"
    # Pages of a project that a djdesk:// link may open. All of them are read-only.
    linked_pages = (
        "overview", "schema", "models", "migrations", "urls", "checks",
        "dependencies", "settings", "code", "runs", "exports",
    )  # fmt: skip
    deep_links = ("inspector:home", "inspector:moved", *map("inspector:{}".format, linked_pages))
    preferences_page = "inspector:preferences"

    help_contents = handbook.CONTENTS
    help_pages = handbook.PAGES

    def page_context(self, request):
        """Called by djdesk.desktop.context: adds the user's preferences to every page."""
        from .views.context import preferences

        return preferences(request)

    def page_language(self, request):
        """Called by djdesk.desktop.language: the language the user chose, or an empty string."""
        from .views.context import language

        return language(request)

    def ready(self) -> None:
        # Connects receivers and nothing else: every process that loads Django runs this, `check`
        # included.
        from djdesk.desktop.signals import task_interrupted

        for module, name in RECEIVERS:
            # The signal holds the only reference to the receiver, so it must not be weak.
            task_interrupted.connect(_later(module, name), weak=False, dispatch_uid=module)


# Imported only when a task is interrupted, which is rare.
RECEIVERS = (
    ("inspector.scans.task", "interrupted"),
    ("inspector.exports.task", "interrupted"),
    ("inspector.commands.task", "interrupted"),
)


def _later(module, name):
    def receive(**sent):
        getattr(import_module(module), name)(**sent)

    return receive
