from django.contrib.auth.decorators import login_not_required
from django.urls import path

from . import health, live, media, one_time_login, update_confirmation
from .lazy_views import Views

data = Views("djdesk.desktop.views.data")
first_user = Views("djdesk.desktop.views.first_user")
help = Views("djdesk.desktop.views.help")
jobs = Views("djdesk.desktop.views.jobs")
links = Views("djdesk.desktop.views.links")
logs = Views("djdesk.desktop.views.logs")
preferences = Views("djdesk.desktop.views.preferences")
updates = Views("djdesk.desktop.views.updates")

urlpatterns = [
    path("health/", health.health, name="desktop-health"),
    path("desktop/code/", one_time_login.code, name="desktop-code"),
    path("desktop/enter/", one_time_login.enter, name="desktop-enter"),
    path("desktop/first-user/", first_user.first_user, name="desktop-first-user"),
    path("desktop/update/", update_confirmation.running, name="desktop-running"),
    path("desktop/update/confirm", update_confirmation.confirm, name="desktop-confirm"),
    path("desktop/data/", data.overview, name="desktop-data"),
    path("desktop/data/backup/", data.backup, name="desktop-backup"),
    path("desktop/data/restore/", data.restore, name="desktop-restore"),
    path("desktop/data/delete/", data.delete, name="desktop-delete"),
    path("desktop/notices/dismiss/", data.dismiss, name="desktop-dismiss"),
    path("desktop/open/", links.open_link),
    path("desktop/open/<path:path>", links.open_link, name="desktop-open"),
    path("desktop/preferences/", preferences.preferences, name="desktop-preferences"),
    path("desktop/logs/", logs.overview, name="desktop-logs"),
    path("desktop/jobs/", jobs.overview, name="desktop-jobs"),
    path("desktop/jobs/changes/", jobs.changes, name="desktop-jobs-changes"),
    path("desktop/jobs/compare/", jobs.compare, name="desktop-jobs-compare"),
    path("desktop/jobs/<uuid:key>/", jobs.detail, name="desktop-job"),
    path("desktop/jobs/<uuid:key>/stop/", jobs.stop, name="desktop-job-stop"),
    path("desktop/jobs/<uuid:key>/again/", jobs.again, name="desktop-job-again"),
    path("desktop/jobs/<uuid:key>/go-on/", jobs.go_on, name="desktop-job-go-on"),
    path("desktop/jobs/<uuid:key>/delete/", jobs.delete, name="desktop-job-delete"),
    path("desktop/jobs/<uuid:key>/files/<path:name>", jobs.result, name="desktop-job-file"),
    path("desktop/updates/", updates.overview, name="desktop-updates"),
    path("desktop/help/", help.overview, name="desktop-help"),
    path("desktop/help/<slug:name>/", help.topic, name="desktop-help-topic"),
    path("desktop/diagnostics.zip", logs.diagnostics, name="desktop-diagnostics"),
]
# The guard decides who may access these. Under LoginRequiredMiddleware the shell, which has no
# user, could not even ask whether the app is up.
for _pattern in urlpatterns:
    login_not_required(_pattern.callback)

# The project's own content stays subject to its login: its event streams and its files.
urlpatterns += [
    path("desktop/events/", live.events, name="desktop-events"),
    *media.patterns(),
]
