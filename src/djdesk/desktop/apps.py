from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DesktopConfig(AppConfig):
    name = "djdesk.desktop"
    label = "desktop"
    verbose_name = "Desktop runtime"
    # For djdesk.desktop.handbook.topics: the topics of help/<language>/ in order, and the topic
    # that Help opens on each page.
    help_contents = (
        (
            _("The app and its data"),
            ("data", "jobs", "logs", "updates", "privacy", "troubleshooting"),
        ),
    )
    help_pages = {
        "desktop-data": "data",
        "desktop-restore": "data#restore",
        "desktop-logs": "logs",
        "desktop-jobs": "jobs",
        "desktop-job": "jobs#one",
        "desktop-jobs-compare": "jobs#compare",
        "desktop-updates": "updates",
    }

    # Pages that a djdesk:// link may open; both are read-only.
    deep_links = ("desktop-help", "desktop-help-topic")

    def ready(self) -> None:
        from django.conf import settings

        from . import localtime
        from .handbook import online  # noqa: F401  registers its check

        if hasattr(settings, "SYSTEM_TZ"):
            localtime.restore(settings.SYSTEM_TZ)
        if getattr(settings, "DESKTOP_REPLACED_DATABASES", ()):
            from django.db.backends.signals import connection_created

            from .sequences import watch

            connection_created.connect(watch, dispatch_uid="djdesk.sequences")
