from django.apps import AppConfig


class DesktopConfig(AppConfig):
    name = "djdesk.desktop"
    label = "desktop"
    verbose_name = "Desktop runtime"
