"""Overview and Runs: pages about the project and its scans, not about one section."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from ..commands.trusted import chosen_interpreter
from ..forms.scan import InterpreterForm, ValuesForm
from ..models import Preferences, Scan
from ..pages.apps import own_apps
from ..pages.briefing import briefing, gained
from ..pages.latest_results import LatestResults
from ..pages.repair import asked, diagnosis, read_names, variables
from ..projects.environments import is_ours
from ..run.sandbox import notes_before_trust
from .environment import offer
from .frame import frame, get_latest, respond


@require_GET
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    latest = get_latest(pk)
    return render_overview(request, latest, None)


def render_overview(
    request: HttpRequest,
    latest: LatestResults,
    form: InterpreterForm | None,
    values_form: ValuesForm | None = None,
) -> HttpResponse:
    discovered = latest.discovered
    scan = latest.scan
    facts = latest.get("runtime", "apps", "code", "settings")
    wanted = asked(latest.project, latest.load_error)
    others = [n for n in read_names(facts["settings"].data) if n not in wanted]
    runtime = facts["runtime"]
    chosen = chosen_interpreter(discovered)
    context = frame(latest, "overview") | {
        "briefing": briefing(
            latest,
            runtime.data or {},
            may_run=Preferences.load().runs_code,
            interpreter=chosen["path"] if chosen else None,
        ),
        "gained": gained(latest),
        "offer": None if chosen or latest.active else offer(latest),
        "made_here": is_ours(latest.project),
        "discovered": discovered,
        "runtime": runtime,
        "interpreter": chosen,
        "safety": notes_before_trust(),
        "interpreter_changed": bool(
            latest.project.is_trusted and chosen and not latest.project.trusts(chosen["path"])
        ),
        "interpreter_gone": latest.project.is_trusted and not latest.project.has_interpreter,
        "interpreters": discovered.get("interpreters") or [],
        "settings_modules": discovered.get("settings_modules") or [],
        "apps": own_apps(facts["apps"].data, facts["code"].data),
        # Used until there are findings: warnings from the sections that have arrived.
        "warnings": [
            w
            for w in latest.summary.get("warnings") or []
            if latest.active and (w.get("section") != "runtime" or not latest.load_error)
        ],
        "failures": [s for s in latest.failures() if s.name != "runtime"],
        "load_error": latest.load_error,
        "diagnosis": diagnosis(latest.load_error, chosen["path"] if chosen else ""),
        "variables": variables(latest.project, wanted),
        "other_variables": variables(latest.project, others),
        "values_form": values_form,
        "news": latest.news,
        "form": form or InterpreterForm(),
        "ended": bool(scan and not scan.is_active and scan.status != Scan.Status.CANCELLED),
        **_interpreter_choice(latest, form),
    }
    return respond(request, "inspector/overview.html", context)


def _interpreter_choice(latest: LatestResults, form: InterpreterForm | None) -> dict[str, Any]:
    """The selection in the two lists of the trust panel, and typed input."""
    listed = [i["path"] for i in latest.discovered.get("interpreters") or []]
    modules = [m["module"] for m in latest.discovered.get("settings_modules") or []]
    if form is not None:
        python, module = form.data.get("python", ""), form.data.get("settings_module", "")
        return {
            "python": python,
            "python_path": form.data.get("python_path", ""),
            "settings_module": module,
        }
    python = latest.project.python
    chosen = chosen_interpreter(latest.discovered)
    if not python and chosen:
        python = chosen["path"]
    module = latest.project.settings_module or next(
        (m["module"] for m in latest.discovered.get("settings_modules") or [] if m.get("chosen")),
        "",
    )
    other = bool(python) and python not in listed
    return {
        "python": "other" if other or not listed else python,
        "python_path": python if other else "",
        "settings_module": module,
        "settings_unlisted": module not in modules,
    }
