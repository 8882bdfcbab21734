"""Sections about the source: code and tests."""

from typing import Annotated, Literal, NotRequired, TypedDict

from inspector.sections.common import STATIC, EventOf, Place, Problem, Section


class FileCount(TypedDict):
    """Files and their lines."""

    files: Annotated[int, "number of files"]
    lines: Annotated[int, "physical lines"]


class CodeOfApp(FileCount):
    """The code of an app."""

    classes: Annotated[int, "number of classes"]
    functions: Annotated[int, "number of functions"]
    complexity: Annotated[int, "sum over its functions"]


class ComplexFunction(Place):
    """A function with many independent paths."""

    name: Annotated[str, "of the function"]
    complexity: Annotated[int, "1 + branches"]
    lines: Annotated[int, "physical lines"]
    app: Annotated[str | None, "label"]


class AppImport(Place):
    """An app that imports another. The place is the first one."""

    source: Annotated[str, "label"]
    target: Annotated[str, "label"]
    count: Annotated[int, "number of imports"]
    typing_only: Annotated[bool, "only for type checkers"]
    local: Annotated[bool, "only inside functions"]


class ModelEdge(TypedDict):
    """An app whose models refer to those of another."""

    source: Annotated[str, "label"]
    target: Annotated[str, "label"]
    count: Annotated[int, "number of relations"]


class UrlName(Place):
    """A literal URL name in code or a template."""

    name: Annotated[str, "`catalog:detail`"]
    kind: Annotated[Literal["reverse", "redirect", "template", "setting"], "what uses the relation"]
    arguments: Annotated[int | None, "number of uses"]


class Query(Place):
    """A relation used in a filter or followed in a loop."""

    model: Annotated[str, "label"]
    field: Annotated[str, "name"]
    kind: Annotated[Literal["filter", "loop"], "`loop`: without `select_related`"]
    text: Annotated[str, "as written"]


class Unparsable(TypedDict):
    """A file that cannot be parsed, and is missing from all other static sections."""

    file: Annotated[str, "the file"]
    line: Annotated[int | None, "where the parser stopped"]
    text: Annotated[str, "message of the parser"]
    hint: Annotated[str, "what to do"]
    test: NotRequired[Annotated[bool, "whether it is a test file"]]


class ReadFiles(TypedDict):
    """The files that the scan read."""

    files: Annotated[int, "number of files examined"]
    reused: Annotated[int, "number of files with a cached result"]


class Code(TypedDict):
    files: Annotated[int, "Python files of the project only"]
    lines: Annotated[int, "physical lines"]
    tests: Annotated[FileCount, "number of them that are tests"]
    per_app: Annotated[dict[str, CodeOfApp], "by label"]
    complex: Annotated[
        list[ComplexFunction], "the 50 functions with the most independent paths, from 10 up"
    ]
    imports: Annotated[list[AppImport], "project apps that import each other"]
    cycles: Annotated[
        list[list[str]], "groups of project apps that import each other at module level"
    ]
    cycles_with_local: Annotated[list[list[str]], "the same, including imports inside functions"]
    model_edges: Annotated[list[ModelEdge], "relations between models of project apps"]
    model_cycles: Annotated[list[list[str]], "groups of apps whose models refer to each other"]
    url_names: Annotated[
        list[UrlName],
        "literal URL names, except where the code handles a missing route",
    ]
    queries: Annotated[
        list[Query],
        "only with a literal model. Leaves out what cannot be proved: a manager "
        "that fetches more, another condition with an index, conditions that are "
        "not keywords, a relation that the loop sets itself",
    ]
    host_checks: NotRequired[
        Annotated[list[str], "files that import Django's `DisallowedHost`, except tests"]
    ]
    unparsable: Annotated[list[Unparsable], "files that cannot be parsed"]
    skipped: Annotated[
        list[str], "sentences: folders that cannot be read, and files beyond the limit"
    ]
    read: Annotated[ReadFiles, "files read by the scan"]
    errors: Annotated[list[Problem], "as everywhere"]


class Test(Place):
    """A test. Parametrised ones count once."""

    name: Annotated[str, "of the function"]
    case: Annotated[str | None, "the class"]
    app: Annotated[str | None, "label"]


class Tests(TypedDict):
    files: Annotated[int, "number of files"]
    cases: Annotated[int, "number of classes"]
    functions: Annotated[int, "number of tests"]
    runner: Annotated[Literal["pytest", "unittest"] | None, "test runner"]
    per_app: Annotated[dict[str, int], "tests by label"]
    tests: Annotated[list[Test], "at most 5,000"]
    errors: Annotated[list[Problem], "as everywhere"]


class CodeSections(TypedDict, total=False):
    code: Annotated[Section[Code], STATIC, "files and lines"]
    tests: Annotated[Section[Tests], STATIC, "the project's tests"]


CodeSectionEvent = EventOf[Literal["code"], Code] | EventOf[Literal["tests"], Tests]
