"""The content of the logs, which users read too."""

import logging
import sys

from djdesk.desktop.logs import OneLineFormatter


def formatted(name: str, text: str, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.INFO, __file__, 1, text, None, info)
    line = OneLineFormatter("%(name)s %(message)s").format(record)
    assert record.name == name, "other handlers get it as it was"
    return line


def test_the_runtimes_own_loggers_are_named_without_its_package() -> None:
    assert formatted("djdesk.desktop.serve", "listening") == "desktop.serve listening"
    assert formatted("djdesk_extra", "said") == "djdesk_extra said"
    assert formatted("django.request", "Not Found") == "django.request Not Found"


def test_a_record_is_one_line_with_its_traceback_too() -> None:
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        line = formatted("shop.views", "a\r\nb", sys.exception())
    assert "\n" not in line and "\r" not in line
    assert "ValueError: first\\nsecond" in line
