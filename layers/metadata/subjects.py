"""What layers are about, in the words that catalogues search by: of INSPIRE, of ISO and of the EU's portal."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from layers.layer import Layer


@dataclass(frozen=True)
class Subject:
    """`inspire` is the code of a theme of Directive 2007/2/EC, `topic` of MD_TopicCategoryCode (ISO 19115, B.5.27),
    `data_theme` of the EU's authority table.
    """

    inspire: str
    name: str
    topic: str
    data_theme: str

    @property
    def title(self) -> str:
        """The name of INSPIRE's theme in the active language."""
        return _(self.name)

    @property
    def uri(self) -> str:
        return f"http://inspire.ec.europa.eu/theme/{self.inspire}"


LAND_USE = Subject("lu", gettext_noop("Land use"), "planningCadastre", "REGI")
UTILITIES = gettext_noop("Utility and governmental services")
TRANSPORT = Subject("tn", gettext_noop("Transport networks"), "transportation", "TRAN")
LAND = {
    "parcels": Subject("cp", gettext_noop("Cadastral parcels"), "planningCadastre", "GOVE"),
    "buildings": Subject("bu", gettext_noop("Buildings"), "structure", "REGI"),
}
NETWORKS = {
    "road": TRANSPORT,
    "rail": TRANSPORT,
    **{
        theme: Subject("us", UTILITIES, "utilitiesCommunication", data_theme)
        for theme, data_theme in (
            ("water", "ENVI"),
            ("sewer", "ENVI"),
            ("storm", "ENVI"),
            ("gas", "ENER"),
            ("electricity", "ENER"),
            ("thermal", "ENER"),
            ("lighting", "ENER"),
            ("telecom", "TECH"),
        )
    },
}


def subject_of(layer: Layer) -> Subject:
    """Of the asset's theme, or of the layer of land; what has none of its own is about the use of land."""
    return NETWORKS.get(layer.theme) or LAND.get(layer.key, LAND_USE)
