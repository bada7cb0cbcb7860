"""Where static files are kept: each name carries the hash of its bytes, in a script's imports too."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns[1]  # type: ignore[attr-defined]


class HashedStorage(CompressedManifestStaticFilesStorage):
    """A script that changes renames every script that imports it: no browser mixes two releases.

    Only in our own scripts: packages bring some whose comments show imports of files that they do not have.
    """

    support_js_module_import_aggregation = True
    max_post_process_passes = 20  # one for each step of the longest chain of imports
    _js_module_import_aggregation_patterns = ("field/*.js", IMPORTS)
