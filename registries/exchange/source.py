"""A file as a stream of features. GDAL reads it (through pyogrio); geometries stay binary until each is looked at by
itself,
so that one broken ring refuses one feature and not the file."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyogrio
from django.utils.translation import gettext as _
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError

from registries.core.errors import BadInput
from registries.exchange.formats import Format, format_of

CHUNK = 5_000
# OpenStreetMap's and PostgreSQL's way of writing key and value pairs: "key"=>"value".
HSTORE = re.compile(r'"((?:[^"\\]|\\.)*)"=>"((?:[^"\\]|\\.)*)"')
UNREADABLE = (DataSourceError, DataLayerError, FieldError, GeometryError, OSError, RuntimeError, ValueError)


@dataclass(frozen=True)
class Feature:
    """One feature as the file has it. `number` counts from 1 in the file's order; `wkb` is None where it has no
    geometry.
    """

    number: int
    fields: dict[str, Any]
    wkb: bytes | None


@dataclass
class Source:
    """One layer of one file."""

    path: Path
    address: str
    format: Format
    layer: str
    crs: str | None
    fields: tuple[str, ...]
    encoding: str | None
    where: str | None = None
    notes: list[str] = field(default_factory=list)

    def features(self) -> Iterator[Feature]:
        """Every feature, read in pieces; BadInput when the file turns out to be broken or in another encoding."""
        number, size = 0, CHUNK if self.format.in_chunks else None
        while True:
            found = self._read(number, size)
            for one in found:
                number += 1
                yield Feature(number, *one)
            if size is None or len(found) < size:
                return

    def _read(self, skip: int, size: int | None) -> list[tuple[dict[str, Any], bytes | None]]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                meta, _fids, shapes, columns = pyogrio.raw.read(
                    self.address,
                    layer=self.layer,
                    encoding=self.encoding,
                    where=self.where,
                    skip_features=skip,
                    max_features=size,
                    **self.format.options,
                )
            except UnicodeDecodeError as error:
                raise BadInput(
                    _("The texts of %(file)s are not in the encoding %(encoding)s.")
                    % {"file": self.path.name, "encoding": self.encoding or "UTF-8"},
                    locator="encoding",
                    hint=_("Give it, such as --encoding CP1251."),
                ) from error
            except UNREADABLE as error:
                raise _unreadable(self.path, error) from error
        self.notes += [text for text in dict.fromkeys(str(one.message) for one in caught) if text not in self.notes]
        names = [str(name) for name in meta["fields"]]
        rows = zip(*columns, strict=True) if columns else ([()] * len(shapes))
        return [(_plain(names, row), shape) for row, shape in zip(rows, shapes, strict=True)]


def open_source(path: Path, layer: str | None, encoding: str | None, where: str | None = None) -> Source:
    """The layer `layer` of `path`, or its only one; BadInput says what is wrong with the file and which layers it
    has.
    """
    known = _known(path)
    address, layer = _address(path, layer)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Listing takes no options; as a part of itself GDAL takes the file for one that it cannot write beside.
            listed = f"/vsisubfile/0,{address}" if known.options else address
            names = [str(name) for name, _kind in pyogrio.list_layers(listed)]
            chosen = _choose(path, names, layer)
            about = pyogrio.read_info(address, layer=chosen, encoding=encoding, **known.options)
    except UNREADABLE as error:
        raise _unreadable(path, error) from error
    if about["driver"] not in known.drivers:
        raise BadInput(
            _("%(file)s is named like %(format)s but holds %(driver)s.")
            % {"file": path.name, "format": known.title, "driver": about["driver"]},
            locator="file",
        )
    if about["geometry_type"] is None:
        raise BadInput(
            _("The layer “%(layer)s” has no geometry that can be read.") % {"layer": chosen},
            locator="layer",
            hint=_("Choose another with --layer, or save the layer anew in QGIS."),
        )
    fields = tuple(str(name) for name in about["fields"])
    return Source(path, address, known, chosen, about["crs"], fields, encoding, where)


def _known(path: Path) -> Format:
    """The format of a file that can be opened."""
    try:
        path.open("rb").close()
    except FileNotFoundError as error:
        raise BadInput(_("There is no file %(file)s.") % {"file": path}, locator="file") from error
    except OSError as error:
        raise BadInput(
            _("%(file)s cannot be read: %(reason)s") % {"file": path, "reason": error.strerror}, locator="file"
        ) from error
    return format_of(path)


def _address(path: Path, layer: str | None) -> tuple[str, str | None]:
    """Where GDAL finds the data, and the layer still to be chosen there; in a zip it is one of the Shapefiles, wherever
    in the zip it lies. Nothing is unpacked.
    """
    if path.suffix.lower() != ".zip":
        return str(path), layer
    try:
        with zipfile.ZipFile(path) as packed:
            members = [name for name in packed.namelist() if name.lower().endswith(".shp")]
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise _unreadable(path, error) from error
    if not members:
        raise BadInput(
            _("%(file)s holds no Shapefile.") % {"file": path.name},
            locator="file",
            hint=_("Pack the .shp with its .shx, .dbf and .prj; other formats are imported unpacked."),
        )
    by_name = {Path(name).stem: name for name in members}
    chosen = _choose(path, list(by_name), layer)
    return f"/vsizip/{{{path.resolve()}}}/{by_name[chosen]}", None


def _choose(path: Path, names: list[str], wanted: str | None) -> str:
    if wanted is None and len(names) == 1:
        return names[0]
    if wanted in names:
        return str(wanted)
    if not names:
        raise BadInput(_("%(file)s has no layer.") % {"file": path.name}, locator="file")
    message = _("%(file)s has several layers.") if wanted is None else _("%(file)s has no layer “%(layer)s”.")
    raise BadInput(
        message % {"file": path.name, "layer": wanted},
        locator="layer",
        hint=_("Choose with --layer: %(names)s.") % {"names": ", ".join(names)},
    )


def _unreadable(path: Path, error: Exception) -> BadInput:
    # What GDAL's wrapper proposes is said to programmers.
    reason = str(error).split("; It might help")[0].strip().rstrip(".")
    if "not recognized" in reason:
        reason = _("it is not what its name says")
    return BadInput(
        _("%(file)s cannot be read: %(reason)s.") % {"file": path.name, "reason": reason},
        locator="file",
        hint=_("Check that the file is whole, for a Shapefile also its .dbf and .shx, and that QGIS opens it."),
    )


def _plain(names: list[str], row: tuple[Any, ...]) -> dict[str, Any]:
    """Python values by field name; key-value tags are laid beside the fields unless a field has the name already."""
    fields = {name: _value(value) for name, value in zip(names, row, strict=True)}
    for name, value in HSTORE.findall(fields.get("other_tags") or ""):
        fields.setdefault(name, value.replace('\\"', '"'))
    return fields


def _value(value: Any) -> Any:
    """numpy's scalars as Python's; not-a-number and not-a-time are how a missing value is written."""
    value = value.item() if hasattr(value, "item") else value
    return None if value is None or value != value else value
