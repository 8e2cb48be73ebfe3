"""The stored queries of the service itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from layers.wfs import names
from layers.wfs.exceptions import MissingParameter
from layers.wfs.parameters import local_name, srs_name
from layers.wfs.requests import AdHocQuery, StoredCall
from registries.core.errors import BadInput


@dataclass(frozen=True)
class BuiltIn:
    """`parameters` by name with their types, in the order in which they are described."""

    title: str
    query: Callable[[StoredCall], AdHocQuery]
    parameters: dict[str, str] = field(default_factory=dict)


def by_id(call: StoredCall) -> AdHocQuery:
    """OGC 09-025r2, 7.9.3.6."""
    return AdHocQuery(resource_ids=(argument(call, "id"),), reference=call.reference, when=call.when)


def data_set(call: StoredCall) -> AdHocQuery:
    """A whole data set of INSPIRE (Technical Guidance for Download Services 3.1, 6.3); each layer is one."""
    space = argument(call, "DataSetIdNamespace")
    if space != names.NAMESPACE:
        raise BadInput(
            _("There is no data set in the namespace “%(name)s”.") % {"name": space[:120]},
            locator="DataSetIdNamespace",
            hint=_("Use “%(uri)s”.") % {"uri": names.NAMESPACE},
        )
    code = local_name(argument(call, "DataSetIdCode"))
    reference = srs_name(call.arguments.get("crs", ""), "2.0.0")
    return AdHocQuery(type_names=(code,), reference=reference or call.reference, when=call.when)


def argument(call: StoredCall, name: str) -> str:
    value = call.arguments.get(name.lower(), "")
    if not value:
        raise MissingParameter(_("The parameter “%(name)s” is missing.") % {"name": name}, locator=name)
    return value


BY_ID = BuiltIn(gettext_noop("One feature by its identifier"), by_id, {"ID": "xsd:string"})
BUILT_IN = {
    **dict.fromkeys(names.STORED_QUERIES, BY_ID),
    names.GET_SPATIAL_DATA_SET: BuiltIn(
        gettext_noop("A whole data set by its identifier (INSPIRE)"),
        data_set,
        dict.fromkeys(("CRS", "DataSetIdCode", "DataSetIdNamespace", "Language"), "xsd:string"),
    ),
}
