"""The middleware."""

from ..errors import error_row
from ..places import origin, place, relative
from ..redact import scrub


def section_middleware():
    from django.conf import settings
    from django.utils.module_loading import import_string

    rows, errors = [], []
    for path in settings.MIDDLEWARE:
        row = {
            "path": scrub(str(path)),
            "origin": "outside",
            "file": None,
            "line": None,
            "async": None,
            "sync": None,
            "conditional": None,
        }
        rows.append(row)
        try:
            target = import_string(path)
            file, line = place(target)
            row.update(
                origin=origin(file),
                file=relative(file),
                line=line,
                sync=bool(getattr(target, "sync_capable", True)),
            )
            row["async"] = bool(getattr(target, "async_capable", False))
        except Exception as error:
            errors.append(error_row("%s: " % path, error))
    return {"middleware": rows, "errors": errors}
