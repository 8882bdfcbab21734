"""Static files with a content hash in their name, collected once at packaging time."""

import contextlib
import io
import re
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedStaticFilesStorage(ManifestStaticFilesStorage):
    """Also rewrites ``import`` statements, so that modules find each other's hashed names.

    Nothing is compressed: reading over loopback is faster than decompressing, and the package would
    hold every file three times.
    """

    support_js_module_import_aggregation = True
    # A module's hash changes with those of its imports: a chain of imports may take as many passes
    # as it is long, depending on the order in which the file system lists the files.
    max_post_process_passes = 20

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str | None, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        """Cached: a page needs dozens, and they stay the same until collected again."""
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
    """Run django-compressor's offline compression, for example of Sass style sheets, for a project
    that uses it: a user's computer has no compiler. Templates refer to files under their present
    names."""
    wanted = getattr(settings, "COMPRESS_ENABLED", False) and settings.COMPRESS_OFFLINE
    if not wanted or not apps.is_installed("compressor"):
        return
    # Imported here because it would slow the app's start.
    from django.core.management import call_command
    from django.utils.module_loading import import_string

    try:
        with contextlib.redirect_stdout(io.StringIO()):
            call_command("compress", verbosity=0)
    except import_string("compressor.exceptions.OfflineGenerationError") as error:
        if not re.match(r"No (templates|'compress' template tags) found", str(error)):
            raise


class LenientStaticFilesStorage(HashedStaticFilesStorage):
    """For projects whose files refer to missing files: such references stay unchanged and the
    browser gets a 404, as behind the project's web server."""

    manifest_strict = False

    def hashed_name(self, name: str, content: Any = None, filename: str | None = None) -> Any:
        try:
            return super().hashed_name(name, content, filename)
        except ValueError:
            return name
