"""Where static files are kept: each name carries the hash of its bytes, in a script's imports too."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStorage(CompressedManifestStaticFilesStorage):
    """A module that changes gives every module that imports it a new name, so no browser mixes two releases."""

    support_js_module_import_aggregation = True
