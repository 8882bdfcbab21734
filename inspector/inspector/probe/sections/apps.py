"""The installed apps."""

import os

from ..places import origin, place, relative
from ..values import dotted, text_of


def section_apps():
    from django.apps import AppConfig, apps

    rows = []
    for config in apps.get_app_configs():
        kind = type(config)
        file, line = place(kind) if kind is not AppConfig else (None, None)
        if file is None:
            init = os.path.join(config.path, "__init__.py")
            file, line = (init, 1) if os.path.exists(init) else (None, None)
        rows.append(
            {
                "label": config.label,
                "name": config.name,
                "verbose_name": text_of(config.verbose_name),
                "path": relative(config.path),
                "origin": origin(os.path.join(config.path, "__init__.py")),
                "config": None if kind is AppConfig else dotted(kind),
                "file": relative(file),
                "line": line,
                "models": sum(1 for _ in config.get_models()),
                "models_module": config.models_module.__name__ if config.models_module else None,
                "default_auto_field": getattr(config, "default_auto_field", None),
                "ready_overridden": kind.ready is not AppConfig.ready,
            }
        )
    return {"apps": rows, "source": "registry", "complete": True, "unresolved": [], "errors": []}
