"""The backup file: a plain tar of the database's dump, the media and, last, the manifest, which makes it whole.

A file that was cut off anywhere has no manifest; one that was changed anywhere disagrees with its sums.
"""

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from django.utils.translation import gettext as _

from gis_portal.ops.archive.contents import Manifest
from registries.core.errors import BadInput

DUMP = "database.dump"
MEDIA = "media"
MANIFEST = "manifest.json"
CHUNK_BYTES = 1024 * 1024


@dataclass
class Writer:
    """`sums` holds the SHA-256 of each file put in so far, taken from the bytes that were written."""

    tar: tarfile.TarFile
    sums: dict[str, str] = field(default_factory=dict)

    def put(self, path: Path, name: str) -> None:
        with path.open("rb") as content:
            info = self.tar.gettarinfo(arcname=name, fileobj=content)
            # Whose files they were on this machine means nothing on another.
            info.uid = info.gid = 0
            info.uname = info.gname = ""
            summing = Summing(content)
            self.tar.addfile(info, summing)
        self.sums[name] = summing.sum.hexdigest()

    def close(self, manifest: Manifest) -> None:
        content = manifest.to_json().encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size = len(content)
        self.tar.addfile(info, io.BytesIO(content))


class Summing(io.RawIOBase):
    """Reads on from `source` and sums up what went through."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source = source
        self.sum = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        chunk = self.source.read(size)
        self.sum.update(chunk)
        return chunk


@contextmanager
def writing(target: Path) -> Iterator[Writer]:
    """A new archive, readable by its owner alone; under its name it appears whole or not at all."""
    half = target.with_name(f".{target.name}.half")
    try:
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file, tarfile.open(fileobj=file, mode="w|") as tar:
            yield Writer(tar)
        half.rename(target)
    finally:
        half.unlink(missing_ok=True)


def unpack(source: Path, folder: Path) -> Manifest:
    """Every file of the archive into `folder`, checked against the manifest. Raises BadInput."""
    sums: dict[str, str] = {}
    manifest: Manifest | None = None
    try:
        with tarfile.open(source, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isfile() else None
                if content is None:
                    raise BadInput(_("The backup holds something that is no file: %(name)s.") % {"name": member.name})
                if member.name == MANIFEST:
                    manifest = Manifest.from_json(content.read())
                else:
                    sums[member.name] = _write(content, folder / _safe(member.name))
    except (tarfile.TarError, EOFError) as problem:
        raise BadInput(_("This is not a whole backup: %(reason)s.") % {"reason": problem}) from problem
    if manifest is None:
        raise BadInput(_("This is not a whole backup: the end with its manifest is missing."))
    if changed := sorted(
        name for name in sums.keys() | manifest.files.keys() if sums.get(name) != manifest.files.get(name)
    ):
        raise BadInput(
            _("The backup is damaged: %(names)s differ from its manifest.") % {"names": ", ".join(changed[:5])}
        )
    return manifest


def _safe(name: str) -> PurePosixPath:
    """Raises BadInput for a path that leads out of the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise BadInput(_("The backup holds a file that would leave its place: %(name)s.") % {"name": name})
    return path


def _write(content: IO[bytes], path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    summing = Summing(content)
    with path.open("wb") as file:
        while chunk := summing.read(CHUNK_BYTES):
            file.write(chunk)
    return summing.sum.hexdigest()
