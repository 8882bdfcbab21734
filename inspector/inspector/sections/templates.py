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
    """A file of a template."""

    file: Annotated[str, "the file"]
    origin: Annotated[Origin, "whose code it is"]


class Template(TemplateFile):
    """The file that wins a name."""

    name: Annotated[str, "`catalog/book.html`"]
    app: Annotated[str | None, "label"]


class BrokenTemplate(Place):
    """A template that does not compile (live), or with a tag that does not close (static)."""

    name: Annotated[str, "of the template"]
    text: Annotated[str, "what is wrong"]
    origin: Annotated[Origin, "whose code it is"]


class ShadowedTemplate(TemplateFile):
    """A template that hides others of its name."""

    name: Annotated[str, "of the template"]
    hidden: Annotated[list[TemplateFile], "files that it hides"]


class MissingTemplate(Place):
    """A literal name for which there is no template."""

    name: Annotated[str, "of the template"]
    kind: Annotated[Literal["extends", "include", "code"], "what uses it"]


class TemplateEdge(Place):
    """A template of the project that uses another."""

    source: Annotated[str, "name of the template"]
    target: Annotated[str, "name of the other"]
    kind: Annotated[Literal["extends", "include"], "how it uses it"]


class TemplateName(Place):
    """A template name in the project's Python."""

    name: Annotated[str, "of the template"]


class UnusedTemplate(TypedDict):
    """A template of the project that nothing names."""

    name: Annotated[str, "of the template"]
    file: Annotated[str, "the file"]
    certain: Annotated[
        bool, "false when the project computes names or has a template loader of its own"
    ]


class Templates(TypedDict):
    engines: Annotated[list[TemplateEngine], "in order"]
    templates: Annotated[list[Template], "live: third-party and Django ones, too; at most 20,000"]
    checked: Annotated[int, "how many were compiled (live) or read (static)"]
    broken: Annotated[list[BrokenTemplate], "templates that cannot be used"]
    shadowed: Annotated[list[ShadowedTemplate], "names with several files"]
    missing: Annotated[
        list[MissingTemplate],
        "found nowhere; static only where all apps, `DIRS` and loaders are written out, and never "
        "what the code around it expects to be missing",
    ]
    edges: Annotated[list[TemplateEdge], "who uses whom"]
    references: Annotated[list[TemplateName], "names in the project's Python"]
    unused: Annotated[list[UnusedTemplate], "templates of tests are left out"]
    computed: Annotated[list[Problem], "references whose name is computed"]
    guarded: NotRequired[
        Annotated[
            list[Place],
            "references behind `{% if 'shop.plugin' in APPS %}`, which are never `missing`",
        ]
    ]
    loadable: NotRequired[
        Annotated[list[str], "names that the running engine found; not in a snapshot"]
    ]
    errors: Annotated[list[Problem], "as everywhere"]


class Language(TypedDict):
    """A language of `LANGUAGES`."""

    code: Annotated[str, "`pt-br`"]
    name: Annotated[str, "as written"]


class LocalePath(TypedDict):
    """A folder of `LOCALE_PATHS`."""

    path: Annotated[str, "static: the expression, where the folder cannot be told"]
    exists: Annotated[bool | None, "`null` where the folder cannot be told"]


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
    plural_forms: Annotated[bool | None, "the header says how many plural forms the language has"]
    compiled: Annotated[
        Literal["same", "differs", "missing", "only", "unreadable", None],
        "`same`: the `.mo` says what its source says; `only`: there is no source; `unreadable`: "
        "Python's gettext refuses it; `null`: not compared",
    ]
    compiled_messages: Annotated[int | None, "number in the `.mo`"]
    differing: Annotated[
        int,
        "how many messages the `.mo` lacks, has otherwise, or has beyond its source. Times of "
        "files are not looked at: a checkout changes them. Fuzzy messages may be in or not",
    ]
    example: Annotated[str | None, "the first of them"]
    errors: Annotated[
        list[Problem],
        "what msgfmt would refuse in the `.po`, at most 20, and why the `.mo` cannot be read",
    ]


class Catalogue(Counted):
    """One domain in one language in one folder of the project."""

    domain: Annotated[str, "`django`"]
    language: Annotated[str, "`pt-br`"]
    folder: Annotated[str, "`shop/locale`"]
    app: Annotated[str | None, "label of the app whose folder it is"]
    used: Annotated[
        bool | None,
        "Django reads that folder: an installed app's, or one of `LOCALE_PATHS`; `null` where the "
        "source cannot tell; `false` only live",
    ]
    po: Annotated[str | None, "the source file"]
    mo: Annotated[str | None, "the compiled file"]


class MissingCatalogue(TypedDict):
    """A language that `LANGUAGES` offers and a folder that has others does not."""

    language: Annotated[str, "`pt-br`"]
    folder: Annotated[str, "`shop/locale`"]


class I18n(TypedDict):
    use_i18n: Annotated[bool | None, "`USE_I18N`; here and below, `null`: static is not certain"]
    use_tz: Annotated[bool | None, "`USE_TZ`"]
    language_code: Annotated[str | None, "`LANGUAGE_CODE`"]
    time_zone: Annotated[str | None, "`TIME_ZONE`"]
    languages: Annotated[
        list[Language],
        "static: `LANGUAGES` as far as it is written out; live: what Django offers",
    ]
    languages_set: Annotated[bool, "whether the project sets them; if not, they are Django's own"]
    locale_paths: Annotated[list[LocalePath], "`LOCALE_PATHS`"]
    middleware: Annotated[
        bool | None, "`LocaleMiddleware` or a class made of it is in `MIDDLEWARE`"
    ]
    prefix: Annotated[
        bool | None,
        "the routes use `i18n_patterns`; `null` in static, and where the routes cannot be loaded",
    ]
    catalogues: Annotated[list[Catalogue], "of the project only"]
    missing: Annotated[
        list[MissingCatalogue],
        "neither English nor the language of `LANGUAGE_CODE`, in which the source is written, and "
        "not where a more general language stands in (`pt` for `pt-br`)",
    ]
    left_out: Annotated[int, "how many catalogues there are beyond the first 2,000"]
    errors: Annotated[list[Problem], "as everywhere"]


class TemplateSections(TypedDict, total=False):
    templates: Annotated[
        Section[Templates],
        BOTH,
        "templates: broken, shadowed, missing, unused, and who includes whom",
    ]
    i18n: Annotated[
        Section[I18n], BOTH, "languages, settings of translation, and the project's catalogues"
    ]


TemplateSectionEvent = EventOf[Literal["templates"], Templates] | EventOf[Literal["i18n"], I18n]
