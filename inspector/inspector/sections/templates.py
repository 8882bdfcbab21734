"""Sections about templates and translations."""

from typing import Annotated, Literal, NotRequired, TypedDict

from inspector.sections.common import BOTH, EventOf, Origin, Place, Problem, Section


class TemplateEngine(TypedDict):
    """An entry of `TEMPLATES`."""

    name: Annotated[str, "of the engine"]
    backend: Annotated[str | None, "dotted name of the class"]
    dirs: Annotated[list[str], "`DIRS`"]
    app_dirs: Annotated[bool, "`APP_DIRS`"]


class TemplateFile(TypedDict):
    """A template file."""

    file: Annotated[str, "the file"]
    origin: Annotated[Origin, "whose code it is"]


class Template(TemplateFile):
    """The file that is used for a template name."""

    name: Annotated[str, "`catalog/book.html`"]
    app: Annotated[str | None, "label"]


class BrokenTemplate(Place):
    """A template that does not compile (live), or with a tag that does not close (static)."""

    name: Annotated[str, "of the template"]
    text: Annotated[str, "the error"]
    origin: Annotated[Origin, "whose code it is"]
    needs: NotRequired[
        Annotated[
            bool,
            "live: a tag needs something that is not there, such as files of a build; the "
            "template may be right",
        ]
    ]


class ShadowedTemplate(TemplateFile):
    """A template that overrides others of the same name."""

    name: Annotated[str, "of the template"]
    hidden: Annotated[list[TemplateFile], "files that it overrides"]


class MissingTemplate(Place):
    """A literal name without a template."""

    name: Annotated[str, "of the template"]
    kind: Annotated[Literal["extends", "include", "code"], "what uses the relation"]


class TemplateEdge(Place):
    """One template's use of another."""

    source: Annotated[str, "name of the template"]
    target: Annotated[str, "name of the other"]
    kind: Annotated[Literal["extends", "include"], "kind of use"]


class TemplateName(Place):
    """A template name in the project's Python."""

    name: Annotated[str, "of the template"]


class UnusedTemplate(TypedDict):
    """A project template that nothing uses."""

    name: Annotated[str, "of the template"]
    file: Annotated[str, "the file"]
    certain: Annotated[bool, "false if the project computes names or has its own template loader"]


class Templates(TypedDict):
    engines: Annotated[list[TemplateEngine], "in order"]
    templates: Annotated[list[Template], "live: third-party and Django ones, too; at most 20,000"]
    checked: Annotated[int, "number compiled (live) or read (static)"]
    broken: Annotated[list[BrokenTemplate], "templates that cannot be used"]
    shadowed: Annotated[list[ShadowedTemplate], "names with several files"]
    missing: Annotated[
        list[MissingTemplate],
        "not found; static only if all apps, `DIRS` and loaders are literal, and "
        "never if the surrounding code expects it to be missing",
    ]
    edges: Annotated[list[TemplateEdge], "uses between templates"]
    references: Annotated[list[TemplateName], "names in the project's Python"]
    unused: Annotated[list[UnusedTemplate], "without templates of tests"]
    computed: Annotated[list[Problem], "references with computed names"]
    guarded: NotRequired[
        Annotated[
            list[Place],
            "references inside `{% if 'shop.plugin' in APPS %}`, which are never `missing`",
        ]
    ]
    absent: NotRequired[
        Annotated[list[str], "live: folders in `DIRS` that do not exist, such as those of a build"]
    ]
    loadable: NotRequired[
        Annotated[list[str], "names that the running engine found; not part of a snapshot"]
    ]
    errors: Annotated[list[Problem], "as everywhere"]


class Language(TypedDict):
    """A language of `LANGUAGES`."""

    code: Annotated[str, "`pt-br`"]
    name: Annotated[str, "as written"]


class LocalePath(TypedDict):
    """A folder of `LOCALE_PATHS`."""

    path: Annotated[str, "static: the expression, if the folder is unknown"]
    exists: Annotated[bool | None, "`null` if the folder is unknown"]


