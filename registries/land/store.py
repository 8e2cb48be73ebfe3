"""The bytes of plots' files, by their digest: written once, never changed, shared by all records that name them."""

from __future__ import annotations

import hashlib
import os
import tempfile

from django.conf import settings

from registries.land.models import stored_at


def keep(content: bytes) -> str:
    """Put `content` where its digest says, whole or not at all; the digest."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = stored_at(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not seen by its name until all of it is there; backups leave out what begins with a dot at the top.
    handle, name = tempfile.mkstemp(prefix=".plot-", dir=settings.MEDIA_ROOT)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o640)
        os.replace(name, path)
    except OSError:
        os.unlink(name)
        raise
    return sha256
