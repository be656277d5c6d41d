"""Style sheets, scripts and pictures of our own, each under an address that changes when the file does.

So a browser may keep a file as long as it likes and never shows yesterday's script after an update.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles.finders import find
from django.contrib.staticfiles.storage import StaticFilesStorage


class Versioned(StaticFilesStorage):
    """Django's storage of static files; the digest of what is in the file follows its address."""

    def url(self, name: str | None) -> str:
        """Return the address of the file called `name`, such as ``/static/ui/parley.css?v=1f0c9a2b``."""
        plain = super().url(name)
        version = _digest(str(name))
        return f"{plain}?v={version}" if version else plain


@cache
def _digest(name: str) -> str | None:
    # Files change only when Parley is installed anew, and that starts a new process.
    path = find(name)
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:8] if path else None
