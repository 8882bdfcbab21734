"""Static files with a content hash in their name, made once at set-up."""

import contextlib
import io
import re
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFilesStorage(ManifestStaticFilesStorage):
    """Also rewrites ``import`` statements, so that modules find each other's hashed names.

    Nothing is compressed: the way over loopback costs less than unpacking, and each file would be
    in the package three times.
    """

    support_js_module_import_aggregation = True
    # A module is hashed again when one that it imports was: a chain of imports may take as many
    # passes as it is long, and in which order the files come is up to the file system.
    max_post_process_passes = 20

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str | None, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        """A page asks for dozens, and they stay the same until they are collected again."""
        if force or settings.DEBUG:
            return super().url(name, force)
        address = self._addresses.get(name)
        if address is None:
            address = super().url(name)
            if name in self.hashed_files:
                self._addresses[name] = address
        return address

    def post_process(self, *args: Any, **kwargs: Any) -> Any:
        self._addresses.clear()
        yield from super().post_process(*args, **kwargs)
        compress_in_advance()


def compress_in_advance() -> None:
    """What django-compressor makes of the files that pages name, such as style sheets of Sass, for
    a project that has it made in advance: a user's computer has no compiler. Pages name the files
    as they are called now."""
    wanted = getattr(settings, "COMPRESS_ENABLED", False) and settings.COMPRESS_OFFLINE
    if not wanted or not apps.is_installed("compressor"):
        return
    # Not where the app runs: they cost its start.
    from django.core.management import call_command
    from django.utils.module_loading import import_string

    try:
        with contextlib.redirect_stdout(io.StringIO()):
            call_command("compress", verbosity=0)
    except import_string("compressor.exceptions.OfflineGenerationError") as error:
        if not re.match(r"No (templates|'compress' template tags) found", str(error)):
            raise


class LenientStaticFilesStorage(HashedStaticFilesStorage):
    """For a project whose files name others that are not there: these names stay as they are, and
    the browser goes without, as it does behind the project's web server."""

    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> Any:
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            return name
