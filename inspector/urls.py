"""Pages of the Project Inspector."""

from django.urls import include, path

from .views import (
    actions,
    commands,
    data,
    history,
    home,
    inside,
    live,
    migrations,
    preferences,
    repair,
    search,
    sections,
    workspace,
)

app_name = "inspector"

workspace_urls = [
    path("", workspace.overview, name="overview"),
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
    path("effects/", inside.effects, name="effects"),
    path("code/", sections.code, name="code"),
    path("runs/", history.runs, name="runs"),
    path("runs/difference/", history.difference, name="difference"),
    path("commands/", commands.overview, name="commands"),
    path("commands/run/", commands.run, name="run-command"),
    path("commands/mark/", commands.mark, name="mark-command"),
    path("commands/<int:number>/", commands.detail, name="command"),
    path("commands/<int:number>/stop/", commands.stop, name="stop-command"),
    path("commands/<int:number>/output/", commands.output, name="command-output"),
    path("commands/<int:number>/output.log", commands.download, name="command-log"),
    path("scan/", actions.scan, name="scan"),
    path("cancel/", actions.cancel, name="cancel"),
    path("trust/", actions.trust, name="trust"),
    path("distrust/", actions.distrust, name="distrust"),
    path("repair/", repair.repair, name="repair"),
    path("remove/", actions.remove, name="remove"),
    path("events/", live.workspace, name="workspace-events"),
    path("open-file/", preferences.open_in_editor, name="open-file"),
    path("palette.json", search.workspace_palette, name="workspace-palette"),
    path("index.json", search.index, name="index-json"),
    path("schema.json", data.schema, name="schema-json"),
    path("snapshot.json", data.snapshot, name="snapshot-json"),
]

urlpatterns = [
    path("", home.home, name="home"),
    path("favicon.ico", home.favicon),
    path("open/", actions.open_folder, name="open"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("preferences/reset/", preferences.reset, name="preferences-reset"),
    path("palette.json", search.palette, name="palette"),
    path("sample/", actions.sample, name="sample"),
    path("events/", live.home, name="home-events"),
    path("workspaces/<int:pk>/", include(workspace_urls)),
]
