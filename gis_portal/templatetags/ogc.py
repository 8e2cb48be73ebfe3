"""What the pages of the OGC API need to say values as people read them, and to begin their small map."""

from __future__ import annotations

from django import template
from django.template import RequestContext
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gis_portal.pages import cards, values
from gis_portal.pages.map import config
from layers.layer import Column
from layers.pick import Feature

register = template.Library()


@register.simple_tag
def shown(feature: Feature, column: Column) -> str:
    return values.shown(feature.layer, column, feature.values.get(column.name))


@register.simple_tag
def heading(column: Column) -> str:
    return cards.label(column)


@register.simple_tag
def named(feature: Feature) -> str:
    """What people call the feature; its identifier where they call it nothing."""
    return cards.title(feature) or str(feature.id)


@register.simple_tag(takes_context=True)
def as_page(context: RequestContext) -> str:
    """What makes an address without parameters that of its page for people, in the language that they chose."""
    return "&".join(["?f=html", *filter(None, [context["keep_language"].removeprefix("?")])])


@register.simple_tag(takes_context=True)
def page(context: RequestContext, name: str, *arguments: object) -> str:
    """The address of a resource's page."""
    return reverse(name, args=arguments) + as_page(context)


@register.simple_tag(takes_context=True)
def small_map_config(context: RequestContext) -> SafeString:
    public = config(context["request"])
    texts = {**public["texts"], "mapFailed": _("The map could not be started. The table lists every feature.")}
    content = {**{name: public[name] for name in ("lang", "style", "tiles", "bounds", "basemap")}, "texts": texts}
    return json_script(content, "ogc-config")
