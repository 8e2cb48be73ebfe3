"""Static files under names that carry their content's hash, so that browsers keep them for good."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFiles(CompressedManifestStaticFilesStorage):
    """Before the first `collectstatic` files go by their plain names; afterwards a missing one is an error."""

    # Source maps of libraries are not published: only style sheets are followed.
    patterns = tuple(entry for entry in CompressedManifestStaticFilesStorage.patterns if entry[0] == "*.css")

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else self.clean_name(name)
