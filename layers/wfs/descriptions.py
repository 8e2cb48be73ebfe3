"""GetCapabilities and DescribeFeatureType: what clients learn the service from."""

from __future__ import annotations

from layers.wfs import capabilities, names, schema
from layers.wfs.caller import Caller
from layers.wfs.operations import Answer, document, perform
from layers.wfs.output.dialects import GML32
from layers.wfs.output.formats import schema_format_of
from layers.wfs.requests import DescribeFeatureType, GetCapabilities
from layers.wfs.resolving import layer_of


@perform.register
def _capabilities(request: GetCapabilities, caller: Caller) -> Answer:
    form = next((one for one in request.formats if one in names.XML_TYPES), names.XML_TYPES[0])
    return document(capabilities.write(request, caller), f"{form}; charset=utf-8")


@perform.register
def _describe(request: DescribeFeatureType, caller: Caller) -> Answer:
    form = schema_format_of(request.output_format, request.version)
    catalogue = caller.catalogue()
    layers = [layer_of(catalogue, name) for name in request.type_names] or list(catalogue)
    return document(schema.write(layers, form.dialect or GML32), form.media_type)
