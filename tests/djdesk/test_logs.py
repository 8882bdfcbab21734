"""The content of the logs, which users read too."""

import logging
import sys

import pytest

from djdesk.desktop import logs
from djdesk.desktop.launch import LaunchConfig
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


@pytest.fixture
def tasks(tmp_path, monkeypatch):
    (tmp_path / "logs").mkdir()
    # Other tests of this process may have opened a log in their own folder.
    logger = logging.getLogger("djdesk.tasks")
    monkeypatch.setattr(logger, "handlers", [])
    monkeypatch.setattr(logger, "propagate", True)
    yield logs.task_logger(LaunchConfig("f" * 16, tmp_path))
    for handler in logger.handlers:
        handler.close()


def test_the_log_of_the_tasks_keeps_many_and_stays_small(tasks, tmp_path) -> None:
    def lines():
        return (tmp_path / "logs" / "tasks.log").read_text(encoding="utf-8").splitlines()

    for number in range(500):
        tasks.warning("task %s", number)
    assert len(lines()) == 500, "not a file for each few"
    for _ in range(12):
        tasks.warning("x" * 2**20)
    sizes = [path.stat().st_size for path in (tmp_path / "logs").iterdir()]
    assert len(sizes) > 1 and sum(sizes) < 9 * 2**20, "old ones go"