class Counted(TypedDict):
    """What the source of a catalogue says, alone and beside the compiled file."""

    messages: Annotated[
        int | None,
        "number in the `.po`, without its header and its obsolete messages; `null` without one",
    ]
    translated: Annotated[
        int | None, "the same; a plural counts once, and only when each of its forms is translated"
    ]
    fuzzy: Annotated[int | None, "the same"]
    untranslated: Annotated[int | None, "the same"]
    obsolete: Annotated[int | None, "the same"]
    plural_forms: Annotated[bool | None, "whether the header states the number of plural forms"]
    compiled: Annotated[
        Literal["same", "differs", "missing", "only", "unreadable", None],
        "`same`: the `.mo` matches its source; `only`: there is no source; "
        "`unreadable`: Python's gettext cannot read it; `null`: not compared",
    ]
    compiled_messages: Annotated[int | None, "number in the `.mo`"]
    differing: Annotated[
        int,
        "number of messages that are missing, different or extra in the `.mo`. "
        "File times are ignored, because a checkout changes them. Fuzzy messages "
        "do not count",
    ]
    example: Annotated[str | None, "the first of them"]
    errors: Annotated[
        list[Problem],
        "errors that msgfmt would report for the `.po`, at most 20, and why the "
        "`.mo` cannot be read",
    ]


class Catalogue(Counted):
    """One domain in one language in one folder of the project."""

    domain: Annotated[str, "`django`"]
    language: Annotated[str, "`pt-br`"]
    folder: Annotated[str, "`shop/locale`"]
    app: Annotated[str | None, "label of the app whose folder it is"]
    used: Annotated[
        bool | None,
        "whether Django reads that folder (an installed app's, or in "
        "`LOCALE_PATHS`); `null` if the source cannot tell; `false` only live",
    ]
    po: Annotated[str | None, "the source file"]
    mo: Annotated[str | None, "the compiled file"]
    ignored: NotRequired[
        Annotated[
            bool,
            "the compiled file is missing or differs, and git ignores it: each installation makes "
            "its own",
        ]
    ]


class MissingCatalogue(TypedDict):
    """A language in `LANGUAGES` that is missing from a folder with other languages."""

    language: Annotated[str, "`pt-br`"]
    folder: Annotated[str, "`shop/locale`"]


class I18n(TypedDict):
    use_i18n: Annotated[
        bool | None, "`USE_I18N`; here and below, `null` means that static is not certain"
    ]
    use_tz: Annotated[bool | None, "`USE_TZ`"]
    language_code: Annotated[str | None, "`LANGUAGE_CODE`"]
    time_zone: Annotated[str | None, "`TIME_ZONE`"]
    languages: Annotated[
        list[Language],
        "static: the literal part of `LANGUAGES`; live: the languages that Django offers",
    ]
    languages_set: Annotated[
        bool, "whether the project sets them; otherwise they are Django's default"
    ]
    locale_paths: Annotated[list[LocalePath], "`LOCALE_PATHS`"]
    middleware: Annotated[
        bool | None, "whether `LocaleMiddleware` or a subclass is in `MIDDLEWARE`"
    ]
    prefix: Annotated[
        bool | None,
        "whether the routes use `i18n_patterns`; `null` if static, or if the "
        "routes cannot be loaded",
    ]
    catalogues: Annotated[list[Catalogue], "of the project only"]
    missing: Annotated[
        list[MissingCatalogue],
        "without English and the language of `LANGUAGE_CODE`, which the source is"
        " written in, and without languages covered by a more general one (`pt` "
        "for `pt-br`)",
    ]
    left_out: Annotated[int, "number of catalogues beyond the first 2,000"]
    errors: Annotated[list[Problem], "as everywhere"]


class TemplateSections(TypedDict, total=False):
    templates: Annotated[
        Section[Templates],
        BOTH,
        "templates: broken, shadowed, missing and unused ones, and their uses",
    ]
    i18n: Annotated[
        Section[I18n], BOTH, "languages, translation settings, and the project's catalogues"
    ]


TemplateSectionEvent = EventOf[Literal["templates"], Templates] | EventOf[Literal["i18n"], I18n]
