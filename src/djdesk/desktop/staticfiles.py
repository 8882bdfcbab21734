"""Static files with a content hash in their name, made once at set-up."""

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
