"""What the map of differences needs of the page beside its own element."""

from __future__ import annotations

from django import template
from django.template import RequestContext
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gis_portal.pages.map import config
from layers.land import LAND_LAYERS
from registries.core.records import registries

register = template.Library()
# What lies faint beneath the differences: enough to know the place by.
BENEATH = [layer.key for layer in LAND_LAYERS]


@register.simple_tag(takes_context=True)
def diffmap_config(context: RequestContext) -> SafeString:
    """The block of JSON that the map's scripts read: addresses, texts, names of registries."""
    public = config(context["request"])
    content = {
        **{name: public[name] for name in ("lang", "style", "tiles", "bounds", "basemap")},
        "beneath": BENEATH,
        "registries": {key: str(model._meta.verbose_name) for key, model in registries().items()},
        "texts": {**public["texts"], **texts()},
    }
    return json_script(content, "diffmap-config")


def texts() -> dict[str, str]:
    return {
        "added": _("Added"),
        "changed": _("Changed"),
        "removed": _("Removed"),
        "blocks": _("Error"),
        "warns": _("Warning"),
        "diffmapKept": _("Changed in its attributes, not in its shape"),
        "diffmapMore": _("{count} changes lie here; click again for the next."),
        "diffmapEmpty": _("None of these changes has a place on the map. The table lists them all."),
        "diffmapUnplaced": _("This change has no place on the map."),
        "diffmapFailed": _("The map could not be started. The table lists every change."),
        "diffmapHelp": _(
            "Move with the arrow keys, zoom with plus and minus, Enter picks what is in the middle."
            " The table lists the same changes."
        ),
    }
