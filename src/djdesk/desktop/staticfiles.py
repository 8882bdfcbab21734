"""Static files with a content hash in their name, compressed once at set-up."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites ``import`` statements, so that modules find each other's hashed names."""

    support_js_module_import_aggregation = True
