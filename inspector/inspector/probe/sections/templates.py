"""The templates of all engines; the project's own are compiled."""

import os
from functools import partial

from ..bounded import TooLarge, read_bytes
from ..config import CONFIG
from ..errors import error_row
from ..limits import SECONDS, Late, within
from ..messages import say
from ..places import origin, relative
from ..protocol import CLOCK
from ..values import dotted, text_of

TEMPLATE_LIMIT = 20000
SIZE_LIMIT = 2 * 2**20  # bytes per template
NO_TIME = say("The other templates were not compiled: no time was left.")
# Templates must be in the engine's encoding; other files next to them may contain anything.
JINJA = (".jinja", ".jinja2", ".j2")
TEXTS = (".html", ".htm", ".txt", ".xml", ".json", ".js", ".css", ".svg", ".md", ".eml")
NOT_TEMPLATES = (".py", ".pyc", ".png", ".jpg", ".jpeg", ".gif", ".ico", ".woff", ".woff2", ".zip")


def section_templates():
    from django.apps import apps
    from django.template import engines

    homes = {}
    for one in apps.get_app_configs():
        homes.setdefault(one.path.rstrip(os.sep), one.label)
    result = {
        "engines": [],
        "templates": [],
        "checked": 0,
        "broken": [],
        "shadowed": [],
        "missing": [],
        "edges": [],
        "references": [],
        "unused": [],
        "computed": [],
        "errors": [],
        "loadable": [],
        "absent": [],
    }
    claimed = set()
    for alias in list(engines.templates):
        try:
            backend = engines[alias]
        except Exception as error:
            result["errors"].append(error_row("%s: " % alias, error))
            continue
        folders = template_folders(backend)
        result["engines"].append(
            {
                "name": alias,
                "backend": dotted(type(backend)),
                "dirs": [relative(one) for one in map(str, getattr(backend, "dirs", ()))],
                "app_dirs": bool(getattr(backend, "app_dirs", False)),
            }
        )
        result["absent"] += [
            relative(one)
            for one in map(str, getattr(backend, "dirs", ()))
            if not os.path.isdir(one)
        ]
        found = list_templates(folders)
        for name, files in found.items():
            row = {
                "name": name,
                "file": relative(files[0]),
                "origin": origin(files[0]),
                "app": nearest(homes, os.path.dirname(files[0])),
            }
            result["templates"].append(row)
            if len(files) > 1:
                result["shadowed"].append(
                    {
                        "name": name,
                        "file": row["file"],
                        "origin": row["origin"],
                        "hidden": [
                            {"file": relative(one), "origin": origin(one)} for one in files[1:]
                        ],
                    }
                )
        for name in CONFIG.get("templates") or ():
            if name not in result["loadable"] and (name in found or engine_finds(backend, name)):
                result["loadable"].append(name)
        if hasattr(backend, "engine"):
            compile_templates(backend.engine, found, result, claimed)
        claimed.update(files[0] for files in found.values())
    return result


def engine_finds(backend, name):
    """Whether an engine finds a template through any of its loaders."""
    try:
        within(SECONDS, partial(backend.get_template, name))
    except Exception as error:
        return type(error).__name__ != "TemplateDoesNotExist"
    return True


def nearest(homes, folder):
    """The value for the folder or its nearest parent, cached."""
    if folder not in homes:
        above = os.path.dirname(folder)
        homes[folder] = None if above == folder else nearest(homes, above)
    return homes[folder]


def template_folders(backend):
    engine = getattr(backend, "engine", None)
    folders = []
    for loader in every_loader(engine):
        if hasattr(loader, "get_dirs"):
            try:
                folders += [str(one) for one in loader.get_dirs()]
            except Exception:
                continue
    if not folders:
        folders = [str(one) for one in getattr(backend, "template_dirs", ())]
    return list(dict.fromkeys(map(os.path.abspath, folders)))


def every_loader(engine):
    """The loaders of an engine, including nested ones, such as inside the cached loader."""
    loaders = list(getattr(engine, "template_loaders", None) or ())
    while loaders:
        loader = loaders.pop(0)
        loaders = list(getattr(loader, "loaders", None) or ()) + loaders
        yield loader


def list_templates(folders):
    """{name: [files]}, the one that is used first."""
    found, count = {}, 0
    for folder in folders:
        for path, below, files in os.walk(folder):
            below[:] = sorted(one for one in below if one not in ("node_modules", "__pycache__"))
            for file in sorted(files):
                if file.startswith(".") or file.lower().endswith(NOT_TEMPLATES):
                    continue
                count += 1
                if count > TEMPLATE_LIMIT:
                    return found
                whole = os.path.join(path, file)
                name = whole[len(folder) :].lstrip(os.sep).replace(os.sep, "/")
                files_of = found.setdefault(name, [])
                if whole not in files_of:
                    files_of.append(whole)
    return found


