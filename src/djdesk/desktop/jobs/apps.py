from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "djdesk.desktop.jobs"
    label = "desktop_jobs"
    verbose_name = _("Jobs")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django_tasks_db.compat import task_enqueued

        from .rows import note_enqueued

        task_enqueued.connect(note_enqueued, dispatch_uid="djdesk.desktop.jobs")
