"""Static files under names that carry their content's hash, so that browsers keep them for good."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from gis_portal.joined import ENTRIES, joined


class Joined(Storage):
    """A module with all that it needs, in place of its source."""

    def __init__(self, entry: str) -> None:
        self.entry = entry

    def open(self, name: str, mode: str = "rb") -> ContentFile[bytes]:
        return ContentFile(joined(self.entry).encode(), name)


class PortalStaticFiles(CompressedManifestStaticFilesStorage):
    """Before the first `collectstatic` files go by their plain names; afterwards a missing one is an error."""

    # Source maps of libraries are not published: only style sheets are followed.
    patterns = tuple(entry for entry in CompressedManifestStaticFilesStorage.patterns if entry[0] == "*.css")

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else self.clean_name(name)

    @property
    def is_joined(self) -> bool:
        """Whether the entries of `joined` are served with all that they need."""
        return bool(self.hashed_files)

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        places = {f"portal/{entry}.js": (Joined(entry), f"portal/{entry}.js") for entry in ENTRIES}
        found = {name: place for name, place in places.items() if name in paths}
        yield from super().post_process({**paths, **found}, dry_run, **options)