def compile_templates(engine, found, result, claimed):
    """``claimed``: files that an earlier engine finds and renders in its own language."""
    from django.template import Origin, Template

    started = CLOCK()

    def left():
        return 0.8 * CONFIG["section_limit"] - (CLOCK() - started)

    for name, files in found.items():
        file = files[0]
        if origin(file) != "project" or file in claimed or file.lower().endswith(JINJA):
            continue
        if left() < 0.5:
            result["errors"].append({"text": NO_TIME, "file": None, "line": None})
            return
        try:
            text = text_in(file, getattr(engine, "file_charset", None) or "utf-8")
        except OSError:
            continue
        except TooLarge as error:
            result["errors"].append(error_row("%s: " % name, error))
            continue
        except UnicodeDecodeError as error:
            if file.lower().endswith(TEXTS):
                result["broken"].append(
                    {
                        "name": name,
                        "file": relative(file),
                        "line": None,
                        "text": "UnicodeDecodeError: %s" % text_of(error),
                        "origin": "project",
                    }
                )
            continue
        result["checked"] += 1
        try:
            make = partial(Template, text, Origin(file, name), name, engine)
            template = within(SECONDS, make)
        except Late as error:
            result["errors"].append(error_row("%s: " % name, error))
            continue
        except Exception as error:
            token = getattr(error, "token", None)
            debug = getattr(error, "template_debug", None) or {}
            row = {
                "name": name,
                "file": relative(file),
                "line": getattr(token, "lineno", None) or debug.get("line"),
                # Django 6.1 puts the path before the message; the row has it already.
                "text": "%s: %s"
                % (
                    type(error).__name__,
                    text_of(error).replace("Template: %s, " % file, "", 1),
                ),
                "origin": "project",
            }
            if not faulty(error):
                row["needs"] = True
            result["broken"].append(row)
            continue
        for target, kind, line in template_links(template):
            result["edges"].append(
                {
                    "source": name,
                    "target": target,
                    "kind": kind,
                    "file": relative(file),
                    "line": line,
                }
            )
            if target not in found and not loadable(engine, target):
                result["missing"].append(
                    {"name": target, "kind": kind, "file": relative(file), "line": line}
                )


# What Python raises where a tag is written wrongly, or used wrongly.
MISTAKES = (AssertionError, AttributeError, IndexError, KeyError, NameError, NotImplementedError)
MISTAKES += (RecursionError, TypeError, UnboundLocalError, ValueError, ZeroDivisionError)


def faulty(error):
    """Whether the template or its tag is wrong. Otherwise the tag needs something that is not
    here: files that npm builds first, a package, a table.
    """
    from django.template import TemplateSyntaxError

    if isinstance(error, TemplateSyntaxError):
        mistake = True
    else:
        # A missing entry of a manifest is a ValueError, too.
        mistake = type(error) in MISTAKES and "manifest" not in text_of(error).lower()
    seen = set()
    while mistake and error is not None and id(error) not in seen:
        seen.add(id(error))
        mistake = not isinstance(error, (OSError, ImportError))
        error = error.__cause__ or error.__context__
    return mistake


def text_in(file, charset):
    """Read like Django, but refuse pipes and files too large for a template."""
    text = read_bytes(file, SIZE_LIMIT).decode(charset)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def loadable(engine, name):
    """Whether a loader without folders, or the form renderer's engine, finds it."""
    from django.template import TemplateDoesNotExist

    if name.startswith("django/forms/"):
        return True
    for loader in every_loader(engine):
        if hasattr(loader, "get_dirs"):
            # Without reading it: only existence matters.
            if any(os.path.isfile(one.name) for one in loader.get_template_sources(name)):
                return True
    try:
        within(SECONDS, partial(engine.find_template, name))
    except TemplateDoesNotExist:
        return False
    except Exception:
        return True
    return True


def template_links(template):
    from django.template.loader_tags import ExtendsNode, IncludeNode

    for kind, name, attribute in (
        (ExtendsNode, "extends", "parent_name"),
        (IncludeNode, "include", "template"),
    ):
        for node in template.nodelist.get_nodes_by_type(kind):
            expression = getattr(node, attribute, None)
            target = getattr(expression, "var", None)
            if isinstance(target, str) and not getattr(expression, "filters", None):
                # Since Django 6.0 `page.html#part` is a partial of that template.
                yield (
                    str(target).partition("#")[0],
                    name,
                    getattr(getattr(node, "token", None), "lineno", None),
                )
