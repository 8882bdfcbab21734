"""Pages of the Project Inspector."""

from django.urls import include, path

from djdesk.desktop.lazy_views import Views

from .views import home
from .views.catalogue import catalogue

actions = Views("inspector.views.actions")
commands = Views("inspector.views.commands")
data = Views("inspector.views.data")
documents = Views("inspector.views.documents")
exports = Views("inspector.views.exports")
findings = Views("inspector.views.findings")
environment = Views("inspector.views.environment")
files = Views("inspector.views.files")
history = Views("inspector.views.history")
inside = Views("inspector.views.inside")
lists = Views("inspector.views.lists")
live = Views("inspector.views.live")
migrations = Views("inspector.views.migrations")
preferences = Views("inspector.views.preferences")
repair = Views("inspector.views.repair")
search = Views("inspector.views.search")
sections = Views("inspector.views.sections")
ship = Views("inspector.views.ship")
styleguide = Views("inspector.views.styleguide")
overview = Views("inspector.views.overview")

app_name = "inspector"

project_pages = [
    path("", overview.overview, name="overview"),
    path("schema/", sections.schema, name="schema"),
    path("models/", sections.models, name="models"),
    path("migrations/", migrations.page, name="migrations"),
    path("migrations/sql/", migrations.show_sql, name="migration-sql"),
    path("urls/", sections.urls, name="urls"),
    path("checks/", sections.checks, name="checks"),
    path("dependencies/", sections.dependencies, name="dependencies"),
    path("settings/", sections.settings, name="settings"),
    path("templates/", inside.templates, name="templates"),
    path("admin/", inside.admin, name="admin"),
    path("wiring/", inside.wiring, name="wiring"),
    path("translations/", inside.translations, name="translations"),
    path("effects/", inside.effects, name="effects"),
    path("code/", sections.code, name="code"),
    path("runs/", history.runs, name="runs"),
    path("runs/difference/", history.difference, name="difference"),
    path("runs/timeline/", history.timeline, name="timeline"),
    path("runs/beside/", history.beside, name="beside"),
    path("commands/", commands.overview, name="commands"),
    path("commands/run/", commands.run, name="run-command"),
    path("commands/mark/", commands.mark, name="mark-command"),
    path("commands/<int:number>/", commands.detail, name="command"),
    path("commands/<int:number>/stop/", commands.stop, name="stop-command"),
    path("commands/<int:number>/output/", commands.output, name="command-output"),
    path("commands/<int:number>/output.log", commands.download, name="command-log"),
    path("exports/", exports.overview, name="exports"),
    path("exports/create/", exports.create, name="export-create"),
    path("exports/tidy/", exports.tidy, name="exports-tidy"),
    path("exports/<int:number>/", exports.detail, name="export"),
    path("exports/<int:number>/content/", exports.content, name="export-content"),
    path("exports/<int:number>/file/", exports.download, name="export-file"),
    path("exports/<int:number>/cancel/", exports.cancel, name="export-cancel"),
    path("exports/<int:number>/delete/", exports.delete, name="export-delete"),
    path("exports/<int:number>/undo/", exports.undo_delete, name="export-undo"),
    path("ship/", ship.page, name="ship"),
    path("ship/write/", ship.write, name="ship-write"),
    path("scan/", actions.scan, name="scan"),
    path("read-database/", actions.read_database, name="read-database"),
    path("cancel/", actions.cancel, name="cancel"),
    path("trust/", actions.trust, name="trust"),
    path("distrust/", actions.distrust, name="distrust"),
    path("environment/make/", environment.make, name="make-environment"),
    path("environment/remove/", environment.remove, name="remove-environment"),
    path("environment/undo-remove/", environment.undo_remove, name="undo-remove-environment"),
    path("repair/", repair.repair, name="repair"),
    path("dismiss/", findings.dismiss, name="dismiss"),
    path("dismissed/undo/", findings.bring_back, name="bring-back"),
    path("dismissed.json", findings.dismissed, name="dismissed-json"),
    path("lists/", lists.keep, name="keep-list"),
    path("watch/", actions.watch, name="watch"),
    path("undo-remove/", actions.undo_remove, name="undo-remove"),
    path("remove/", actions.remove, name="remove"),
    path("events/", live.project, name="project-events"),
    path("open-file/", files.open_in_editor, name="open-file"),
    path("palette.json", search.project_palette, name="project-palette"),
    path("index.json", search.index, name="index-json"),
    path("schema.json", data.schema, name="schema-json"),
    path("snapshot.json", data.snapshot, name="snapshot-json"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("favicon.ico", home.favicon),
    path("open/", actions.open_folder, name="open"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("preferences/limits/", preferences.keep_limits, name="keep-limits"),
    path("preferences/reset/", preferences.reset, name="preferences-reset"),
    path("preferences/backups/", preferences.keep_backups, name="keep-backups"),
    path("preferences/trust/", preferences.trust_folder, name="trust-folder"),
    path("preferences/forget/", preferences.forget_folder, name="forget-folder"),
    path("palette.json", search.palette, name="palette"),
    path("messages/<str:language>/<str:version_asked>.js", catalogue, name="catalogue"),
    path("sample/", actions.sample, name="sample"),
    path("documents/", documents.page, {"path": ""}),
    path("documents/<path:path>", documents.page, name="documents"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("events/", live.home, name="home-events"),
    path("projects/<int:pk>/", include(project_pages)),
    path("workspaces/<int:pk>/", home.moved, name="moved"),
    path("workspaces/<int:pk>/<slug:page>/", home.moved, name="moved"),
]
