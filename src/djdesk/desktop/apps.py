from django.apps import AppConfig


class DesktopConfig(AppConfig):
    name = "djdesk.desktop"
    label = "desktop"
    verbose_name = "Desktop runtime"

    def ready(self) -> None:
        from django.conf import settings

        from . import localtime

        localtime.restore(settings.SYSTEM_TZ)
