"""Missing variables of a pydantic-settings class."""

import sys


def settings_fields(error):
    """Full names of the variables that a pydantic-settings class requires and did not find."""
    if type(error).__name__ != "ValidationError" or not hasattr(error, "errors"):
        return []
    try:
        title = getattr(error, "title", None) or error.model.__name__
        kinds = [
            getattr(sys.modules.get(name), "BaseSettings", None)
            for name in ("pydantic_settings", "pydantic.env_settings", "pydantic.v1.env_settings")
        ]
        kinds = [one for one in kinds if one is not None]
        found = None
        while kinds and found is None:
            kind = kinds.pop()
            kinds += kind.__subclasses__()
            found = kind if kind.__name__ == title else None
        if found is None:
            return []
        names = []
        for one in error.errors():
            if one["type"] in ("missing", "value_error.missing") and len(one["loc"]) == 1:
                names.append(variable_of(found, str(one["loc"][0])))
        return names
    except Exception:
        return []


def variable_of(kind, name):
    config = getattr(kind, "model_config", None)
    if config is None:  # pydantic 1
        field = kind.__fields__.get(name)
        known = field.field_info.extra.get("env_names") if field is not None else None
        if known:
            return sorted(known)[0].upper()
        prefix, exact = kind.__config__.env_prefix, kind.__config__.case_sensitive
    else:
        prefix, exact = config.get("env_prefix") or "", config.get("case_sensitive")
        if name not in kind.model_fields:
            prefix = ""  # an alias has no prefix
    return prefix + name if exact else (prefix + name).upper()
